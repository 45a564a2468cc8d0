package config

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// kind is the type of a setting's value.
type kind int

const (
	kindText kind = iota
	kindList
	kindDuration
	kindInteger
	kindSwitch
)

// key is one setting, found by reflection on Config, so that flags, the
// environment and the file can never know different keys.
type key struct {
	path     string // such as "homeserver.url"
	kind     kind
	usage    string
	fallback any
}

// knownKeys lists all settings in the order of the structure, and the sections
// that hold them.
func knownKeys() (keys []key, sections map[string]bool) {
	sections = map[string]bool{}
	var walk func(prefix string, value reflect.Value)
	walk = func(prefix string, value reflect.Value) {
		for i := range value.NumField() {
			field := value.Type().Field(i)
			path := prefix + field.Tag.Get("koanf")
			held := value.Field(i)
			found := key{path: path, usage: field.Tag.Get("usage"), fallback: held.Interface()}
			switch held.Interface().(type) {
			case string:
				found.kind = kindText
			case []string:
				found.kind = kindList
			case time.Duration:
				found.kind = kindDuration
			case int64:
				found.kind = kindInteger
			case bool:
				found.kind = kindSwitch
			default:
				sections[path] = true
				walk(path+".", held)
				continue
			}
			keys = append(keys, found)
		}
	}
	walk("", reflect.ValueOf(Default()))
	return keys, sections
}

// Values are all settings by their keys, for telling which ones differ from another
// start's. Of a database's URL it is Redacted.
func (c *Config) Values() map[string]string {
	values := map[string]string{}
	var walk func(prefix string, value reflect.Value)
	walk = func(prefix string, value reflect.Value) {
		for i := range value.NumField() {
			path := prefix + value.Type().Field(i).Tag.Get("koanf")
			if held := value.Field(i); held.Kind() == reflect.Struct {
				walk(path+".", held)
			} else {
				values[path] = fmt.Sprint(held.Interface())
			}
		}
	}
	walk("", reflect.ValueOf(*c))
	values["database.url"] = c.Database.Redacted()
	return values
}

// convert turns a scalar or list of any source into the value of the setting.
func (k key) convert(raw any) (any, *Problem) {
	switch k.kind {
	case kindText:
		switch value := raw.(type) {
		case string:
			return value, nil
		case int, int64, uint64, float64, bool:
			return fmt.Sprint(value), nil
		}
		return nil, say("must be a text", "muss ein Text sein")
	case kindList:
		return k.convertList(raw)
	case kindDuration:
		if value, ok := raw.(time.Duration); ok {
			return value, nil
		}
		value, err := time.ParseDuration(strings.TrimSpace(fmt.Sprint(raw)))
		if err != nil {
			return nil, say("must be a duration with a unit, such as 90s, 15m or 12h",
				"muss eine Dauer mit Einheit sein, etwa 90s, 15m oder 12h")
		}
		return value, nil
	case kindInteger:
		return k.convertInteger(raw)
	case kindSwitch:
		switch value := raw.(type) {
		case bool:
			return value, nil
		case string:
			if on, err := strconv.ParseBool(strings.TrimSpace(value)); err == nil {
				return on, nil
			}
		}
		return nil, say("must be true or false", "muss true oder false sein")
	}
	return raw, nil
}

func (k key) convertList(raw any) (any, *Problem) {
	wrong := say("must be a list of texts, such as [\"a\", \"b\"]", "muss eine Liste von Texten sein, etwa [\"a\", \"b\"]")
	switch value := raw.(type) {
	case []string:
		return value, nil
	case string: // from the environment
		list := []string{}
		for part := range strings.SplitSeq(value, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, nil
	case []any:
		list := make([]string, 0, len(value))
		for _, element := range value {
			text, ok := element.(string)
			if !ok {
				return nil, wrong
			}
			list = append(list, text)
		}
		return list, nil
	}
	return nil, wrong
}

func (k key) convertInteger(raw any) (any, *Problem) {
	switch value := raw.(type) {
	case int:
		return int64(value), nil
	case int64:
		return value, nil
	case uint64:
		if value <= math.MaxInt64 {
			return int64(value), nil
		}
	case string:
		if number, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err == nil {
			return number, nil
		}
	}
	return nil, say("must be a whole number", "muss eine ganze Zahl sein")
}

// nearest is the candidate that a mistyped name most probably meant, or "".
func nearest(name string, candidates []string) string {
	best, least := "", len(name)/3+2
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, candidate := range candidates {
		distance := editDistance(name, candidate)
		// The right name in the wrong section is a likely mistake too.
		if tail := candidate[strings.LastIndexByte(candidate, '.')+1:]; tail == last && distance >= least {
			distance = least - 1
		}
		if distance < least {
			best, least = candidate, distance
		}
	}
	return best
}

// editDistance is Levenshtein's, in bytes: names of settings are ASCII.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, above+1, row[j]+1)
			diagonal = above
		}
	}
	return row[len(b)]
}

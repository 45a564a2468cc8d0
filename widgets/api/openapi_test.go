package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"werkraum/widgets/api"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

type tree = map[string]any

// document is the description of the API.
func document(tb testing.TB) tree {
	tb.Helper()
	var doc tree
	if err := json.Unmarshal(api.Description(), &doc); err != nil {
		tb.Fatal(err)
	}
	return doc
}

// at goes down into a document; a reference is followed.
func at(doc tree, from any, path ...string) any {
	for _, name := range path {
		from = resolve(doc, from)
		inside, ok := from.(tree)
		if !ok {
			return nil
		}
		from = inside[name]
	}
	return resolve(doc, from)
}

func resolve(doc tree, from any) any {
	for {
		inside, ok := from.(tree)
		if !ok {
			return from
		}
		ref, ok := inside["$ref"].(string)
		if !ok {
			return from
		}
		from = doc
		for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			inside, ok := from.(tree)
			if !ok {
				return nil
			}
			from = inside[name]
		}
	}
}

// validate says what of a value does not fit a schema, of which it knows what the document
// uses: JSON Schema 2020-12.
func validate(doc tree, schema, value any, where string) []string {
	s, ok := resolve(doc, schema).(tree)
	if !ok {
		return []string{where + ": no schema"}
	}
	var wrong []string
	add := func(format string, args ...any) { wrong = append(wrong, where+": "+fmt.Sprintf(format, args...)) }
	if types := s["type"]; types != nil {
		list, several := types.([]any)
		if !several {
			list = []any{types}
		}
		if !slices.Contains(list, any(typeOf(value))) && (typeOf(value) != "integer" || !slices.Contains(list, any("number"))) {
			add("is a %s, want %v", typeOf(value), list)
			return wrong
		}
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, value) {
		add("%v is none of %v", value, enum)
	}
	if text, is := value.(string); is {
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(text) {
			add("%q does not match %s", text, p)
		}
		if most, ok := s["maxLength"].(float64); ok && utf8.RuneCountInString(text) > int(most) {
			add("is longer than %v", most)
		}
		if least, ok := s["minLength"].(float64); ok && utf8.RuneCountInString(text) < int(least) {
			add("is shorter than %v", least)
		}
	}
	if list, is := value.([]any); is && s["items"] != nil {
		for i, entry := range list {
			wrong = append(wrong, validate(doc, s["items"], entry, fmt.Sprintf("%s[%d]", where, i))...)
		}
	}
	if object, is := value.(tree); is {
		properties, _ := s["properties"].(tree)
		for _, name := range list(s["required"]) {
			if _, there := object[name]; !there {
				add("%s is missing", name)
			}
		}
		for name, inside := range object {
			switch more := s["additionalProperties"].(type) {
			case bool:
				if properties[name] == nil && !more {
					add("%s is not described", name)
				}
			case tree:
				if properties[name] == nil {
					wrong = append(wrong, validate(doc, more, inside, where+"."+name)...)
				}
			}
			if properties[name] != nil {
				wrong = append(wrong, validate(doc, properties[name], inside, where+"."+name)...)
			}
		}
	}
	return wrong
}

func list(of any) (texts []string) {
	all, _ := of.([]any)
	for _, entry := range all {
		text, _ := entry.(string)
		texts = append(texts, text)
	}
	return texts
}

func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

var parameter = regexp.MustCompile(`:(\w+)`)

// Every way into a room is described, and whatever is described exists.
func TestDescriptionAndRoutesAgree(t *testing.T) {
	t.Parallel()
	doc, f := document(t), setUp(t)
	described := map[string]bool{}
	paths, _ := doc["paths"].(tree)
	for path, methods := range paths {
		operations, _ := methods.(tree)
		for method := range operations {
			if method != "parameters" {
				described[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	for _, route := range f.Routes() {
		path, is := strings.CutPrefix(route.Path, "/api/v1")
		if !is || !strings.HasPrefix(path, "/rooms/") && path != "/openapi.json" {
			continue
		}
		name := route.Method + " " + parameter.ReplaceAllString(path, "{$1}")
		if !described[name] {
			t.Errorf("%s is not described", name)
		}
		delete(described, name)
	}
	for name := range described {
		t.Errorf("%s is described and does not exist", name)
	}
}

// Every act of the page is among those that the description lists, and no other.
func TestDescriptionListsTheActs(t *testing.T) {
	t.Parallel()
	doc := document(t)
	acts := list(at(doc, doc, "components", "schemas", "Act", "properties", "act", "enum"))
	want := []string{"undo"}
	for _, deed := range workspace.Deeds() {
		if _, err := board.Decode(string(deed), json.RawMessage(`{}`)); err == nil {
			want = append(want, string(deed))
		}
	}
	slices.Sort(acts)
	slices.Sort(want)
	if !slices.Equal(acts, want) {
		t.Errorf("described are %v, want %v", acts, want)
	}
}

// Each example is what its schema says; each operation has a summary and says how it fails.
func TestExamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	doc := document(t)
	examples := 0
	var walk func(from any, where string)
	walk = func(from any, where string) {
		switch v := from.(type) {
		case tree:
			if example, ok := v["example"]; ok && v["schema"] != nil {
				examples++
				for _, wrong := range validate(doc, v["schema"], example, where) {
					t.Error(wrong)
				}
			}
			if v["operationId"] != nil && (v["summary"] == nil || v["responses"] == nil) {
				t.Errorf("%s says too little", where)
			}
			if ref, ok := v["$ref"].(string); ok && resolve(doc, v) == nil {
				t.Errorf("%s: %s leads nowhere", where, ref)
			}
			for name, inside := range v {
				if name != "example" {
					walk(inside, where+"/"+name)
				}
			}
		case []any:
			for i, inside := range v {
				walk(inside, fmt.Sprintf("%s/%d", where, i))
			}
		}
	}
	walk(doc, "")
	if examples < 15 {
		t.Errorf("only %d examples", examples)
	}
}

func TestDescriptionIsServed(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	w := f.ask(http.MethodGet, "/api/v1/openapi.json", "")
	if w.Code != http.StatusOK || w.Body.String() != string(api.Description()) {
		t.Errorf("status %d", w.Code)
	}
	wantHeader(t, w, "Content-Type", "application/json; charset=utf-8")
}

package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/knadh/koanf/providers/confmap"
	envprovider "github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

const (
	envPrefix  = "WERKRAUM_"
	envFile    = "WERKRAUM_CONFIG"
	configFlag = "config"
)

// serviceLinks are variables that Kubernetes sets for every container beside a
// service that is named werkraum. They are not meant for us.
var serviceLinks = regexp.MustCompile(`^WERKRAUM_(SERVICE_(HOST|PORT)(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)$`)

// AddFlags adds --config and one flag for each setting to a command's flags.
// The command may have others of its own.
func AddFlags(flags *pflag.FlagSet) {
	flags.StringP(configFlag, "c", "", "path of the configuration file (YAML; also "+envFile+")")
	keys, _ := knownKeys()
	for _, k := range keys {
		switch value := k.fallback.(type) {
		case string:
			flags.String(k.path, value, k.usage)
		case []string:
			flags.StringSlice(k.path, value, k.usage)
		case time.Duration:
			flags.Duration(k.path, value, k.usage)
		case int64:
			flags.Int64(k.path, value, k.usage)
		case bool:
			flags.Bool(k.path, value, k.usage)
		}
	}
}

// Load reads the settings for a command whose flags AddFlags has completed and
// that has parsed them. environ holds the environment as "NAME=value"; nil takes
// the process's. What is wrong with the settings comes back as Problems, all at once.
func Load(flags *pflag.FlagSet, environ []string) (*Config, error) {
	if environ == nil {
		environ = os.Environ()
	}
	l := newLoader()
	layers := []func() error{
		l.defaults,
		func() error { return l.file(filePath(flags, environ)) },
		func() error { return l.environment(environ) },
		func() error { return l.flags(flags) },
	}
	for _, layer := range layers {
		if err := layer(); err != nil {
			return nil, err
		}
	}
	var loaded Config
	if err := l.koanf.Unmarshal("", &loaded); err != nil {
		return nil, fmt.Errorf("decode configuration: %w", err)
	}
	loaded.normalise()
	for _, problem := range loaded.validate() {
		if l.broken[problem.Where] {
			continue // its value has been refused already
		}
		problem.Where = l.place(problem.Where)
		l.problems = append(l.problems, problem)
	}
	if len(l.problems) > 0 {
		return nil, l.problems
	}
	return &loaded, nil
}

// filePath is the file that the flag or the environment names, or "".
func filePath(flags *pflag.FlagSet, environ []string) string {
	if path, err := flags.GetString(configFlag); err == nil && path != "" {
		return path
	}
	path := ""
	for _, entry := range environ {
		if value, found := strings.CutPrefix(entry, envFile+"="); found {
			path = value
		}
	}
	return path
}

// loader gathers values, where they came from, and what is wrong with them.
type loader struct {
	koanf    *koanf.Koanf
	keys     map[string]key
	names    []string
	sections map[string]bool
	origin   map[string]string // setting → "werkraum.yaml:3"
	broken   map[string]bool   // settings whose value could not be read
	problems Problems
}

func newLoader() *loader {
	list, sections := knownKeys()
	l := &loader{
		koanf: koanf.New("."), keys: map[string]key{}, sections: sections,
		origin: map[string]string{}, broken: map[string]bool{},
	}
	for _, k := range list {
		l.keys[k.path] = k
		l.names = append(l.names, k.path)
	}
	return l
}

func (l *loader) defaults() error {
	values := map[string]any{}
	for path, k := range l.keys {
		values[path] = k.fallback
	}
	if err := l.koanf.Load(confmap.Provider(values, "."), nil); err != nil {
		return fmt.Errorf("load defaults: %w", err)
	}
	return nil
}

// file reads the YAML file itself instead of leaving it to koanf's parser, for
// the line numbers.
func (l *loader) file(path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		l.refuse(path, "", say(
			"cannot be read ("+reason(err)+"); give the right path with --config, or write one from `werkraum config example`",
			"kann nicht gelesen werden ("+reason(err)+"); geben Sie mit --config den richtigen Pfad an, oder erzeugen Sie eine Datei mit `werkraum config example`"))
		return nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		message := strings.TrimPrefix(err.Error(), "yaml: ")
		l.refuse(path, "", say("is not YAML: "+message, "ist kein YAML: "+message))
		return nil
	}
	if len(document.Content) == 0 {
		return nil // empty, or comments only
	}
	values := map[string]any{}
	l.walk(path, "", document.Content[0], values)
	if err := l.koanf.Load(confmap.Provider(values, "."), nil); err != nil {
		return fmt.Errorf("load file: %w", err)
	}
	return nil
}

// walk collects the settings below a mapping of the file.
func (l *loader) walk(file, prefix string, node *yaml.Node, values map[string]any) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.ScalarNode && node.Tag == "!!null" {
		return // a section whose keys are all commented out
	}
	if node.Kind != yaml.MappingNode {
		what := strings.TrimSuffix(prefix, ".")
		l.refuse(fmt.Sprintf("%s:%d", file, node.Line), what, say(
			"must hold settings as `key: value` lines", "muss Einstellungen als Zeilen `Schlüssel: Wert` enthalten"))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		path, where := prefix+name.Value, fmt.Sprintf("%s:%d", file, name.Line)
		k, known := l.keys[path]
		switch {
		case seen[path]:
			l.refuse(where, path, say("is given twice; keep one", "steht zweimal da; behalten Sie eines"))
		case strings.Contains(name.Value, "."):
			l.refuse(where, path, say(
				"is written with a dot; in the file sections are nested: `homeserver:`, and below it, indented, `url:`",
				"ist mit Punkt geschrieben; in der Datei stehen Abschnitte untereinander: `homeserver:`, darunter eingerückt `url:`"))
		case l.sections[path]:
			l.walk(file, path+".", value, values)
		case !known:
			l.unknown(path+" ("+where+")", nearest(path, l.names))
		default:
			l.take(file, k, name, value, values)
		}
		seen[path] = true
	}
}

func (l *loader) take(file string, k key, name, value *yaml.Node, values map[string]any) {
	where := fmt.Sprintf("%s:%d", file, name.Line)
	var raw any
	if err := value.Decode(&raw); err != nil {
		l.refuse(where, k.path, say("is not YAML", "ist kein YAML"))
		return
	}
	if raw == nil {
		return // `key:` without a value keeps the default
	}
	if value.Kind == yaml.ScalarNode && k.kind == kindText {
		raw = value.Value // as written: 8080, 1e3, yes
	}
	if _, text := raw.(string); text && k.kind == kindList {
		raw = []string{value.Value} // a single server needs no brackets
	}
	l.put(where, k, raw, values)
}

func (l *loader) put(where string, k key, raw any, values map[string]any) {
	converted, problem := k.convert(raw)
	if problem != nil {
		l.refuse(where, k.path, problem)
		return
	}
	values[k.path] = converted
	l.origin[k.path] = where
	delete(l.broken, k.path)
}

func (l *loader) environment(environ []string) error {
	byName := map[string]key{}
	names := make([]string, 0, len(l.names))
	for _, path := range l.names {
		name := envName(path)
		byName[name] = l.keys[path]
		names = append(names, name)
	}
	provider := envprovider.Provider(".", envprovider.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			if name == envFile || serviceLinks.MatchString(name) {
				return "", nil
			}
			k, known := byName[name]
			if !known {
				l.unknown(name, nearest(name, names))
				return "", nil
			}
			values := map[string]any{}
			l.put(name, k, value, values)
			if converted, ok := values[k.path]; ok {
				return k.path, converted
			}
			return "", nil
		},
	})
	if err := l.koanf.Load(provider, nil); err != nil {
		return fmt.Errorf("load environment: %w", err)
	}
	return nil
}

func envName(path string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "__"))
}

func (l *loader) flags(flags *pflag.FlagSet) error {
	provider := posflag.ProviderWithFlag(flags, ".", l.koanf, func(flag *pflag.Flag) (string, any) {
		k, known := l.keys[flag.Name]
		if !known || !flag.Changed {
			return "", nil // a flag of the command's own
		}
		values := map[string]any{}
		l.put("--"+flag.Name, k, posflag.FlagVal(flags, flag), values)
		return k.path, values[k.path]
	})
	if err := l.koanf.Load(provider, nil); err != nil {
		return fmt.Errorf("load flags: %w", err)
	}
	return nil
}

// unknown notes a key that does not exist; meant is the one that probably was, or "".
func (l *loader) unknown(where, meant string) {
	problem := Problem{where,
		"unknown key; `werkraum config example` shows all keys",
		"unbekannter Schlüssel; `werkraum config example` zeigt alle Schlüssel"}
	if meant != "" {
		problem.En = "unknown key; did you mean " + meant + "?"
		problem.De = "unbekannter Schlüssel; meinten Sie " + meant + "?"
	}
	l.problems = append(l.problems, problem)
}

// refuse notes a problem with a value; path is "" where no setting is concerned.
func (l *loader) refuse(where, path string, problem *Problem) {
	refused := *problem
	refused.Where = where
	if path != "" {
		l.broken[path] = true
		refused.Where = path + " (" + where + ")"
	}
	l.problems = append(l.problems, refused)
}

// place adds where a setting's value came from.
func (l *loader) place(path string) string {
	if origin, ok := l.origin[path]; ok {
		return path + " (" + origin + ")"
	}
	return path
}

// reason is the cause of a file error without the path, which stands before it.
func reason(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

func load(t *testing.T, file string, environ []string, args ...string) (*Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	AddFlags(flags)
	flags.String("output", "", "a flag of the command's own")
	if file != "" {
		path := filepath.Join(t.TempDir(), "werkraum.yaml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--config", path}, args...)
	}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	if environ == nil {
		environ = []string{"HOME=/nowhere"}
	}
	return Load(flags, environ)
}

func TestExampleEqualsDefaults(t *testing.T) {
	t.Parallel()
	got, err := load(t, string(Example), nil, "--homeserver.server_name=example.org")
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Homeserver.ServerName = "example.org"
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("example differs from the defaults (-want +got):\n%s", diff)
	}
}

func TestExampleDocumentsEveryKey(t *testing.T) {
	t.Parallel()
	var document yaml.Node
	if err := yaml.Unmarshal(Example, &document); err != nil {
		t.Fatal(err)
	}
	commented := map[string]bool{}
	var walk func(prefix, above string, node *yaml.Node)
	walk = func(prefix, above string, node *yaml.Node) {
		for i := 0; i+1 < len(node.Content); i += 2 {
			name, value := node.Content[i], node.Content[i+1]
			comment := above + name.HeadComment
			if value.Kind == yaml.MappingNode {
				walk(prefix+name.Value+".", "", value)
				continue
			}
			commented[prefix+name.Value] = comment != ""
		}
	}
	walk("", "", document.Content[0])
	keys, _ := knownKeys()
	for _, k := range keys {
		if !commented[k.path] {
			t.Errorf("example.yaml lacks %s or its comment", k.path)
		}
		if k.usage == "" {
			t.Errorf("%s has no usage text for its flag", k.path)
		}
	}
}

func TestLaterSourcesWin(t *testing.T) {
	t.Parallel()
	file := `
listen: 127.0.0.1:1001
public_url: https://one.example/
homeserver: {url: "http://one:8008", server_name: one.example}
outbound:
  timeout: 3s
  allow_networks: 10.0.0.0/8
web:
operations:
  listen:
database: {seal: false}
`
	environ := []string{
		"WERKRAUM_LISTEN=127.0.0.1:1002", "WERKRAUM_HOMESERVER__URL=http://two:8008",
		"WERKRAUM_FEDERATION__INVITE_SERVERS=a.example, b.example", "WERKRAUM_OUTBOUND__MAX_RESPONSE_BYTES=70000", "WERKRAUM_DATABASE__SEAL=true",
		// What Kubernetes sets for a service named werkraum is not ours.
		"WERKRAUM_SERVICE_HOST=10.1.1.1", "WERKRAUM_SERVICE_PORT_HTTP=80", "WERKRAUM_PORT=tcp://10.1.1.1:80",
		"WERKRAUM_PORT_80_TCP_ADDR=10.1.1.1",
	}
	got, err := load(t, file, environ, "--listen=127.0.0.1:1003", "--web.session_ttl=1h", "--output=x")
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Listen = "127.0.0.1:1003"
	want.PublicURL = "https://one.example"
	want.Homeserver.URL = "http://two:8008"
	want.Homeserver.ServerName = "one.example"
	want.Outbound.Timeout = 3 * time.Second
	want.Outbound.AllowNetworks = []string{"10.0.0.0/8"}
	want.Outbound.MaxResponseBytes = 70000
	want.Database.Seal = true
	want.Federation.InviteServers = []string{"a.example", "b.example"}
	want.Web.SessionTTL = time.Hour
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("wrong settings (-want +got):\n%s", diff)
	}
}

// Element Desktop shows pages under an address of its own.
func TestElementDesktopMayFrameThePage(t *testing.T) {
	t.Parallel()
	got, err := load(t, "homeserver: {server_name: a.example}\nweb: {frame_ancestors: [\"https://chat.example\", \"vector://vector\"]}", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"https://chat.example", "vector://vector"}, got.Web.FrameAncestors); diff != "" {
		t.Errorf("wrong ancestors (-want +got):\n%s", diff)
	}
}

func TestFileNamedByEnvironment(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "w.yaml")
	if err := os.WriteFile(path, []byte("homeserver: {server_name: env.example}"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := load(t, "", []string{"WERKRAUM_CONFIG=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if got.Homeserver.ServerName != "env.example" {
		t.Errorf("got server name %q", got.Homeserver.ServerName)
	}
}

func TestProblemsNameKeyPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	const name = "homeserver: {server_name: example.org}\n"
	tests := map[string]struct {
		file    string
		environ []string
		args    []string
		want    []string
	}{
		"unknown key with a near one": {file: name + "listne: x", want: []string{"listne (", "werkraum.yaml:2", "did you mean listen?"}},
		"unknown nested key": {file: "homeserver:\n  server_name: example.org\n  servername: x",
			want: []string{"homeserver.servername", ":3", "did you mean homeserver.server_name?"}},
		"key in the wrong section":           {file: name + "link_ttl: 5m", want: []string{"did you mean web.link_ttl?"}},
		"nothing like it":                    {file: name + "qqqqqqqqqq: 1", want: []string{"`werkraum config example`"}},
		"unknown section":                    {file: name + "datebase: {url: x}", want: []string{"datebase"}},
		"key with a dot":                     {file: "homeserver.server_name: example.org", want: []string{"nested"}},
		"twice":                              {file: name + "listen: :1\nlisten: :2", want: []string{"listen"}},
		"section with a scalar":              {file: "homeserver: http://x", want: []string{"homeserver (", "`key: value`"}},
		"list for a text":                    {file: name + "listen: [a]", want: []string{"must be a text"}},
		"number in a list":                   {file: name + "federation: {invite_servers: [1]}", want: []string{"must be a list"}},
		"no unit":                            {file: name + "outbound: {timeout: 10}", want: []string{"outbound.timeout", "unit"}},
		"out of range":                       {file: name + "outbound: {timeout: 10h}", want: []string{"allowed is 1s to 5m"}},
		"no number":                          {file: name + "outbound: {max_response_bytes: many}", want: []string{"whole number"}},
		"not YAML":                           {file: "a: [", want: []string{"is not YAML"}},
		"a list as file":                     {file: "- a", want: []string{"`key: value`"}},
		"unknown environment":                {file: name, environ: []string{"WERKRAUM_HOMESERVER_URL=x"}, want: []string{"WERKRAUM_HOMESERVER_URL", "did you mean WERKRAUM_HOMESERVER__URL?"}},
		"bad environment":                    {file: name, environ: []string{"WERKRAUM_WEB__LINK_TTL=soon"}, want: []string{"web.link_ttl (WERKRAUM_WEB__LINK_TTL)"}},
		"bad flag":                           {file: name, args: []string{"--log.level=loud"}, want: []string{"log.level (--log.level)", "debug, info, warn, error"}},
		"missing server name":                {want: []string{"homeserver.server_name", "is missing", "example.org"}},
		"server name with scheme":            {args: []string{"--homeserver.server_name=https://example.org"}, want: []string{"without https://"}},
		"address without port":               {file: name + "listen: localhost", want: []string{"host:port"}},
		"port too large":                     {file: name + "listen: :70000", want: []string{"host:port"}},
		"same address twice":                 {file: name + "listen: :1\noperations: {listen: \":1\"}", want: []string{"same as listen"}},
		"URL without scheme":                 {file: name + "public_url: example.org", want: []string{"public_url", "https://"}},
		"URL with fragment":                  {file: name + "public_url: \"https://example.org/#x\"", want: []string{"without user name"}},
		"database":                           {file: name + "database: {url: mysql://x}", want: []string{"sqlite:", "postgres://"}},
		"database without path":              {file: name + "database: {url: \"sqlite:\"}", want: []string{"path after sqlite:"}},
		"network":                            {file: name + "outbound: {allow_networks: [10.0.0.1]}", want: []string{"10.20.0.5/32"}},
		"server":                             {file: name + "federation: {participate_servers: [\"a b\"]}", want: []string{"a b"}},
		"header injection":                   {file: name + "web: {frame_ancestors: [\"https://a.example; script-src *\"]}", want: []string{"not an origin"}},
		"ancestor with a path":               {file: name + "web: {frame_ancestors: [\"https://a.example/x\"]}", want: []string{"not an origin"}},
		"ancestor without a page":            {file: name + "web: {frame_ancestors: [\"javascript://a.example\"]}", want: []string{"not an origin"}},
		"no ancestors":                       {file: name + "web: {frame_ancestors: []}", want: []string{"is empty"}},
		"time zone":                          {file: name + "time_zone: Mars/Phobos", want: []string{"Europe/Berlin"}},
		"language":                           {file: name + "default_language: fr", want: []string{"de, en"}},
		"sync":                               {file: name + "homeserver: {sync: maybe}", want: []string{"homeserver"}},
		"file that is not there":             {args: []string{"--config=/nowhere/w.yaml"}, want: []string{"/nowhere/w.yaml", "no such file", "--config"}},
		"a value refused stays refused once": {file: name + "outbound: {timeout: x}", want: []string{"outbound.timeout"}},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got, err := load(t, test.file, test.environ, test.args...)
			if err == nil {
				t.Fatalf("accepted: %+v", got)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			problems, ok := err.(Problems) //nolint:errorlint // Load promises this type
			if !ok {
				t.Fatalf("got %T", err)
			}
			for _, problem := range problems {
				if problem.En == "" || problem.De == "" || problem.En == problem.De {
					t.Errorf("not in both languages: %+v", problem)
				}
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load(t, "listne: x\nlog: {level: loud}\noutbound: {timeout: 10}\n", []string{"WERKRAUM_NO=1"}, "--default_language=fr")
	problems, ok := err.(Problems) //nolint:errorlint // Load promises this type
	if !ok || len(problems) != 6 { // the missing server name is the sixth
		t.Fatalf("got %d problems: %v", len(problems), err)
	}
	if german := problems.In("de"); !strings.Contains(german, "6 Fehler in der Konfiguration:") || !strings.Contains(german, "meinten Sie listen?") {
		t.Errorf("German: %s", german)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"postgres://me:hunter2@db/w?password=hunter2", "postgres://me:hunter2%zz@db/w", "hunter2", "sqlite:a.db?key=hunter2"} {
		c, err := load(t, "", nil, "--homeserver.server_name=a.example", "--database.url="+secret)
		text := fmt.Sprintf("%v %+v %#v %v", c, c, c, err)
		if c != nil {
			text += fmt.Sprintf("%v %+v %#v %s", *c, *c, *c, c.Database.Redacted())
		}
		if strings.Contains(text, "hunter2") {
			t.Errorf("printed: %s", text)
		}
	}
	for _, url := range []string{"--public_url=https://me:hunter2@x", "--homeserver.url=ftp://me:hunter2@x"} {
		_, err := load(t, "", nil, "--homeserver.server_name=a.example", url)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("got %v", err)
		}
	}
}

// Lists hold patterns; what is neither a name nor a pattern of one is an error.
func TestListsOfServersAndUsers(t *testing.T) {
	t.Parallel()
	for value, good := range map[string]bool{
		"example.org": true, "*.example.org": true, "*": true, "s?.example.org:8448": true, "": false, "https://example.org": false, "a b": false,
	} {
		c := Default()
		c.Homeserver.ServerName = "own.example"
		c.Federation.DenyServers = []string{value}
		if problems := c.validate(); (len(problems) == 0) != good {
			t.Errorf("deny_servers %q: %v", value, problems)
		}
	}
	for value, good := range map[string]bool{
		"@anna:example.org": true, "@spam*:*": true, "@*:*.example.org": true, "anna": false, "*": false, "@anna": false, "": false, "@anna:": false,
	} {
		c := Default()
		c.Homeserver.ServerName = "own.example"
		c.Federation.DenyUsers = []string{value}
		if problems := c.validate(); (len(problems) == 0) != good {
			t.Errorf("deny_users %q: %v", value, problems)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"listen", "homeserver.url", "database.url", "web.link_ttl", "operations.listen"}
	for name, want := range map[string]string{
		"Listen": "listen", "homeserver.ulr": "homeserver.url", "data.url": "database.url", "zzz": "", "": "",
	} {
		if got := nearest(name, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

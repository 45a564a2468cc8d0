package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// FuzzLoad reads whatever stands in the configuration file. What is wrong is named in both
// languages, and the value of a secret is not in it.
func FuzzLoad(f *testing.F) {
	f.Add(string(Example), "x")
	for _, seed := range []string{
		"homeserver: {server_name: a.example}", "listen: [1]", "a: &a [*a]", "web: {session_ttl: 1e99h}", "database: {url: \"postgres://a:SECRET@h/%zz\", seal: perhaps}",
		"<<: {listen: x}", "listen: x\nlisten: y", "? [a]\n: b", "outbound: {max_response_bytes: 99999999999999999999}", "federation: {invite_servers: [1, null]}", "\x00", "---\n---\n", "- - - -",
	} {
		f.Add(seed, "homeserver.server_name=a.example")
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text, flag string) {
		file, err := os.CreateTemp(folder, "*.yaml")
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(file.Name())
		if _, err := file.WriteString(text); errors.Join(err, file.Close()) != nil {
			t.Fatal(err)
		}
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		AddFlags(flags)
		if flags.Parse([]string{"--config=" + filepath.Join(file.Name()), "--" + flag}) != nil {
			return
		}
		loaded, err := Load(flags, []string{"HOME=/nowhere"})
		if err == nil {
			if loaded.Homeserver.ServerName == "" || loaded.KeyFile == "" || len(loaded.validate()) > 0 {
				t.Errorf("accepted %+v", loaded)
			}
			return
		}
		if problems, ok := errors.AsType[Problems](err); ok {
			for _, p := range problems {
				if p.En == "" || p.De == "" {
					t.Errorf("%+v is not said in both languages", p)
				}
			}
		}
		if strings.Contains(text, "SECRET") && strings.Contains(err.Error(), ":SECRET@") {
			t.Errorf("a password is told: %v", err)
		}
	})
}

// FuzzRegistration reads whatever stands in the registration file. One that is found good
// has tokens, and no error tells a token.
func FuzzRegistration(f *testing.F) {
	for _, seed := range []string{
		"id: werkraum\nurl: http://x\nas_token: GEHEIMESTOKEN\nhs_token: b\nsender_localpart: werkraum\nnamespaces:\n  users: [{regex: '@werkraum_.*:a.example', exclusive: true}]\n",
		"as_token: [GEHEIMESTOKEN]", "namespaces: {users: [{regex: '('}]}", "id: 1\nas_token: GEHEIMESTOKEN\nhs_token: GEHEIMESTOKEN", "- GEHEIMESTOKEN", "a: &a [*a]", "GEHEIMESTOKEN", "\xff",
	} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "registration.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := LoadRegistration(path)
		if err != nil {
			if strings.Contains(err.Error(), "GEHEIMESTOKEN") {
				t.Errorf("a token is told: %v", err)
			}
			return
		}
		problems := r.Validate("a.example")
		if len(problems) == 0 && (r.ASToken == "" || r.HSToken == "" || r.ASToken == r.HSToken) {
			t.Errorf("found good: %q", text)
		}
		if told := problems.Error(); strings.Contains(told, "GEHEIMESTOKEN") && strings.Contains(r.ASToken+r.HSToken, "GEHEIMESTOKEN") &&
			!strings.Contains(r.URL+r.ID+r.SenderLocalpart, "GEHEIMESTOKEN") && len(r.Namespaces.Users) == 0 {
			t.Errorf("a token is told: %v", told)
		}
	})
}

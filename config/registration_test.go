package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func settings(server string) *Config {
	c := Default()
	c.Homeserver.ServerName = server
	return &c
}

func TestNewRegistration(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "registration.yaml")
	made, created, err := EnsureRegistration(path, settings("127.0.0.1:8448"), "", false)
	if err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o, want 600", mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := `id: werkraum
url: http://127.0.0.1:8080
as_token: X
hs_token: X
sender_localpart: werkraum
rate_limited: false
namespaces:
    users:
        - exclusive: true
          regex: '@werkraum_.*:127\.0\.0\.1:8448'
    aliases:
        - exclusive: true
          regex: '#werkraum_.*:127\.0\.0\.1:8448'
    rooms: []
receive_ephemeral: true
de.sorunome.msc2409.push_ephemeral: true
org.matrix.msc3202: true
io.element.msc4190: true
`
	got := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(text), "")
	got = regexp.MustCompile(`_token: "?[0-9a-f]{64}"?`).ReplaceAllString(got, "_token: X")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	if made.ASToken == made.HSToken {
		t.Error("both tokens are the same")
	}
	if bot := made.Bot("a.example"); bot != "@werkraum:a.example" {
		t.Errorf("bot %s", bot)
	}
	if printed := fmt.Sprintf("%v %+v %#v %v %#v", made, made, made, *made, *made); strings.Contains(printed, made.ASToken) {
		t.Errorf("token printed: %s", printed)
	}
}

func TestRegistrationKeepsTokensAndAdditions(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "registration.yaml")
	before := "id: wr2\nurl: http://old:1\nas_token: aa\nhs_token: hh\nsender_localpart: raum\nprotocols: [x]\nnamespaces: {}\n"
	if err := os.WriteFile(path, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	kept, created, err := EnsureRegistration(path, settings("b.example"), "http://new:2", false)
	if err != nil || created {
		t.Fatalf("created %v, %v", created, err)
	}
	read, err := LoadRegistration(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &Registration{
		ID: "wr2", URL: "http://new:2", ASToken: "aa", HSToken: "hh", SenderLocalpart: "raum",
		Namespaces: Namespaces{
			Users:   []Namespace{{Exclusive: true, Regex: `@raum_.*:b\.example`}},
			Aliases: []Namespace{{Exclusive: true, Regex: `#raum_.*:b\.example`}}, Rooms: []Namespace{},
		},
		ReceiveEphemeral: true, PushEphemeral: true, DeviceChanges: true, DeviceManagement: true,
		Other: map[string]any{"protocols": []any{"x"}},
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	renewed, _, err := EnsureRegistration(path, settings("b.example"), "", true)
	if err != nil {
		t.Fatal(err)
	}
	if renewed.ASToken == kept.ASToken || renewed.HSToken == kept.HSToken || renewed.URL != "http://new:2" {
		t.Errorf("tokens or URL wrong after --new-tokens: %v", renewed)
	}
}

func TestRegistrationProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Registration)
		want   string
	}{
		"no id":          {func(r *Registration) { r.ID = "" }, "id"},
		"no url":         {func(r *Registration) { r.URL = "" }, "url"},
		"no token":       {func(r *Registration) { r.ASToken = "" }, "as_token"},
		"newline":        {func(r *Registration) { r.HSToken = "a\nb" }, "hs_token"},
		"same tokens":    {func(r *Registration) { r.HSToken = r.ASToken }, "hs_token"},
		"bad localpart":  {func(r *Registration) { r.SenderLocalpart = "Werk Raum" }, "sender_localpart"},
		"no namespaces":  {func(r *Registration) { r.Namespaces = Namespaces{} }, "namespaces.users"},
		"other server":   {func(r *Registration) { r.SetServer("other.example") }, "namespaces.users"},
		"bad expression": {func(r *Registration) { r.Namespaces.Users[0].Regex = "(" }, "regular expression"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			r := NewRegistration("a.example", "http://127.0.0.1:1")
			if problems := r.Validate("a.example"); len(problems) > 0 {
				t.Fatalf("a new one is refused: %v", problems)
			}
			test.change(r)
			if problems := r.Validate("a.example"); !strings.Contains(problems.Error(), test.want) {
				t.Errorf("got %v", problems)
			}
		})
	}
}

func TestLoadRegistrationErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := LoadRegistration(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	path := filepath.Join(dir, "r.yaml")
	if err := os.WriteFile(path, []byte("as_token: geheim\nnamespaces: geheim"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadRegistration(path); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
	if _, _, err := EnsureRegistration(path, settings("a.example"), "", false); err == nil {
		t.Error("a broken file was overwritten")
	}
}

func TestListenURL(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", ":80": "http://127.0.0.1:80", "0.0.0.0:81": "http://127.0.0.1:81",
		"[::]:82": "http://127.0.0.1:82", "[::1]:83": "http://[::1]:83", "host:84": "http://host:84",
	} {
		if got := listenURL(listen); got != want {
			t.Errorf("listenURL(%q) = %q, want %q", listen, got, want)
		}
	}
}

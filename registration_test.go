package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"werkraum/config"
)

func TestRegistrationCommand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "registration.yaml")
	run := func(args ...string) (string, *config.Registration) {
		t.Helper()
		var out strings.Builder
		if err := runRegistration(t.Context(), append(args, "--homeserver.server_name=a.example", "--registration="+path, "--key_file="+path+".key"), &out); err != nil {
			t.Fatal(err)
		}
		written, err := config.LoadRegistration(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), written.ASToken) || strings.Contains(out.String(), written.HSToken) {
			t.Errorf("the output tells a token:\n%s", out.String())
		}
		return out.String(), written
	}
	out, first := run("--appservice-url=http://werkraum:8080")
	for _, part := range []string{"mit neuen Tokens", "@werkraum:a.example", "http://werkraum:8080", "app_service_config_files:\n    - " + path, "app_service_api:", "werkraum check"} {
		if !strings.Contains(out, part) {
			t.Errorf("lacks %q:\n%s", part, out)
		}
	}
	out, second := run("--lang=en")
	if second.ASToken != first.ASToken || second.HSToken != first.HSToken || second.URL != "http://werkraum:8080" || !strings.Contains(out, "its tokens were kept") {
		t.Errorf("%v, then %v:\n%s", first, second, out)
	}
	if _, third := run("--new-tokens"); third.ASToken == first.ASToken {
		t.Error("--new-tokens kept the token")
	}
}

func TestRegistrationCommandRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.yaml")
	for want, args := range map[string][]string{
		"homeserver.server_name: fehlt":      {"--output=" + path},
		"homeserver.server_name: is missing": {"--output=" + path, "--lang=en"},
		"url (registration)":                 {"--output=" + path, "--homeserver.server_name=a.example", "--appservice-url=werkraum:8080"},
		"no such file or directory":          {"--output=" + path + "/x/y.yaml", "--homeserver.server_name=a.example"},
	} {
		err := runRegistration(t.Context(), args, &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %q", args, err, want)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written all the same")
	}
}

func TestLoadRegistrationForRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.yaml")
	settings := config.Default()
	settings.Registration, settings.Homeserver.ServerName = path, "a.example"
	c := newCommand("test", "", &strings.Builder{})
	if _, err := c.loadRegistration(&settings); err == nil || !strings.Contains(err.Error(), "`werkraum registration`") {
		t.Errorf("missing: %v", err)
	}
	registration := config.NewRegistration("a.example", "http://127.0.0.1:1")
	registration.HSToken = ""
	if err := registration.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := c.loadRegistration(&settings); err == nil || !strings.Contains(err.Error(), "hs_token") {
		t.Errorf("empty token: %v", err)
	}
}

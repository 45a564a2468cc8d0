package openid

import (
	"strings"
	"testing"

	"werkraum/bridges/outbound"
)

// FuzzRead reads what a foreign homeserver answers when it is asked who somebody is: it
// can only ever name a user of its own.
func FuzzRead(f *testing.F) {
	for _, body := range []string{
		`{"sub":"@mia:partner.example"}`, `{"sub":"@mia:amt.example"}`, `{"sub":"@mia:partner.example\u0000"}`, `{"sub":"@:partner.example"}`, `{"sub":"@a\n:partner.example"}`,
		`{"sub":"@Mía/=+:partner.example"}`, `{"sub":"@a:b:partner.example"}`, `{"SUB":"@a:partner.example"}`, `{"sub":null}`, `{"sub":1}`, `{"sub":["@a:partner.example"]}`,
		`{"sub":"@a:partner.example","sub":"@a:amt.example"}`, `[]`, ``, "\xff", `{"sub":"@\u202ea:partner.example"}`, `{"sub":"@` + strings.Repeat("a", 300) + `:partner.example"}`,
	} {
		f.Add(200, []byte(body))
	}
	f.Add(401, []byte(`{}`))
	f.Add(500, []byte(`{"sub":"@mia:partner.example"}`))
	name, err := ParseServerName("partner.example")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		user, failed := read(name, &outbound.Response{Status: status, Body: body})
		if failed != nil {
			if user != "" || failed.Server != name.String() {
				t.Errorf("named %q with the failure %+v", user, failed)
			}
			return
		}
		localpart, server, err := user.ParseAndValidateRelaxed()
		if status != 200 || err != nil || server != name.String() || !isLocalpart(localpart) || len(user) > 255 {
			t.Errorf("status %d named %q", status, user)
		}
	})
}

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzBody sends whatever anybody may send to what is open to all. The answer is a
// granted session, or a refusal with a sentence; it is no fault of the server's, and
// what was sent does not come back in it.
func FuzzBody(f *testing.F) {
	served := setUp(f)
	paths := []string{"/api/v1/sessions/openid", "/api/v1/sessions/link", "/api/v1/links"}
	for i := range paths {
		for _, body := range []string{
			openID, `{"token":"token"}`, `{"user_id":"@mia:partner.example","room_id":"!projekt:amt.example"}`, `{}`, `[]`, `null`, ``, `{"token":1}`,
			`{"room_id":"!x:\u0000","openid":{"access_token":"\ud800","matrix_server_name":"[::1]:443"}}`, `{"user_id":"` + strings.Repeat("@", 300) + `"}`,
			`{"token":"a","token":"b"}`, strings.Repeat("[", 9000), "\xff\xfe", `{"openid":[]}`, `{"openid":{"matrix_server_name":"localhost/../x"}}`,
		} {
			f.Add(i, body, "de-DE,en;q=0.5")
		}
	}
	f.Add(1, `{}`, "\x00,;=")
	f.Fuzz(func(t *testing.T, path int, body, language string) {
		w := served.ask(http.MethodPost, paths[uint(path)%uint(len(paths))], body, "Content-Type", "application/json", "Accept-Language", language)
		if w.Code >= http.StatusInternalServerError || !utf8.Valid(w.Body.Bytes()) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if w.Code < http.StatusMultipleChoices {
			return
		}
		var r refusal
		if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil || r.Error.Message == "" || r.Error.Kind == "" {
			t.Errorf("status %d without a sentence: %s", w.Code, w.Body)
		}
		if strings.ContainsAny(r.Error.Message, "<>") {
			t.Errorf("markup in %q", r.Error.Message)
		}
	})
}

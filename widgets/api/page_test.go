package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"werkraum/widgets/api"
)

var script = strings.Repeat("console.log('Werkraum');\n", 200)

// page is the page with the index.html that the build starts from.
func page(t testing.TB, ancestors ...string) *api.Page {
	t.Helper()
	index, err := os.ReadFile("../web/index.html")
	if err != nil {
		t.Fatal(err)
	}
	p, err := api.NewPage(fstest.MapFS{
		"index.html":          {Data: index},
		"assets/index-abc.js": {Data: []byte(script)},
		"assets/tiny-abc.css": {Data: []byte("a{}")},
		"assets/font.woff2":   {Data: []byte(script)},
		"assets/icon-abc.svg": {Data: []byte("<svg/>")},
		"robots.txt":          {Data: []byte("User-agent: *")},
	}, ancestors)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func get(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func wantHeader(t *testing.T, w *httptest.ResponseRecorder, name, want string) {
	t.Helper()
	if got := w.Header().Get(name); got != want {
		t.Errorf("%s is %q, want %q", name, got, want)
	}
}

var nonceOf = regexp.MustCompile(`'nonce-([A-Za-z0-9+/=_-]{20,})'`)

func TestIndexHasANonceOfItsOwn(t *testing.T) {
	t.Parallel()
	p := page(t, "https://element.example", "https://*.amt.example")
	var seen []string
	for range 5 {
		w := get(p, http.MethodGet, "/")
		if w.Code != http.StatusOK {
			t.Fatalf("status %d", w.Code)
		}
		policy := w.Header().Get("Content-Security-Policy")
		match := nonceOf.FindStringSubmatch(policy)
		if match == nil {
			t.Fatalf("policy without a nonce: %s", policy)
		}
		if slices.Contains(seen, match[1]) {
			t.Errorf("nonce %q came twice", match[1])
		}
		seen = append(seen, match[1])
		body := w.Body.String()
		if !strings.Contains(body, `<meta name="csp-nonce" content="`+match[1]+`"`) {
			t.Errorf("the page does not hold the nonce of its policy")
		}
		if strings.Contains(body, "__CSP_NONCE__") {
			t.Error("the placeholder is still there")
		}
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "style-src 'self' 'nonce-" + match[1] + "';",
			"require-trusted-types-for 'script'", "trusted-types default",
			"frame-ancestors https://element.example https://*.amt.example"} {
			if !strings.Contains(policy, want) {
				t.Errorf("policy lacks %q: %s", want, policy)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("policy allows something unsafe: %s", policy)
		}
		wantHeader(t, w, "Cache-Control", "no-store")
		wantHeader(t, w, "X-Content-Type-Options", "nosniff")
		wantHeader(t, w, "Referrer-Policy", "no-referrer")
		wantHeader(t, w, "Cross-Origin-Opener-Policy", "same-origin")
		wantHeader(t, w, "Content-Type", "text/html; charset=utf-8")
		wantHeader(t, w, "Content-Encoding", "")
	}
}

// The directive's * would leave out Element Desktop, whose address is vector://vector.
func TestEverybodyMayFrameThePage(t *testing.T) {
	t.Parallel()
	policy := get(page(t, "*"), http.MethodGet, "/").Header().Get("Content-Security-Policy")
	if strings.Contains(policy, "frame-ancestors") || !strings.Contains(policy, "form-action 'none'") {
		t.Errorf("policy = %s", policy)
	}
}

func TestEveryOtherPathIsThePage(t *testing.T) {
	t.Parallel()
	p := page(t, "*")
	for _, path := range []string{"/index.html", "/irgendwo", "/a/b/c", "/assetsx", "/%2e%2e/secret", "/?room=x"} {
		w := get(p, http.MethodGet, path)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `id="root"`) {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	p := page(t, "*")
	w := get(p, http.MethodGet, "/assets/index-abc.js", "Accept-Encoding", "br, gzip")
	wantHeader(t, w, "Cache-Control", "public, max-age=31536000, immutable")
	wantHeader(t, w, "X-Content-Type-Options", "nosniff")
	wantHeader(t, w, "Content-Type", "text/javascript; charset=utf-8")
	wantHeader(t, w, "Content-Encoding", "gzip")
	wantHeader(t, w, "Vary", "Accept-Encoding")
	z, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != script {
		t.Errorf("unpacked %d bytes, error %v", len(got), err)
	}
	for _, accepted := range []string{"", "br", "identity", "gzip;q=0", "br, gzip; q=0"} {
		w := get(p, http.MethodGet, "/assets/index-abc.js", "Accept-Encoding", accepted)
		wantHeader(t, w, "Content-Encoding", "")
		wantHeader(t, w, "Vary", "Accept-Encoding")
		if w.Body.String() != script {
			t.Errorf("Accept-Encoding %q: got something else than the script", accepted)
		}
	}
	// What compressing does not make smaller is sent as it is.
	for path, contentType := range map[string]string{"/assets/tiny-abc.css": "text/css; charset=utf-8", "/assets/font.woff2": "font/woff2", "/assets/icon-abc.svg": "image/svg+xml"} {
		w := get(p, http.MethodGet, path, "Accept-Encoding", "gzip")
		wantHeader(t, w, "Content-Encoding", "")
		wantHeader(t, w, "Content-Type", contentType)
	}
	// Only names that change with their content may be kept for ever.
	wantHeader(t, get(p, http.MethodGet, "/robots.txt"), "Cache-Control", "")
}

// A page that asks for a script of an older build must not be given HTML.
func TestUnknownAssetIsNotThePage(t *testing.T) {
	t.Parallel()
	p := page(t, "*")
	for _, path := range []string{"/assets/index-old.js", "/assets/", "/favicon.ico"} {
		w := get(p, http.MethodGet, path)
		if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "html") {
			t.Errorf("%s: status %d, %q", path, w.Code, w.Body)
		}
		wantHeader(t, w, "Cache-Control", "")
		wantHeader(t, w, "X-Content-Type-Options", "nosniff")
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	p := page(t, "*")
	for _, path := range []string{"/", "/assets/index-abc.js"} {
		full, head := get(p, http.MethodGet, path), get(p, http.MethodHead, path)
		if head.Code != http.StatusOK || head.Body.Len() != 0 {
			t.Errorf("HEAD %s: status %d, %d bytes", path, head.Code, head.Body.Len())
		}
		for _, name := range []string{"Content-Type", "Content-Length", "Cache-Control"} {
			wantHeader(t, head, name, full.Header().Get(name))
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
			w := get(p, method, path)
			if w.Code != http.StatusMethodNotAllowed || w.Body.Len() != 0 {
				t.Errorf("%s %s: status %d", method, path, w.Code)
			}
			wantHeader(t, w, "Allow", "GET, HEAD")
		}
	}
}

func TestPageThatIsNotBuilt(t *testing.T) {
	t.Parallel()
	if _, err := api.NewPage(fstest.MapFS{".keep": {}}, nil); err == nil || !strings.Contains(err.Error(), "make web") {
		t.Errorf("got error %v, want one that says what to do", err)
	}
}

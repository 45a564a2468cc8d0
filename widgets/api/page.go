package api

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Page serves the built page out of the binary. Everything is read and
// compressed once, at start.
type Page struct {
	index     []byte
	files     map[string]asset
	ancestors string // the end of the content security policy
}

type asset struct {
	contentType string
	plain       []byte
	gzipped     []byte // nil where compressing gains nothing
}

// noncePlaceholder stands in index.html where each answer gets a nonce of its
// own; styles that the page's libraries make at run time carry it.
const noncePlaceholder = "__CSP_NONCE__"

// NewPage reads the page from dist, the folder that the build of widgets/web
// leaves. Sites outside ancestors may not frame it; ["*"] lets everybody.
func NewPage(dist fs.FS, ancestors []string) (*Page, error) {
	p := &Page{files: map[string]asset{}}
	// For everybody there is no directive: its * means http and https only, and
	// Element Desktop's own address is vector://vector.
	if !slices.Equal(ancestors, []string{"*"}) {
		p.ancestors = "; frame-ancestors " + strings.Join(ancestors, " ")
	}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			p.index = plain
			return nil
		}
		p.files["/"+name] = newAsset(name, plain)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	if p.index == nil {
		return nil, errors.New("the page is not built: run `make web` first")
	}
	return p, nil
}

func newAsset(name string, plain []byte) asset {
	a := asset{contentType: mime.TypeByExtension(path.Ext(name)), plain: plain}
	switch path.Ext(name) {
	case ".js":
		a.contentType = "text/javascript; charset=utf-8"
	case ".woff2":
		a.contentType = "font/woff2"
		return a
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil { // the level is valid
		panic(err)
	}
	_, _ = z.Write(plain) // a buffer takes everything
	_ = z.Close()
	if b.Len() < len(plain)*9/10 {
		a.gzipped = b.Bytes()
	}
	return a
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	secure(h)
	if a, ok := p.files[r.URL.Path]; ok {
		p.serveAsset(w, r, a)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/assets/") || r.URL.Path == "/favicon.ico" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	nonce := rand.Text()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	// No text can become markup or script, whatever is done with it: trusted types are
	// demanded, and the one policy that may be made lets nothing through
	// (widgets/web/src/host/trusted.ts).
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+nonce+"'; connect-src 'self'; "+
		"img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types default"+p.ancestors)
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), hid=(), midi=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")    // who opened the page of a link has no hold on it
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // frame-ancestors says who may frame it
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(bytes.ReplaceAll(p.index, []byte(noncePlaceholder), []byte(nonce))) // the browser has gone otherwise
	}
}

func (p *Page) serveAsset(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Vary", "Accept-Encoding")
	if strings.HasPrefix(r.URL.Path, "/assets/") { // their names change with their content
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := a.plain
	if a.gzipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}

// acceptsGzip reads Accept-Encoding; "gzip;q=0" is how a client says no
// (RFC 9110, 12.5.3).
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, quality, weighted := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		quality = strings.TrimPrefix(strings.TrimSpace(quality), "q=")
		return !weighted || strings.Trim(quality, "0.") != ""
	}
	return false
}

package appservice

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/id"
)

// Media are streamed in both directions; nothing here holds a whole file in memory.

var errRedirect = errors.New("the homeserver sends media elsewhere")

// newMediaClient makes the client for media: without a limit of time, which the callers
// set, and without telling anybody how requests went, for it is the page's connection
// that breaks as often as the homeserver's.
func newMediaClient(c Config, bot id.UserID, transport http.RoundTripper) (*mautrix.Client, error) {
	client, err := newClient(c, bot, c.ASToken)
	if err != nil {
		return nil, err
	}
	client.Client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect }}
	return client, nil
}

// unknownPath reports whether the homeserver does not have an endpoint.
func unknownPath(err error) bool {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.Response == nil {
		return false
	}
	code, _ := refused(err)
	return code == "M_UNRECOGNIZED" || code == "" && he.Response.StatusCode == http.StatusNotFound
}

// mediaBody is a file that the homeserver hands out; whoever gets it closes it.
type mediaBody struct {
	io.ReadCloser
	size int64 // -1 if it is not known
}

// openMedia fetches media by authenticated media (client-server API 1.11), and in the
// former way where the homeserver does not know that.
func (h *homeserver) openMedia(ctx context.Context, u id.ContentURI) (*mediaBody, error) {
	return h.getMedia(ctx, nil, "download", u.Homeserver, u.FileID)
}

// openThumbnail fetches a small picture of an unencrypted one.
func (h *homeserver) openThumbnail(ctx context.Context, u id.ContentURI) (*mediaBody, error) {
	return h.getMedia(ctx, map[string]string{"width": "640", "height": "360", "method": "scale"}, "thumbnail", u.Homeserver, u.FileID)
}

func (h *homeserver) getMedia(ctx context.Context, query map[string]string, path ...any) (*mediaBody, error) {
	get := func(address string) (*mediaBody, error) {
		_, resp, err := h.media.MakeFullRequestWithResp(ctx, mautrix.FullRequest{ //nolint:bodyclose // whoever reads it closes it
			Method: http.MethodGet, URL: address, DontReadResponse: true, MaxAttempts: 1,
			Headers: http.Header{"Accept-Encoding": {"identity"}}, // so that its length is known
		})
		if err != nil {
			return nil, err
		}
		return &mediaBody{resp.Body, resp.ContentLength}, nil
	}
	resp, err := get(h.media.BuildURLWithQuery(mautrix.ClientURLPath(append([]any{"v1", "media"}, path...)), query))
	if unknownPath(err) {
		resp, err = get(h.media.BuildURLWithQuery(mautrix.MediaURLPath(append([]any{"v3"}, path...)), query))
	}
	return resp, err
}

// maxUpload is how large a file may be by the homeserver's own word, 0 if it does not say.
func (h *homeserver) maxUpload(ctx context.Context) int64 {
	answer, err := h.ask(ctx, h.client.BuildClientURL("v1", "media", "config"))
	if unknownPath(err) {
		answer, err = h.ask(ctx, h.client.BuildURL(mautrix.MediaURLPath{"v3", "config"}))
	}
	if err != nil {
		return 0 // it will say when it gets the file
	}
	if size := answer.Get(`m\.upload\.size`); size.Type == gjson.Number {
		return max(size.Int(), 0)
	}
	return 0
}

// upload gives the homeserver a file of exactly size bytes.
func (h *homeserver) upload(ctx context.Context, body io.Reader, contentType string, size int64) (id.ContentURI, error) {
	var answer mautrix.RespMediaUpload
	_, err := h.media.MakeFullRequest(ctx, mautrix.FullRequest{
		Method: http.MethodPost, URL: h.media.BuildURL(mautrix.MediaURLPath{"v3", "upload"}), MaxAttempts: 1,
		Headers:     http.Header{"Content-Type": {contentType}, "Content-Length": {strconv.FormatInt(size, 10)}},
		RequestBody: body, RequestLength: size, ResponseJSON: &answer,
	})
	if err == nil && !validMedia(answer.ContentURI) {
		err = errAnswer
	}
	return answer.ContentURI, err
}

// sniffed is as much as telling what a file is takes.
const sniffed = 512

// harmless are the pictures that a browser may show: nothing runs in them.
var harmless = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// known are the other types that are told to the homeserver; for the rest it is bytes.
var known = []string{
	"application/pdf", "application/zip", "application/x-gzip", "text/plain",
	"video/mp4", "video/webm", "audio/mpeg", "audio/wave", "application/ogg",
}

const justBytes = "application/octet-stream"

// typeOf tells by its first bytes what a file is; its name counts for nothing.
func typeOf(head []byte) string {
	found, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if slices.Contains(harmless, found) || slices.Contains(known, found) {
		return found
	}
	return justBytes
}

// imageType is typeOf for pictures, "" for everything else.
func imageType(head []byte) string {
	if found := typeOf(head); slices.Contains(harmless, found) {
		return found
	}
	return ""
}

// verified reads a file and hands out its end only when all of it was found to be what the
// message meant.
type verified struct {
	r       *bufio.Reader
	decrypt io.Closer // says so; nil if there is nothing to compare with
	body    io.Closer
	whole   bool // all was read and found right
}

func newVerified(body io.ReadCloser, key *attachment.EncryptedFile) *verified {
	v := &verified{body: body}
	if key == nil {
		v.r = bufio.NewReaderSize(body, 32<<10)
		return v
	}
	if key.PrepareForDecryption() != nil { // it was tried when the message was read
		v.r = bufio.NewReader(strings.NewReader(""))
		return v
	}
	stream := key.DecryptStream(io.MultiReader(body)) // which leaves closing to v
	v.r, v.decrypt = bufio.NewReaderSize(stream, 32<<10), stream
	return v
}

// Read implements io.Reader.
func (v *verified) Read(p []byte) (int, error) {
	if v.whole && v.r.Buffered() == 0 {
		return 0, io.EOF
	}
	n, err := v.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if _, ahead := v.r.Peek(1); errors.Is(ahead, io.EOF) && v.decrypt != nil {
		if bad := v.decrypt.Close(); bad != nil {
			return 0, bad
		}
		v.decrypt, v.whole = nil, true
	}
	return n, err
}

// Close implements io.Closer.
func (v *verified) Close() error { return v.body.Close() }

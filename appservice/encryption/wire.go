package encryption

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// wire is how the device's requests go out: with the token of its last login,
// where it has logged in, and so that a claim of one-time keys (client-server
// API, /keys/claim) is answered with no more than was asked for. What other
// homeservers answer is passed on as it is, and mautrix's machine panics at a
// device that it has not asked for.
type wire struct {
	*Device
	next http.RoundTripper
}

// Over makes a client whose requests are the device's.
func (d *Device) Over(c *http.Client) *http.Client {
	own, next := *c, c.Transport
	if w, ok := next.(wire); ok { // of an attempt that failed
		next = w.next
	}
	own.Transport = wire{d, next}
	return &own
}

const maxClaim = 16 << 20

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if token := w.token.Load(); token != nil && !strings.HasSuffix(r.URL.Path, "/login") {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+*token)
	}
	if !strings.HasSuffix(r.URL.Path, "/keys/claim") || r.Body == nil {
		return w.next.RoundTrip(r)
	}
	asked, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(asked))
	resp, err := w.next.RoundTrip(again)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxClaim))
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	answer = onlyClaimed(asked, answer)
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	resp.Header.Del("Content-Length")
	return resp, nil
}

func onlyClaimed(asked, answer []byte) []byte {
	var request mautrix.ReqClaimKeys
	var response map[string]json.RawMessage
	var keys map[id.UserID]map[id.DeviceID]json.RawMessage
	if json.Unmarshal(asked, &request) != nil || json.Unmarshal(answer, &response) != nil || json.Unmarshal(response["one_time_keys"], &keys) != nil {
		return []byte(`{}`) // nobody gets the room's key, as if nobody had any left
	}
	for user, devices := range keys {
		for device := range devices {
			if _, ok := request.OneTimeKeys[user][device]; !ok {
				delete(devices, device)
			}
		}
	}
	claimed, err := json.Marshal(keys)
	if err == nil {
		response["one_time_keys"] = claimed
		answer, err = json.Marshal(response)
	}
	if err != nil { // what was JSON can be written again
		panic(err)
	}
	return answer
}

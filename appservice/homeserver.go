package appservice

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rs/zerolog"
	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// homeserver is the client-server API as the bot uses it. It retries nothing:
// the outbox and the callers know better when a repetition is right.
type homeserver struct {
	client *mautrix.Client
	// sync is for long polling, which outlasts the usual timeout.
	sync *http.Client
	// media is for files, which take their time.
	media *mautrix.Client
}

const (
	requestTimeout  = 45 * time.Second
	maxResponseSize = 64 << 20 // a room with very many members
)

// newClient makes a client of the homeserver for somebody with a token.
func newClient(c Config, user id.UserID, token string) (*mautrix.Client, error) {
	client, err := mautrix.NewClient(c.HomeserverURL, user, token)
	if err != nil {
		return nil, fmt.Errorf("homeserver.url: %w", err)
	}
	client.Log = zerolog.Nop() // at debug level it logs what people wrote
	client.DefaultHTTPRetries = 0
	client.IgnoreRateLimit = true
	client.ResponseSizeLimit = maxResponseSize
	return client, nil
}

func newHomeserver(c Config, bot id.UserID, observe func(path string, took time.Duration, err error)) (*homeserver, error) {
	client, err := newClient(c, bot, c.ASToken)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{ // no proxy: the homeserver is a neighbour
		MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
	}
	client.Client = &http.Client{Timeout: requestTimeout, Transport: transport}
	client.ResponseHook = func(req *http.Request, _ *http.Response, err error, took time.Duration) {
		observe(req.Method, took, err)
	}
	media, err := newMediaClient(c, bot, transport)
	if err != nil {
		return nil, err
	}
	return &homeserver{client: client, sync: &http.Client{Timeout: 2 * time.Minute, Transport: transport}, media: media}, nil
}

// refused reports whether the homeserver understood and will not do it, so
// that asking again is of no use, and its error code. Without a code it was not
// the homeserver that answered: a proxy in front of one that restarts says 404.
func refused(err error) (code string, final bool) {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.Response == nil {
		return "", false
	}
	if he.RespError != nil {
		code = he.RespError.ErrCode
	}
	switch code {
	case "", "M_UNRECOGNIZED", "M_UNKNOWN_TOKEN", "M_MISSING_TOKEN": // the operator will mend the latter
		return code, false
	}
	status := he.Response.StatusCode
	return code, status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout
}

// neverSent reports whether a request cannot have reached the homeserver.
func neverSent(err error) bool {
	if _, ok := errors.AsType[notSentError](err); ok {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// isOut reports whether an answer to a question about a room means that the bot
// is not in it.
func isOut(err error) bool {
	code, final := refused(err)
	return final && (code == "M_FORBIDDEN" || code == "M_NOT_FOUND")
}

// isLoggedOut reports whether the homeserver does not know the token any more.
func isLoggedOut(err error) bool {
	code, _ := refused(err)
	return code == "M_UNKNOWN_TOKEN"
}

// retryAfter is how long the homeserver asked to be left alone, 0 if it did not.
func retryAfter(err error) time.Duration {
	var he mautrix.HTTPError
	if !errors.As(err, &he) || he.Response == nil || he.Response.StatusCode != http.StatusTooManyRequests {
		return 0
	}
	if s, err := strconv.Atoi(he.Response.Header.Get("Retry-After")); err == nil {
		return time.Duration(s) * time.Second
	}
	if he.RespError != nil {
		if ms, ok := he.RespError.ExtraData["retry_after_ms"].(float64); ok {
			return time.Duration(ms) * time.Millisecond
		}
	}
	return time.Second
}

// withoutContent is err as it may be logged: mautrix's own text can quote the
// request.
func withoutContent(err error) error {
	var he mautrix.HTTPError
	if errors.As(err, &he) && he.Response != nil {
		code := ""
		if he.RespError != nil {
			code = he.RespError.ErrCode
		}
		return fmt.Errorf("homeserver answered %d %s", he.Response.StatusCode, code)
	}
	if errors.As(err, &he) && he.WrappedError != nil {
		return fmt.Errorf("homeserver not reached: %w", errors.Unwrap(he.WrappedError))
	}
	return err
}

func (h *homeserver) get(ctx context.Context, into any, path ...any) error {
	_, err := h.client.MakeRequest(ctx, http.MethodGet, h.client.BuildClientURL(append([]any{"v3"}, path...)...), nil, into)
	return err
}

// ask gets an answer of the homeserver, as far as it is well-formed.
func (h *homeserver) ask(ctx context.Context, address string) (gjson.Result, error) {
	return askAs(ctx, h.client, address, nil)
}

// askAs asks as the bot or as its device, by any client (nil for the usual one).
func askAs(ctx context.Context, as *mautrix.Client, address string, by *http.Client) (gjson.Result, error) {
	body, err := as.MakeFullRequest(ctx, mautrix.FullRequest{Method: http.MethodGet, URL: address, Client: by, MaxAttempts: 1})
	if err != nil {
		return gjson.Result{}, err
	}
	if !wellFormed(body) {
		return gjson.Result{}, errAnswer
	}
	return gjson.ParseBytes(body), nil
}

// send sends a timeline event. Its content carries the transaction ID, by which
// sentBefore finds it.
func (h *homeserver) send(ctx context.Context, room id.RoomID, eventType, txn string, content json.RawMessage) (id.EventID, error) {
	content = marked(content, txn)
	var resp mautrix.RespSendEvent
	_, err := h.client.MakeRequest(ctx, http.MethodPut, h.client.BuildClientURL("v3", "rooms", room, "send", eventType, txn), content, &resp)
	return resp.EventID, err
}

// putState sets a state event.
func (h *homeserver) putState(ctx context.Context, room id.RoomID, eventType, key string, content json.RawMessage) (id.EventID, error) {
	var resp mautrix.RespSendEvent
	_, err := h.client.MakeRequest(ctx, http.MethodPut, h.client.BuildClientURL("v3", "rooms", room, "state", eventType, key), content, &resp)
	return resp.EventID, err
}

// redact takes an event of the bot's own away.
func (h *homeserver) redact(ctx context.Context, room id.RoomID, event id.EventID, txn string) error {
	_, err := h.client.MakeRequest(ctx, http.MethodPut, h.client.BuildClientURL("v3", "rooms", room, "redact", event, txn), struct{}{}, nil)
	return err
}

// edits lists the events that edit one (client-server API, relationships), at most
// a few hundred.
func (h *homeserver) edits(ctx context.Context, room id.RoomID, event id.EventID) (list []id.EventID, err error) {
	query := url.Values{"limit": {"100"}}
	for range 5 {
		var page struct {
			Chunk []struct {
				ID id.EventID `json:"event_id"`
			} `json:"chunk"`
			Next string `json:"next_batch"`
		}
		address := h.client.BuildClientURL("v1", "rooms", room, "relations", event, "m.replace") + "?" + query.Encode()
		if _, err := h.client.MakeRequest(ctx, http.MethodGet, address, nil, &page); err != nil {
			return nil, err
		}
		for _, e := range page.Chunk {
			list = append(list, e.ID)
		}
		if page.Next == "" {
			break
		}
		query.Set("from", page.Next)
	}
	return list, nil
}

// state reads a room's whole current state.
func (h *homeserver) state(ctx context.Context, room id.RoomID) ([]envelope, error) {
	answer, err := h.ask(ctx, h.client.BuildClientURL("v3", "rooms", room, "state"))
	if err != nil {
		return nil, err
	}
	if !answer.IsArray() {
		return nil, errAnswer
	}
	var list []envelope
	answer.ForEach(func(_, raw gjson.Result) bool {
		if e, err := parseEnvelope(json.RawMessage(raw.Raw)); err == nil { // another server's broken state is nobody's loss
			list = append(list, e)
		}
		return true
	})
	return list, nil
}

// stateEvent reads the content of one state event; nil if there is none.
func (h *homeserver) stateEvent(ctx context.Context, room id.RoomID, eventType, key string) (json.RawMessage, error) {
	answer, err := h.ask(ctx, h.client.BuildClientURL("v3", "rooms", room, "state", eventType, key))
	if code, _ := refused(err); code == "M_NOT_FOUND" {
		return nil, nil
	}
	return json.RawMessage(answer.Raw), err
}

// event reads one event of a room. One without the shape of an event is an empty
// one.
func (h *homeserver) event(ctx context.Context, room id.RoomID, event id.EventID) (envelope, error) {
	answer, err := h.ask(ctx, h.client.BuildClientURL("v3", "rooms", room, "event", event))
	if err != nil {
		return envelope{}, err
	}
	if e, err := parseEnvelope(json.RawMessage(answer.Raw)); err == nil {
		return e, nil
	}
	return envelope{}, nil // asking again would bring the same
}

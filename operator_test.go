package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice"
)

// Whoever reaches the private listener cannot erase anybody: that takes a signature of just this
// request, made just now with the registration's token, which is not sent.
func TestOnlyTheOperatorErases(t *testing.T) {
	t.Parallel()
	const token = "as_token-der-registrierung"
	erased := 0
	h := operations{
		Gatherer: prometheus.NewRegistry(), Log: zerolog.Nop(),
		Operator: operatorHandler(token, func(_ context.Context, user id.UserID) (appservice.Erasure, error) {
			erased++
			return appservice.Erasure{User: user}, nil
		}, zerolog.Nop()),
	}.handler()
	body, err := json.Marshal(eraseRequest{User: "@anna:amt.example"})
	if err != nil {
		t.Fatal(err)
	}
	at := func(ago time.Duration) string { return strconv.FormatInt(time.Now().Add(-ago).UnixMilli(), 10) }
	now := at(0)
	sign := func(key, path, at string, body []byte) string {
		return "Werkraum " + at + "." + signature(key, path, at, body)
	}
	other := []byte(strings.ReplaceAll(string(body), "anna", "ben"))
	for what, authorization := range map[string]string{
		"no signature":                       "",
		"the token itself":                   "Bearer " + token,
		"a signature with another token":     sign("anderes", erasePath, now, body),
		"a signature of another path":        sign(token, "/operator/user/export", now, body),
		"a signature of another body":        sign(token, erasePath, now, other),
		"an old signature":                   sign(token, erasePath, at(2*time.Minute), body),
		"a signature from the future":        sign(token, erasePath, at(-2*time.Minute), body),
		"an old signature with another time": "Werkraum " + now + "." + signature(token, erasePath, at(2*time.Minute), body),
		"nonsense":                           "Werkraum .",
	} {
		req := httptest.NewRequest(http.MethodPost, erasePath, bytes.NewReader(body))
		req.Header.Set("Authorization", authorization)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, req)
		if answer.Code != http.StatusUnauthorized || erased > 0 {
			t.Errorf("%s is answered with %d", what, answer.Code)
		}
	}
	req := httptest.NewRequest(http.MethodPost, erasePath, bytes.NewReader(body))
	req.Header.Set("Authorization", sign(token, erasePath, now, body))
	h.ServeHTTP(httptest.NewRecorder(), req)
	if erased != 1 {
		t.Error("the operator's own request is refused")
	}
	none := []byte(`{"user_id":"anna"}`)
	req = httptest.NewRequest(http.MethodPost, erasePath, bytes.NewReader(none))
	req.Header.Set("Authorization", sign(token, erasePath, now, none))
	refused := httptest.NewRecorder()
	h.ServeHTTP(refused, req)
	if refused.Code != http.StatusBadRequest || erased != 1 {
		t.Errorf("something that is no user ID is answered with %d", refused.Code)
	}
	req = httptest.NewRequest(http.MethodGet, erasePath, nil)
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, req)
	if answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered with %d", answer.Code)
	}
}

func TestSinceOfTheAuditLog(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"": time.UnixMilli(0), "24h": now.Add(-24 * time.Hour), "30d": now.AddDate(0, 0, -30), "2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, err := sinceTime(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"gestern", "-1h", "-1d", "24", "2026-13-01", "d"} {
		if got, err := sinceTime(text, now); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

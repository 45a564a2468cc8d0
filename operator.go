package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/id"

	"werkraum/appservice"
	"werkraum/bridges/outbound"
)

// The private listener takes commands of the operator, where the running program must do
// them itself. Whoever can read the registration file may: the request is signed with its
// as_token, which is not sent.

const (
	erasePath  = "/operator/user/erase"
	maxRequest = 4 << 10
	// signedWithin is how old a signature may be, and how much clocks may differ.
	signedWithin = time.Minute
	operatorWait = time.Hour // for a very long log
)

// eraseRequest is the body of a POST to erasePath.
type eraseRequest struct {
	User id.UserID `json:"user_id"`
}

// signature is what only a holder of the token can send with a request.
func signature(asToken, path, at string, body []byte) string {
	digest := sha256.Sum256(body)
	mac := hmac.New(sha256.New, []byte(asToken))
	_, _ = fmt.Fprintf(mac, "werkraum operator\x00%s\x00%s\x00%x", path, at, digest)
	return hex.EncodeToString(mac.Sum(nil))
}

// signed reports whether the request was made by the operator and lately.
func signed(r *http.Request, asToken string, body []byte, now time.Time) bool {
	at, mac, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Werkraum "), ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil || now.Sub(time.UnixMilli(ms)).Abs() > signedWithin {
		return false
	}
	return hmac.Equal([]byte(mac), []byte(signature(asToken, r.URL.Path, at, body)))
}

// operatorHandler has people erased in the running program.
func operatorHandler(asToken string, erase func(context.Context, id.UserID) (appservice.Erasure, error), log zerolog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil || !signed(r, asToken, body, time.Now()) {
			answer(w, http.StatusUnauthorized, "not signed with the registration's token\n")
			return
		}
		var ask eraseRequest
		if json.Unmarshal(body, &ask) != nil || !isUserID(ask.User) {
			answer(w, http.StatusBadRequest, "no user ID\n")
			return
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(operatorWait)) // a server that cannot answers early
		done, err := erase(r.Context(), ask.User)
		if err != nil {
			log.Error().Err(err).Msg("Could not erase a person")
			answer(w, http.StatusInternalServerError, "failed; the log says why\n")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(done)
	})
}

// errNotRunning means that no program listens where the settings say.
var errNotRunning = errors.New("werkraum does not run")

// askRunning has the running program erase a person.
func askRunning(ctx context.Context, listen, asToken string, user id.UserID) (done appservice.Erasure, err error) {
	if listen == "" {
		return done, errNotRunning
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return done, err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	body, err := json.Marshal(eraseRequest{user})
	if err != nil {
		return done, err
	}
	client, err := outbound.New(outbound.Options{Trusted: true, Timeout: operatorWait})
	if err != nil {
		return done, err
	}
	defer client.Close()
	at := strconv.FormatInt(time.Now().UnixMilli(), 10)
	answer, err := client.Do(ctx, outbound.Request{
		Method: http.MethodPost, URL: "http://" + net.JoinHostPort(host, port) + erasePath, Body: body,
		Header: http.Header{"Authorization": {"Werkraum " + at + "." + signature(asToken, erasePath, at, body)}},
	})
	if failure, ok := errors.AsType[*outbound.Error](err); ok && failure.Result == outbound.NoConnection {
		return done, errNotRunning
	}
	if err != nil {
		return done, err
	}
	if answer.Status != http.StatusOK {
		return done, fmt.Errorf("the program at operations.listen (%s) answered %d: %.200s", listen, answer.Status, bytes.TrimSpace(answer.Body))
	}
	return done, json.Unmarshal(answer.Body, &done)
}

// isUserID reports whether a text is a Matrix user ID.
func isUserID(user id.UserID) bool {
	_, server, err := user.Parse()
	return err == nil && server != "" && len(user) <= 255
}

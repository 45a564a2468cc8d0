package appservice

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"werkraum/appservice/encryption"
	"werkraum/store"
)

// maxTransaction bounds a transaction's body. Usually that is 100 events of at
// most 64 KiB; but when the bot enters a room, Dendrite sends all of its state in
// one, and refused it would send it for ever.
const maxTransaction = 64 << 20

// Intake is where the homeserver hands over events. It answers a transaction
// only when its events are durable, and knows a repetition by the events in
// it, never by the transaction's ID: Dendrite repeats an ID with more events.
type Intake struct {
	store   *store.Store
	hsToken [sha256.Size]byte
	arrived chan struct{}
	metrics *metrics
	now     func() time.Time
	// heed is shown every delivery before it is acknowledged.
	heed func(body []byte)

	mu   sync.Mutex
	last int64          // ID of the last delivery
	open map[int64]bool // deliveries that are being stored
}

func newIntake(ctx context.Context, s *store.Store, hsToken string, m *metrics, now func() time.Time, heed func([]byte)) (*Intake, error) {
	in := &Intake{store: s, hsToken: sha256.Sum256([]byte(hsToken)), arrived: make(chan struct{}, 1), metrics: m, now: now, heed: heed, open: map[int64]bool{}}
	var err error
	in.last, err = s.LastDelivery(ctx)
	return in, err
}

// begin gives a delivery its ID, end tells that it is stored, or never will be.
func (in *Intake) begin() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.last++
	in.open[in.last] = true
	return in.last
}

func (in *Intake) end(delivery int64) {
	in.mu.Lock()
	delete(in.open, delivery)
	in.mu.Unlock()
	select {
	case in.arrived <- struct{}{}:
	default: // the dispatcher has been told already
	}
}

// settled is the ID up to which all deliveries are stored. Those that are
// stored at the same time become visible in any order; whoever read past one
// that is still on its way would never see it.
func (in *Intake) settled() int64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	settled := in.last
	for id := range in.open {
		settled = min(settled, id-1)
	}
	return settled
}

// put makes a delivery durable and wakes the dispatcher.
func (in *Intake) put(ctx context.Context, source store.Source, body []byte, token string) error {
	d := store.Delivery{ID: in.begin(), Source: source, Received: in.now(), Body: body}
	defer in.end(d.ID)
	in.heed(body)
	return in.store.PutDelivery(ctx, d, token)
}

// Transaction handles PUT /_matrix/app/v1/transactions/{txnId}
// (application service API).
func (in *Intake) Transaction(w http.ResponseWriter, r *http.Request) {
	if !in.authorised(w, r) {
		return
	}
	body, err := readAll(http.MaxBytesReader(w, r.Body, maxTransaction), r.ContentLength)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		answer(w, http.StatusRequestEntityTooLarge, "M_TOO_LARGE", "transaction is too large")
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest, "M_NOT_JSON", "body could not be read")
		return
	}
	// Only the outermost shape matters here. What is inside is judged event by
	// event, so that one bad event cannot hold up the stream.
	if !isTransaction(body) {
		answer(w, http.StatusBadRequest, "M_NOT_JSON", "body is not a transaction")
		return
	}
	if !gjson.GetBytes(body, "events.0").Exists() && !encryption.Concerns(body) { // who is typing, or has read what
		writeJSON(w, http.StatusOK, []byte("{}"))
		return
	}
	started := time.Now()
	if err := in.put(r.Context(), store.FromTransaction, body, ""); err != nil {
		in.metrics.intakeErrors.Inc()
		answer(w, http.StatusServiceUnavailable, "M_UNKNOWN", "could not be stored, please repeat")
		return
	}
	in.metrics.stored.Observe(time.Since(started).Seconds())
	writeJSON(w, http.StatusOK, []byte("{}"))
}

// readAll reads the body into a buffer of the length that was announced.
func readAll(body io.Reader, announced int64) ([]byte, error) {
	var b bytes.Buffer
	if announced > 0 && announced <= maxTransaction {
		b.Grow(int(announced) + bytes.MinRead)
	}
	_, err := b.ReadFrom(body)
	return b.Bytes(), err
}

func isTransaction(body []byte) bool {
	if !wellFormed(body) || !gjson.ParseBytes(body).IsObject() {
		return false
	}
	events := gjson.GetBytes(body, "events")
	return !events.Exists() || events.IsArray()
}

// Ping handles POST /_matrix/app/v1/ping (application service API).
func (in *Intake) Ping(w http.ResponseWriter, r *http.Request) {
	if in.authorised(w, r) {
		writeJSON(w, http.StatusOK, []byte("{}"))
	}
}

// Unknown answers queries for users and aliases: this application service
// creates none on request.
func (in *Intake) Unknown(w http.ResponseWriter, r *http.Request) {
	if in.authorised(w, r) {
		answer(w, http.StatusNotFound, "M_NOT_FOUND", "there is no such user or alias")
	}
}

func (in *Intake) authorised(w http.ResponseWriter, r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		answer(w, http.StatusUnauthorized, "M_MISSING_TOKEN", "no token given")
		return false
	}
	sum := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(sum[:], in.hsToken[:]) != 1 {
		answer(w, http.StatusForbidden, "M_FORBIDDEN", "wrong token")
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(map[string]string{"errcode": code, "error": message})
	if err != nil { // texts always marshal
		panic(err)
	}
	writeJSON(w, status, body)
}

func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the homeserver repeats what it did not hear
}

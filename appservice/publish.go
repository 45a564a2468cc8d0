package appservice

import (
	"encoding/json"
	"fmt"
	"time"

	"werkraum/store"
	"werkraum/workspace"
)

const (
	// publishEvery spaces the events of a busy room: a drag must not become
	// twenty events a second for every federated server.
	publishEvery = 500 * time.Millisecond
	// drawnEvery spaces them where people only draw, which may be many changes a second for
	// hours: homeservers take one event in five seconds from each of their users for long
	// (Synapse, rc_message).
	drawnEvery = 10 * time.Second
	// maxPublished bounds an event's content in bytes; the whole event may
	// have 65,536 (client-server API, size limits).
	maxPublished = 45 << 10
)

// changeContent is the content of de.werkraum.change
// (docs/events/de.werkraum.change.md).
type changeContent struct {
	Version int               `json:"version"`
	Changes []json.RawMessage `json:"changes"`
}

// publish queues the changes that the room does not know yet. The log in the
// store is the truth; Published says how far the room has it.
func (w *worker) publish(st *step) {
	w.publishAt = time.Time{}
	if len(w.unpublished) == 0 {
		return
	}
	w.published = st.now
	first, last := w.unpublished[0].Seq, w.unpublished[len(w.unpublished)-1].Seq
	var changes, drawn []workspace.Change
	for _, c := range w.unpublished {
		if onlyDrawn(c.Change.Ops) {
			drawn = append(drawn, c.Change)
		} else {
			changes = append(changes, c.Change)
		}
	}
	part := 0
	queue := func(encoded []json.RawMessage, bulk bool) {
		w.queue(st, store.Outgoing{
			TxnID: causedID("publish", string(w.id), w.store.Epoch(), fmt.Sprint(first), fmt.Sprint(last), fmt.Sprint(part)),
			Task:  store.TaskSend, EventType: workspace.ChangeEvent, Content: rawJSON(changeContent{1, encoded}), From: first, Bulk: bulk,
		})
		part++
	}
	for _, events := range inParts(encodeChanges(changes)) {
		queue(events, false)
	}
	encoded := encodeChanges(withoutOvertaken(drawn))
	if parts := inParts(encoded); len(parts) == 1 {
		queue(encoded, false)
	} else if len(parts) > 1 {
		queue(encoded, true)
	}
	w.unpublished = nil
	w.row.Published = last
	st.touched = true
	if last-w.row.Info.Snapshot >= snapshotEvery {
		w.row.Info.Snapshot = last
		w.queue(st, store.Outgoing{
			TxnID: causedID("snapshot", string(w.id), w.store.Epoch(), fmt.Sprint(last)),
			Task:  store.TaskSend, EventType: workspace.SnapshotEvent, Bulk: true, Snapshot: true,
		})
	}
}

// encodeChanges encodes changes, each in as many parts as events take.
func encodeChanges(changes []workspace.Change) (encoded []json.RawMessage) {
	for _, c := range changes {
		encoded = append(encoded, encodeChange(c)...)
	}
	return encoded
}

// withhold is called when the homeserver did not take what was published: the
// room must not have a hole in its log, so nothing more is published until the
// bot may, and then it begins where the room's log ends.
func (w *worker) withhold(st *step, from int64) {
	w.row.Published = min(w.row.Published, from-1)
	w.row.Info.Withheld = true
	w.unpublished, w.publishAt = nil, time.Time{}
	st.touched = true
	if w.row.Joined {
		st.reread(stateKey{Type: typePower}) // pin asks for the right
	}
}

// catchUp has the room read anew if its log is behind and nothing stands in
// the way: loading brings what is to be published.
func (w *worker) catchUp(st *step) {
	if w.row.Info.Withheld || !w.works(w.row) || len(w.unpublished) > 0 || w.row.Published >= w.room.Seq {
		return
	}
	st.touched = true
	st.reload = true
	st.after = append(st.after, func() { w.note(func(*worker, *step) error { return nil }) })
}

// encodeChange encodes a change, in several parts if it is too large for one
// event. Parts have the same ID and stamp and differ in their operations, or in the
// fields of one; merging all of them in any order is merging the change.
func encodeChange(c workspace.Change) []json.RawMessage {
	raw := rawJSON(c)
	if len(raw) <= maxPublished || len(c.Ops) == 0 || len(c.Ops) == 1 && len(c.Ops[0].Set) < 2 {
		return []json.RawMessage{raw}
	}
	left, right := c, c
	if n := len(c.Ops) / 2; n > 0 {
		left.Ops, right.Ops = c.Ops[:n], c.Ops[n:]
	} else {
		one, other := c.Ops[0].Split()
		left.Ops, right.Ops = []workspace.Op{one}, []workspace.Op{other}
	}
	return append(encodeChange(left), encodeChange(right)...)
}

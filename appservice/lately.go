package appservice

import (
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
)

// shownWithin is how long after it took an event a homeserver may not show it yet.
const shownWithin = 2 * time.Minute

// lately is what was sent to rooms a short while ago. A homeserver (Dendrite) takes an
// event before it shows it, on a busy machine seconds before: who looks then for the edits of a
// message, or for the answer to one, does not find the newest. Oldest first.
type lately []sentLately

type sentLately struct {
	at              time.Time
	room            id.RoomID
	txn             string
	event, replaces id.EventID
}

// add notes what was sent, and forgets what is shown by now.
func (l *lately) add(now time.Time, room id.RoomID, item store.Outgoing, event id.EventID) {
	if event == "" || item.Task != store.TaskSend || item.EventType != "" && item.EventType != typeMessage {
		return
	}
	old := 0
	for old < len(*l) && now.Sub((*l)[old].at).Abs() > shownWithin { // the clock may have been set
		old++
	}
	one := sentLately{at: now, room: room, txn: item.TxnID, event: event}
	if relates := gjson.GetBytes(item.Content, `m\.relates_to`); relates.Get("rel_type").Str == "m.replace" {
		one.replaces = id.EventID(relates.Get("event_id").Str)
	}
	*l = append((*l)[old:], one)
}

// edits are the edits of a message.
func (l lately) edits(room id.RoomID, of id.EventID) (list []id.EventID) {
	for _, one := range l {
		if one.room == room && one.replaces == of {
			list = append(list, one.event)
		}
	}
	return list
}

// event is what was sent by a transaction ID.
func (l lately) event(room id.RoomID, txn string) id.EventID {
	for _, one := range l {
		if one.room == room && one.txn == txn {
			return one.event
		}
	}
	return ""
}

func (o *outbox) remember(room id.RoomID, item store.Outgoing, event id.EventID) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lately.add(o.now(), room, item, event)
}

// recent is what was sent lately; it is not altered any more.
func (o *outbox) recent() lately {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.lately
}

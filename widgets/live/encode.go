package live

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"slices"
	"sync"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/watch"
)

// frame is a message as it goes over the socket: JSON text, or the same
// compressed with gzip. It is made once and sent to everybody.
type frame struct {
	binary bool
	data   []byte
}

// compressAbove is the size in bytes from which a message is compressed.
const compressAbove = 8 << 10

func newFrame(text []byte) frame {
	if len(text) <= compressAbove {
		return frame{data: text}
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil { // the level is valid
		panic(err)
	}
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	return frame{binary: true, data: b.Bytes()}
}

func message(v any) frame { return newFrame(rawJSON(v)) }

func rawJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil { // all messages are ours
		panic(err)
	}
	return text
}

// commitFrame encodes a commit as {"t":"commit",…}.
func commitFrame(c workspace.Commit) frame {
	b := make([]byte, 0, 256)
	b = append(b, `{"t":"commit","seq":`...)
	b = appendInt(b, c.Seq)
	b = append(b, `,"id":`...)
	b = workspace.AppendJSONString(b, string(c.Change.ID))
	b = append(b, `,"by":`...)
	b = workspace.AppendJSONString(b, string(c.Change.By))
	b = append(b, `,"via":`...)
	b = workspace.AppendJSONString(b, string(c.Change.Via))
	b = append(b, `,"ops":[`...)
	for i, op := range c.Won {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendOp(b, op)
	}
	return newFrame(append(b, ']', '}'))
}

func appendOp(b []byte, op workspace.Op) []byte {
	b = append(b, `{"item":`...)
	b = workspace.AppendJSONString(b, string(op.Item))
	b = append(b, `,"kind":`...)
	b = workspace.AppendJSONString(b, string(op.Kind))
	b = append(b, `,"set":{`...)
	first := true
	for name, v := range op.Set {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = workspace.AppendJSONString(b, name)
		b = append(b, ':')
		b = v.AppendJSON(b)
	}
	return append(b, '}', '}')
}

func appendInt(b []byte, n int64) []byte {
	text, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return append(b, text...)
}

const (
	firstCards = 50   // of each column, in the first message or, of further boards, next
	moreCards  = 2000 // in each one that follows
)

// snapshot is a room's work, taken during a visit: pointers only, so that the
// room waits microseconds and the encoding happens elsewhere.
type snapshot struct {
	first, rest []*workspace.Item
}

func takeSnapshot(v watch.View) snapshot {
	var s snapshot
	var further []*workspace.Item // below what is seen of a column at first
	for _, column := range v.Board.Columns() {
		cards := v.Board.Cards(column.ID, -1)
		n := min(len(cards), firstCards)
		if board.Of(column) == v.Board.First() {
			s.first = append(s.first, cards[:n]...)
		} else {
			s.rest = append(s.rest, cards[:n]...)
		}
		further = append(further, cards[n:]...)
	}
	s.rest = append(s.rest, further...)
	// What else there is, and what is hidden: for undo, for the archive, and for columns
	// that another server removes or brings back.
	v.Room.Items(func(it *workspace.Item) bool {
		switch {
		case surfaces.On(it.Kind, it.ID) != "": // for who opens that whiteboard
		case it.Kind != board.KindCard && !it.Deleted():
			s.first = append(s.first, it)
		case it.Kind != board.KindCard || !v.Board.Shows(it):
			s.rest = append(s.rest, it)
		}
		return true
	})
	return s
}

// frames are the snapshot's messages. Each is encoded when somebody first
// sends it, so that the first cards do not wait for the last.
func (s snapshot) frames() []func() frame {
	chunks := [][]*workspace.Item{s.first}
	for chunk := range slices.Chunk(s.rest, moreCards) {
		chunks = append(chunks, chunk)
	}
	frames := make([]func() frame, len(chunks))
	for i, chunk := range chunks {
		frames[i] = sync.OnceValue(func() frame { return itemsFrame(chunk, i < len(chunks)-1) })
	}
	return frames
}

func ready(f frame) func() frame { return func() frame { return f } }

func itemsFrame(items []*workspace.Item, more bool) frame {
	return newFrame(appendItems(append(make([]byte, 0, 64+400*len(items)), `{"t":"items",`...), items, more))
}

// appendItems appends the members "items" and "more", and the end of the message.
func appendItems(b []byte, items []*workspace.Item, more bool) []byte {
	b = append(b, `"items":[`...)
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = it.AppendJSON(b)
	}
	if more {
		return append(b, `],"more":true}`...)
	}
	return append(b, `],"more":false}`...)
}

type person struct {
	User id.UserID `json:"user_id"`
	Name string    `json:"name"`
}

type can struct {
	Edit      bool `json:"edit"`
	Comment   bool `json:"comment"`
	Configure bool `json:"configure"`
	Moderate  bool `json:"moderate"`
}

func rightsOf(r *workspace.Room, user id.UserID) can {
	return can{Edit: r.Can(user, workspace.Edit) == nil, Comment: r.Can(user, workspace.Speak) == nil, Configure: r.Can(user, workspace.Configure) == nil, Moderate: r.Can(user, workspace.Moderate) == nil}
}

// nameOf is what a person is called in the room: their display name there, or
// the local part of their ID.
func nameOf(user id.UserID, m workspace.Member) string {
	if m.Name != "" {
		return m.Name
	}
	return user.Localpart()
}

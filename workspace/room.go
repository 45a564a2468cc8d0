package workspace

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace/agenda"
)

// Membership is a person's relation to a room, as in m.room.member.
type Membership string

// The memberships that matter here.
const (
	Joined  Membership = "join"
	Invited Membership = "invite"
	Left    Membership = "leave"
	Banned  Membership = "ban"
	// Excluded is in the room, but the operator does not let their server's users
	// take part. Matrix knows no such membership and the store none either: what the
	// operator wants may be another thing at the next start.
	Excluded Membership = "excluded"
)

// InRoom reports whether the homeserver counts the person among the joined members.
func (m Membership) InRoom() bool { return m == Joined || m == Excluded }

// Member is a person of the room as its state shows them.
type Member struct {
	Membership Membership `json:"membership"`
	Name       string     `json:"name,omitempty"` // display name; "" if none is set
}

// Surface owns kinds of items: it says which changes of them are well-formed
// and follows what was merged. It is called from the room's goroutine.
type Surface interface {
	// Kinds are the item kinds that the surface owns.
	Kinds() []Kind
	// Check refuses an operation whose fields are not well-formed.
	Check(op Op) error
	// Merged tells that an item was replaced; before is nil for a new one.
	Merged(before, after *Item)
}

// Guard is a Surface on which what may be done depends on what is there: an element that
// is locked.
type Guard interface {
	// Demands are the deeds to which somebody needs the right who does op, beside those
	// of the act that it belongs to.
	Demands(op Op) []Deed
}

// Reverser is a Surface whose items count how often they were altered. An operation that
// gives old values back must count on.
type Reverser interface {
	Reverse(op Op) Op
}

// Room is all that is known of one room: who is in it, who may do what, and
// its work. It belongs to one goroutine, the room's worker.
type Room struct {
	ID       id.RoomID
	Name     string
	Language Language
	// Zone is the time zone in which days are meant.
	Zone *time.Location
	// Level is what the bot says there by itself, Digest when it sums up.
	Level     agenda.Level
	Digest    agenda.Digest
	Members   map[id.UserID]Member
	Power     Power
	Encrypted bool
	// Mute is set where the bot can neither read nor write: the room is encrypted, and
	// the homeserver does not let it work there.
	Mute bool
	// Owner is whose own room it is: a direct chat with the bot, whose work are the
	// person's own to-dos. It is "" in project rooms.
	Owner id.UserID
	// Successor is the room that replaced this one (m.room.tombstone), or "".
	Successor id.RoomID
	// Seq is the number of the last commit; the next one is Seq+1. The log holds
	// those after LogFrom.
	Seq, LogFrom int64
	// DrawnFrom is the last commit up to which the log holds no changes any more that
	// concern only what lies on whiteboards.
	DrawnFrom int64
	// Edition counts how often the work was written anew other than by changes, so
	// that nobody catches up from what was.
	Edition int

	clock    Clock
	items    map[Key]*Item
	surfaces map[Kind]Surface
}

// NewRoom returns an empty room whose changes are stamped by origin, the
// bot's user ID. last is the greatest stamp time that was ever given there.
func NewRoom(room id.RoomID, origin string, last uint64) *Room {
	return &Room{
		ID: room, Language: German, Zone: time.UTC, Level: agenda.All,
		Members: map[id.UserID]Member{},
		clock:   NewClock(origin, last),
		items:   map[Key]*Item{}, surfaces: map[Kind]Surface{},
	}
}

// Today is the day (YYYY-MM-DD) that a moment falls on in the room's time zone.
func (r *Room) Today(now time.Time) string { return now.In(r.Zone).Format(time.DateOnly) }

// EditionMark follows a sequence number where it must name what is in the room: "" in
// the first edition.
func (r *Room) EditionMark() string {
	if r.Edition == 0 {
		return ""
	}
	return "." + strconv.Itoa(r.Edition)
}

// AddSurface gives the surface its kinds. Call it before Restore.
func (r *Room) AddSurface(s Surface) {
	for _, k := range s.Kinds() {
		r.surfaces[k] = s
	}
}

// SurfaceIn is the surface that owns a kind of item in a room. It panics if the room was not
// given it, which is a fault of the wiring.
func SurfaceIn[S Surface](r *Room, kind Kind) S {
	s, ok := r.surfaces[kind].(S)
	if !ok {
		panic("the room lacks a surface: " + string(kind))
	}
	return s
}

// Restore puts back an item that was stored.
func (r *Room) Restore(it *Item) {
	before := r.items[it.Key]
	r.items[it.Key] = it
	for _, f := range it.Fields {
		r.clock.Observe(f.At)
	}
	if s := r.surfaces[it.Kind]; s != nil {
		s.Merged(before, it)
	}
}

// Item returns the item of that key, or nil.
func (r *Room) Item(key Key) *Item { return r.items[key] }

// Items yields all items, deleted ones too, in no order.
func (r *Room) Items(yield func(*Item) bool) {
	for _, it := range r.items {
		if !yield(it) {
			return
		}
	}
}

// Count is the number of items, deleted ones included.
func (r *Room) Count() int { return len(r.items) }

// ClockTime is the greatest stamp time given or seen; it is stored with each
// commit.
func (r *Room) ClockTime() uint64 { return r.clock.Last() }

// Proposal is a change that somebody wants to make and nobody has judged yet.
type Proposal struct {
	ID     ChangeID
	By     id.UserID
	Deeds  []Deed // what it is, by which the person's right is judged
	Via    Via
	Undoes ChangeID
	Ops    []Op
}

const (
	maxOps      = 60_000 // a whole whiteboard may become another
	maxOpFields = 1000   // a card with long lists
	maxName     = 300    // a Matrix user ID has at most 255 bytes
)

// Apply is the one way in which work changes: it checks the person's right,
// checks every operation, stamps and merges. On an error nothing has changed.
// The caller stores the commit and tells those who look on.
func (r *Room) Apply(p Proposal, now time.Time) (Commit, error) {
	if r.Successor != "" {
		return Commit{}, Refuse(Conflict, readOnlyRoom)
	}
	if r.Mute {
		return Commit{}, Refuse(Forbidden, encryptedRoom)
	}
	if p.Via != ViaBot { // the bot's own bookkeeping speaks for nobody
		if err := r.May(p.By, p.Deeds...); err != nil {
			return Commit{}, err
		}
	}
	if err := r.checkOps(p.Ops); err != nil {
		return Commit{}, err
	}
	if more := r.demands(p.Ops); len(more) > 0 && p.Via != ViaBot {
		if err := r.May(p.By, more...); err != nil {
			return Commit{}, err
		}
	}
	return r.merge(Change{ID: p.ID, By: p.By, Via: p.Via, Undoes: p.Undoes, Ops: p.Ops, At: r.clock.Now(now)}), nil
}

// demands are the deeds that guards ask for, each once.
func (r *Room) demands(ops []Op) []Deed {
	var deeds []Deed
	for _, op := range ops {
		g, ok := r.surfaces[op.Kind].(Guard)
		if !ok {
			continue
		}
		for _, deed := range g.Demands(op) {
			if !slices.Contains(deeds, deed) {
				deeds = append(deeds, deed)
			}
		}
	}
	return deeds
}

var malformed = Text{
	De: "Diese Änderung ist unvollständig oder fehlerhaft und wurde nicht übernommen. Bitte laden Sie die Seite neu.",
	En: "This change is incomplete or malformed and was not made. Please reload the page.",
}

func (r *Room) checkOps(ops []Op) error {
	if len(ops) == 0 || len(ops) > maxOps {
		return Refuse(Invalid, malformed).Because(fmt.Errorf("change has %d operations", len(ops)))
	}
	seen := make(map[Key]bool, len(ops))
	for _, op := range ops {
		// All of a change has one stamp: of two values for one field the change
		// could not say which is meant, and undo could not tell them apart.
		if seen[op.Key()] {
			return Refuse(Invalid, malformed).Because(errors.New("two operations on one item"))
		}
		seen[op.Key()] = true
		s := r.surfaces[op.Kind]
		if s == nil || !op.Item.Valid() || len(op.Set) == 0 || len(op.Set) > maxOpFields {
			return Refuse(Invalid, malformed).Because(errors.New("operation of unknown kind or shape"))
		}
		for name := range op.Set {
			if name == "" || len(name) > maxName {
				return Refuse(Invalid, malformed).Because(errors.New("field name empty or too long"))
			}
		}
		if err := s.Check(op); err != nil {
			return err
		}
	}
	return nil
}

// merge merges a change that was found good. It is commutative, associative
// and idempotent in the items that result.
func (r *Room) merge(c Change) Commit {
	commit := Commit{Change: c}
	for _, op := range c.Ops {
		key := op.Key()
		before := r.items[key]
		after, won, old := before.merge(op, c.At)
		if len(won.Set) == 0 {
			continue
		}
		if before == nil {
			commit.Fresh = append(commit.Fresh, key)
		}
		after.Seq = r.Seq + 1
		r.items[key] = after
		commit.Won = append(commit.Won, won)
		commit.Before = append(commit.Before, old)
		r.surfaces[key.Kind].Merged(before, after)
	}
	r.clock.Observe(c.At)
	r.Seq++
	commit.Seq = r.Seq
	return commit
}

var cannotUndo = Text{
	De: "Das lässt sich nicht mehr rückgängig machen, weil es inzwischen weiter geändert wurde.",
	En: "This can no longer be undone because it has been changed again since.",
}

var notAPersons = Text{
	De: "Das hat Werkraum selbst eingetragen; es lässt sich nicht rückgängig machen.",
	En: "Werkraum noted this by itself; it cannot be undone.",
}

// Undo returns the operations that take commit back: every field that still
// holds what commit wrote gets its old value again, and items that commit made
// are deleted. Fields that others have written since stay as they are. Only what
// a person did can be taken back: the bot's bookkeeping is nobody's to alter.
func (r *Room) Undo(c Commit) ([]Op, error) {
	if !c.Change.Via.ByPerson() {
		return nil, Refuse(Forbidden, notAPersons)
	}
	fresh := map[Key]bool{}
	for _, k := range c.Fresh {
		fresh[k] = true
	}
	var ops []Op
	for _, before := range c.Before {
		key := before.Key()
		it := r.items[key]
		if it == nil {
			continue
		}
		op := Op{Item: key.ID, Kind: key.Kind}
		if fresh[key] {
			if !it.Deleted() {
				op.put(Deleted, Bool(true))
			}
		} else {
			for name, value := range before.Set {
				if f, ok := it.Field(name); ok && f.At == c.Change.At {
					op.put(name, value)
				}
			}
		}
		if len(op.Set) == 0 {
			continue
		}
		if s, ok := r.surfaces[op.Kind].(Reverser); ok {
			op = s.Reverse(op)
		}
		ops = append(ops, op)
	}
	if len(ops) == 0 {
		return nil, Refuse(Conflict, cannotUndo)
	}
	return ops, nil
}

package workspace

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"maunium.net/go/mautrix/id"
)

// ChangeEvent is the type of the timeline event that carries changes. The
// power to send it is the power to edit.
const ChangeEvent = "de.werkraum.change"

// SnapshotEvent is the type of the timeline event that carries all of a room's work.
const SnapshotEvent = "de.werkraum.snapshot"

// Action is what a person wants to do with a room's work.
type Action int

// The actions, each with the power level that Matrix.m.room.power_levels names
// for it.
const (
	// Retract needs nothing: what somebody has written themself they may take away,
	// whatever has become of them in the room since.
	Retract Action = iota
	// See needs no power, only a joined member.
	See
	// Speak needs the power to send messages (docs/adr/0021).
	Speak
	// Edit needs the power to send ChangeEvent.
	Edit
	// Configure needs the power to send state events.
	Configure
	// Moderate needs the power to edit and the one to redact what others have sent
	// (docs/adr/0015).
	Moderate
)

// Deed is something that a person does with a room's work, by whichever way: a
// command, a reaction, the page. Where the live protocol has an act for it, the
// deed has the act's name.
type Deed string

// The deeds that are no act on a surface's items.
const (
	// Look is opening the page, reading comments, asking for a link.
	Look Deed = "look"
	// UndoOwn takes back what the person themself has done, UndoOthers what
	// somebody else has.
	UndoOwn    Deed = "undo"
	UndoOthers Deed = "undo.others"
	// AddComment says something about a card from the page, in the room.
	AddComment Deed = "comment.add"
	// EditComment says something else instead, in a comment of one's own. Nobody edits what
	// others have said.
	EditComment Deed = "comment.edit"
	// DropOwn takes a comment of one's own away, DropOthers somebody else's.
	DropOwn    Deed = "comment.drop"
	DropOthers Deed = "comment.drop.others"
	// PostFile attaches a file by posting it in the card's thread, which whoever is in
	// the room may, as they may write a comment; SendFile does it on the page.
	PostFile Deed = "file.post"
	SendFile Deed = "file.send"
	// SetLanguage changes the language that the bot speaks in the room.
	SetLanguage Deed = "room.language"
	// SetTimeZone changes the time zone in which days are meant in the room.
	SetTimeZone Deed = "room.timezone"
	// SetLevel changes what the bot says in the room by itself, SetDigest when it sums up.
	SetLevel  Deed = "room.notify"
	SetDigest Deed = "room.digest"
	// AddToken makes a token of the REST API, ListTokens says which there are, RevokeToken
	// ends one.
	AddToken    Deed = "token.add"
	ListTokens  Deed = "token.list"
	RevokeToken Deed = "token.revoke"
)

// rules says which action each deed is. What is not in it nobody may do.
var rules = map[Deed]Action{
	Look: See,

	"card.add": Edit, "card.edit": Edit, "card.move": Edit, "card.assign": Edit, "card.label": Edit,
	"card.done": Edit, "card.delete": Edit, "card.restore": Edit, "card.archive": Edit,
	"card.repeat": Edit, "card.check": Edit, "card.relate": Edit, "card.link": Edit, "card.unfile": Edit, "card.cover": Edit, "cards.move": Edit, "cards": Edit,
	"label.edit": Edit, "label.remove": Edit,
	"view.save": Edit, "view.remove": Edit,
	"column.add": Edit, "column.edit": Edit, "column.move": Edit, "column.remove": Edit,
	"board.add": Edit, "board.edit": Edit, "board.move": Edit, "board.archive": Edit, "board.remove": Edit, "board.save": Edit,
	"board.import":   Edit,
	"whiteboard.add": Edit, "whiteboard.edit": Edit, "whiteboard.remove": Edit, "whiteboard.draw": Edit, "whiteboard.card": Edit,
	"whiteboard.save": Edit, "whiteboard.forget": Edit, "whiteboard.restore": Edit,
	"whiteboard.lock": Moderate, "whiteboard.post": Speak,
	UndoOwn: Edit, UndoOthers: Moderate,

	AddComment: Speak, EditComment: Speak, DropOwn: Retract, DropOthers: Moderate,

	PostFile: See, SendFile: Edit,

	SetLanguage: Configure, SetTimeZone: Configure, SetLevel: Configure, SetDigest: Configure,

	AddToken: Moderate, ListTokens: Moderate, RevokeToken: Moderate,
}

// ActionOf is the action that a deed is; of what has no rule it is one that nobody
// may do.
func ActionOf(deed Deed) Action {
	if action, known := rules[deed]; known {
		return action
	}
	return Action(-1)
}

// Deeds lists everything for which there is a rule.
func Deeds() []Deed { return slices.Sorted(maps.Keys(rules)) }

// Power is the part of m.room.power_levels that decides about work, with the
// defaults of the specification filled in (client-server API,
// m.room.power_levels).
type Power struct {
	Users         map[id.UserID]int `json:"users,omitempty"`
	UsersDefault  int               `json:"users_default"`
	Events        map[string]int    `json:"events,omitempty"`
	EventsDefault int               `json:"events_default"`
	StateDefault  int               `json:"state_default"`
	// Redact is the level that removing others' events takes.
	Redact int `json:"redact"`
	// Creators have unlimited power in room version 12 and later.
	Creators []id.UserID `json:"creators,omitempty"`
}

// unlimited exceeds every level that canonical JSON can carry.
const unlimited = 1 << 60

// Level is the power level of user.
func (p Power) Level(user id.UserID) int {
	if slices.Contains(p.Creators, user) {
		return unlimited
	}
	if level, ok := p.Users[user]; ok {
		return level
	}
	return p.UsersDefault
}

// Required is the level that sending an event of this type takes.
func (p Power) Required(eventType string, state bool) int {
	if level, ok := p.Events[eventType]; ok {
		return level
	}
	if state {
		return p.StateDefault
	}
	return p.EventsDefault
}

// allows reports whether user has the power for action; membership is not its
// business.
func (p Power) allows(user id.UserID, action Action) bool {
	switch action {
	case See:
		return true
	case Speak:
		return p.Speaks(user)
	case Edit:
		return p.Level(user) >= p.Required(ChangeEvent, false)
	case Configure:
		return p.Level(user) >= p.StateDefault
	case Moderate:
		return p.Level(user) >= max(p.Redact, p.Required(ChangeEvent, false))
	}
	return false
}

// The types of event that messages are, where they are encrypted and where not.
const (
	messageEvent   = "m.room.message"
	encryptedEvent = "m.room.encrypted"
)

// Speaks reports whether user has the power to say something in the room, encrypted or
// not: a room can become encrypted at any moment.
func (p Power) Speaks(user id.UserID) bool {
	return p.Level(user) >= max(p.Required(messageEvent, false), p.Required(encryptedEvent, false))
}

// Tightened is the power of which both allow: what p and other each demand, and
// of each person the lower level. It is for the moment between hearing of new power
// levels and knowing which ones the servers have agreed on.
func (p Power) Tightened(other Power) Power {
	t := Power{
		Users: map[id.UserID]int{}, UsersDefault: min(p.UsersDefault, other.UsersDefault),
		Events: map[string]int{}, EventsDefault: max(p.EventsDefault, other.EventsDefault),
		StateDefault: max(p.StateDefault, other.StateDefault), Redact: max(p.Redact, other.Redact),
	}
	for _, creator := range p.Creators {
		if slices.Contains(other.Creators, creator) {
			t.Creators = append(t.Creators, creator)
		}
	}
	for _, users := range []map[id.UserID]int{p.Users, other.Users} {
		for user := range users {
			t.Users[user] = min(p.Level(user), other.Level(user))
		}
	}
	for _, events := range []map[string]int{p.Events, other.Events} {
		for eventType := range events {
			state := eventType != ChangeEvent && eventType != messageEvent && eventType != encryptedEvent // nothing else is asked for of the timeline
			t.Events[eventType] = max(p.Required(eventType, state), other.Required(eventType, state))
		}
	}
	return t
}

var (
	notMember = Text{
		De: "Sie sind in diesem Raum kein Mitglied (mehr). Bitte lassen Sie sich in den Raum einladen.",
		En: "You are not a member of this room (any more). Please ask to be invited.",
	}
	notOwner = Text{
		De: "Das sind die persönlichen Aufgaben einer anderen Person. Ihre eigenen führen Sie in Ihrem Direktchat mit mir.",
		En: "These are somebody else's personal to-dos. You keep your own in your direct chat with me.",
	}
	mayNotEdit = Text{
		De: "In diesem Raum dürfen Sie die Arbeit ansehen, aber nicht ändern. Die Moderation des Raums kann Ihnen das Recht geben.",
		En: "In this room you may look at the work but not change it. The room's moderators can give you the right.",
	}
	mayNotSpeak = Text{
		De: "In diesem Raum dürfen Sie mitlesen, aber nichts schreiben. Die Moderation des Raums kann Ihnen das Recht geben.",
		En: "In this room you may read but not write. The room's moderators can give you the right.",
	}
	mayNotConfigure = Text{
		De: "Einstellungen dürfen hier nur Moderatorinnen und Moderatoren ändern. Bitte wenden Sie sich an die Moderation des Raums.",
		En: "Only moderators may change settings here. Please ask one of the room's moderators.",
	}
	mayNotModerate = Text{
		De: "Das dürfen hier nur Moderatorinnen und Moderatoren. Bitte wenden Sie sich an die Moderation des Raums.",
		En: "Only moderators may do that here. Please ask one of the room's moderators.",
	}
	noRule = Text{
		De: "Das ist hier nicht vorgesehen. Bitte laden Sie die Seite neu.",
		En: "There is no such thing to be done here. Please reload the page.",
	}
	encryptedRoom = Text{
		De: "In verschlüsselten Räumen kann Werkraum auf Ihrem Server noch nicht arbeiten. Bitte wenden Sie sich an die Stelle, die ihn betreibt.",
		En: "Werkraum cannot work in encrypted rooms on your server yet. Please ask those who run it.",
	}
	readOnlyRoom = Text{
		De: "Dieser Raum wurde durch einen neuen ersetzt. Bitte arbeiten Sie dort weiter.",
		En: "This room was replaced by a new one. Please go on there.",
	}
)

// UndoDeed is what taking c back is for user: their own doing or somebody else's.
func UndoDeed(user id.UserID, c Commit) Deed {
	if c.Change.By == user {
		return UndoOwn
	}
	return UndoOthers
}

// DropDeed is what taking away a comment of author's is for user.
func DropDeed(user, author id.UserID) Deed {
	if author == user {
		return DropOwn
	}
	return DropOthers
}

// May refuses what the person has no right to; they need the right to each of the
// deeds, and nobody may do what is no deed at all. Rights are decided here and
// nowhere else.
func (r *Room) May(user id.UserID, deeds ...Deed) error {
	if len(deeds) == 0 {
		return Refuse(Forbidden, noRule).Because(errNoDeed)
	}
	for _, deed := range deeds {
		action, known := rules[deed]
		if !known {
			return Refuse(Forbidden, noRule).Because(fmt.Errorf("the deed %.40q has no rule", string(deed)))
		}
		if err := r.Can(user, action); err != nil {
			return err
		}
	}
	return nil
}

var errNoDeed = errors.New("it does not say what it is")

// Can refuses an action that the person has no right to. It is for telling people
// which buttons to show; who wants to do something asks May.
func (r *Room) Can(user id.UserID, action Action) error {
	if action == Retract {
		return nil
	}
	if r.Members[user].Membership != Joined {
		return Refuse(Forbidden, notMember)
	}
	if r.Owner != "" && r.Owner != user {
		return Refuse(Forbidden, notOwner)
	}
	if r.Power.allows(user, action) {
		return nil
	}
	switch action {
	case Speak:
		return Refuse(Forbidden, mayNotSpeak)
	case Configure:
		return Refuse(Forbidden, mayNotConfigure)
	case Moderate:
		return Refuse(Forbidden, mayNotModerate)
	}
	return Refuse(Forbidden, mayNotEdit)
}

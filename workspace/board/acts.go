package board

import (
	"strconv"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Act is something that a person wants done on the board. Ops says which
// operations that takes on the board as it stands; it changes nothing and
// judges no rights (workspace.Room.May does).
type Act interface {
	// Deeds is what the act is when by does it; they must have the right to each.
	Deeds(by id.UserID) []workspace.Deed
	Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error)
}

// On makes an act of the board one of the room.
func On(a Act) workspace.Act { return boardAct{a} }

type boardAct struct{ act Act }

// Deeds implements workspace.Act.
func (a boardAct) Deeds(by id.UserID) []workspace.Deed { return a.act.Deeds(by) }

// Ops implements workspace.Act.
func (a boardAct) Ops(r *workspace.Room, by id.UserID, now time.Time) ([]workspace.Op, error) {
	return a.act.Ops(In(r), by, now)
}

// In is the board of a room; New has given it one.
func In(r *workspace.Room) *Board { return workspace.SurfaceIn[*Board](r, KindCard) }

var (
	noSuchCard = workspace.Text{
		De: "Diese Karte gibt es in diesem Raum nicht (mehr).",
		En: "This card does not exist in this room (any more).",
	}
	noSuchColumn = workspace.Text{
		De: "Diese Spalte gibt es in diesem Raum nicht (mehr).",
		En: "This column does not exist in this room (any more).",
	}
	alreadyThere = workspace.Text{
		De: "Das gibt es schon; es wurde nicht noch einmal angelegt.",
		En: "This exists already; it was not made again.",
	}
	noColumns = workspace.Text{
		De: "Das Board hat keine Spalten. Bitte legen Sie zuerst eine an.",
		En: "The board has no columns. Please add one first.",
	}
	notAMember = workspace.Text{
		De: "%s ist kein Mitglied dieses Raums. Zuweisen können Sie Karten nur Mitgliedern.",
		En: "%s is not a member of this room. Cards can be assigned to members only.",
	}
	noDoneColumn = workspace.Text{
		De: "Keine Spalte ist für erledigte Karten gekennzeichnet. Bitte wählen Sie auf dem Board im Menü einer Spalte „Karten hier sind erledigt“.",
		En: "No column is marked for finished cards. Please choose “Cards here are done” in a column's menu on the board.",
	}
	lastColumn = workspace.Text{
		De: "Die letzte Spalte kann nicht entfernt werden.",
		En: "The last column cannot be removed.",
	}
	needInto = workspace.Text{
		De: "In dieser Spalte liegen noch Karten. Bitte wählen Sie, in welche Spalte sie sollen.",
		En: "There are still cards in this column. Please choose the column that they go to.",
	}
	inArchive = workspace.Text{
		De: "Diese Karte liegt im Archiv. Bitte holen Sie sie zuerst zurück.",
		En: "This card is in the archive. Please bring it back first.",
	}
	startAfterDue = workspace.Text{
		De: "Der Beginn liegt nach der Fälligkeit. Bitte wählen Sie einen früheren Beginn oder ein späteres Fälligkeitsdatum.",
		En: "The start is after the due date. Please choose an earlier start or a later due date.",
	}
	nothingToDo = workspace.Text{
		De: "Das ist schon so. Es hat sich nichts geändert.",
		En: "That is so already. Nothing has changed.",
	}
)

// AddCard makes a card.
type AddCard struct {
	Card        workspace.ItemID  `json:"card"` // chosen by the caller
	Title       string            `json:"title"`
	Description string            `json:"description"`
	Column      workspace.ItemID  `json:"column"` // "" = the first
	Before      *workspace.ItemID `json:"before"` // nil = at the end
	Start       string            `json:"start"`  // YYYY-MM-DD or ""
	Due         string            `json:"due"`    // YYYY-MM-DD or ""
	Priority    string            `json:"priority"`
	Assignees   []id.UserID       `json:"assignees"`
	Labels      []string          `json:"labels"`
	Source      id.EventID        `json:"-"` // the message that it was made of
}

// Ops implements Act.
func (a AddCard) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	if b.card(a.Card) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	column := a.Column
	if column == "" {
		first, err := b.firstColumn(b.First())
		if err != nil {
			return nil, err
		}
		column = first
	}
	if err := b.needColumn(column); err != nil {
		return nil, err
	}
	rank, ops, err := b.spot(KindCard, b.cards[column], a.Before, "")
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{
		Title:     workspace.String(Clean(a.Title)),
		Column:    workspace.String(string(column)),
		Rank:      workspace.String(rank),
		Number:    workspace.String(strconv.Itoa(b.number + 1)),
		Created:   workspace.String(now.UTC().Format(time.RFC3339)),
		CreatedBy: workspace.String(string(by)),
	}
	if d := CleanLines(a.Description); d != "" {
		set[Description] = workspace.String(d)
	}
	for name, value := range map[string]string{Start: a.Start, Due: a.Due, Priority: a.Priority} {
		if value != "" {
			set[name] = workspace.String(value)
		}
	}
	if err := inOrder(a.Start, a.Due); err != nil {
		return nil, err
	}
	if a.Source != "" {
		set[Source] = workspace.String(string(a.Source))
	}
	for _, user := range a.Assignees {
		if err := b.needMember(user); err != nil {
			return nil, err
		}
		set[Assignee+"/"+string(user)] = workspace.Bool(true)
	}
	for _, label := range a.Labels {
		set[Label+"/"+Clean(label)] = workspace.Bool(true)
	}
	return b.limited(append(ops, workspace.Op{Item: a.Card, Kind: KindCard, Set: set}), nil)
}

// EditCard changes what is written on a card; nil leaves a field as it is.
type EditCard struct {
	Card        workspace.ItemID `json:"card"`
	Title       *string          `json:"title"`
	Description *string          `json:"description"`
	Start       *string          `json:"start"`    // "" takes the date away
	Due         *string          `json:"due"`      // "" takes the date away
	Priority    *string          `json:"priority"` // "" makes it normal
}

// Ops implements Act.
func (a EditCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{}
	if a.Title != nil {
		change(set, card, Title, workspace.String(Clean(*a.Title)))
	}
	if a.Description != nil {
		change(set, card, Description, textOrNull(CleanLines(*a.Description)))
	}
	for name, value := range map[string]*string{Start: a.Start, Due: a.Due, Priority: a.Priority} {
		if value != nil {
			change(set, card, name, textOrNull(*value))
		}
	}
	if a.Start != nil || a.Due != nil {
		if err := inOrder(after(set, card, Start), after(set, card, Due)); err != nil {
			return nil, err
		}
	}
	return onCard(a.Card, set)
}

// MoveCard puts a card into a column, before another card or at the end.
type MoveCard struct {
	Card   workspace.ItemID  `json:"card"`
	Column workspace.ItemID  `json:"column"`
	Before *workspace.ItemID `json:"before"`
}

// Ops implements Act.
func (a MoveCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needStanding(a.Card)
	if err != nil {
		return nil, err
	}
	if err := b.needColumn(a.Column); err != nil {
		return nil, err
	}
	rank, ops, err := b.spot(KindCard, b.cards[a.Column], a.Before, a.Card)
	if err != nil {
		return nil, err
	}
	set := map[string]workspace.Value{}
	change(set, card, Column, workspace.String(string(a.Column)))
	change(set, card, Rank, workspace.String(rank))
	if len(set) == 0 && len(ops) > 0 { // the others step aside
		return ops, nil
	}
	moved, err := onCard(a.Card, set)
	return b.limited(append(ops, moved...), err)
}

// AssignCard assigns a card to a member, or takes it away.
type AssignCard struct {
	Card workspace.ItemID `json:"card"`
	User id.UserID        `json:"user"`
	On   bool             `json:"on"`
}

// Ops implements Act.
func (a AssignCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	if a.On {
		if err := b.needMember(a.User); err != nil {
			return nil, err
		}
	}
	return onCard(a.Card, member(card, Assignee, string(a.User), a.On))
}

// LabelCard puts a label on a card, or takes it off.
type LabelCard struct {
	Card  workspace.ItemID `json:"card"`
	Label string           `json:"label"`
	On    bool             `json:"on"`
}

// Ops implements Act.
func (a LabelCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	return onCard(a.Card, member(card, Label, Clean(a.Label), a.On))
}

// FinishCard moves a card to the end of its board's column of finished cards.
type FinishCard struct {
	Card workspace.ItemID `json:"card"`
}

// Ops implements Act.
func (a FinishCard) Ops(b *Board, by id.UserID, now time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	column := b.DoneColumn(b.Whose(card))
	if column == nil {
		return nil, workspace.Refuse(workspace.NotFound, noDoneColumn)
	}
	if workspace.ItemID(card.Text(Column)) == column.ID {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return MoveCard{Card: a.Card, Column: column.ID}.Ops(b, by, now)
}

// DeleteCard hides a card; RestoreCard brings it back.
type DeleteCard struct {
	Card workspace.ItemID `json:"card"`
}

// Ops implements Act.
func (a DeleteCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if _, err := b.needCard(a.Card); err != nil {
		return nil, err
	}
	return onCard(a.Card, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)})
}

// RestoreCard brings a deleted card back, into the first column if its own is
// gone.
type RestoreCard struct {
	Card workspace.ItemID `json:"card"`
}

// Ops implements Act.
func (a RestoreCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card := b.card(a.Card)
	if card == nil || !card.Deleted() {
		return nil, workspace.Refuse(workspace.NotFound, noSuchCard)
	}
	return b.bringBack(card, workspace.Deleted)
}

// ArchiveCard puts a card into the archive, or takes it out again.
type ArchiveCard struct {
	Card workspace.ItemID `json:"card"`
	On   bool             `json:"on"`
}

// Ops implements Act.
func (a ArchiveCard) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	if card.True(Archived) == a.On {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	if !a.On {
		return b.bringBack(card, Archived)
	}
	return onCard(a.Card, map[string]workspace.Value{Archived: workspace.Bool(true)})
}

// bringBack takes away what hides a card; it comes into the first column if its own is
// gone.
func (b *Board) bringBack(card *workspace.Item, hidden string) ([]workspace.Op, error) {
	set := map[string]workspace.Value{hidden: {}}
	if b.needColumn(workspace.ItemID(card.Text(Column))) != nil {
		column, err := b.firstColumn(b.Whose(card))
		if err != nil {
			return nil, err
		}
		set[Column] = workspace.String(string(column))
	}
	return b.limited(onCard(card.ID, set))
}

package board

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// The parts of a card's attachment, file/entry/part.
const (
	Name   = "name"
	Type   = "type"
	Size   = "size"
	Event  = "event"
	By     = "by"
	Upload = "upload"
)

// The types of attachments: what they are shown as. Whether a picture is one, its
// bytes decide when it is fetched.
const (
	Picture   = "image"
	Recording = "audio"
	Film      = "video"
	Document  = "file"
)

// FileTypes are the values of an attachment's type.
var FileTypes = []string{Picture, Recording, Film, Document}

// CardFile is an attachment of a card: Matrix media, carried by a message of the room.
// Where the media are and what opens them stands in that message only
// (docs/adr/0020-attachments-are-messages.md).
type CardFile struct {
	ID, Name, Type string
	Size           int64 // bytes, 0 if the message does not say
	// Event is the message, "" as long as it is on its way.
	Event id.EventID
	By    id.UserID
	// Upload is set when it came by the page and the bot has posted it.
	Upload bool
	at     workspace.Stamp
}

// Files returns the attachments of a card in the order in which they came.
func Files(card *workspace.Item) []CardFile {
	ids := entries(card, File, Name)
	list := make([]CardFile, len(ids))
	for i, entry := range ids {
		list[i] = fileOf(card, entry)
	}
	slices.SortFunc(list, func(a, b CardFile) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.ID, b.ID))
	})
	return list
}

func fileOf(card *workspace.Item, entry string) CardFile {
	field := File + "/" + entry + "/"
	name, _ := card.Field(field + Name)
	size, _ := card.Field(field + Size)
	f := CardFile{
		ID: entry, Type: card.Text(field + Type), Event: id.EventID(card.Text(field + Event)),
		By: id.UserID(card.Text(field + By)), Upload: card.True(field + Upload), at: name.At,
	}
	f.Name, _ = name.Value.Text()
	f.Size, _ = size.Value.Number()
	return f
}

// FileOf returns a card's attachment of that ID.
func FileOf(card *workspace.Item, entry string) (CardFile, bool) {
	f := fileOf(card, entry)
	return f, f.Name != ""
}

// FileBy returns the attachment that a message carries, with its card.
func (b *Board) FileBy(event id.EventID) (card *workspace.Item, file CardFile, ok bool) {
	if card = b.card(b.files[event]); card == nil {
		return nil, file, false
	}
	for _, f := range Files(card) {
		if f.Event == event {
			return card, f, true
		}
	}
	return nil, file, false
}

// noteFiles keeps up which card has which message's file.
func (b *Board) noteFiles(before, after *workspace.Item) {
	if before != nil {
		for _, entry := range entries(before, File, Event) {
			delete(b.files, id.EventID(before.Text(File+"/"+entry+"/"+Event)))
		}
	}
	for _, entry := range entries(after, File, Event) {
		b.files[id.EventID(after.Text(File+"/"+entry+"/"+Event))] = after.ID
	}
}

// FileEntry reads the ID of an attachment from the name of the field that holds its name.
func FileEntry(field string) (entry string, ok bool) { return entryOf(field, File, Name) }

// CoverOf returns the picture on the card's face.
func CoverOf(card *workspace.Item) (CardFile, bool) {
	f, ok := FileOf(card, card.Text(Cover))
	return f, ok && f.Type == Picture
}

// Since is when the attachment was put on the card, by the clock of its stamp.
func (f CardFile) Since() time.Time { return f.at.Wall() }

// MaxSize bounds what an attachment says of its size: a terabyte.
const MaxSize = 1 << 40

func checkFile(part string, v workspace.Value, field string) error {
	text, isText := v.Text()
	switch part {
	case Name:
		n := utf8.RuneCountInString(text)
		return must(isText && n >= 1 && n <= MaxTitle && Clean(text) == text, field)
	case Type:
		return must(isText && slices.Contains(FileTypes, text), field)
	case Size:
		n, isNumber := v.Number()
		return must(isNumber && n >= 0 && n <= MaxSize, field)
	case Event:
		return must(isText && strings.HasPrefix(text, "$") && len(text) <= 255, field)
	case By:
		return must(isText && validUser(text), field)
	case Upload:
		return must(v.IsBool(), field)
	}
	return must(false, field)
}

// FileName makes a name of what somebody called a file: its last part, on one line, not
// too long; the ending, which says what it is, stays. It may come out empty.
func FileName(name string) string {
	name = Clean(name[strings.LastIndexAny(name, `/\`)+1:])
	runes := []rune(name)
	if len(runes) <= maxFileName {
		return name
	}
	ending := []rune("")
	if dot := strings.LastIndex(name, "."); dot > 0 && len(name)-dot <= 12 {
		ending = []rune(name[dot:])
	}
	return Clean(string(runes[:maxFileName-len(ending)]) + string(ending))
}

const maxFileName = 150 // characters

var (
	noSuchFile = workspace.Text{
		De: "Diesen Anhang hat die Karte nicht (mehr).",
		En: "The card does not have this attachment (any more).",
	}
	noPicture = workspace.Text{
		De: "Titelbild kann nur ein Bild sein.",
		En: "Only a picture can be the cover.",
	}
	fileIsGone = workspace.Text{
		De: "Das lässt sich nicht rückgängig machen: Die Datei wurde mit ihrer Nachricht gelöscht. Bitte hängen Sie sie noch einmal an.",
		En: "This cannot be undone: the file was deleted together with its message. Please attach it again.",
	}
)

// AddFile attaches a file to a card: one that somebody has posted in its thread, or one
// that was sent from the page and that the bot is going to post.
type AddFile struct {
	Card   workspace.ItemID
	File   string // chosen by the caller
	Name   string
	Type   string
	Size   int64
	Event  id.EventID // the message, "" for one that is not sent yet
	Posted bool       // by the person themself, in the thread
}

// Ops implements Act.
func (a AddFile) Ops(b *Board, by id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	field := File + "/" + a.File + "/"
	if _, used := card.Field(field + Name); used { // also of one that was taken away: its message may come late
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	set := map[string]workspace.Value{
		field + Name: workspace.String(a.Name), field + Type: workspace.String(a.Type),
		field + Size: workspace.Int(a.Size), field + By: workspace.String(string(by)),
	}
	if a.Event != "" {
		set[field+Event] = workspace.String(string(a.Event))
	}
	if !a.Posted {
		set[field+Upload] = workspace.Bool(true)
	}
	return onCard(a.Card, set)
}

// RemoveFile takes an attachment off a card.
type RemoveFile struct {
	Card workspace.ItemID `json:"card"`
	File string           `json:"file"`
}

// Ops implements Act.
func (a RemoveFile) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	if _, ok := FileOf(card, a.File); !ok {
		return nil, workspace.Refuse(workspace.NotFound, noSuchFile)
	}
	return onCard(a.Card, WithoutFile(card, a.File))
}

// WithoutFile is what takes an attachment off its card. That the bot has posted it stays
// noted, for then it cannot be brought back.
func WithoutFile(card *workspace.Item, file string) map[string]workspace.Value {
	set := map[string]workspace.Value{}
	for _, part := range []string{Name, Type, Size, Event, By} {
		change(set, card, File+"/"+file+"/"+part, workspace.Value{})
	}
	if card.Text(Cover) == file {
		set[Cover] = workspace.Value{}
	}
	return set
}

// SetCover puts an attachment of a card on its face; "" takes the cover away.
type SetCover struct {
	Card workspace.ItemID `json:"card"`
	File string           `json:"file"`
}

// Ops implements Act.
func (a SetCover) Ops(b *Board, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	card, err := b.needCard(a.Card)
	if err != nil {
		return nil, err
	}
	if a.File != "" {
		switch f, ok := FileOf(card, a.File); {
		case !ok:
			return nil, workspace.Refuse(workspace.NotFound, noSuchFile)
		case f.Type != Picture:
			return nil, workspace.Refuse(workspace.Invalid, noPicture)
		}
	}
	set := map[string]workspace.Value{}
	change(set, card, Cover, textOrNull(a.File))
	return onCard(a.Card, set)
}

// withoutGoneFiles takes out of an undo what would bring back attachments whose message
// the bot has deleted when they were taken off their card.
func (b *Board) withoutGoneFiles(ops []workspace.Op) []workspace.Op {
	var kept []workspace.Op
	for _, op := range ops {
		card := b.card(op.Item)
		if op.Kind == KindCard && card != nil {
			for name, v := range op.Set {
				entry, is := entryOf(name, File, Name)
				if !is || v.IsNull() || !card.True(File+"/"+entry+"/"+Upload) && !op.Set[File+"/"+entry+"/"+Upload].True() {
					continue
				}
				for _, part := range []string{Name, Type, Size, Event, By, Upload} {
					delete(op.Set, File+"/"+entry+"/"+part)
				}
				if cover, _ := op.Set[Cover].Text(); cover == entry {
					delete(op.Set, Cover)
				}
			}
		}
		if len(op.Set) > 0 {
			kept = append(kept, op)
		}
	}
	return kept
}

// Package importing reads what other programs export: it makes drafts of boards of a file,
// and a list of what it could not take over, each with the reason. It is pure: it opens
// nothing and asks nobody. What a file is, is told by looking into it, never by its name.
//
// Each format has a file of its own here, built after what its maker has published.
package importing

import (
	"bytes"
	"time"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Format is what a file was recognised as.
type Format string

// The formats.
const (
	Trello     Format = "trello"     // a board, exported as JSON
	Deck       Format = "deck"       // Nextcloud Deck: occ deck:export, or the export of one board
	Focalboard Format = "focalboard" // .boardarchive, of Focalboard and Mattermost Boards
	CSV        Format = "csv"
	ICS        Format = "ics" // to-dos (VTODO), vCalendar 1.0 too
	Werkraum   Format = "werkraum"
)

// MaxBytes is how large a file may be.
const MaxBytes = board.MaxFile

// Options say what a file does not.
type Options struct {
	Language workspace.Language // of what is written into descriptions, such as “Comments”
	Zone     *time.Location     // in which a moment is a day
}

// Result is what was read.
type Result struct {
	Format  Format
	Drafts  []board.Draft
	Refused []Refusal
	// More is how many refusals there were beyond those listed.
	More int
}

// Refusal is something that was not taken over: where it stands and why.
type Refusal struct{ Where, Why workspace.Text }

const maxRefusals = 200

var (
	tooLarge = workspace.Text{
		De: "Die Datei ist zu groß; möglich sind höchstens %d MB.",
		En: "The file is too large; at most %d MB are possible.",
	}
	unknownFormat = workspace.Text{
		De: "Das ist keine Datei, die Werkraum lesen kann. Möglich sind Exporte von Trello (JSON), Nextcloud Deck (JSON), Focalboard oder Mattermost Boards (.boardarchive), Tabellen (CSV), Aufgaben aus Kalendern (ICS) und Werkraum selbst (JSON).",
		En: "This is not a file that Werkraum can read. Possible are exports of Trello (JSON), Nextcloud Deck (JSON), Focalboard or Mattermost Boards (.boardarchive), tables (CSV), to-dos of calendars (ICS) and of Werkraum itself (JSON).",
	}
	broken = workspace.Text{
		De: "Die Datei ist beschädigt oder unvollständig. Bitte exportieren Sie sie noch einmal.",
		En: "The file is damaged or incomplete. Please export it once more.",
	}
	tooManyCards = workspace.Text{
		De: "Die Datei enthält mehr als %d Karten. Bitte teilen Sie sie auf.",
		En: "The file holds more than %d cards. Please split it.",
	}
)

// Read recognises a file and reads it. Only a file that cannot be read as a whole is an
// error; what is wrong in a part of it is in Refused.
func Read(data []byte, o Options) (*Result, error) {
	if len(data) > MaxBytes {
		return nil, workspace.Refuse(workspace.TooLarge, tooLarge.With(MaxBytes>>20))
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	r := &reader{Options: o, result: &Result{}}
	var err error
	switch trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, utf8BOM), " \t\r\n"); {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		err = r.focalboard(data)
	case bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")):
		err = r.json(trimmed)
	case len(trimmed) > 15 && bytes.EqualFold(trimmed[:15], []byte("BEGIN:VCALENDAR")):
		err = r.ics(decodeText(data))
	case looksBinary(data):
		err = workspace.Refuse(workspace.Invalid, unknownFormat)
	default:
		err = r.csv(decodeText(data))
	}
	if err != nil {
		return nil, err
	}
	return r.result, nil
}

// reader gathers what is read of one file.
type reader struct {
	Options
	result *Result
	cards  int
}

// refuse notes something that is not taken over.
func (r *reader) refuse(where, why workspace.Text) {
	if len(r.result.Refused) >= maxRefusals {
		r.result.More++
		return
	}
	r.result.Refused = append(r.result.Refused, Refusal{where, why})
}

// count admits one more card.
func (r *reader) count() error {
	if r.cards++; r.cards > board.MaxDraftCards {
		return workspace.Refuse(workspace.TooLarge, tooManyCards.With(board.MaxDraftCards))
	}
	return nil
}

package board

import (
	"encoding/json"
	"errors"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// MaxComment is the longest comment in bytes.
const MaxComment = 10 * 1024

// maxNamed is how many people a comment names at most.
const maxNamed = 50

// Saying is what a person says about a card on the page. It becomes a message of the
// room and no change of its work (docs/adr/0007, 0021).
type Saying struct {
	// Card and Text are set of what is said; Named are the people whom the text names
	// after an @, by display name.
	Card  workspace.ItemID
	Text  string
	Named []id.UserID
	// Edited is the comment that says Text from now on; Card is not set then.
	Edited id.EventID
	// Taken is the comment that is taken away instead.
	Taken id.EventID
}

var (
	commentMissing = workspace.Text{
		De: "Bitte schreiben Sie etwas.",
		En: "Please write something.",
	}
	commentTooLong = workspace.Text{
		De: "Der Kommentar ist zu lang; möglich sind höchstens etwa %d.000 Zeichen. Ausführliches passt in die Beschreibung oder in eine Datei.",
		En: "The comment is too long; at most about %d,000 characters are possible. Details fit into the description or a file.",
	}
)

// DecodeSaying reads an act of the live protocol that is about a comment; ok is false of
// all others.
func DecodeSaying(act string, args json.RawMessage) (s Saying, ok bool, err error) {
	switch act {
	case "comment.add":
		type said struct {
			Card  workspace.ItemID `json:"card"`
			Text  string           `json:"text"`
			Named []id.UserID      `json:"named"`
		}
		a, err := decode[said](args)
		if err != nil {
			return s, true, err
		}
		s = Saying{Card: a.Card, Text: CleanLines(a.Text), Named: a.Named}
		return s, true, s.check()
	case "comment.edit":
		type edited struct {
			Comment id.EventID  `json:"comment"`
			Text    string      `json:"text"`
			Named   []id.UserID `json:"named"`
		}
		a, err := decode[edited](args)
		if err == nil {
			err = checkComment(a.Comment)
		}
		if err != nil {
			return s, true, err
		}
		s = Saying{Edited: a.Comment, Text: CleanLines(a.Text), Named: a.Named}
		return s, true, s.check()
	case "comment.drop":
		type taken struct {
			Comment id.EventID `json:"comment"`
		}
		a, err := decode[taken](args)
		if err == nil {
			err = checkComment(a.Comment)
		}
		return Saying{Taken: a.Comment}, true, err
	}
	return s, false, nil
}

func checkComment(event id.EventID) error {
	if event == "" || len(event) > 255 {
		return workspace.Refuse(workspace.Invalid, badField).Because(errors.New("no comment is named"))
	}
	return nil
}

func (s Saying) check() error {
	switch {
	case s.Edited == "" && !s.Card.Valid() || len(s.Named) > maxNamed:
		return workspace.Refuse(workspace.Invalid, badField).Because(errors.New("no card is named, or too many people are"))
	case s.Text == "":
		return workspace.Refuse(workspace.Invalid, commentMissing)
	case len(s.Text) > MaxComment:
		return workspace.Refuse(workspace.TooLarge, commentTooLong.With(MaxComment/1024))
	}
	return nil
}

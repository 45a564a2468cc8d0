package whiteboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"werkraum/workspace"
)

// Limits of what a whiteboard and an element hold.
const (
	MaxWhiteboards = 50
	MaxElements    = 25_000   // on one whiteboard, those that are seen
	MaxData        = 32 << 10 // bytes of an element's JSON
	MaxText        = 10_000   // characters
	MaxPoints      = 5_000    // of a line or stroke
	maxVersion     = 1 << 50
	maxNonce       = 1<<31 - 1
)

// Element is an Excalidraw element as somebody wants it to be. Data is made anew of a
// closed list of fields, so that nothing else reaches those who look on.
type Element struct {
	ID      string
	Type    string
	Deleted bool
	Frame   string // ID of the frame that it lies in, or ""
	Card    workspace.ItemID
	Data    string
	revision
}

var (
	badElement = workspace.Text{
		De: "Auf dem Whiteboard ließ sich etwas nicht übernehmen, weil es fehlerhaft ist. Bitte laden Sie die Seite neu.",
		En: "Something could not be put on the whiteboard because it is malformed. Please reload the page.",
	}
	elementTooLarge = workspace.Text{
		De: "Das ist zu groß für ein Whiteboard. Bitte teilen Sie es in mehrere Teile auf.",
		En: "This is too large for a whiteboard. Please divide it into several parts.",
	}
	textTooLong = workspace.Text{
		De: "Der Text ist zu lang; möglich sind höchstens %d Zeichen. Längere Texte passen in die Beschreibung einer Karte oder in ein Dokument.",
		En: "The text is too long; at most %d characters are possible. Longer texts fit into the description of a card, or into a document.",
	}
	elsewhere = workspace.Text{
		De: "Das liegt zu weit außerhalb des Whiteboards. Bitte rücken Sie näher heran.",
		En: "This is too far outside of the whiteboard. Please move closer.",
	}
	badLink = workspace.Text{
		De: "Verlinken lassen sich nur Adressen, die mit http:// oder https:// beginnen.",
		En: "Only addresses that begin with http:// or https:// can be linked.",
	}
)

var elementID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,43}$`)

// ParseElement reads an element as Excalidraw writes it and refuses what no browser of ours
// would send.
func ParseElement(raw json.RawMessage) (Element, error) {
	if len(raw) > 2*MaxData {
		return Element{}, workspace.Refuse(workspace.TooLarge, elementTooLarge)
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(raw, &given); err != nil || given == nil {
		return Element{}, malformed("it is no object")
	}
	// Each by its exact name: the decoder of a struct would take others for it.
	e, ok := Element{}, true
	for name, into := range map[string]any{"id": &e.ID, "type": &e.Type, "version": &e.version, "versionNonce": &e.nonce, "isDeleted": &e.Deleted, "frameId": &e.Frame} {
		if value, there := given[name]; there && json.Unmarshal(value, into) != nil {
			ok = false
		}
	}
	own, known := fieldsOf[e.Type]
	switch {
	case !ok:
		return Element{}, malformed("a field has the wrong type")
	case !elementID.MatchString(e.ID):
		return Element{}, malformed("its ID has the wrong form")
	case !known:
		return Element{}, malformed("there is no such type")
	case e.version < 1 || e.version > maxVersion || e.nonce < 0 || e.nonce > maxNonce:
		return Element{}, malformed("its version is out of bounds")
	}
	data, err := canonical(given, own)
	if err != nil {
		return Element{}, err
	}
	if len(data) > MaxData {
		return Element{}, workspace.Refuse(workspace.TooLarge, elementTooLarge)
	}
	e.Data = string(data)
	var custom map[string]json.RawMessage
	_ = json.Unmarshal(given["customData"], &custom) // canonical has taken it
	_ = json.Unmarshal(custom["card"], &e.Card)
	if e.Type == "embeddable" && e.Card == "" { // nothing foreign is ever embedded
		return Element{}, malformed("it embeds something other than a card")
	}
	return e, nil
}

// canonical writes those fields that are known, in their order.
func canonical(given map[string]json.RawMessage, own []field) ([]byte, error) {
	b := make([]byte, 0, 512)
	b = append(b, '{')
	for _, list := range [][]field{common, own} {
		for _, f := range list {
			raw, there := given[f.name]
			if !there {
				if f.required {
					return nil, malformed("the field " + f.name + " is missing")
				}
				continue
			}
			before := len(b)
			if before > 1 {
				b = append(b, ',')
			}
			b = append(b, '"')
			b = append(b, f.name...)
			b = append(b, '"', ':')
			var err error
			if b, err = f.write(b, bytes.TrimSpace(raw)); err != nil {
				if _, ok := errors.AsType[*workspace.Error](err); ok {
					return nil, err
				}
				return nil, malformed("the field " + f.name + " is wrong")
			}
		}
	}
	return append(b, '}'), nil
}

func malformed(why string) error {
	return workspace.Refuse(workspace.Invalid, badElement).Because(fmt.Errorf("an element: %s", why))
}

// JSON is an element's item as Excalidraw reads it.
func JSON(it *workspace.Item) json.RawMessage {
	return Element{Data: it.Text(Data), Deleted: it.Deleted(), revision: revisionOf(it)}.JSON()
}

// JSON is the element as Excalidraw reads it.
func (e Element) JSON() json.RawMessage {
	b := append(make([]byte, 0, len(e.Data)+80), e.Data[:len(e.Data)-1]...)
	return fmt.Appendf(b, `,"version":%d,"versionNonce":%d,"isDeleted":%t}`, e.version, e.nonce, e.Deleted)
}

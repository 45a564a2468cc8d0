package whiteboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// MaxTitle is the greatest length of a whiteboard's title in characters.
const MaxTitle = 300

var (
	titleMissing = workspace.Text{
		De: "Bitte geben Sie dem Whiteboard einen Namen.",
		En: "Please give the whiteboard a name.",
	}
	titleTooLong = workspace.Text{
		De: "Der Name ist mit %d Zeichen zu lang; höchstens %d sind möglich.",
		En: "The name is too long with %d characters; at most %d are possible.",
	}
	badChange = workspace.Text{
		De: "Diese Änderung ist fehlerhaft und wurde nicht übernommen. Bitte laden Sie die Seite neu.",
		En: "This change is malformed and was not made. Please reload the page.",
	}
)

// Check implements workspace.Surface: the fields of op have the form that
// docs/events/de.werkraum.change.md gives.
func (w *Whiteboards) Check(op workspace.Op) error {
	if err := must(hasForm(op.Key()), "id"); err != nil {
		return err
	}
	for name, v := range op.Set {
		if v.IsNull() {
			continue
		}
		if err := checkField(op, name, v); err != nil {
			return err
		}
	}
	return nil
}

// hasForm reports whether an item of that kind can have that ID.
func hasForm(item workspace.Key) bool {
	switch item.Kind {
	case KindVersion:
		return item.ID.Valid()
	case KindWhiteboard:
		return ValidID(item.ID)
	}
	_, element, ok := Split(item.ID)
	return ok && elementID.MatchString(element)
}

func checkField(op workspace.Op, name string, v workspace.Value) error {
	text, isText := v.Text()
	number, isNumber := v.Integer()
	switch name {
	case workspace.Deleted:
		return must(v.IsBool(), name)
	case Locked:
		return must(v.IsBool() && op.Kind != KindPicture && op.Kind != KindVersion, name)
	}
	switch op.Kind {
	case KindWhiteboard:
		switch name {
		case Title:
			return checkTitle(text)
		case Rank:
			return must(workspace.ValidRank(text), name)
		case Created, CreatedBy:
			return must(isText && len(text) <= 255, name)
		}
	case KindElement:
		switch name {
		case Data:
			return checkData(op.Item, text)
		case Version:
			return must(isNumber && number >= 1 && number <= maxVersion, name)
		case Nonce:
			return must(isNumber && number >= 0 && number <= maxNonce, name)
		case Frame:
			return must(elementID.MatchString(text), name)
		case Card:
			return must(workspace.ItemID(text).Valid(), name)
		}
	case KindVersion:
		return checkVersion(name, text, isText, v)
	case KindPicture:
		return must(checkPicture(name, text, isText, number, isNumber), name)
	}
	return must(false, name)
}

func checkTitle(title string) error {
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return workspace.Refuse(workspace.Invalid, titleMissing)
	case n > MaxTitle:
		return workspace.Refuse(workspace.TooLarge, titleTooLong.With(n, MaxTitle))
	}
	return must(board.Clean(title) == title, Title)
}

// checkData takes what ParseElement has written, of this very element, and nothing else.
func checkData(item workspace.ItemID, data string) error {
	if len(data) > MaxData {
		return workspace.Refuse(workspace.TooLarge, elementTooLarge)
	}
	var given map[string]json.RawMessage
	if json.Unmarshal([]byte(data), &given) != nil {
		return must(false, Data)
	}
	var id, kind string
	_ = json.Unmarshal(given["id"], &id) // what is no text is not the ID
	_ = json.Unmarshal(given["type"], &kind)
	_, element, _ := Split(item)
	own, known := fieldsOf[kind]
	if !known || id != element {
		return must(false, Data)
	}
	again, err := canonical(given, own)
	if err != nil {
		return err
	}
	return must(string(again) == data, Data)
}

// PictureTypes are the content types that a picture can have.
var PictureTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

func checkPicture(name, text string, isText bool, number int64, isNumber bool) bool {
	switch name {
	case Type:
		return slices.Contains(PictureTypes, text)
	case Size:
		return isNumber && number > 0
	case URL:
		return strings.HasPrefix(text, "mxc://") && len(text) <= 500
	case Key, IV, Hash:
		return isText && len(text) <= 100
	}
	return false
}

func must(ok bool, field string) error {
	if ok {
		return nil
	}
	known := []string{"id", workspace.Deleted, Locked, Title, Rank, Created, CreatedBy, Data, Version, Nonce, Frame, Card, Type, Size, URL, Key, IV, Hash}
	if !slices.Contains(known, field) {
		field = "that does not exist" // a name that somebody made up is content
	}
	return workspace.Refuse(workspace.Invalid, badChange).Because(fmt.Errorf("wrong value of the field %s", field))
}

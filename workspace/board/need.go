package board

import (
	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// What acts are put together from.

func onCard(card workspace.ItemID, set map[string]workspace.Value) ([]workspace.Op, error) {
	if len(set) == 0 {
		return nil, workspace.Refuse(workspace.Conflict, nothingToDo)
	}
	return []workspace.Op{{Item: card, Kind: KindCard, Set: set}}, nil
}

// change notes a field in set unless the item holds that value already.
func change(set map[string]workspace.Value, it *workspace.Item, name string, v workspace.Value) {
	if f, _ := it.Field(name); f.Value != v {
		set[name] = v
	}
}

func member(it *workspace.Item, set, name string, on bool) map[string]workspace.Value {
	v := workspace.Value{}
	if on {
		v = workspace.Bool(true)
	}
	fields := map[string]workspace.Value{}
	change(fields, it, set+"/"+name, v)
	return fields
}

// after is the text that an item's field will hold once set is merged.
func after(set map[string]workspace.Value, it *workspace.Item, name string) string {
	if v, ok := set[name]; ok {
		text, _ := v.Text()
		return text
	}
	return it.Text(name)
}

// inOrder refuses a start after the due date; each may be "".
func inOrder(start, due string) error {
	if start != "" && due != "" && start > due {
		return workspace.Refuse(workspace.Invalid, startAfterDue)
	}
	return nil
}

func textOrNull(text string) workspace.Value {
	if text == "" {
		return workspace.Value{}
	}
	return workspace.String(text)
}

func (b *Board) needCard(card workspace.ItemID) (*workspace.Item, error) {
	if it := b.card(card); it != nil && !it.Deleted() {
		return it, nil
	}
	return nil, workspace.Refuse(workspace.NotFound, noSuchCard)
}

// needStanding is needCard for what only a card in a column can do.
func (b *Board) needStanding(card workspace.ItemID) (*workspace.Item, error) {
	it, err := b.needCard(card)
	if err == nil && it.True(Archived) {
		return nil, workspace.Refuse(workspace.Conflict, inArchive)
	}
	return it, err
}

func (b *Board) needColumn(column workspace.ItemID) error {
	if it := b.column(column); it != nil && !it.Deleted() && b.Seen(Of(it)) {
		return nil
	}
	return workspace.Refuse(workspace.NotFound, noSuchColumn)
}

func (b *Board) needMember(user id.UserID) error {
	if b.room.Members[user].Membership == workspace.Joined {
		return nil
	}
	return workspace.Refuse(workspace.Invalid, notAMember.With(string(user)))
}

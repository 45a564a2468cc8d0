package whiteboard

import (
	"encoding/json"
	"slices"
	"testing"

	"werkraum/workspace"
)

// Every act of the page is judged by the deed of its name.
func TestEveryActHasARule(t *testing.T) {
	t.Parallel()
	n := 0
	for _, deed := range workspace.Deeds() {
		if !Decodes(string(deed)) || deed == PostDeed { // the page does it by HTTP
			continue
		}
		act, err := Decode(string(deed), json.RawMessage(`{}`))
		if err != nil || !slices.Equal(act.Deeds(anna), []workspace.Deed{deed}) {
			t.Errorf("the page calls it %s: %v, %v", deed, act, err)
		}
		n++
	}
	if n == 0 {
		t.Error("there are none")
	}
	for _, args := range []string{`{"colour":1}`, `[]`, `{"whiteboard":7}`, ``} {
		if _, err := Decode("whiteboard.add", json.RawMessage(args)); !refusedAs(err, workspace.Invalid) {
			t.Errorf("%s is taken: %v", args, err)
		}
	}
	if _, err := Decode("whiteboard.explode", json.RawMessage(`{}`)); !refusedAs(err, workspace.Invalid) {
		t.Errorf("an act that does not exist is taken: %v", err)
	}
}

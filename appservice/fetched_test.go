package appservice

import (
	"encoding/json"
	"strings"
	"testing"
)

// A message that was edited is read as its author left it, if the homeserver
// bundles the edit; nobody else's edit counts, and what is malformed none.
func TestFetchedMessageAfterEdits(t *testing.T) {
	t.Parallel()
	const edit = `{"type":"m.room.message","event_id":"$n","room_id":"!r:x","sender":"@a:x","content":{"msgtype":"m.text","body":"* new",
		"m.new_content":{"msgtype":"m.text","body":" new "},"m.relates_to":{"rel_type":"m.replace","event_id":"$e"}}}`
	for name, c := range map[string]struct{ unsigned, want string }{
		"none":               {``, "old"},
		"an edit":            {`,"unsigned":{"age":5,"m.relations":{"m.replace":` + edit + `}}`, "new"},
		"somebody else's":    {`,"unsigned":{"m.relations":{"m.replace":` + strings.Replace(edit, "@a:x", "@b:x", 1) + `}}`, "old"},
		"of another message": {`,"unsigned":{"m.relations":{"m.replace":` + strings.Replace(edit, "$e", "$o", 1) + `}}`, "old"},
		"another relation":   {`,"unsigned":{"m.relations":{"m.replace":` + strings.Replace(edit, `"rel_type":"m.replace"`, `"rel_type":"m.thread"`, 1) + `}}`, "old"},
		"into a picture":     {`,"unsigned":{"m.relations":{"m.replace":` + strings.Replace(edit, `"m.text","body":" new "`, `"m.image","body":"x.png"`, 1) + `}}`, ""},
		"a state event":      {`,"unsigned":{"m.relations":{"m.replace":` + strings.Replace(edit, `"event_id":"$n"`, `"event_id":"$n","state_key":""`, 1) + `}}`, "old"},
		"only its ID":        {`,"unsigned":{"m.relations":{"m.replace":{"event_id":"$n","sender":"@a:x","origin_server_ts":1}}}`, "old"},
		"nonsense":           {`,"unsigned":{"m.relations":[{"m.replace":7}]}`, "old"},
		"not an object":      {`,"unsigned":"m.relations"`, "old"},
	} {
		e, err := parseEnvelope(json.RawMessage(`{"type":"m.room.message","event_id":"$e","room_id":"!r:x","sender":"@a:x","content":{"msgtype":"m.text","body":"old"}` + c.unsigned + `}`))
		if err != nil {
			t.Fatal(name, err)
		}
		if m := fetchedMessage(e); m == nil || m.Body != c.want {
			t.Errorf("%s: got %+v, want %q", name, m, c.want)
		}
	}
}

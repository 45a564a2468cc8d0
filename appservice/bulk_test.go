package appservice

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// Merging what was drawn is the same with and without what a later change has overtaken.
func TestWhatIsOvertakenIsNotNeeded(t *testing.T) {
	t.Parallel()
	merged := func(changes []workspace.Change) map[string]workspace.Value {
		fields := map[string]workspace.Value{}
		for _, c := range changes {
			for _, op := range c.Ops {
				for name, value := range op.Set {
					fields[string(op.Item)+"/"+name] = value
				}
			}
		}
		return fields
	}
	rapid.Check(t, func(t *rapid.T) {
		changes := make([]workspace.Change, rapid.IntRange(0, 12).Draw(t, "changes"))
		for i := range changes {
			changes[i].At = workspace.Stamp{Time: uint64(i + 1), Origin: "@bot:x"}
			for item := range 3 {
				op := workspace.Op{Item: workspace.ItemID(fmt.Sprint("item", item)), Kind: "element", Set: map[string]workspace.Value{}}
				for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"data", "version", "frame"}), rapid.ID).Draw(t, "fields") {
					op.Set[name] = workspace.Int(int64(i))
				}
				if len(op.Set) > 0 {
					changes[i].Ops = append(changes[i].Ops, op)
				}
			}
		}
		kept := withoutOvertaken(changes)
		if want, got := merged(changes), merged(kept); !reflect.DeepEqual(want, got) {
			t.Fatalf("without what is overtaken it is %v, want %v", got, want)
		}
		n := 0
		for _, c := range kept {
			for _, op := range c.Ops {
				n += len(op.Set)
			}
		}
		if n != len(merged(changes)) {
			t.Fatalf("%d fields are kept, %d are needed", n, len(merged(changes)))
		}
	})
}

// A homeserver that takes no media gets the changes in as many events as that takes.
func TestBulkGoesInPartsWhereThereAreNoMedia(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	var content changeContent
	for n := range 30 {
		content.Changes = append(content.Changes, rawJSON(map[string]any{"id": fmt.Sprint("change", n), "ops": strings.Repeat("x", 10_000)}))
	}
	content.Version = 1
	s.put(&store.Batch{
		Room:  store.Room{ID: room, Joined: true, Info: store.RoomInfo{Greeted: true, Widget: true, Layout: true}},
		Queue: []store.Outgoing{{TxnID: "t", N: 1, Task: store.TaskSend, EventType: workspace.ChangeEvent, Content: rawJSON(content), From: 1, Bulk: true}},
	})
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/upload") {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"errcode":"M_FORBIDDEN","error":"no media here"}`))
		return true
	})
	s.start()
	for n := range 30 {
		await(t, fmt.Sprint("change ", n), func() bool { return s.told(workspace.ChangeEvent, fmt.Sprintf(`"change%d"`, n)) == 1 })
	}
	await(t, "the outbox to be empty", func() bool {
		left, err := s.store.Outbox(t.Context())
		return err == nil && len(left) == 0
	})
}

// inParts loses nothing and keeps to what an event may hold.
func TestInParts(t *testing.T) {
	t.Parallel()
	var all []json.RawMessage
	for n := range 100 {
		all = append(all, rawJSON(strings.Repeat("x", 400*n)))
	}
	n := 0
	for _, part := range inParts(all) {
		size := 0
		for _, raw := range part {
			size += len(raw)
			n++
		}
		if size > maxPublished || len(part) == 0 {
			t.Errorf("a part of %d changes has %d bytes", len(part), size)
		}
	}
	if n != len(all) {
		t.Errorf("%d changes are in parts, want %d", n, len(all))
	}
}

// Now and then the room is given the whole of its work, with stamps.
func TestRoomIsGivenASnapshot(t *testing.T) {
	t.Parallel()
	s := setStage(t, bots.New())
	s.put(&store.Batch{Room: store.Room{ID: room, Joined: true, Seq: snapshotEvery, Published: snapshotEvery, Info: store.RoomInfo{Greeted: true, Widget: true, Layout: true}}, Members: map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined}}})
	uploaded := make(chan []byte, 10)
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "/upload") {
			return false
		}
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return false
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			t.Error(err)
		}
		uploaded <- plain
		_, _ = w.Write([]byte(`{"content_uri":"mxc://amt.example/snapshot"}`))
		return true
	})
	s.start()
	s.act(board.AddColumn{Column: "open", Title: "Offen"})
	await(t, "the snapshot", func() bool { return s.told(workspace.SnapshotEvent, "mxc://amt.example/snapshot") == 1 })
	var content struct {
		Version int
		Items   []struct {
			Kind, Item string
			Fields     map[string][2]any
		}
	}
	if err := json.Unmarshal(<-uploaded, &content); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(content.Items, func(it struct {
		Kind, Item string
		Fields     map[string][2]any
	}) bool {
		return it.Kind == "column" && it.Item == "open"
	})
	if i < 0 || content.Items[i].Fields["title"][0] != "Offen" {
		t.Fatalf("it holds %+v", content)
	}
	at, _ := content.Items[i].Fields["title"][1].(string)
	if stamp, err := workspace.ParseStamp(at); err != nil || stamp.Origin != string(s.bot) {
		t.Errorf("the title is stamped %q: %v", at, err)
	}
}

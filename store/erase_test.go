package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mau.fi/util/dbutil"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
	"werkraum/workspace/whiteboard"
)

// named is a room in which Mia, who has left, is named in everything that can name somebody.
func named() *store.Batch {
	assign := workspace.Op{Item: "karte", Kind: "card", Set: map[string]workspace.Value{
		"assignee/" + string(mia): workspace.Bool(true), "created_by": workspace.String(string(mia)), "title": workspace.String("Mit " + string(mia) + " klären"),
	}}
	taken := workspace.Op{Item: "karte", Kind: "card", Set: map[string]workspace.Value{"assignee/" + string(mia): {}}}
	return &store.Batch{
		Now: noon,
		Room: store.Room{ID: room, Joined: true, Seq: 3, Published: 1, Clock: 3, Info: store.RoomInfo{
			Inviter: mia, Power: workspace.Power{Users: map[id.UserID]int{anna: 100, mia: 50}, Creators: []id.UserID{mia, anna}},
		}},
		Members: map[id.UserID]workspace.Member{
			anna: {Membership: workspace.Joined, Name: "Anna"}, mia: {Membership: workspace.Left, Name: "Mia Muster"},
		},
		Commits: []workspace.Commit{
			{Seq: 1, Change: workspace.Change{ID: "a", By: mia, Via: workspace.ViaWidget, At: stamp(1), Ops: []workspace.Op{assign}}, Won: []workspace.Op{assign}, Before: []workspace.Op{taken}},
			{Seq: 2, Change: workspace.Change{ID: "b", By: anna, Via: workspace.ViaWidget, At: stamp(2), Ops: []workspace.Op{taken}}, Won: []workspace.Op{taken}, Before: []workspace.Op{assign}},
			commit(3, "c", anna),
		},
		Items: []*workspace.Item{{Key: workspace.Key{Kind: "card", ID: "karte"}, Seq: 3, Fields: []workspace.Field{
			{Name: "assignee/" + string(mia), Value: workspace.Bool(true), At: stamp(1)},
			{Name: "created_by", Value: workspace.String(string(mia)), At: stamp(1)},
			{Name: "title", Value: workspace.String("Nachricht von Mia Muster"), At: stamp(1)},
		}}},
		Queue: []store.Outgoing{
			{TxnID: "hers", N: 1, Task: store.TaskDirect, User: mia, Content: json.RawMessage(`{"body":"https://werkraum/#/link?token=GEHEIM"}`)},
			{TxnID: "named", N: 2, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"m.mentions":{"user_ids":["` + string(mia) + `"]}}`)},
			{TxnID: "other", N: 3, Task: store.TaskSend, EventType: "m.room.message", Content: json.RawMessage(`{"body":"Anna"}`)},
		},
		Messages: []store.CardMessage{{Event: "$m1", Card: "karte", Shown: 3}, {Event: "$m2", Card: "karte", Shown: store.SourceMessage}},
		Comments: []store.Comment{
			{Event: "$c1", Card: "karte", By: mia, Body: "Von Mia", At: noon},
			{Event: "$c2", Card: "karte", By: anna, Body: "An " + string(mia) + ".", At: noon},
		},
		Links:     []store.Link{{Hash: "link", User: mia, Room: room, Expires: noon.Add(time.Minute)}},
		Told:      []store.Told{{Card: "karte", User: mia, Day: "2026-11-25", What: "due"}, {Card: "karte", User: anna, Day: "2026-11-25", What: "due"}},
		Feeds:     []store.Feed{{Hash: "kalender", User: mia}, {Hash: "raumkalender", User: mia, Room: room}, {Hash: "boardkalender", User: mia, Room: room, Board: "besprechung"}},
		Mention:   []store.Mention{{Card: "karte", User: mia, At: noon}},
		Reminding: []store.Reminding{{User: mia, Choice: agenda.Choice{Way: agenda.Directly, Days: 3}}},
		Direct:    &store.DirectRoom{User: mia, Room: "!direkt:amt.example"},
		Audit:     []store.AuditEntry{{Act: store.BotInvited, Actor: mia}, {Act: store.LanguageSet, Actor: anna, Subject: mia}},
		Versions:  []store.Version{packedNote("stand", "Notiz an "+string(mia)+"."), packedNote("anderer", "Notiz an Anna")},
		Tokens:    []store.Token{{Hash: "schluessel-der-api", ID: "abc123", User: mia, Room: room, Scope: store.WriteScope, Created: noon}},
	}
}

// packedNote is a version of a whiteboard on which there is a text.
func packedNote(version workspace.ItemID, text string) store.Version {
	packed, err := whiteboard.Pack([]*workspace.Item{{Key: workspace.Key{Kind: whiteboard.KindElement, ID: "wwwwwwwwwwwwwwwwwwww-notiz"}, Fields: []workspace.Field{
		{Name: whiteboard.Data, Value: workspace.String(`{"id":"notiz","text":"` + text + `"}`), At: stamp(1)},
	}}})
	if err != nil {
		panic(err)
	}
	return store.Version{ID: version, Content: packed}
}

// dump is every text of every table.
func dump(t *testing.T, address string) string {
	t.Helper()
	var all []string
	for _, table := range tables(t, address) {
		for _, column := range columns(t, address, table) {
			all = append(all, ask(t, address, `SELECT '`+table+`.`+column+` ' || CAST("`+column+`" AS TEXT) FROM `+table)...)
		}
	}
	return strings.Join(all, "\n")
}

func tables(t *testing.T, address string) []string {
	t.Helper()
	if strings.HasPrefix(address, "sqlite:") {
		return ask(t, address, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
	}
	return ask(t, address, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`)
}

func columns(t *testing.T, address, table string) []string {
	t.Helper()
	if strings.HasPrefix(address, "sqlite:") {
		return ask(t, address, `SELECT name FROM pragma_table_info('`+table+`')`)
	}
	return ask(t, address, `SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '`+table+`'`)
}

// After an erasure nothing in the database names the person, whichever table one looks into,
// and the work of the others is there.
func TestErasedPersonIsNowhere(t *testing.T) {
	t.Parallel()
	for _, sealed := range []bool{false, true} {
		t.Run(fmt.Sprintf("sealed=%t", sealed), func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, address string) { erasedIsNowhere(t, address, sealed) })
		})
	}
}

func erasedIsNowhere(t *testing.T, address string, sealed bool) {
	t.Helper()
	s, ctx := openWith(t, address, key(t, vault.NewLine()), sealed), t.Context()
	t.Cleanup(func() { closed(t, s) })
	keys := ok[*dbutil.Database](t)(s.Crypto())
	if err := crypto.NewSQLCryptoStore(keys, nil, "", "", nil).DB.Upgrade(ctx); err != nil {
		t.Fatal(err)
	}
	ask(t, address, `INSERT INTO crypto_device (user_id, device_id, identity_key, signing_key, trust, deleted, name) VALUES ('`+string(mia)+`', 'GERAET', 'schluessel', 's', 0, false, 'Telefon von Mia Muster')`)
	ask(t, address, `INSERT INTO crypto_tracked_user (user_id) VALUES ('`+string(mia)+`')`)
	put(t, s, named())
	put(t, s, &store.Batch{Now: noon, Room: row(other)})
	put(t, s, &store.Batch{Now: noon, Room: store.Room{ID: "!direkt:amt.example", Joined: true, Info: store.RoomInfo{Direct: mia}},
		Items:   []*workspace.Item{task("ausweis", map[string]workspace.Value{"created_by": workspace.String(string(mia)), "title": workspace.String("Ausweis verlängern")})},
		Members: map[id.UserID]workspace.Member{mia: {Membership: workspace.Joined, Name: "Mia Muster"}}})
	if err := s.PutSession(ctx, store.Session{Hash: "sitzung", User: mia, Room: room, Expires: noon}); err != nil {
		t.Fatal(err)
	}
	same(t, "names", ok[[]string](t)(s.NamesOf(ctx, mia)), []string{"Mia Muster"})
	r := workspace.Renaming{From: mia, To: workspace.NewStandIn("probe"), Texts: map[string]string{"Nachricht von Mia Muster": "Nachricht von Gelöschte Person"}}
	leave := store.Outgoing{TxnID: "geht", N: 4, Task: store.TaskLeave}
	redact := func(event id.EventID) store.Outgoing {
		return store.Outgoing{TxnID: "nimmt " + string(event), N: 5, Task: store.TaskRedact, Event: event}
	}
	erase := func(dry bool) (done store.Erased) {
		t.Helper()
		for _, in := range ok[[]id.RoomID](t)(s.AllRooms(ctx)) {
			done.Add(ok[store.Erased](t)(s.EraseIn(ctx, in, r, leave, redact, dry)))
		}
		done.Add(ok[store.Erased](t)(s.FinishErasure(ctx, r, dry, noon)))
		return done
	}
	before := dump(t, address)
	if !sealed && !strings.Contains(before, "Ausweis") {
		t.Error("her to-do is not stored")
	}
	planned := erase(true)
	same(t, "the database after a dry run", dump(t, address), before)
	same(t, "what is planned", planned, store.Erased{Rooms: 2, Cards: 2, Changes: 2, Comments: 1, Mentions: 1, Versions: 1, Sessions: 6, DirectChats: 1, Waiting: 2, Devices: 2, Named: 1, Reminders: 3, Audit: 2})

	r.To = ok[id.UserID](t)(s.BeginErasure(ctx, mia, noon))
	same(t, "what was done", erase(false), planned)
	after := dump(t, address)
	for _, text := range []string{string(mia), "Mia Muster", "Von Mia", "GEHEIM", "sitzung", "schluessel-der-api", "Ausweis"} {
		if at := strings.Index(after, text); at >= 0 {
			t.Errorf("%q is still stored: …%.200s", text, after[max(at-100, 0):])
		}
	}
	for _, file := range []string{"", "-wal"} { // nor in unused pages of the file
		path, isFile := strings.CutPrefix(address, "sqlite:")
		if !isFile {
			break
		}
		content := string(ok[[]byte](t)(os.ReadFile(path + file)))
		for _, text := range []string{string(mia), "Mia Muster", "Von Mia", "GEHEIM"} {
			if strings.Contains(content, text) {
				t.Errorf("%q is still in the file %s", text, path+file)
			}
		}
	}
	for version, want := range map[workspace.ItemID]string{"stand": "Notiz an " + string(r.To) + ".", "anderer": "Notiz an Anna"} {
		plain := string(ok[[]byte](t)(whiteboard.Unpack(ok[[]byte](t)(s.VersionOf(ctx, room, version)))))
		if strings.Contains(plain, string(mia)) || !strings.Contains(plain, want) {
			t.Errorf("%s holds %s", version, plain)
		}
	}
	l := ok[*store.Loaded](t)(s.Load(ctx, room))
	same(t, "assignee", l.Items[0].Set("assignee"), []string{string(r.To)})
	same(t, "title", l.Items[0].Text("title"), "Nachricht von Gelöschte Person")
	same(t, "edition", l.Info.Edition, 1)
	same(t, "members", l.Members, map[id.UserID]workspace.Member{anna: {Membership: workspace.Joined, Name: "Anna"}})
	slices.SortFunc(l.Messages, func(a, b store.CardMessage) int { return strings.Compare(string(a.Event), string(b.Event)) })
	same(t, "card messages, the first to be edited", l.Messages, []store.CardMessage{{Event: "$m1", Card: "karte", Shown: 0}, {Event: "$m2", Card: "karte", Shown: store.SourceMessage}})
	log := ok[[]workspace.Commit](t)(s.CommitsAfter(ctx, room, 0, 10))
	same(t, "the log", len(log), 3)
	same(t, "who made the first change", log[0].Change.By, r.To)
	same(t, "the third, which names nobody", log[2], named().Commits[2])
	var waiting []string
	for _, p := range ok[[]store.Pending](t)(s.Outbox(ctx)) {
		waiting = append(waiting, p.TxnID)
	}
	same(t, "what waits", waiting, []string{"named", "other", "geht"})
	same(t, "an export afterwards", len(ok[*store.Export](t)(s.Export(ctx, mia, noon)).Rooms), 0)

	// The stand-in is kept by a hash, for what names the person later.
	same(t, "stand-in", ok[id.UserID](t)(s.StandInOf(ctx, mia)), r.To)
	same(t, "stand-in of a second time", ok[id.UserID](t)(s.BeginErasure(ctx, mia, noon)), r.To)
	if _, err := s.StandInOf(ctx, anna); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("stand-in of somebody else: %v", err)
	}
	same(t, "erasing again", erase(false), store.Erased{})
	same(t, "edition of a room that does not name her", ok[*store.Loaded](t)(s.Load(ctx, other)).Info.Edition, 0)
}

// An export holds what is stored about a person, and no secret.
func TestExportHoldsEverything(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		put(t, s, named())
		putTasks(t, s, store.Room{ID: "!direkt:amt.example", Joined: true, Info: store.RoomInfo{Direct: mia}},
			task("ausweis", map[string]workspace.Value{"created_by": workspace.String(string(mia)), "title": workspace.String("Ausweis verlängern")}))
		if err := s.PutSession(ctx, store.Session{Hash: "sitzung", User: mia, Room: room, Expires: noon}); err != nil {
			t.Fatal(err)
		}
		body := `{"events":[{"event_id":"$w","sender":"` + string(mia) + `","content":{"body":"wartet"}},{"sender":"` + string(anna) + `","content":{"body":"nicht ihres"}}]}`
		if err := s.PutDelivery(ctx, store.Delivery{ID: 1, Source: store.FromSync, Received: noon, Body: []byte(body)}, ""); err != nil {
			t.Fatal(err)
		}
		x := ok[*store.Export](t)(s.Export(ctx, mia, noon))
		text := string(ok[[]byte](t)(json.Marshal(x)))
		for _, part := range []string{"Mia Muster", `"leave"`, `"power_level":50`, `"invited_the_bot":true`, "Von Mia", "An " + string(mia), "!direkt:amt.example", "wartet", "Ausweis verlängern", `"direct_chat_with_the_bot"`,
			`"bot_invited"`, `"language_set"`, `"changes_by_the_person"`, `"changes_that_name_the_person"`, `"cards_that_name_the_person"`, `"token_id":"abc123"`, `"reminding":{"way":"direct","days_before":3}`, `"reminders_sent_to_the_person"`, `"calendars":[{"room_id":""},`, `"board":"besprechung"}`, `"expires_at"`,
			`"earlier_versions_of_whiteboards_that_name_the_person":[{"version":"stand","elements":[{"id":"notiz"`} {
			if !strings.Contains(text, part) {
				t.Errorf("the export lacks %q: %s", part, text)
			}
		}
		for _, part := range []string{"sitzung", `"link"`, "GEHEIM", "raumkalender", "schluessel-der-api", "nicht ihres", "Notiz an Anna"} {
			if strings.Contains(text, part) {
				t.Errorf("the export holds %q", part)
			}
		}
	})
}

// Entries of the audit log are found by time and room, and go when their time is over.
func TestAuditLog(t *testing.T) {
	t.Parallel()
	withStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		put(t, s, &store.Batch{Room: row(room), Now: noon, Audit: []store.AuditEntry{{Act: store.LanguageSet, Actor: anna, Detail: "en"}, {Act: store.BotLeft}}})
		put(t, s, &store.Batch{Room: row(other), Now: noon.Add(time.Hour), Audit: []store.AuditEntry{{Act: store.BotJoined}}})
		if err := s.Note(ctx, noon.Add(2*time.Hour), store.AuditEntry{Act: store.UserExported, Actor: store.Operator, Subject: mia}); err != nil {
			t.Fatal(err)
		}
		read := func(since time.Time, in id.RoomID) (acts []store.Act) {
			t.Helper()
			if err := s.Audit(ctx, since, in, func(e store.AuditEntry) error { acts = append(acts, e.Act); return nil }); err != nil {
				t.Fatal(err)
			}
			return acts
		}
		all := time.UnixMilli(0)
		same(t, "all", read(all, ""), []store.Act{store.LanguageSet, store.BotLeft, store.BotJoined, store.UserExported})
		same(t, "of a room", read(all, other), []store.Act{store.BotJoined})
		same(t, "since", read(noon.Add(time.Minute), ""), []store.Act{store.BotJoined, store.UserExported})
		// Sessions that end are noted, but only if there are any.
		end := &store.Batch{Room: row(room), Now: noon.Add(3 * time.Hour), EndSessions: []id.UserID{anna}}
		put(t, s, end)
		if err := s.PutSession(ctx, store.Session{Hash: "s", User: anna, Room: room, Expires: noon.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		put(t, s, end)
		same(t, "of ended sessions", read(noon.Add(150*time.Minute), room), []store.Act{store.SessionsEnded})
		if err := s.Prune(ctx, noon, noon.Add(2*time.Hour), noon); err != nil {
			t.Fatal(err)
		}
		same(t, "after a while", read(all, ""), []store.Act{store.UserExported, store.SessionsEnded})
	})
}

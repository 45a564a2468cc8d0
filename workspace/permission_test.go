package workspace_test

import (
	"slices"
	"testing"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
)

// Who may do what, as docs/user says it: every deed for every kind of person. A deed
// that is added without being added here fails the test.
func TestEveryDeedForEverybody(t *testing.T) {
	t.Parallel()
	const edit, moderate, configure = 10, 50, 60
	r := newPlainRoom("@me:x")
	r.Power = workspace.Power{
		Users:  map[id.UserID]int{"@editor:x": edit, "@moderator:x": moderate, "@admin:x": configure, "@left:x": 100, "@banned:x": 100, "@invited:x": 100, "@excluded:x": 100},
		Events: map[string]int{workspace.ChangeEvent: edit}, StateDefault: configure, Redact: moderate,
		Creators: []id.UserID{"@founder:x", "@founderleft:x"},
	}
	for user, m := range map[id.UserID]workspace.Membership{
		"@reader:x": workspace.Joined, "@editor:x": workspace.Joined, "@moderator:x": workspace.Joined, "@admin:x": workspace.Joined, "@founder:x": workspace.Joined,
		"@left:x": workspace.Left, "@banned:x": workspace.Banned, "@invited:x": workspace.Invited, "@excluded:x": workspace.Excluded, "@founderleft:x": workspace.Left,
	} {
		r.Members[user] = workspace.Member{Membership: m}
	}
	out := []id.UserID{"@left:x", "@banned:x", "@invited:x", "@excluded:x", "@founderleft:x", "@stranger:x", ""}
	const all, editors, moderators, admins = 0, 1, 2, 3 // where in the line of people the right begins
	line := []id.UserID{"@reader:x", "@editor:x", "@moderator:x", "@admin:x", "@founder:x"}
	from := map[workspace.Deed]int{
		workspace.Look: all, workspace.AddComment: all, workspace.EditComment: all, workspace.DropOwn: all, workspace.PostFile: all, workspace.SendFile: editors,
		"card.add": editors, "card.edit": editors, "card.move": editors, "cards.move": editors, "card.assign": editors, "card.label": editors, "card.repeat": editors,
		"card.done": editors, "card.delete": editors, "card.restore": editors,
		"card.archive": editors, "card.check": editors, "card.relate": editors, "card.link": editors, "card.unfile": editors, "card.cover": editors, "cards": editors, "label.edit": editors, "label.remove": editors, "view.save": editors, "view.remove": editors,
		"column.add": editors, "column.edit": editors, "column.move": editors, "column.remove": editors,
		"board.add": editors, "board.edit": editors, "board.move": editors, "board.archive": editors, "board.remove": editors, "board.save": editors,
		workspace.UndoOwn: editors, workspace.UndoOthers: moderators, workspace.DropOthers: moderators, workspace.SetLanguage: admins, workspace.SetTimeZone: admins, workspace.SetLevel: admins, workspace.SetDigest: admins,
		"whiteboard.add": editors, "whiteboard.edit": editors, "whiteboard.remove": editors, "whiteboard.draw": editors, "whiteboard.card": editors, "whiteboard.save": editors, "whiteboard.forget": editors, "whiteboard.restore": editors, "whiteboard.lock": moderators, "whiteboard.post": all,
		"board.import": editors, workspace.AddToken: moderators, workspace.ListTokens: moderators, workspace.RevokeToken: moderators,
	}
	for _, deed := range workspace.Deeds() {
		first, known := from[deed]
		if !known {
			t.Errorf("nobody has said who may do %q", deed)
		}
		for i, user := range line {
			if err := r.May(user, deed); (err == nil) != (i >= first) {
				t.Errorf("%s and %s: %v", user, deed, err)
			}
		}
		for _, user := range out {
			if mine := deed == workspace.DropOwn; (r.May(user, deed) == nil) != mine {
				t.Errorf("%q is not in the room and %s is the other way round", user, deed)
			}
		}
	}
	r.Owner = "@editor:x" // whose to-dos are nobody else's, whatever their power
	for _, user := range line {
		if err := r.May(user, workspace.Look); (err == nil) != (user == r.Owner) {
			t.Errorf("the to-dos of %s and %s: %v", r.Owner, user, err)
		}
	}
	r.Owner = ""
	for _, deeds := range [][]workspace.Deed{nil, {""}, {"card.explode"}, {"card.add", "card.explode"}} {
		if r.May("@founder:x", deeds...) == nil {
			t.Errorf("%q has no rule and is allowed", deeds)
		}
	}
	if r.May("@editor:x", workspace.UndoOwn, workspace.UndoOthers) == nil {
		t.Error("of two deeds only one was judged")
	}
}

// Between hearing of new power levels and knowing which ones count, nobody may do what
// either of the two forbids.
func TestTightenedPowerAllowsNothingMore(t *testing.T) {
	t.Parallel()
	users := []id.UserID{"@a:x", "@b:x", "@c:x", "@d:x"}
	types := []string{workspace.ChangeEvent, "m.room.name", "m.room.message"}
	level := rapid.IntRange(-1, 3)
	power := rapid.Custom(func(t *rapid.T) workspace.Power {
		return workspace.Power{
			Users: rapid.MapOf(rapid.SampledFrom(users), level).Draw(t, "users"), UsersDefault: level.Draw(t, "usersDefault"),
			Events: rapid.MapOf(rapid.SampledFrom(types), level).Draw(t, "events"), EventsDefault: level.Draw(t, "eventsDefault"),
			StateDefault: level.Draw(t, "stateDefault"), Redact: level.Draw(t, "redact"),
			Creators: rapid.SliceOfNDistinct(rapid.SampledFrom(users), 0, 2, rapid.ID).Draw(t, "creators"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		r := newPlainRoom("@me:x")
		for _, user := range users {
			r.Members[user] = workspace.Member{Membership: workspace.Joined}
		}
		before, heard := power.Draw(t, "before"), power.Draw(t, "heard")
		may := func(p workspace.Power) (list []bool) {
			r.Power = p
			for _, user := range users {
				for _, deed := range workspace.Deeds() {
					list = append(list, r.May(user, deed) == nil)
				}
			}
			return list
		}
		old, new, both := may(before), may(heard), may(before.Tightened(heard))
		for i := range both {
			if both[i] && (!old[i] || !new[i]) {
				t.Fatalf("right %d: before %v, heard %v, and meanwhile %v", i, old[i], new[i], both[i])
			}
		}
		if same := may(before.Tightened(before)); !slices.Equal(same, old) {
			t.Fatal("hearing of the same levels again takes rights away")
		}
	})
}

// Who may say something about a card is who may write in the room, encrypted or not,
// whatever they may do with its work.
func TestSpeakingTakesThePowerToWrite(t *testing.T) {
	t.Parallel()
	for event, want := range map[string]bool{"m.room.message": false, "m.room.encrypted": false, workspace.ChangeEvent: true} {
		r := newPlainRoom("@me:x")
		r.Members["@reader:x"] = workspace.Member{Membership: workspace.Joined}
		r.Power = workspace.Power{Events: map[string]int{event: 1}}
		if err := r.May("@reader:x", workspace.AddComment); (err == nil) != want {
			t.Errorf("%s takes a power that they lack: %v", event, err)
		}
	}
}

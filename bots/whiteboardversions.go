package bots

import (
	"slices"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

var (
	saveVersionExample    = workspace.Text{De: "!whiteboard sichern Skizze als Vor der Sitzung", En: "!whiteboard save Sketch as Before the meeting"}
	restoreVersionExample = workspace.Text{De: "!whiteboard wiederherstellen Skizze Stand Vor der Sitzung", En: "!whiteboard restore Sketch version Before the meeting"}
	noVersions            = workspace.Text{
		De: "Vom Whiteboard %s ist noch kein früherer Stand aufbewahrt. `!whiteboard sichern %s als Vor der Sitzung` bewahrt den jetzigen auf.",
		En: "No earlier version of whiteboard %s has been kept yet. `!whiteboard save %s as Before the meeting` keeps what is there now.",
	}
)

func versionVerbs() []deed {
	return []deed{
		{
			[]string{"versionen", "versions", "version", "stände", "staende", "stand"}, (*command).listVersions,
			workspace.Text{De: "!whiteboard versionen Skizze", En: "!whiteboard versions Sketch"},
			workspace.Text{De: "zeigt seine früheren Stände, den letzten zuerst", En: "shows its earlier versions, the latest first"},
		},
		{
			[]string{"sichern", "save", "speichern"}, (*command).saveVersion,
			saveVersionExample,
			workspace.Text{De: "bewahrt auf, was jetzt darauf ist", En: "keeps what is on it now"},
		},
		{
			[]string{"wiederherstellen", "restore", "zurückholen", "zurueckholen"}, (*command).restoreVersion,
			restoreVersionExample,
			workspace.Text{De: "macht es wieder wie in einem früheren Stand; statt des Namens geht seine Zahl in der Liste", En: "makes it what it was in an earlier version; instead of the name, its number in the list will do"},
		},
	}
}

func isVersionMark(w word) bool {
	return !w.quoted && slices.Contains([]string{"stand", "version"}, w.plain())
}

// takeVersioned takes the whiteboard at the beginning of the line, and what follows. Where
// there is only one, its name may be left out.
func (c *command) takeVersioned(example workspace.Text) (on workspace.ItemID, rest []word, err error) {
	all := whiteboard.In(c.t.Room).All()
	on, rest, err = c.takeWhiteboard(example)
	if len(all) != 1 || len(c.words) == 0 {
		return on, rest, err
	}
	// A word that is not its whole name may be the beginning of it or its number, but also
	// all that is said of the version.
	if err != nil || len(rest) == 0 && !strings.EqualFold(all[0].Text(whiteboard.Title), clean(joined(c.words))) {
		return all[0].ID, c.words, nil //nolint:nilerr // what is not found is no name, then
	}
	return on, rest, nil
}

// versionsOf are the earlier versions of a whiteboard, the latest first, if the person may
// see them.
func (c *command) versionsOf(on workspace.ItemID) ([]*workspace.Item, error) {
	if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
		return nil, err
	}
	versions := whiteboard.In(c.t.Room).Versions(on)
	slices.Reverse(versions)
	return versions, nil
}

func (c *command) listVersions() error {
	on, rest, err := c.takeWhiteboard(workspace.Text{De: "!whiteboard versionen Skizze", En: "!whiteboard versions Sketch"})
	if err != nil {
		return err
	}
	if c.words = rest; len(rest) > 0 {
		return c.noMore()
	}
	versions, err := c.versionsOf(on)
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		c.answer(noVersions, c.calledWhiteboard(on), c.titleOn(on))
		return nil
	}
	m := say(c.lang, workspace.Text{De: "**Frühere Stände von %s**", En: "**Earlier versions of %s**"}, c.calledWhiteboard(on))
	for i, it := range versions[:min(len(versions), maxListLines)] {
		line := workspace.Text{De: "%d. %s · %s · %s", En: "%d. %s · %s · %s"}
		args := []any{i + 1, short(it.Text(whiteboard.Title), maxTitleInLists), c.keptAt(it), nameOf(c.t.Room, id.UserID(it.Text(whiteboard.CreatedBy)))}
		if it.True(whiteboard.Auto) {
			line = workspace.Text{De: "%d. von selbst aufbewahrt · %s", En: "%d. kept by itself · %s"}
			args = []any{i + 1, c.keptAt(it)}
		}
		m = m.add(say(c.lang, line, args...))
	}
	if more := len(versions) - maxListLines; more > 0 {
		m = m.add(say(c.lang, andMore, more))
	}
	c.t.Answer = &m
	return nil
}

func (c *command) saveVersion() error {
	on, rest, err := c.takeVersioned(saveVersionExample)
	if err != nil {
		return err
	}
	if len(rest) > 0 && isRenameMark(rest[0]) {
		rest = rest[1:]
	}
	title := c.titleOf(rest)
	if title == "" {
		return wrong(workspace.Text{
			De: "Wie soll der Stand heißen? Zum Beispiel: `%s`", En: "What is the version to be called? For example: `%s`",
		}, saveVersionExample)
	}
	item := ItemOf(c.t.Event.ID)
	if _, err := whiteboard.In(c.t.Room).Version(on, item); err != nil {
		if err := c.doOn(whiteboard.Save{Whiteboard: on, Version: item, Title: title}); err != nil {
			return err
		}
	}
	it, err := whiteboard.In(c.t.Room).Version(on, item)
	if err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Der Stand %s des Whiteboards %s ist aufbewahrt. `!whiteboard versionen %s` zeigt alle.",
		En: "The version %s of whiteboard %s has been kept. `!whiteboard versions %s` shows all.",
	}, c.calledVersion(it), c.calledWhiteboard(on), c.titleOn(on))
	return nil
}

func (c *command) restoreVersion() error {
	on, rest, err := c.takeVersioned(restoreVersionExample)
	if err != nil {
		return err
	}
	it, err := c.findVersion(on, rest, restoreVersionExample)
	if err != nil {
		return err
	}
	if err := c.doOn(whiteboard.Restore{Whiteboard: on, Version: it.ID}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Whiteboard %s ist wieder wie im Stand %s. Was vorher darauf war, ist als Stand aufbewahrt; `!undo` macht es rückgängig.",
		En: "Whiteboard %s is what it was in the version %s again. What was on it before has been kept as a version; `!undo` takes this back.",
	}, c.calledWhiteboard(on), c.calledVersion(it))
	return nil
}

// forgetVersion removes an earlier version that words name.
func (c *command) forgetVersion(on workspace.ItemID, words []word) error {
	it, err := c.findVersion(on, words, workspace.Text{De: "!whiteboard entfernen Skizze Stand 2", En: "!whiteboard remove Sketch version 2"})
	if err != nil {
		return err
	}
	if err := c.doOn(whiteboard.Forget{Whiteboard: on, Version: it.ID}); err != nil {
		return err
	}
	c.answer(workspace.Text{
		De: "Der Stand %s des Whiteboards %s ist entfernt. `!undo` holt ihn zurück.",
		En: "The version %s of whiteboard %s has been removed. `!undo` brings it back.",
	}, c.calledVersion(it), c.calledWhiteboard(on))
	return nil
}

// findVersion finds an earlier version by its name, the beginning of it, or its place in the
// list. Of several with the same name the latest is meant.
func (c *command) findVersion(on workspace.ItemID, words []word, example workspace.Text) (*workspace.Item, error) {
	versions, err := c.versionsOf(on)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		return nil, wrong(noVersions, c.calledWhiteboard(on), c.titleOn(on))
	}
	if len(words) > 0 && isVersionMark(words[0]) {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, wrong(workspace.Text{
			De: "Welchen Stand meinen Sie? `!whiteboard versionen %s` zeigt sie. Beispiel: `%s`",
			En: "Which version do you mean? `!whiteboard versions %s` shows them. Example: `%s`",
		}, c.titleOn(on), example)
	}
	name := clean(joined(words))
	var begins []*workspace.Item
	for _, it := range versions {
		title := it.Text(whiteboard.Title)
		if strings.EqualFold(title, name) {
			return it, nil
		}
		if name != "" && strings.HasPrefix(strings.ToLower(title), strings.ToLower(name)) {
			begins = append(begins, it)
		}
	}
	if n := place(strings.TrimRight(name, ",;:!?.")); len(begins) != 1 && n >= 1 && n <= len(versions) {
		return versions[n-1], nil
	}
	switch len(begins) {
	case 1:
		return begins[0], nil
	case 0:
		return nil, wrong(workspace.Text{
			De: "Einen Stand „%s“ gibt es von diesem Whiteboard nicht. `!whiteboard versionen %s` zeigt, welche es gibt.",
			En: "There is no version “%s” of this whiteboard. `!whiteboard versions %s` shows which there are.",
		}, short(name, maxNameShown), c.titleOn(on))
	}
	return nil, wrong(workspace.Text{
		De: "„%s“ passt auf mehrere Stände. Bitte schreiben Sie den Namen aus, oder nehmen Sie die Zahl, die in `!whiteboard versionen %s` davor steht.",
		En: "“%s” fits several versions. Please write the whole name, or use the number that `!whiteboard versions %s` shows before it.",
	}, short(name, maxNameShown), c.titleOn(on))
}

// calledVersion names an earlier version in a sentence.
func (c *command) calledVersion(it *workspace.Item) phrase {
	if it.True(whiteboard.Auto) {
		return phrase{workspace.Text{De: "vom %s", En: "of %s"}, []any{c.keptAt(it)}}
	}
	return phrase{workspace.Text{De: "„%s“", En: "“%s”"}, []any{short(it.Text(whiteboard.Title), 100)}}
}

// titleOn is a whiteboard's title, to be typed.
func (c *command) titleOn(on workspace.ItemID) string {
	if it := whiteboard.In(c.t.Room).Whiteboard(on); it != nil {
		return short(it.Text(whiteboard.Title), 100)
	}
	return ""
}

// keptAt is when a version was kept.
func (c *command) keptAt(it *workspace.Item) string {
	at, err := time.Parse(time.RFC3339, it.Text(whiteboard.Created))
	if err != nil {
		return it.Text(whiteboard.Created)
	}
	return c.moment(at)
}

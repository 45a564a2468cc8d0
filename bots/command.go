package bots

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// maxLine is the longest command line in bytes; what follows on further lines
// is a description and has the board's limit.
const maxLine = 8 * 1024

// command is a command that a person typed, while it is carried out.
type command struct {
	t      *Turn
	lang   workspace.Language
	now    time.Time // in the zone in which the person means “today”
	people people
	words  []word // the line after the command's name
	more   string // the lines below it
	// on is the board that the line names, or "".
	on workspace.ItemID
	// typed is what stood where words hold the user ID of a pill.
	typed map[string]string
}

// asTyped is text with names for the user IDs of pills.
func (c *command) asTyped(text string) string {
	for _, user := range slices.Backward(slices.Sorted(maps.Keys(c.typed))) { // a longer one before what it begins with
		text = strings.ReplaceAll(text, user, c.typed[user])
	}
	return text
}

// verb is a command that begins a line.
type verb struct {
	names  []string // as typed after the exclamation mark
	direct bool     // works in a direct chat too
	run    func(*command) error
}

func verbs() []verb {
	return []verb{
		{names: []string{"help", "hilfe", "werkraum"}, direct: true, run: (*command).help},
		{names: []string{"card", "karte", "cards", "karten"}, direct: true, run: (*command).card},
		{names: []string{"todo", "aufgabe", "todos", "aufgaben"}, direct: true, run: (*command).todo},
		{names: []string{"column", "spalte", "columns", "spalten"}, run: (*command).column},
		{names: []string{"label", "schlagwort", "labels", "schlagworte", "schlagwörter", "schlagwoerter"}, run: (*command).labels},
		{names: []string{"board", "boards"}, run: (*command).board},
		{names: []string{"whiteboard", "tafel", "whiteboards", "tafeln"}, run: (*command).whiteboard},
		{names: []string{"view", "ansicht", "views", "ansichten"}, run: (*command).view},
		{names: []string{"undo", "rückgängig", "rueckgaengig"}, direct: true, run: (*command).undo},
		{names: []string{"mine", "meine"}, direct: true, run: (*command).mine},
		{names: []string{"link"}, direct: true, run: (*command).link},
		{names: []string{"language", "sprache"}, direct: true, run: (*command).language},
		{names: []string{"calendar", "kalender"}, direct: true, run: (*command).calendar},
		{names: []string{"remind", "erinnern", "erinnerung", "reminder"}, direct: true, run: (*command).remind},
		{names: []string{"notify", "benachrichtigung", "benachrichtigungen", "notifications"}, run: (*command).notify},
		{names: []string{"digest", "übersicht", "uebersicht"}, run: (*command).digest},
		{names: []string{"timezone", "zeitzone"}, direct: true, run: (*command).timeZone},
		{names: []string{"import", "importieren"}, run: (*command).importFile},
		{names: []string{"export", "exportieren"}, run: (*command).export},
		{names: []string{"token", "tokens"}, run: (*command).token},
	}
}

// findVerb returns the command that a message begins with; ok is false if it
// is not one of ours. Other bots may own every other word.
func findVerb(body string) (v verb, line, more string, ok bool) {
	line, more, _ = strings.Cut(strings.TrimLeftFunc(body, unicode.IsSpace), "\n")
	if !strings.HasPrefix(line, "!") {
		return verb{}, "", "", false
	}
	name, rest := firstWord(line[1:])
	name = strings.TrimRight(name, ",;:.!?") // “!undo!”
	if v, ok = namedVerb(name); !ok {
		return verb{}, "", "", false
	}
	// “!werkraum karte …” helps where another bot answers to !card as well.
	if strings.EqualFold(name, "werkraum") {
		inner, innerRest := firstWord(strings.TrimLeftFunc(rest, unicode.IsSpace))
		if w, found := namedVerb(strings.TrimPrefix(inner, "!")); found {
			v, rest = w, innerRest
		}
	}
	return v, strings.TrimLeftFunc(rest, unicode.IsSpace), more, true
}

// firstWord cuts a line after its first word. Keyboards and what was copied
// from elsewhere bring other blanks than a space (no-break spaces, tabs).
func firstWord(line string) (first, rest string) {
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		return line, ""
	}
	return line[:end], line[end:]
}

func namedVerb(name string) (verb, bool) {
	name = strings.ToLower(name)
	for _, v := range verbs() {
		if slices.Contains(v.names, name) {
			return v, true
		}
	}
	return verb{}, false
}

var (
	lineTooLong = workspace.Text{
		De: "Das ist mit %d Zeichen zu lang. Ein Titel hat höchstens %d Zeichen; Ausführliches schreiben Sie bitte in die Zeilen darunter, es wird die Beschreibung.",
		En: "This is too long with %d characters. A title has at most %d characters; please write details into the lines below, they become the description.",
	}
	onlyInRooms = workspace.Text{
		De: "Dieser Befehl gilt einem Projektraum; bitte schreiben Sie ihn dort. Hier im Direktchat helfe ich mit `!meine` (Ihre Aufgaben aus allen Räumen), `!todo` (persönliche Aufgaben), `!link` (private Links zu Ihren Boards) und `!hilfe`.",
		En: "This command is about a project room; please write it there. Here in the direct chat I help with `!mine` (your tasks of all rooms), `!todo` (personal to-dos), `!link` (private links to your boards) and `!help`.",
	}
	oneCommandOnly = workspace.Text{
		De: "Bitte schreiben Sie nur einen Befehl je Nachricht. Ich habe nichts geändert.",
		En: "Please write only one command in a message. I have changed nothing.",
	}
	noArguments = workspace.Text{
		De: "„%s“ verstehe ich hier nicht; bitte lassen Sie es weg.",
		En: "I do not understand “%s” here; please leave it out.",
	}
)

// command carries out a message that begins with one of our commands, and
// reports whether it does.
func (b *Bot) command(t *Turn) bool {
	v, line, more, ok := findVerb(t.Event.Body)
	if !ok {
		return false
	}
	lang := t.Lang()
	if t.Direct && !v.direct {
		answer := say(lang, onlyInRooms)
		t.Answer = &answer
		return true
	}
	if len(line) > maxLine {
		t.Answer = refusal(lang, wrong(lineTooLong, utf8.RuneCountInString(line), board.MaxTitle))
		return true
	}
	for below := range strings.Lines(more) {
		if _, _, _, another := findVerb(below); another {
			t.Answer = refusal(lang, wrong(oneCommandOnly))
			return true
		}
	}
	at := t.Event.At
	if at.IsZero() {
		at = t.Now
	}
	line, typed := named(line, t.Event.HTML)
	c := &command{
		t: t, lang: lang, now: at.In(t.Room.Zone),
		people: people{room: t.Room, bot: t.Bot, sender: t.Event.Sender, mentioned: t.Event.Mentions},
		words:  split(line), more: strings.TrimSpace(more), typed: typed,
	}
	if err := v.run(c); err != nil {
		t.Answer, t.PostCard, t.Notify, t.Whisper = refusal(lang, err), "", nil, nil
	}
	return true
}

// answer is the one answer to the command.
func (c *command) answer(text workspace.Text, args ...any) {
	m := say(c.lang, text, args...)
	c.t.Answer = &m
}

// do carries out one or several acts as one change, so that one undo takes all
// of it back.
func (c *command) do(acts ...board.Act) error {
	if len(acts) == 0 {
		return errNothing // no deed, so nobody's right to it can be judged
	}
	_, err := c.t.Do(workspace.ViaCommand, board.On(together(acts)))
	return err
}

func (c *command) noMore() error {
	if len(c.words) > 0 {
		return wrong(noArguments, short(joined(c.words), maxNameShown))
	}
	return nil
}

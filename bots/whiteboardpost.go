package bots

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
	"werkraum/workspace/whiteboard/picture"
)

var (
	noWhiteboards = workspace.Text{
		De: "Dieser Raum hat noch kein Whiteboard. Eines legen Sie so an: `!whiteboard neu Skizze`",
		En: "This room has no whiteboard yet. You can add one like this: `!whiteboard new Sketch`",
	}
	whichWhiteboard = workspace.Text{
		De: "Welches Whiteboard meinen Sie? Vorhanden: %s. Beispiel: `%s`",
		En: "Which whiteboard do you mean? There are: %s. Example: `%s`",
	}
	unknownWhiteboard = workspace.Text{
		De: "Ein Whiteboard „%s“ gibt es hier nicht. Vorhanden: %s.",
		En: "There is no whiteboard “%s” here. There are: %s.",
	}
	emptyWhiteboard = workspace.Text{
		De: "Auf dem Whiteboard %s ist noch nichts. `!whiteboard öffnen` schickt Ihnen einen Link, mit dem Sie zeichnen können.",
		En: "There is nothing on whiteboard %s yet. `!whiteboard open` sends you a link with which you can draw.",
	}
)

const (
	maxCaption      = 900 // characters below a picture; !whiteboard show tells all
	maxOutlineLines = 120
)

// takeWhiteboard takes the whiteboard at the beginning of the line, and what follows. Where
// there is only one, and no name of it, that is meant.
func (c *command) takeWhiteboard(example workspace.Text) (on workspace.ItemID, rest []word, err error) {
	all := whiteboard.In(c.t.Room).All()
	if len(all) == 0 {
		return "", nil, wrong(noWhiteboards)
	}
	words := c.words
	if len(words) == 0 || isFrameMark(words[0]) {
		if len(all) > 1 {
			return "", nil, wrong(whichWhiteboard, c.whiteboardTitles(all), example)
		}
		return all[0].ID, words, nil
	}
	for n := min(len(words), maxColumnWords); n > 0; n-- {
		name := clean(joined(words[:n]))
		exact := slices.Collect(func(yield func(*workspace.Item) bool) {
			for _, it := range all {
				if strings.EqualFold(it.Text(whiteboard.Title), name) && !yield(it) {
					return
				}
			}
		})
		switch {
		case len(exact) == 1:
			return exact[0].ID, words[n:], nil
		case len(exact) > 1:
			return "", nil, wrong(workspace.Text{
				De: "„%s“ heißen hier mehrere Whiteboards. Bitte nehmen Sie statt des Namens die Zahl, die in `!whiteboard liste` davor steht.",
				En: "Several whiteboards are called “%s” here. Instead of the name, please use the number that `!whiteboard list` shows before it.",
			}, short(name, maxNameShown))
		}
	}
	name := strings.ToLower(clean(strings.TrimRight(words[0].text, ",;:!?.")))
	var begins []*workspace.Item
	for _, it := range all {
		if name != "" && strings.HasPrefix(strings.ToLower(it.Text(whiteboard.Title)), name) {
			begins = append(begins, it)
		}
	}
	if len(begins) == 1 {
		return begins[0].ID, words[1:], nil
	}
	if n := place(name); n >= 1 && n <= len(all) && len(begins) == 0 {
		return all[n-1].ID, words[1:], nil
	}
	if len(begins) > 1 {
		return "", nil, wrong(workspace.Text{
			De: "„%s“ passt auf mehrere Whiteboards: %s. Bitte schreiben Sie den Namen aus.",
			En: "“%s” fits several whiteboards: %s. Please write the whole name.",
		}, short(words[0].text, maxNameShown), c.whiteboardTitles(begins))
	}
	return "", nil, wrong(unknownWhiteboard, short(words[0].text, maxNameShown), c.whiteboardTitles(all))
}

func (c *command) whiteboardTitles(list []*workspace.Item) (n names) {
	for _, it := range list {
		n.list = append(n.list, short(it.Text(whiteboard.Title), maxNameShown))
	}
	return n
}

// calledWhiteboard names a whiteboard in a sentence.
func (c *command) calledWhiteboard(on workspace.ItemID) phrase {
	title := ""
	if it := whiteboard.In(c.t.Room).Whiteboard(on); it != nil {
		title = it.Text(whiteboard.Title)
	}
	return phrase{workspace.Text{De: "„%s“", En: "“%s”"}, []any{short(title, 100)}}
}

func isFrameMark(w word) bool {
	return slices.Contains([]string{"rahmen", "frame", "folie", "slide"}, w.plain())
}

// spot is a whiteboard that a line names, and the frame on it, if it names one: then its ID
// and title are set.
type spot struct {
	on    workspace.ItemID
	scene *picture.Scene
	frame picture.Part
}

// takeSpot is what the whole line names.
func (c *command) takeSpot(example workspace.Text) (s spot, err error) {
	on, rest, err := c.takeWhiteboard(example)
	if err != nil {
		return s, err
	}
	s = spot{on: on, scene: picture.Take(c.t.Room, on)}
	if len(rest) == 0 {
		return s, nil
	}
	if c.words = rest; !isFrameMark(rest[0]) {
		return s, c.noMore()
	}
	s.frame, err = c.findFrame(c.framesOf(s.scene), joined(rest[1:]))
	return s, err
}

// framesOf are the frames of a whiteboard, in order, each with a name.
func (c *command) framesOf(scene *picture.Scene) (frames []picture.Part) {
	for _, p := range scene.Outline() {
		if p.Frame != "" {
			if p.Title == "" {
				p.Title = say(c.lang, workspace.Text{De: "Rahmen %d", En: "Frame %d"}, len(frames)+1).Body
			}
			frames = append(frames, p)
		}
	}
	return frames
}

// findFrame finds a frame by its whole name or the beginning of it, or by its place.
func (c *command) findFrame(frames []picture.Part, name string) (picture.Part, error) {
	typed := short(name, maxNameShown)
	name = strings.ToLower(clean(strings.TrimRight(name, ",;:!?.")))
	var begins []picture.Part
	list := names{}
	for _, f := range frames {
		title := strings.ToLower(f.Title)
		if title == name {
			return f, nil
		}
		if name != "" && strings.HasPrefix(title, name) {
			begins = append(begins, f)
		}
		if len(list.list) < maxListLines {
			list.list = append(list.list, short(f.Title, maxNameShown))
		}
	}
	if len(begins) == 1 {
		return begins[0], nil
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(frames) {
		return frames[n-1], nil
	}
	if len(frames) == 0 {
		return picture.Part{}, wrong(workspace.Text{De: "Auf diesem Whiteboard gibt es keine Rahmen.", En: "There are no frames on this whiteboard."})
	}
	return picture.Part{}, wrong(workspace.Text{
		De: "Einen Rahmen „%s“ gibt es auf diesem Whiteboard nicht. Vorhanden: %s.",
		En: "There is no frame “%s” on this whiteboard. There are: %s.",
	}, typed, list)
}

// openWhiteboard sends a private link that opens a whiteboard.
func (c *command) openWhiteboard() error {
	on, rest, err := c.takeWhiteboard(workspace.Text{De: "!whiteboard öffnen Skizze", En: "!whiteboard open Sketch"})
	if err != nil {
		return err
	}
	if c.words = rest; len(rest) > 0 {
		return c.noMore()
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
		return err
	}
	m := LinkSent(c.lang)
	c.t.Answer, c.t.SendLink, c.t.Open = &m, true, on
	return nil
}

// WhiteboardLink is the direct message with a private link that opens a whiteboard.
func WhiteboardLink(lang workspace.Language, link RoomLink, title string, minutes int) Message {
	m := say(lang, workspace.Text{
		De: "Ihr privater Link zum Whiteboard „%s“ von „%s“. Er gilt %d Minuten und nur einmal; bitte geben Sie ihn nicht weiter.",
		En: "Your private link to the whiteboard “%s” of “%s”. It is valid for %d minutes and only once; please do not pass it on.",
	}, short(title, 100), roomTitle(lang, link.Room), minutes)
	label := workspace.Text{De: "Whiteboard öffnen", En: "Open the whiteboard"}.In(lang)
	return m.add(Message{Body: link.URL, HTML: anchor(link.URL, label)})
}

// postWhiteboard has a picture of a whiteboard posted, with what it says in words.
func (c *command) postWhiteboard() error {
	s, err := c.takeSpot(workspace.Text{De: "!whiteboard senden Skizze", En: "!whiteboard post Sketch"})
	if err != nil {
		return err
	}
	return c.post(s, Drawing{Whiteboard: s.on, Frame: s.frame.Frame, Name: fileNamed(cmp.Or(s.frame.Title, s.scene.Title)) + ".png"})
}

// exportWhiteboard has a whiteboard posted as Excalidraw's own file.
func (c *command) exportWhiteboard() error {
	on, rest, err := c.takeWhiteboard(workspace.Text{De: "!whiteboard exportieren Skizze", En: "!whiteboard export Sketch"})
	if err != nil {
		return err
	}
	if c.words = rest; len(rest) > 0 {
		return c.noMore()
	}
	s := spot{on: on, scene: picture.Take(c.t.Room, on)}
	return c.post(s, Drawing{Whiteboard: on, File: true, Name: fileNamed(s.scene.Title) + ".excalidraw"})
}

func (c *command) post(s spot, d Drawing) error {
	if err := c.t.Room.May(c.t.Event.Sender, whiteboard.PostDeed); err != nil {
		return err
	}
	if s.scene.Empty() {
		return wrong(emptyWhiteboard, c.calledWhiteboard(s.on))
	}
	c.t.Drawing = &d
	return nil
}

// fileNamed is a title as the name of a file on any computer.
func fileNamed(title string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, short(title, 80))
	return cmp.Or(strings.Trim(name, " .-"), "whiteboard")
}

// showWhiteboard tells what is written on a whiteboard.
func (c *command) showWhiteboard() error {
	s, err := c.takeSpot(workspace.Text{De: "!whiteboard zeigen Skizze", En: "!whiteboard show Sketch"})
	if err != nil {
		return err
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
		return err
	}
	parts := []picture.Part{s.frame}
	if s.frame.Frame == "" {
		parts = c.framesOf(s.scene)
		for _, p := range s.scene.Outline() {
			if p.Frame == "" {
				parts = append(parts, p)
			}
		}
	}
	m := say(c.lang, workspace.Text{De: "**Whiteboard „%s“**", En: "**Whiteboard “%s”**"}, short(s.scene.Title, 100))
	lines := 0
	for _, p := range parts {
		if p.Title != "" {
			m = m.add(say(c.lang, workspace.Text{De: "**%s**", En: "**%s**"}, short(p.Title, 100)))
		}
		for _, line := range p.Lines {
			if lines++; lines <= maxOutlineLines {
				m = m.add(literal("• " + short(line, 200)))
			}
		}
	}
	switch {
	case lines > maxOutlineLines:
		m = m.add(say(c.lang, andMore, lines-maxOutlineLines))
	case lines == 0:
		m = m.add(say(c.lang, workspace.Text{De: "Darauf steht noch kein Text.", En: "There is no text on it yet."}))
	}
	m = m.fitting(maxAnswer)
	c.t.Answer = &m
	return nil
}

// DrawingCaption is what stands below the picture of a whiteboard, or of one frame of it: what
// is written on it, for those who do not see it.
func DrawingCaption(lang workspace.Language, scene *picture.Scene, frame string) string {
	text := say(lang, workspace.Text{De: "Whiteboard „%s“", En: "Whiteboard “%s”"}, short(scene.Title, 100)).Body
	var parts []string
	for _, p := range scene.Outline() {
		words := p.Title
		if len(p.Lines) > 0 {
			words = strings.TrimPrefix(p.Title+": ", ": ") + strings.Join(p.Lines, " · ")
		}
		if words != "" && (frame == "" || p.Frame == frame) {
			parts = append(parts, words)
		}
	}
	list := strings.Join(parts, "\n")
	if runes := []rune(list); len(runes) > maxCaption {
		list = strings.TrimSpace(string(runes[:maxCaption])) + "…"
	}
	return strings.TrimSpace(text + "\n" + list)
}

// FileCaption is what stands below a whiteboard's file, in which so many images are missing.
func FileCaption(lang workspace.Language, scene *picture.Scene, missing int) string {
	m := say(lang, workspace.Text{
		De: "Whiteboard „%s“ als Datei. Werkraum und Excalidraw können sie öffnen.",
		En: "Whiteboard “%s” as a file. Werkraum and Excalidraw can open it.",
	}, short(scene.Title, 100))
	if missing > 0 {
		m = m.add(say(lang, workspace.Text{
			De: "Bilder, die fehlen, weil sie zu groß oder gerade nicht zu bekommen sind: %d", En: "Images that are missing because they are too large or cannot be had at the moment: %d",
		}, missing))
	}
	return m.Body
}

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
	"werkraum/workspace"
	"werkraum/workspace/board"
)

// judge is a room in which four people of different power try everything, and Anna, who
// prepares what they try it on and watches what comes of it.
type judge struct {
	*scene
	board  *tab
	people []*contestant
	// byAPI has what is otherwise done on the page done by the REST API.
	byAPI bool
}

// contestant is somebody with a board of their own; may is the least of deeds that they
// may do, as the room's settings say.
type contestant struct {
	*person
	board *tab
	// session is that of the board, with which the API can be used too.
	session string
	may     map[workspace.Action]bool
}

// made counts the changes of somebody that came a certain way, as Anna sees them.
func (j *judge) made(by id.UserID, via string) (n int) {
	j.board.Look(func(st pageState) {
		for _, c := range st.Commits {
			if c.By == by && c.Via == via {
				n++
			}
		}
	})
	return n
}

// card has Anna make a card and returns its ID and number.
func (j *judge) card() (name, number string) {
	name = newItem()
	j.board.do("card.add", object{"card": name, "title": "Karte " + name})
	item := j.board.card("Karte " + name)
	return name, fmt.Sprint(item.Fields["number"])
}

// anotherBoard has Anna make a board and returns its ID and title.
func (j *judge) anotherBoard() (name, title string) {
	name = newItem()
	title = strings.ReplaceAll(name, "-", "x")
	j.board.do("board.add", object{"board": name, "title": title})
	return name, title
}

func (j *judge) column() (name, title string) {
	name = newItem()
	title = strings.ReplaceAll(name, "-", "x")
	j.board.do("column.add", object{"column": name, "title": title})
	j.board.column(title)
	return name, title
}

// onPage has somebody do it on their page; what comes back is whether it was done, and a
// refusal must be the right one.
func (j *judge) onPage(c *contestant, act string, args object) bool {
	if j.byAPI {
		return j.onAPI(c, act, args)
	}
	refusal := c.board.try(act, args)
	if refusal != nil && refusal.Kind != "forbidden" {
		j.t.Errorf("%s, %s on the page: refused with %v, want forbidden or done", c.DisplayName, act, refusal)
	}
	return refusal == nil
}

// onAPI has somebody do it by the REST API.
func (j *judge) onAPI(c *contestant, act string, args object) bool {
	if args == nil {
		args = object{}
	}
	body, err := json.Marshal(object{"act": act, "args": args})
	if err != nil {
		j.t.Fatal(err)
	}
	status, answer := j.request(http.MethodPost, "/acts", c.session, body)
	if status != http.StatusOK && status != http.StatusForbidden {
		j.t.Errorf("%s, %s by the API: status %d, %v", c.DisplayName, act, status, answer)
	}
	return status == http.StatusOK
}

// told has somebody use a command that changes nothing on the board; a refusal is said in
// the room.
func (j *judge) told(c *contestant, command string) bool {
	return !strings.Contains(c.ask(j.room, command).Body, "dürfen")
}

// typed has somebody type a command.
func (j *judge) typed(c *contestant, command string) bool {
	before := j.made(c.UserID, "command")
	answer := c.ask(j.room, command)
	if strings.Contains(answer.Body, "dürfen") {
		if j.made(c.UserID, "command") != before {
			j.t.Errorf("%s, %s: refused and done", c.DisplayName, command)
		}
		return false
	}
	until(j.t, "the change of "+command, func() error {
		if j.made(c.UserID, "command") <= before {
			return fmt.Errorf("the bot says %q, and nothing has changed", answer.Body)
		}
		return nil
	})
	return true
}

// reacted has somebody react; a refusal is said in the room.
func (j *judge) reacted(c *contestant, target id.EventID, key string) bool {
	before, refusals := j.made(c.UserID, "reaction"), len(j.refusals(target))
	c.react(j.room, target, key)
	done := false
	until(j.t, "what comes of "+key, func() error {
		done = j.made(c.UserID, "reaction") > before
		if !done && len(j.refusals(target)) == refusals {
			return fmt.Errorf("neither done nor refused")
		}
		return nil
	})
	return done
}

func (j *judge) refusals(target id.EventID) (list []message) {
	for _, m := range j.anna.said(j.room, j.Bot) {
		if m.Relates.ReplyTo.Event == target && strings.Contains(m.Body, "dürfen") {
			list = append(list, m)
		}
	}
	return list
}

// ways lists how each deed is done. A deed that is missing here fails the test.
func (j *judge) ways() map[workspace.Deed]map[string]func(c *contestant) bool {
	type ways = map[string]func(c *contestant) bool
	var other string
	j.board.Look(func(st pageState) {
		for _, c := range st.Columns() {
			if c.Text("title") == "In Arbeit" {
				other = c.ID
			}
		}
	})
	cardWay := func(act string, args func(card string) object) func(c *contestant) bool {
		return func(c *contestant) bool {
			name, _ := j.card()
			c.board.card("Karte " + name)
			return j.onPage(c, act, args(name))
		}
	}
	boardWay := func(act string, args func(board string) object) func(c *contestant) bool {
		return func(c *contestant) bool {
			name, _ := j.anotherBoard()
			return j.onPage(c, act, args(name))
		}
	}
	numbered := func(format string) func(c *contestant) bool {
		return func(c *contestant) bool {
			_, number := j.card()
			return j.typed(c, fmt.Sprintf(format, number))
		}
	}
	return map[workspace.Deed]ways{
		"card.add": {
			"page":     func(c *contestant) bool { return j.onPage(c, "card.add", object{"card": newItem(), "title": "Neu"}) },
			"command":  func(c *contestant) bool { return j.typed(c, "!karte neu Getippt") },
			"reaction": func(c *contestant) bool { return j.reacted(c, j.anna.say(j.room, "Bitte merken"), "📌") },
		},
		"card.edit": {
			"page":    cardWay("card.edit", func(n string) object { return object{"card": n, "title": "Anders"} }),
			"command": numbered("!karte ändern %s Anders getippt"),
		},
		"card.move": {
			"page":    cardWay("card.move", func(n string) object { return object{"card": n, "column": other} }),
			"command": numbered("!karte verschieben %s In Arbeit"),
		},
		"cards.move": {"command": func(c *contestant) bool {
			_, one := j.card()
			_, two := j.card()
			return j.typed(c, fmt.Sprintf("!karte verschieben %s %s In Arbeit", one, two))
		}},
		"card.assign": {
			"page":    cardWay("card.assign", func(n string) object { return object{"card": n, "user": j.anna.UserID, "on": true} }),
			"command": numbered("!karte zuweisen %s " + j.anna.UserID.String()),
		},
		"card.label": {
			"page":    cardWay("card.label", func(n string) object { return object{"card": n, "label": "bau", "on": true} }),
			"command": numbered("!karte schlagwort %s bau"),
		},
		"card.repeat": {
			"page":    cardWay("card.repeat", func(n string) object { return object{"card": n, "rule": "FREQ=WEEKLY"} }),
			"command": numbered("!karte wiederholen %s wöchentlich"),
		},
		"card.done": {
			"page":    cardWay("card.done", func(n string) object { return object{"card": n} }),
			"command": numbered("!karte fertig %s"),
			"reaction": func(c *contestant) bool {
				answer := j.anna.ask(j.room, "!karte neu Zum Abhaken")
				j.cardOf(answer)
				return j.reacted(c, answer.ID, "✅")
			},
		},
		"card.delete": {
			"page":    cardWay("card.delete", func(n string) object { return object{"card": n} }),
			"command": numbered("!karte löschen %s"),
		},
		"card.restore": {
			"page": cardWay("card.restore", func(n string) object {
				j.board.do("card.delete", object{"card": n})
				return object{"card": n}
			}),
			"command": func(c *contestant) bool {
				name, number := j.card()
				j.board.do("card.delete", object{"card": name})
				return j.typed(c, "!karte wiederherstellen "+number)
			},
		},
		"card.archive": {"page": cardWay("card.archive", func(n string) object { return object{"card": n, "on": true} }), "command": numbered("!karte archivieren %s")},
		"card.check":   {"page": cardWay("card.check", func(n string) object { return object{"card": n, "entry": newItem(), "title": "Punkt"} }), "command": numbered("!karte punkt %s Punkt")},
		"card.relate": {"page": cardWay("card.relate", func(n string) object {
			other, _ := j.card()
			return object{"card": n, "relation": "blocks", "other": other, "on": true}
		}), "command": func(c *contestant) bool {
			_, one := j.card()
			_, two := j.card()
			return j.typed(c, fmt.Sprintf("!karte verknüpfen %s blockiert %s", one, two))
		}},
		"card.link": {"page": cardWay("card.link", func(n string) object { return object{"card": n, "link": newItem(), "url": "https://example.org/"} }), "command": numbered("!karte verweis %s https://example.org/")},
		"card.unfile": {"page": func(c *contestant) bool {
			card, file := j.withPicture(j.anna)
			return j.onPage(c, "card.unfile", object{"card": card, "file": file})
		}, "command": func(c *contestant) bool {
			card, _ := j.withPicture(j.anna)
			return j.typed(c, "!karte dateien "+j.number(card)+" weg 1")
		}},
		"card.cover": {"page": func(c *contestant) bool {
			card, file := j.withPicture(j.anna)
			return j.onPage(c, "card.cover", object{"card": card, "file": file})
		}, "command": func(c *contestant) bool {
			card, _ := j.withPicture(j.anna)
			return j.typed(c, "!karte titelbild "+j.number(card)+" 1")
		}},
		workspace.PostFile: {"thread": func(c *contestant) bool {
			_, file := j.withPicture(c.person)
			return file != ""
		}},
		workspace.SendFile: {"http": func(c *contestant) bool {
			card, _ := j.card()
			got := j.upload(j.t, c.signIn(j.house, j.room), card, newItem(), "Foto.png", picture(j.t))
			if got.status != http.StatusCreated && got.status != http.StatusForbidden {
				j.t.Errorf("%s sends a file: %d %s", c.DisplayName, got.status, got.body)
			}
			return got.status == http.StatusCreated
		}},
		"cards": {"page": cardWay("cards", func(n string) object { return object{"cards": []string{n}, "change": object{"priority": "high"}} })},
		"label.edit": {"page": func(c *contestant) bool {
			return j.onPage(c, "label.edit", object{"label": newItem(), "color": "red"})
		}, "command": func(c *contestant) bool { return j.typed(c, "!schlagwort farbe "+newItem()+" rot") }},
		"label.remove": {"page": func(c *contestant) bool {
			label := newItem()
			j.board.do("label.edit", object{"label": label, "color": "red"})
			return j.onPage(c, "label.remove", object{"label": label})
		}, "command": func(c *contestant) bool {
			label := newItem()
			j.board.do("label.edit", object{"label": label, "color": "red"})
			return j.typed(c, "!schlagwort entfernen "+label)
		}},
		"view.save": {"page": func(c *contestant) bool {
			return j.onPage(c, "view.save", object{"view": newItem(), "title": "Meine", "layout": "table"})
		}, "command": func(c *contestant) bool { return j.typed(c, "!ansicht speichern "+newItem()+" meine") }},
		"view.remove": {"page": func(c *contestant) bool {
			view := newItem()
			j.board.do("view.save", object{"view": view, "title": "Alte", "layout": "table"})
			return j.onPage(c, "view.remove", object{"view": view})
		}, "command": func(c *contestant) bool {
			view := newItem()
			j.board.do("view.save", object{"view": view, "title": view, "layout": "table"})
			return j.typed(c, "!ansicht löschen "+view)
		}},
		"board.add": {
			"page": func(c *contestant) bool {
				return j.onPage(c, "board.add", object{"board": newItem(), "title": "Neu"})
			},
			"command": func(c *contestant) bool { return j.typed(c, "!board neu Getippt "+newItem()) },
		},
		"board.edit": {
			"page": boardWay("board.edit", func(b string) object { return object{"board": b, "title": "Anders"} }),
			"command": func(c *contestant) bool {
				_, title := j.anotherBoard()
				return j.typed(c, "!board umbenennen "+title+" in Anders "+newItem())
			},
		},
		"board.move": {"page": boardWay("board.move", func(b string) object { return object{"board": b} })},
		"board.archive": {
			"page": boardWay("board.archive", func(b string) object { return object{"board": b, "on": true} }),
			"command": func(c *contestant) bool {
				_, title := j.anotherBoard()
				return j.typed(c, "!board archivieren "+title)
			},
		},
		"board.remove": {"page": boardWay("board.remove", func(b string) object { return object{"board": b} })},
		"board.save": {"page": boardWay("board.save", func(b string) object {
			return object{"board": b, "template": newItem(), "title": "Vorlage"}
		})},
		"column.add": {
			"page": func(c *contestant) bool {
				return j.onPage(c, "column.add", object{"column": newItem(), "title": "Neu"})
			},
			"command": func(c *contestant) bool { return j.typed(c, "!spalte neu Getippt "+newItem()) },
		},
		"column.edit": {
			"page": func(c *contestant) bool {
				name, _ := j.column()
				return j.onPage(c, "column.edit", object{"column": name, "title": "Anders"})
			},
			"command": func(c *contestant) bool {
				_, title := j.column()
				return j.typed(c, "!spalte umbenennen "+title+" Anders "+newItem())
			},
		},
		"column.move": {"page": func(c *contestant) bool {
			name, _ := j.column()
			return j.onPage(c, "column.move", object{"column": name, "before": other})
		}},
		"column.remove": {
			"page": func(c *contestant) bool {
				name, _ := j.column()
				return j.onPage(c, "column.remove", object{"column": name})
			},
			"command": func(c *contestant) bool {
				_, title := j.column()
				return j.typed(c, "!spalte entfernen "+title)
			},
		},
		workspace.UndoOwn: {
			"page": func(c *contestant) bool {
				_ = c.board.try("card.add", object{"card": newItem(), "title": "Versehen"})
				return j.onPage(c, "undo", nil)
			},
			"command": func(c *contestant) bool {
				_ = c.board.try("card.add", object{"card": newItem(), "title": "Versehen"})
				return j.typed(c, "!undo")
			},
		},
		workspace.UndoOthers: {"page": func(c *contestant) bool {
			name, _ := j.card()
			var change string
			j.board.Look(func(st pageState) {
				for _, commit := range st.Commits {
					if len(commit.Ops) > 0 && commit.Ops[0].Item == name && commit.By == j.anna.UserID {
						change = commit.ID
					}
				}
			})
			return j.onPage(c, "undo", object{"change": change})
		}},
		workspace.AddComment:  {"page": cardWay(string(workspace.AddComment), func(n string) object { return object{"card": n, "text": "Ein Kommentar"} })},
		workspace.EditComment: {"page": func(c *contestant) bool { return j.editedOnPage(c) }},
		workspace.DropOwn: {
			"redaction": func(c *contestant) bool { return j.dropped(c, c.person) },
			"page":      func(c *contestant) bool { return j.droppedOnPage(c, c.board) },
		},
		workspace.DropOthers: {
			"redaction": func(c *contestant) bool { return j.dropped(c, j.anna) },
			"page":      func(c *contestant) bool { return j.droppedOnPage(c, j.board) },
		},
		workspace.SetLanguage: {"command": func(c *contestant) bool { return j.told(c, "!sprache de") }},
		workspace.AddToken:    {"command": func(c *contestant) bool { return j.told(c, "!token neu lesen") }},
		workspace.ListTokens:  {"command": func(c *contestant) bool { return j.told(c, "!token liste") }},
		workspace.RevokeToken: {"command": func(c *contestant) bool { return j.told(c, "!token entziehen abc123") }},
		"board.import": {"http": func(c *contestant) bool {
			status, answer := j.request(http.MethodPost, "/imports", c.session, []byte("Titel;Spalte\nÜbernommen;"))
			if status != http.StatusOK && status != http.StatusForbidden {
				j.t.Errorf("%s imports: status %d, %v", c.DisplayName, status, answer)
			}
			return status == http.StatusOK
		}, "command": func(c *contestant) bool {
			file := j.anna.sendFile(j.room, "tabelle.csv", []byte("Titel;Spalte\nÜbernommen;"))
			answer := c.reply(j.room, file, "!importieren neu")
			return !strings.Contains(answer.Body, "dürfen")
		}},
		workspace.SetTimeZone: {"command": func(c *contestant) bool {
			answer := c.ask(j.room, "!zeitzone Europe/Berlin")
			return !strings.Contains(answer.Body, "dürfen")
		}},
		workspace.SetLevel: {"command": func(c *contestant) bool {
			answer := c.ask(j.room, "!benachrichtigung alle")
			return !strings.Contains(answer.Body, "dürfen")
		}},
		workspace.SetDigest: {"command": func(c *contestant) bool {
			answer := c.ask(j.room, "!übersicht aus")
			return !strings.Contains(answer.Body, "dürfen")
		}},
		workspace.Look: {"api": func(c *contestant) bool {
			status, _ := j.request(http.MethodGet, "/cards", c.session, nil)
			return status == http.StatusOK
		}, "http": func(c *contestant) bool {
			session, err := page.SignInOpenID(j.t.Context(), j.URL, j.room, c.openID())
			if err != nil {
				return false
			}
			_ = openTab(j.t, j.house, session)
			return true
		}},
	}
}

// cardOf waits until a message is known as a card's, and returns the card.
func (j *judge) cardOf(m message) (card string) {
	j.board.await("the card of the message", func(st pageState) bool {
		for name, item := range st.Cards() {
			if item.Text("message") == m.ID.String() {
				card = name
			}
		}
		return card != ""
	})
	return card
}

// droppedOnPage has somebody take away on the page what the bot has posted for the person
// of a page.
func (j *judge) droppedOnPage(c *contestant, author *tab) bool {
	card, _ := j.card()
	author.do("comment.add", object{"card": card, "text": "Ein Kommentar von der Seite"})
	posted := func(n int) func(pageState) bool { return func(st pageState) bool { return st.Counts[card] == n } }
	j.board.await("the comment", posted(1))
	done := j.onPage(c, "comment.drop", object{"comment": j.board.comments(card)[0].Event})
	if done {
		j.board.await("the comment to be gone", posted(0))
	}
	return done
}

// editedOnPage has somebody edit what the bot has posted for them. What it has posted for
// somebody else nobody edits.
func (j *judge) editedOnPage(c *contestant) bool {
	card, _ := j.card()
	comment := func(author *tab) page.Comment {
		n := 0
		j.board.Look(func(st pageState) { n = st.Counts[card] })
		author.do("comment.add", object{"card": card, "text": "Ein Kommentar von der Seite"})
		j.board.await("the comment", func(st pageState) bool { return st.Counts[card] == n+1 })
		return j.board.comments(card)[n]
	}
	if j.onPage(c, "comment.edit", object{"comment": comment(j.board).Event, "text": "Nicht meiner"}) {
		j.t.Errorf("%s edits what somebody else has said", c.DisplayName)
	}
	mine := comment(c.board)
	if !j.onPage(c, "comment.edit", object{"comment": mine.Event, "text": "Anders gesagt"}) {
		return false
	}
	j.board.await("the edit", func(st pageState) bool {
		return slices.ContainsFunc(st.Comments[card], func(said page.Comment) bool { return said.Event == mine.Event && said.Body == "Anders gesagt" })
	})
	return true
}

// withPicture has somebody post a picture in the thread of a new card.
func (j *judge) withPicture(author *person) (card, file string) {
	answer := j.anna.ask(j.room, "!karte neu Mit Bild")
	card = j.cardOf(answer)
	author.await(j.room, "the card's message", func(e *event.Event) bool { return e.ID == answer.ID })
	author.postFile(j.room, answer.ID, "m.image", "Bild.png", "image/png", picture(j.t))
	return card, j.board.file(card, "Bild.png")
}

// number is the number by which commands name a card.
func (j *judge) number(card string) (number string) {
	j.board.Look(func(st pageState) { number = fmt.Sprint(st.Items["card/"+card].Fields["number"]) })
	return number
}

// dropped has somebody take away a comment of an author's.
func (j *judge) dropped(c *contestant, author *person) bool {
	answer := j.anna.ask(j.room, "!karte neu Mit Kommentar")
	card := j.cardOf(answer)
	said := author.sayIn(j.room, answer.ID, "Ein Kommentar")
	j.board.await("the comment", func(st pageState) bool { return st.Counts[card] == 1 })
	c.await(j.room, "the comment", func(e *event.Event) bool { return e.ID == said })
	if _, err := c.Client.RedactEvent(j.t.Context(), j.room, said); err != nil {
		return false // the homeserver does not let them
	}
	j.board.await("the comment to be gone", func(st pageState) bool { return st.Counts[card] == 0 })
	return true
}

// Everything that can be done with a board, by everybody, on every way: done by those who have
// the power for it, and refused to the others without a trace.
func TestEveryDeedOnEveryWay(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		j := &judge{scene: s, board: s.page(s.anna)}
		const edit, moderate, configure = 10, 40, 60
		all := []workspace.Action{workspace.Retract, workspace.See, workspace.Speak, workspace.Edit, workspace.Moderate, workspace.Configure}
		for _, p := range []struct {
			name  string
			level int
			may   int // of all
		}{{"Lesend", 0, 3}, {"Schreibend", edit, 4}, {"Moderierend", moderate, 5}, {"Leitend", configure, 6}} {
			c := &contestant{person: newPerson(t, w.amt, p.name), may: map[workspace.Action]bool{}}
			for _, action := range all[:p.may] {
				c.may[action] = true
			}
			s.anna.invite(s.room, c.UserID)
			c.join(s.room, w.amt.ServerName)
			s.anna.empower(s.room, c.UserID, p.level)
			j.people = append(j.people, c)
		}
		s.anna.power(s.room, func(levels object) {
			events, _ := levels["events"].(object)
			if events == nil {
				events = object{}
			}
			events[workspace.ChangeEvent] = edit
			levels["events"], levels["redact"], levels["state_default"] = events, moderate, configure
		})
		for _, c := range j.people {
			session := c.signIn(s.house, s.room)
			c.board, c.session = openTab(t, s.house, session), session.Token
			c.board.await("the rights", func(st pageState) bool {
				return st.Me.Can.Edit == c.may[workspace.Edit] && st.Me.Can.Configure == c.may[workspace.Configure]
			})
		}
		ways := j.ways()
		for deed, way := range ways { // what is an act on the board can be done by the API
			_, notAnAct := board.Decode(string(deed), []byte(`{}`))
			if onPage := way["page"]; onPage != nil && (notAnAct == nil || strings.HasPrefix(string(deed), "undo")) {
				way["api"] = func(c *contestant) bool {
					j.byAPI = true
					defer func() { j.byAPI = false }()
					return onPage(c)
				}
			}
		}
		for _, deed := range workspace.Deeds() {
			if len(ways[deed]) == 0 {
				t.Errorf("nobody tries %q", deed)
			}
			for way, attempt := range ways[deed] {
				for _, c := range j.people {
					want := c.may[workspace.ActionOf(deed)]
					if done := attempt(c); done != want {
						t.Errorf("%s, %s by %s: done is %t, want %t", c.DisplayName, deed, way, done, want)
					}
				}
			}
		}
		for deed := range ways {
			if !slices.Contains(workspace.Deeds(), deed) {
				t.Errorf("%q is tried and has no rule", deed)
			}
		}
	})
}

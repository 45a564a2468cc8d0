package tests

import (
	"fmt"
	"net/http"
	"strings"

	"werkraum/tests/page"
	"werkraum/workspace"
	"werkraum/workspace/whiteboard"
)

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
	whiteboardWay := func(act string, args func(whiteboard string) object, commands ...string) map[string]func(c *contestant) bool {
		ways := ways{"page": func(c *contestant) bool { return j.onPage(c, act, args(j.whiteboard())) }}
		for _, format := range commands {
			ways["command"] = func(c *contestant) bool {
				wb := j.whiteboard()
				args(wb) // puts there what the command needs
				return j.typed(c, fmt.Sprintf(format, titled+wb))
			}
		}
		return ways
	}
	return map[workspace.Deed]ways{
		"whiteboard.add": {"page": func(c *contestant) bool {
			return j.onPage(c, "whiteboard.add", object{"whiteboard": newWhiteboard(), "title": "Neu"})
		}, "command": func(c *contestant) bool { return j.typed(c, "!whiteboard neu Getippt mit Vorlage Ablauf") }},
		"whiteboard.edit":   whiteboardWay("whiteboard.edit", func(wb string) object { return object{"whiteboard": wb, "title": "Anders"} }, `!whiteboard umbenennen "%s" in Anders`),
		"whiteboard.remove": whiteboardWay("whiteboard.remove", func(wb string) object { return object{"whiteboard": wb} }, `!whiteboard entfernen "%s"`),
		"whiteboard.draw":   whiteboardWay("whiteboard.draw", func(wb string) object { return object{"whiteboard": wb, "elements": []object{shape(newItem(), 1)}} }),
		"whiteboard.lock":   whiteboardWay("whiteboard.lock", func(wb string) object { return object{"whiteboard": wb, "on": true} }, `!whiteboard sperren "%s"`),
		"whiteboard.save": whiteboardWay("whiteboard.save", func(wb string) object {
			return object{"whiteboard": wb, "version": newItem(), "title": "Stand"}
		}, `!whiteboard sichern "%s" als Getippt`),
		"whiteboard.forget": whiteboardWay("whiteboard.forget", func(wb string) object {
			return object{"whiteboard": wb, "version": j.version(wb)}
		}, `!whiteboard entfernen "%s" Stand 1`),
		"whiteboard.restore": whiteboardWay("whiteboard.restore", func(wb string) object {
			j.board.whiteboard(wb) // so that it is told of what is drawn there
			version := j.version(wb)
			j.board.do("whiteboard.draw", object{"whiteboard": wb, "elements": []object{shape("spaeter", 1)}})
			return object{"whiteboard": wb, "version": version}
		}, `!whiteboard wiederherstellen "%s" Stand 1`),
		whiteboard.PostDeed: {"page": func(c *contestant) bool {
			return j.sent(c, "/api/v1/whiteboards/"+j.whiteboard()+"/post?id="+newItem(), picture(j.t))
		}, "command": func(c *contestant) bool {
			wb := j.whiteboard()
			j.board.do("whiteboard.draw", object{"whiteboard": wb, "elements": []object{shape("da", 1)}})
			asked := c.say(j.room, fmt.Sprintf(`!whiteboard senden "%s"`, titled+wb))
			answer := c.hears(j.room, "a picture or a refusal", func(m message) bool { return m.Sender == j.house.Bot && m.Relates.ReplyTo.Event == asked })
			return answer.MsgType == "m.image"
		}},
		"whiteboard.card": whiteboardWay("whiteboard.card", func(wb string) object {
			text := shape("text", 1)
			text["type"], text["text"], text["fontSize"] = "text", "Aus einer Notiz", 20
			j.board.do("whiteboard.draw", object{"whiteboard": wb, "elements": []object{text}})
			return object{"whiteboard": wb, "element": "text", "card": newItem()}
		}),
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

package bots

import "werkraum/workspace"

// Personal to-dos are the cards of a person's direct chat with the bot, so all that can
// be done with cards can be done with them, by the same words.

func todoVerbs() []deed {
	return []deed{
		{
			[]string{"neu", "add", "new", "anlegen"}, (*command).add,
			workspace.Text{De: "!todo neu Ausweis verlängern fällig Freitag", En: "!todo add Renew the passport due Friday"},
			workspace.Text{De: "legt eine Aufgabe an", En: "adds a to-do"},
		},
		{
			[]string{"liste", "list"}, (*command).list,
			workspace.Text{De: "!todo liste", En: "!todo list"},
			workspace.Text{De: "zeigt, was offen ist", En: "shows what is open"},
		},
		{
			[]string{"fertig", "done", "erledigt", "erledigen", "finish"}, (*command).done,
			workspace.Text{De: "!todo fertig 3", En: "!todo done 3"},
			workspace.Text{De: "hakt Aufgaben ab", En: "ticks to-dos off"},
		},
		{
			[]string{"ändern", "edit", "aendern", "bearbeiten", "umbenennen", "rename"}, (*command).edit,
			workspace.Text{De: "!todo ändern 3 Neuer Titel", En: "!todo edit 3 New title"},
			workspace.Text{De: "ändert den Titel; Zeilen darunter werden die Beschreibung", En: "changes the title; lines below it become the description"},
		},
		{
			[]string{"fällig", "due", "faellig", "frist"}, (*command).due,
			workspace.Text{De: "!todo fällig 3 morgen", En: "!todo due 3 tomorrow"},
			workspace.Text{De: "setzt den Termin, `kein` entfernt ihn", En: "sets the date, `none` takes it away"},
		},
		{
			[]string{"löschen", "delete", "loeschen", "entfernen", "remove"}, (*command).remove,
			workspace.Text{De: "!todo löschen 3", En: "!todo delete 3"},
			workspace.Text{De: "löscht Aufgaben", En: "deletes to-dos"},
		},
		{
			[]string{"hilfe", "help"}, (*command).todoHelp,
			workspace.Text{De: "!todo hilfe", En: "!todo help"},
			workspace.Text{De: "zeigt diese Übersicht", En: "shows this overview"},
		},
	}
}

var (
	todosElsewhere = workspace.Text{
		De: "Persönliche Aufgaben führen Sie im Direktchat mit mir, wo nur Sie sie sehen. Schreiben Sie mir dort `!todo`. Haben wir noch keinen Direktchat, beginnt ihn `!link`.",
		En: "You keep personal to-dos in your direct chat with me, where only you see them. Write `!todo` to me there. If we have no direct chat yet, `!link` begins one.",
	}
	todoNeeded = workspace.Text{
		De: "Was ist zu tun? Zum Beispiel: `%s`",
		En: "What is there to do? For example: `%s`",
	}
	noTodos = workspace.Text{
		De: "Sie haben keine persönlichen Aufgaben. Die erste legen Sie so an: `!todo neu Ausweis verlängern fällig Freitag`",
		En: "You have no personal to-dos. Make the first one like this: `!todo add Renew the passport due Friday`",
	}
)

// todo is !todo, and in a direct chat !card too.
func (c *command) todo() error {
	if !c.t.Direct {
		return wrong(todosElsewhere)
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
		return err
	}
	if len(c.words) == 0 {
		return c.todoHelp()
	}
	name := c.words[0].plain()
	for _, deeds := range [][]deed{todoVerbs(), cardVerbs()} {
		if v, ok := chosen(name, deeds); ok {
			c.words = c.words[1:]
			return v.run(c)
		}
	}
	if found, used := c.numbers(c.words); len(found) == 1 && used == len(c.words) { // !todo 3
		return c.show()
	}
	typed := short(c.words[0].text, maxNameShown)
	if v, ok := nearest(name, todoVerbs()); ok {
		return wrong(workspace.Text{
			De: "„%s“ kenne ich nicht. Meinten Sie `!todo %s`? Beispiel: `%s`",
			En: "I do not know “%s”. Did you mean `!todo %s`? Example: `%s`",
		}, typed, workspace.Text{De: v.names[0], En: v.names[1]}, v.example)
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möchten Sie eine Aufgabe anlegen? Dann zum Beispiel `!todo neu Ausweis verlängern`. `!todo` zeigt, was noch möglich ist.",
		En: "I do not know “%s”. Would you like to add a to-do? Then for example `!todo add Renew the passport`. `!todo` shows what else there is.",
	}, typed)
}

func (c *command) todoHelp() error {
	m := c.overview(workspace.Text{De: "**Persönliche Aufgaben**", En: "**Personal to-dos**"}, todoVerbs())
	m = m.add(say(c.lang, workspace.Text{
		De: "📌 an einer Nachricht hier macht sie zur Aufgabe, ✅ an einer Aufgabe hakt sie ab. `!undo` nimmt Ihre letzte Änderung zurück. `!meine` zeigt diese Aufgaben zusammen mit denen aus Ihren Räumen.",
		En: "📌 on a message here makes it a to-do, ✅ on a to-do ticks it off. `!undo` takes your last change back. `!mine` shows these to-dos together with the tasks of your rooms.",
	}))
	c.t.Answer = &m
	return nil
}

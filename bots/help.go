package bots

import (
	"strings"

	"werkraum/workspace"
)

func (c *command) help() error {
	if len(c.words) > 0 {
		switch strings.TrimPrefix(c.words[0].plain(), "!") {
		case "card", "karte", "karten", "cards":
			return c.cardHelp()
		case "column", "spalte", "spalten", "columns":
			return c.columnHelp()
		case "todo", "todos", "aufgabe", "aufgaben":
			return c.todoHelp()
		case "view", "ansicht", "ansichten", "views":
			return c.viewHelp()
		case "whiteboard", "whiteboards", "tafel", "tafeln":
			return c.whiteboardHelp()
		}
	}
	m := say(c.lang, workspace.Text{
		De: "**So arbeiten Sie mit Werkraum**\n" +
			"• `!karte neu Angebot einholen @anna fällig Freitag #vergabe` legt eine Karte an\n" +
			"• `!karte liste` zeigt die offenen Karten, `!karte zeige 12` eine davon\n" +
			"• `!karte fertig 12` erledigt eine Karte, `!karte verschieben 12 In Arbeit` verschiebt sie\n" +
			"• `!karte` zeigt alle Befehle für Karten, `!spalte` die für Spalten\n" +
			"• `!ansicht` zeigt die gespeicherten Ansichten, `!ansicht Dringend` die Karten einer davon\n" +
			"• `!whiteboard` zeigt die Befehle für Whiteboards, `!whiteboard senden Skizze` schickt ein Bild davon hierher\n" +
			"• `!undo` nimmt Ihre letzte Änderung zurück\n" +
			"• `!meine` schickt Ihnen Ihre Aufgaben aus allen Räumen\n" +
			"• `!link` schickt Ihnen einen privaten Link zum Board, auch fürs Telefon\n" +
			"• `!kalender` schickt Ihnen alles Fällige dieses Raums als privaten Kalender, `!kalender Sitzung` das eines Boards\n" +
			"• `!export csv` schickt Ihnen das Board als Datei; auch `json` und `ics`\n" +
			"• `!importieren` als Antwort auf eine Datei von Trello, Nextcloud Deck, Focalboard oder eine Tabelle übernimmt deren Karten\n" +
			"• `!erinnern` sagt und ändert, wie ich Sie an Fälliges erinnere\n" +
			"• `!benachrichtigung` und `!übersicht` sagen und ändern, wann ich mich hier melde (für die Moderation)\n" +
			"• `!sprache en` wechselt die Sprache des Raums, `!token` verwaltet Zugänge für andere Programme (für die Moderation)\n" +
			"**Ohne Befehle:** 📌 an einer Nachricht macht sie zur Karte, ✅ an einer Karte erledigt sie, Antworten im Thread einer Karte sind ihre Kommentare.\n" +
			"Alle Befehle funktionieren auf Deutsch und auf Englisch.",
		En: "**How to work with Werkraum**\n" +
			"• `!card add Get an offer @anna due Friday #tender` adds a card\n" +
			"• `!card list` shows the open cards, `!card show 12` one of them\n" +
			"• `!card done 12` finishes a card, `!card move 12 In progress` moves it\n" +
			"• `!card` shows all commands for cards, `!column` those for columns\n" +
			"• `!view` shows the saved views, `!view Urgent` the cards of one of them\n" +
			"• `!whiteboard` shows the commands for whiteboards, `!whiteboard post Sketch` sends a picture of one here\n" +
			"• `!undo` takes your last change back\n" +
			"• `!mine` sends you your tasks of all rooms\n" +
			"• `!link` sends you a private link to the board, for your phone too\n" +
			"• `!calendar` sends you all that is due in this room as a private calendar, `!calendar Meeting` that of one board\n" +
			"• `!export csv` sends you the board as a file; also `json` and `ics`\n" +
			"• `!import` as a reply to a file of Trello, Nextcloud Deck, Focalboard or a table takes over its cards\n" +
			"• `!remind` says and changes how I remind you of what is due\n" +
			"• `!notify` and `!digest` say and change when I speak up here (for moderators)\n" +
			"• `!language de` changes the room's language, `!token` manages access for other programs (for moderators)\n" +
			"**Without commands:** 📌 on a message makes it a card, ✅ on a card finishes it, replies in a card's thread are its comments.\n" +
			"All commands work in German and English.",
	})
	if c.t.Direct {
		m = say(c.lang, workspace.Text{
			De: "Hier im Direktchat zeigt `!meine` Ihre Aufgaben aus allen Räumen, `!todo` führt Ihre persönlichen Aufgaben, und `!link` schickt private Links zu den Boards. Alles andere funktioniert in den Räumen selbst:",
			En: "Here in the direct chat, `!mine` shows your tasks of all rooms, `!todo` keeps your personal to-dos, and `!link` sends private links to the boards. Everything else works in the rooms themselves:",
		}).add(m)
	}
	c.t.Answer = &m
	return nil
}

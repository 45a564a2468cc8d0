package bots

import (
	"strings"

	"werkraum/workspace"
)

// export sends a private link that downloads the board.
func (c *command) export() error {
	format := "csv"
	if len(c.words) > 0 {
		format, c.words = c.words[0].plain(), c.words[1:]
	}
	switch format {
	case "csv", "json", "ics":
	default:
		return wrong(workspace.Text{
			De: "„%s“ ist kein Format, das ich schreibe. Möglich sind `!export csv` (Tabelle), `!export json` (alles, zum Wiedereinlesen) und `!export ics` (Aufgaben für den Kalender).",
			En: "“%s” is no format that I write. You can choose `!export csv` (a table), `!export json` (everything, to be read again) and `!export ics` (to-dos for a calendar).",
		}, short(format, maxNameShown))
	}
	if err := c.noMore(); err != nil {
		return err
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.Look); err != nil {
		return err
	}
	m := ExportSent(c.lang)
	c.t.Answer, c.t.SendLink, c.t.Export = &m, true, format
	return nil
}

// ExportSent says where the link to a download went.
func ExportSent(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Ich habe Ihnen den Link zum Herunterladen als Direktnachricht geschickt.",
		En: "I have sent you the link to the download as a direct message.",
	})
}

// ExportMessage is the direct message with the link to a download.
func ExportMessage(lang workspace.Language, link RoomLink, format string, minutes int) Message {
	m := say(lang, workspace.Text{
		De: "Ihr privater Link zum Herunterladen des Boards von „%s“ als Datei (%s). Er gilt %d Minuten und nur einmal; bitte geben Sie ihn nicht weiter.",
		En: "Your private link to download the board of “%s” as a file (%s). It is valid for %d minutes and only once; please do not pass it on.",
	}, roomTitle(lang, link.Room), strings.ToUpper(format), minutes)
	label := workspace.Text{De: "Herunterladen", En: "Download"}.In(lang)
	return m.add(Message{Body: link.URL, HTML: anchor(link.URL, label)})
}

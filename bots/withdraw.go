package bots

import "werkraum/workspace"

// WithdrawnTitle is the title of a card whose own was that of a message that was taken
// away.
var WithdrawnTitle = workspace.Text{De: "(Die Nachricht wurde entfernt)", En: "(The message was removed)"}

// CommandWithdrawn says in a card's thread that the message with the command that made the
// card was taken away, and how the card can go too.
func CommandWithdrawn(lang workspace.Language, card *workspace.Item) Message {
	return say(lang, workspace.Text{
		De: "Die Nachricht, mit der diese Karte angelegt wurde, ist entfernt worden. Die Karte bleibt, weil andere damit arbeiten. Soll sie auch weg: `!karte löschen %s`; soll sie anders heißen: `!karte ändern %s Neuer Titel`",
		En: "The message that made this card was removed. The card stays, because others work with it. To remove it too: `!card delete %s`; to rename it: `!card edit %s New title`",
	}, card.Text("number"), card.Text("number"))
}

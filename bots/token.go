package bots

import (
	"time"

	"werkraum/workspace"
)

// TokenWish is what a moderator wants done with the tokens of the REST API.
type TokenWish struct {
	Deed  workspace.Deed // AddToken, ListTokens, RevokeToken
	Write bool           // AddToken: it may change things
	ID    string         // RevokeToken: which one
}

// TokenShown is a token as moderators see it; the secret is shown once, to whoever made it.
type TokenShown struct {
	ID    string
	Write bool
	By    string // display name
	Since time.Time
}

var tokenExamples = workspace.Text{
	De: "Möglich sind `!token neu lesen` und `!token neu schreiben` (ein Zugang für andere Programme), `!token liste` und `!token entziehen` mit der Kennung aus der Liste.",
	En: "You can write `!token add read` and `!token add write` (an access for other programs), `!token list`, and `!token revoke` with the ID from the list.",
}

func (c *command) token() error {
	if len(c.words) == 0 {
		c.answer(tokenExamples)
		return nil
	}
	verb, rest := c.words[0].plain(), c.words[1:]
	wish := TokenWish{}
	switch verb {
	case "neu", "add", "new", "anlegen":
		wish.Deed = workspace.AddToken
		if len(rest) > 0 {
			switch rest[0].plain() {
			case "lesen", "read":
			case "schreiben", "write":
				wish.Write = true
			default:
				return wrong(tokenExamples)
			}
			rest = rest[1:]
		}
	case "liste", "list":
		wish.Deed = workspace.ListTokens
	case "entziehen", "revoke", "löschen", "loeschen", "delete":
		if wish.Deed = workspace.RevokeToken; len(rest) == 0 {
			return wrong(tokenExamples)
		}
		wish.ID, rest = rest[0].plain(), rest[1:]
	default:
		return wrong(tokenExamples)
	}
	if c.words = rest; len(rest) > 0 {
		return c.noMore()
	}
	if err := c.t.Room.May(c.t.Event.Sender, wish.Deed); err != nil {
		return err
	}
	c.t.Token = &wish
	c.answer(workspace.Text{
		De: "Ich habe Ihnen dazu eine Direktnachricht geschickt.",
		En: "I have sent you a direct message about it.",
	})
	return nil
}

// TokenMade is the direct message with a new token.
func TokenMade(lang workspace.Language, room, secret, docs string, t TokenShown) Message {
	may := workspace.Text{De: "nur lesen", En: "read only"}
	if t.Write {
		may = workspace.Text{De: "lesen und ändern", En: "read and change"}
	}
	return say(lang, workspace.Text{
		De: "**Ein Zugang für andere Programme** zum Board von „%s“. Damit darf ein Programm in Ihrem Namen %s, solange Sie selbst es dürfen:\n`%s`\n" +
			"Bitte geben Sie das Token nur dem Programm, für das es gedacht ist; noch einmal kann ich es nicht zeigen. `!token entziehen %s` im Raum macht es ungültig. Beschreibung der Schnittstelle: %s",
		En: "**An access for other programs** to the board of “%s”. With it a program may %s in your name, as long as you may do so yourself:\n`%s`\n" +
			"Please give the token to the program that it is meant for only; I cannot show it again. `!token revoke %s` in the room ends it. Description of the interface: %s",
	}, roomTitle(lang, room), may, secret, t.ID, docs)
}

// TokenList is the direct message that lists a room's tokens.
func TokenList(lang workspace.Language, room string, tokens []TokenShown) Message {
	if len(tokens) == 0 {
		return say(lang, workspace.Text{
			De: "Für das Board von „%s“ gibt es keine Zugänge für andere Programme.",
			En: "There are no accesses for other programs to the board of “%s”.",
		}, roomTitle(lang, room))
	}
	m := say(lang, workspace.Text{De: "**Zugänge für andere Programme** zum Board von „%s“", En: "**Accesses for other programs** to the board of “%s”"}, roomTitle(lang, room))
	for _, t := range tokens {
		may := workspace.Text{De: "lesen", En: "read"}
		if t.Write {
			may = workspace.Text{De: "lesen und ändern", En: "read and change"}
		}
		m = m.add(say(lang, workspace.Text{De: "• `%s`: %s, von %s, seit %s", En: "• `%s`: %s, by %s, since %s"}, t.ID, may, short(t.By, maxNameShown), t.Since.Format(time.DateOnly)))
	}
	return m
}

// TokenGone is the direct message about a token that was to be revoked.
func TokenGone(lang workspace.Language, token string, there bool) Message {
	if there {
		return say(lang, workspace.Text{De: "Das Token `%s` ist ab jetzt ungültig.", En: "The token `%s` is not valid any more."}, token)
	}
	return say(lang, workspace.Text{
		De: "Das Token `%s` gibt es in dem Raum nicht. `!token liste` zeigt, welche es gibt.",
		En: "There is no token `%s` in the room. `!token list` shows which there are.",
	}, short(token, maxNameShown))
}

// TokensFull is the direct message to somebody who wants one token too many.
func TokensFull(lang workspace.Language, most int) Message {
	return say(lang, workspace.Text{
		De: "In diesem Raum gibt es schon %d Tokens, mehr sind nicht möglich. Bitte entziehen Sie zuerst eines; `!token liste` zeigt sie.",
		En: "There are %d tokens in this room already, which is as many as there can be. Please revoke one first; `!token list` shows them.",
	}, most)
}

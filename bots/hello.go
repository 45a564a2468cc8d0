package bots

import (
	"html"
	"strings"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
)

// Hello is what the bot says when it has come into a room.
func Hello(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "**Guten Tag, ich bin Werkraum.** Dieser Raum hat jetzt ein Board für Ihre gemeinsamen Aufgaben. Sie finden es neben dem Gespräch.\n" +
			"• Neue Karte: `!karte neu Angebot einholen fällig Freitag`\n" +
			"• Aus einer Nachricht eine Karte machen: mit 📌 auf die Nachricht reagieren\n" +
			"• Karte erledigen: mit ✅ auf die Karte reagieren\n" +
			"• Auf dem Telefon: `!link` schickt Ihnen einen privaten Link zum Board\n" +
			"Alles Weitere zeigt `!hilfe`. To switch to English: `!language en`",
		En: "**Hello, I am Werkraum.** This room now has a board for the tasks that you share. You find it beside the conversation.\n" +
			"• New card: `!card add Get an offer due Friday`\n" +
			"• Make a message a card: react to the message with 📌\n" +
			"• Finish a card: react to the card with ✅\n" +
			"• On a phone: `!link` sends you a private link to the board\n" +
			"`!help` shows the rest. Auf Deutsch umstellen: `!sprache de`",
	})
}

// HelloDirect is what the bot says in a direct chat with one person.
func HelloDirect(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "**Guten Tag, ich bin Werkraum.** Karten und Boards gibt es in Ihren Projekträumen; laden Sie mich dort ein.\n" +
			"Hier zeigt `!meine` Ihre Aufgaben aus allen Räumen, `!todo` führt Ihre persönlichen Aufgaben, und `!link` schickt private Links zu den Boards. `!hilfe` zeigt, was ich noch kann.",
		En: "**Hello, I am Werkraum.** Cards and boards live in your project rooms; please invite me there.\n" +
			"Here, `!mine` shows your tasks of all rooms, `!todo` keeps your personal to-dos, and `!link` sends private links to the boards. `!help` shows what else I can do.",
	})
}

// CannotEncrypted says, in both languages since nothing is known of the room,
// that the homeserver does not let Werkraum work in encrypted rooms.
func CannotEncrypted() Message {
	text := workspace.Text{
		De: "Guten Tag, ich bin Werkraum. Dieser Raum ist verschlüsselt; dafür ist Ihr Server noch nicht eingerichtet. Bitte wenden Sie sich an die Stelle, die ihn betreibt, oder laden Sie mich in einen Raum ohne Verschlüsselung ein.",
		En: "Hello, I am Werkraum. This room is encrypted; your server is not set up for that yet. Please ask those who run it, or invite me into a room without encryption.",
	}
	return say(workspace.German, text).add(say(workspace.English, text))
}

// CannotRead answers a message whose key the bot does not have.
func CannotRead(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Diese Nachricht kann ich noch nicht lesen: Mir fehlt der Schlüssel dazu. Ich habe Ihr Gerät darum gebeten. Sobald er da ist, hole ich nach, worum Sie mich bitten. Geschieht nichts, senden Sie die Nachricht bitte noch einmal.",
		En: "I cannot read this message yet: I lack the key to it. I have asked your device for it. As soon as it is here, I will do what you ask for. If nothing happens, please send the message again.",
	})
}

// NotEncrypted answers a command that came unencrypted into an encrypted room.
func NotEncrypted(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Diese Nachricht war nicht verschlüsselt, obwohl der Raum es ist. Befehle führe ich hier nur aus, wenn sie verschlüsselt ankommen. Bitte senden Sie sie noch einmal mit einem Programm, das verschlüsseln kann.",
		En: "This message was not encrypted, although the room is. Here I only carry out commands that arrive encrypted. Please send it again with a program that can encrypt.",
	})
}

// TooFast tells somebody, once, that what they ask for now is not done.
func TooFast(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Das waren sehr viele Befehle auf einmal; ich komme nicht nach. Bitte warten Sie eine Minute. Was ich bis dahin nicht beantworte, ist nicht ausgeführt: Senden Sie es dann bitte noch einmal.",
		En: "Those were a great many commands at once; I cannot keep up. Please wait a minute. What I do not answer until then is not done: please send it again after that.",
	})
}

// RoomTooFast tells the room the same where many people together ask for too much.
func RoomTooFast(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "In diesem Raum kommen gerade zu viele Befehle auf einmal. Bitte warten Sie eine Minute. Was ich bis dahin nicht beantworte, ist nicht ausgeführt: Senden Sie es dann bitte noch einmal.",
		En: "Too many commands are coming in at once in this room. Please wait a minute. What I do not answer until then is not done: please send it again after that.",
	})
}

// LinksLately answers !link when links were sent to the person many times already.
func LinksLately(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Ich habe Ihnen in der letzten Stunde schon sehr viele Links geschickt. Bitte sehen Sie in Ihren Direktnachrichten nach oder versuchen Sie es später noch einmal.",
		En: "I have sent you a great many links in the last hour. Please look at your direct messages, or try again later.",
	})
}

// Right is a right that the bot lacks.
type Right struct {
	EventType string // what it wants to send, such as im.vector.modular.widgets
	Level     int    // the power level that this takes
	Has       int    // the power level that the bot has
}

var purposes = []struct {
	eventType string
	purpose   workspace.Text
}{
	{"im.vector.modular.widgets", workspace.Text{De: "das Board neben dem Gespräch zu zeigen", En: "show the board beside the conversation"}},
	{"io.element.widgets.layout", workspace.Text{De: "das Board für alle anzuheften", En: "pin the board for everybody"}},
	{workspace.ChangeEvent, workspace.Text{De: "Änderungen am Board im Raum festzuhalten", En: "record changes of the board in the room"}},
	{"de.werkraum.server", workspace.Text{De: "mich im Raum als Werkraum auszuweisen", En: "identify myself as the room's Werkraum"}},
	{"m.room.message", workspace.Text{De: "Nachrichten zu schreiben", En: "write messages"}},
}

// NeedsPower says which rights the bot lacks, for what, and how to give them.
func NeedsPower(lang workspace.Language, missing []Right, bot id.UserID) Message {
	m := say(lang, workspace.Text{
		De: "**Mir fehlt in diesem Raum noch ein Recht.** Damit ich arbeiten kann, brauche ich das Recht,",
		En: "**I still lack a right in this room.** To be able to work I need the right",
	})
	need, has := 0, 0
	for _, r := range missing {
		purpose := workspace.Text{De: "in diesem Raum zu arbeiten", En: "work in this room"}
		for _, p := range purposes {
			if p.eventType == r.EventType {
				purpose = p.purpose
			}
		}
		m = m.add(say(lang, workspace.Text{
			De: "• %s (`%s`: nötig ist Stufe %d, ich habe %d)",
			En: "• to %s (`%s`: needs level %d, I have %d)",
		}, purpose, r.EventType, r.Level, r.Has))
		need, has = max(need, r.Level), max(has, r.Has)
	}
	if need > 50 {
		return m.add(say(lang, workspace.Text{
			De: "So geben Sie es mir: In Element die Raumeinstellungen öffnen, dann „Rollen und Berechtigungen“. Geben Sie dort `%s` mindestens die Stufe %d. Danach richte ich alles von selbst ein.",
			En: "How to give it: in Element open the room settings, then “Roles & Permissions”. There, give `%s` at least level %d. I set everything up by myself then.",
		}, string(bot), need))
	}
	return m.add(say(lang, workspace.Text{
		De: "So geben Sie es mir: In Element in der Mitgliederliste des Raums auf `%s` klicken und als Rolle „Moderator“ wählen. (Welche Rolle was darf, steht in den Raumeinstellungen unter „Rollen und Berechtigungen“.) Danach richte ich alles von selbst ein.",
		En: "How to give it: in Element click `%s` in the room's list of people and choose the role “Moderator”. (What each role may do is shown in the room settings under “Roles & Permissions”.) I set everything up by myself then.",
	}, string(bot)))
}

// WidgetReady is what the bot says when it could put the board into the room
// after it got the right that it lacked.
func WidgetReady(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Danke, jetzt ist alles eingerichtet: Das Board steht neben dem Gespräch.",
		En: "Thank you, everything is set up now: the board stands beside the conversation.",
	})
}

// RoomLink is a private link to the board of a room, or with Own to the person's own
// work.
type RoomLink struct {
	Room, URL string
	Own       bool
}

var ownWork = workspace.Text{De: "Meine Arbeit", En: "My work"}

// LinkMessage is the direct message with private links.
func LinkMessage(lang workspace.Language, links []RoomLink, minutes int) Message {
	if len(links) == 1 && links[0].Own {
		m := say(lang, workspace.Text{
			De: "Ihr privater Link zu Ihrer Arbeit: allem, was Ihnen in Ihren Räumen zugewiesen ist, und Ihren persönlichen Aufgaben. Er gilt %d Minuten und nur einmal; bitte geben Sie ihn nicht weiter.",
			En: "Your private link to your work: all that is assigned to you in your rooms, and your personal to-dos. It is valid for %d minutes and only once; please do not pass it on.",
		}, minutes)
		return m.add(Message{Body: links[0].URL, HTML: anchor(links[0].URL, ownWork.In(lang))})
	}
	if len(links) == 1 {
		m := say(lang, workspace.Text{
			De: "Ihr privater Link zum Board von „%s“. Er gilt %d Minuten und nur einmal; bitte geben Sie ihn nicht weiter.",
			En: "Your private link to the board of “%s”. It is valid for %d minutes and only once; please do not pass it on.",
		}, roomTitle(lang, links[0].Room), minutes)
		label := workspace.Text{De: "Board öffnen", En: "Open the board"}.In(lang)
		return m.add(Message{Body: links[0].URL, HTML: anchor(links[0].URL, label)})
	}
	m := say(lang, workspace.Text{
		De: "Ihre %d privaten Links. Jeder gilt %d Minuten und nur einmal; bitte geben Sie sie nicht weiter.",
		En: "Your %d private links. Each is valid for %d minutes and only once; please do not pass them on.",
	}, len(links), minutes)
	for _, l := range links {
		name := roomTitle(lang, l.Room)
		if l.Own {
			name = ownWork.In(lang)
		}
		m = m.add(Message{Body: "• " + name + ": " + l.URL, HTML: "• " + anchor(l.URL, name)})
	}
	return m
}

func roomTitle(lang workspace.Language, name string) string {
	if name = short(name, maxNameShown); name != "" {
		return name
	}
	return workspace.Text{De: "Raum ohne Namen", En: "room without a name"}.In(lang)
}

// LinkSent answers !link in a room.
func LinkSent(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Ich habe Ihnen den Link in einer Direktnachricht geschickt.",
		En: "I have sent you the link in a direct message.",
	})
}

// NoLinks answers !link in a direct chat with a person who shares no room with
// a board.
func NoLinks(lang workspace.Language) Message {
	return say(lang, workspace.Text{
		De: "Ich kenne keinen gemeinsamen Raum mit einem Board. Bitte laden Sie mich in Ihren Projektraum ein.",
		En: "I know of no room with a board that we share. Please invite me into your project room.",
	})
}

// InviteRefused is the reason that the bot gives when it declines an invite
// from a server that its operator has not allowed.
func InviteRefused(lang workspace.Language) string {
	return workspace.Text{
		De: "Werkraum darf nur von Konten der eigenen Verwaltung eingeladen werden. Bitten Sie dort jemanden um die Einladung; mitarbeiten können dann alle im Raum.",
		En: "Werkraum may be invited only by accounts of its own administration. Please ask somebody there to invite it; everybody in the room can then take part.",
	}.In(lang)
}

func anchor(url, label string) string {
	return `<a href="` + html.EscapeString(url) + `">` + html.EscapeString(label) + `</a>`
}

// short is text on one line with at most limit characters.
func short(text string, limit int) string {
	text = clean(text)
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := 0
	for i := range text {
		if runes++; runes == limit {
			return strings.TrimSpace(text[:i]) + "…"
		}
	}
	return text
}

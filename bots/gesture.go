package bots

import (
	"strings"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// The same emoji comes with and without a variation selector, depending on
// the keyboard.
func emoji(key string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFE0E || r == 0xFE0F {
			return -1
		}
		return r
	}, strings.TrimSpace(key))
}

func isPin(key string) bool {
	e := emoji(key)
	return e == "📌" || e == "📍"
}

func isCheck(key string) bool {
	e := emoji(key)
	return e == "✅" || e == "☑" || e == "✔"
}

var unreadable = workspace.Text{
	De: "Diese Nachricht kann ich nicht lesen, deshalb ist keine Karte entstanden. Eine Karte legen Sie auch so an: `!karte neu Angebot einholen`",
	En: "I cannot read this message, so no card was made. You can also add a card like this: `!card add Get an offer`",
}

const maxPinnedTitle = 150 // characters of a message's first line

// pin makes a message a card. Pinning a message whose card was deleted brings
// the card back.
func pin(t *Turn) {
	target := t.Event.Target
	card, known := t.Cards.ByMessage(target)
	if !known {
		card = ItemOf(target)
	}
	if it := t.Board.Card(card); it != nil {
		if it.Deleted() && it.Text(board.Message) != string(target) {
			react(t, board.RestoreCard{Card: card})
			if t.Answer == nil {
				t.PostCard = card
			}
		}
		return
	}
	if known {
		return
	}
	message := t.Event.Fetched
	if message == nil {
		answer := say(t.Lang(), unreadable)
		t.Answer = &answer
		return
	}
	if message.Sender == t.Bot {
		return
	}
	title, description := cardOf(message.Body)
	if title == "" {
		title = messageFrom.With(plainName(t.Room, message.Sender)).In(t.Lang())
	}
	react(t, board.AddCard{Card: card, Title: title, Description: description, Source: target})
	if t.Answer == nil {
		t.PostCard = card
	}
}

var messageFrom = workspace.Text{De: "Nachricht von %s", En: "Message from %s"}

// TitlesAfter lists, for somebody who goes by those names, the titles that pin makes
// of a name, each with what it is once the person is erased.
func TitlesAfter(user id.UserID, names []string) map[string]string {
	titles := map[string]string{}
	for _, name := range append(names, user.Localpart()) {
		if name = short(name, maxNameShown); name != "" {
			titles[messageFrom.With(name).De] = messageFrom.With(workspace.ErasedPerson.De).De
			titles[messageFrom.With(name).En] = messageFrom.With(workspace.ErasedPerson.En).En
		}
	}
	return titles
}

// check finishes a card.
func check(t *Turn) {
	id, known := t.Cards.ByMessage(t.Event.Target)
	if !known {
		return
	}
	card := t.Board.Card(id)
	if card == nil || card.Deleted() || card.True(board.Archived) || t.Board.IsDone(card) {
		return
	}
	if own := t.Board.On(t.Board.Whose(card)); own.DoneColumn(own.ID) == nil {
		t.Answer = refusal(t.Lang(), noneDone(own))
		return
	}
	react(t, board.FinishCard{Card: id})
}

// react does an act for a reaction; only a refusal is answered.
func react(t *Turn, act board.Act) {
	if _, err := t.Do(workspace.ViaReaction, board.On(act)); err != nil {
		t.Answer = refusal(t.Lang(), err)
	}
}

// cardOf makes a title and a description of a message: its first line and the
// rest, or all of it where the first line is too long for a title.
func cardOf(body string) (title, description string) {
	body = board.CleanLines(body)
	first, rest, _ := strings.Cut(body, "\n")
	title = clean(strings.TrimLeft(first, "#>*-• "))
	description = strings.TrimSpace(rest)
	if title == "" { // a line of marks only
		title, description = clean(body), ""
	}
	if utf8.RuneCountInString(title) > maxPinnedTitle {
		description = body
		runes := []rune(title)[:maxPinnedTitle]
		title = string(runes)
		if i := strings.LastIndexByte(title, ' '); i > len(title)/2 {
			title = title[:i]
		}
		title = strings.TrimRight(title, " ,;:.–-") + "…"
	}
	return title, cut(description, board.MaxDescription)
}

// cut shortens text to at most limit bytes.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	limit -= len("…")
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return strings.TrimSpace(text[:limit]) + "…"
}

func plainName(r *workspace.Room, user id.UserID) string {
	if name := short(r.Members[user].Name, maxNameShown); name != "" {
		return name
	}
	return user.Localpart()
}

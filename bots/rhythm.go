package bots

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/agenda"
)

var levels = []struct {
	level agenda.Level
	words []string
	what  workspace.Text
}{
	{agenda.All, []string{"alle", "all", "alles", "everything"}, workspace.Text{
		De: "**alle**: Für jede Karte, die auf dem Board entsteht, schreibe ich eine Nachricht und erwähne darin, wem jemand anderes sie zuweist.",
		En: "**all**: I post a message for each card that is made on the board, and mention in it whom somebody else assigns it to.",
	}},
	{agenda.Concerned, []string{"betroffene", "concerned", "betroffen", "people"}, workspace.Text{
		De: "**betroffene**: Für Karten vom Board schreibe ich nur, wenn jemand anderes sie jemandem zuweist, und erwähne dann die Betroffenen.",
		En: "**concerned**: of cards from the board I write only if somebody else assigns them to somebody, and then mention those concerned.",
	}},
	{agenda.InDigest, []string{"übersicht", "digest", "uebersicht", "zusammenfassung"}, workspace.Text{
		De: "**übersicht**: Zu einzelnen Karten schreibe ich hier von mir aus nichts; was geschehen ist, steht in der Übersicht. Erinnerungen kommen als Direktnachricht.",
		En: "**digest**: I write nothing here of single cards by myself; what has happened is in the digest. Reminders come by direct message.",
	}},
	{agenda.Quiet, []string{"still", "quiet", "stumm", "ruhe", "silent", "aus", "off"}, workspace.Text{
		De: "**still**: Ich schreibe hier von mir aus nichts, auch keine Übersicht. Erinnerungen kommen als Direktnachricht.",
		En: "**quiet**: I write nothing here by myself, no digest either. Reminders come by direct message.",
	}},
}

// notify says or changes what the bot says in the room by itself.
func (c *command) notify() error {
	if len(c.words) == 0 {
		m := say(c.lang, workspace.Text{De: "So melde ich mich in diesem Raum von mir aus:", En: "This is how I speak up in this room by myself:"})
		for _, l := range levels {
			if l.level == c.t.Room.Level {
				m = m.add(say(c.lang, l.what))
			}
		}
		m = m.add(say(c.lang, workspace.Text{
			De: "Umstellen kann die Moderation mit `!benachrichtigung alle`, `betroffene`, `übersicht` oder `still`. Auf Befehle antworte ich immer.",
			En: "Moderators can change it with `!notify all`, `concerned`, `digest` or `quiet`. I always answer commands.",
		}))
		c.t.Answer = &m
		return nil
	}
	typed := strings.ToLower(strings.Trim(joined(c.words), " .!"))
	for _, l := range levels {
		if !slices.Contains(l.words, typed) {
			continue
		}
		if err := c.t.Room.May(c.t.Event.Sender, workspace.SetLevel); err != nil {
			return err
		}
		c.t.Level = l.level
		m := say(c.lang, l.what)
		if l.level == agenda.InDigest && c.t.Room.Digest.Every == agenda.Never {
			d := agenda.Digest{Every: agenda.Daily, Minute: agenda.Hour * 60}
			c.t.Digest = &d
			m = m.add(say(c.lang, workspace.Text{
				De: "Sie kommt ab jetzt täglich um %s Uhr; `!übersicht wöchentlich` stellt um.",
				En: "It comes daily at %s from now on; `!digest weekly` changes that.",
			}, d.Clock()))
		}
		c.t.Answer = &m
		return nil
	}
	return wrong(workspace.Text{
		De: "„%s“ kenne ich nicht. Möglich sind `!benachrichtigung alle`, `!benachrichtigung betroffene`, `!benachrichtigung übersicht` und `!benachrichtigung still`.",
		En: "I do not know “%s”. You can choose `!notify all`, `!notify concerned`, `!notify digest` and `!notify quiet`.",
	}, short(typed, maxNameShown))
}

// digest says or changes when the room gets its digest.
func (c *command) digest() error {
	if len(c.words) == 0 {
		c.answer(workspace.Text{
			De: "%s Umstellen kann die Moderation, zum Beispiel mit `!übersicht täglich`, `!übersicht wöchentlich Montag 9:00` oder `!übersicht aus`.",
			En: "%s Moderators can change it, for example with `!digest daily`, `!digest weekly Monday 9:00` or `!digest off`.",
		}, digestInWords(c.t.Room.Digest))
		return nil
	}
	d, ok := c.digestTyped()
	if !ok {
		return wrong(workspace.Text{
			De: "„%s“ verstehe ich nicht. Zum Beispiel: `!übersicht täglich`, `!übersicht täglich 7:30`, `!übersicht wöchentlich Montag 9:00` oder `!übersicht aus`",
			En: "I do not understand “%s”. For example: `!digest daily`, `!digest daily 7:30`, `!digest weekly Monday 9:00` or `!digest off`",
		}, short(joined(c.words), maxNameShown))
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.SetDigest); err != nil {
		return err
	}
	c.t.Digest = &d
	if d.Every != agenda.Never && c.t.Room.Level == agenda.Quiet { // who wants a digest does not want silence
		c.t.Level = agenda.InDigest
	}
	c.answer(workspace.Text{De: "%s", En: "%s"}, digestInWords(d))
	return nil
}

func digestInWords(d agenda.Digest) phrase {
	switch d.Every {
	case agenda.Daily:
		return phrase{workspace.Text{
			De: "Eine Übersicht kommt hier täglich um %s Uhr, wenn es etwas zu sagen gibt.",
			En: "A digest comes here daily at %s, if there is something to say.",
		}, []any{d.Clock()}}
	case agenda.Weekly:
		return phrase{workspace.Text{
			De: "Eine Übersicht kommt hier jeden %s um %s Uhr, wenn es etwas zu sagen gibt.",
			En: "A digest comes here every %s at %s, if there is something to say.",
		}, []any{workspace.Text{De: dates.Weekday(d.Weekday, workspace.German), En: dates.Weekday(d.Weekday, workspace.English)}, d.Clock()}}
	}
	return phrase{text: workspace.Text{De: "Eine Übersicht kommt hier nicht.", En: "No digest comes here."}}
}

// digestTyped reads “wöchentlich Montag 9:00”.
func (c *command) digestTyped() (agenda.Digest, bool) {
	d := agenda.Digest{Weekday: time.Monday, Minute: agenda.Hour * 60}
	for _, w := range c.words {
		text := strings.TrimRight(strings.ToLower(w.text), ".,;!")
		minute, isTime := timeOfDay(text)
		switch code := weekdayCode(text); {
		case slices.Contains([]string{"täglich", "taeglich", "daily"}, text):
			d.Every = agenda.Daily
		case slices.Contains([]string{"wöchentlich", "woechentlich", "weekly"}, text):
			d.Every = agenda.Weekly
		case slices.Contains([]string{"aus", "off", "nie", "never", "keine", "none"}, text):
			return agenda.Digest{}, len(c.words) == 1
		case isTime:
			d.Minute = minute
		case code != "":
			d.Every, d.Weekday = agenda.Weekly, time.Weekday(slices.Index(weekdayOrder, code))
		case slices.Contains([]string{"um", "at", "uhr", "am", "on", "jeden", "every", "o'clock"}, text):
		default:
			return d, false
		}
	}
	return d, d.Every != agenda.Never
}

var weekdayOrder = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// timeOfDay reads “9:00” and “17” as minutes of the day.
func timeOfDay(text string) (int, bool) {
	hours, minutes, split := strings.Cut(text, ":")
	h, err := strconv.Atoi(hours)
	m := 0
	if split && err == nil {
		m, err = strconv.Atoi(minutes)
	}
	if err != nil || h < 0 || h > 23 || m < 0 || m > 59 || split && len(minutes) != 2 {
		return 0, false
	}
	return h*60 + m, true
}

package bots

import (
	"strings"

	"werkraum/workspace"
)

// setting is what holds for a whole room: whoever asks is told how it stands, and moderators
// change it.
type setting struct {
	deed   workspace.Deed
	direct workspace.Text // the answer in a direct chat, for which it does not hold
	stands phrase
	// read understands what was typed; what it returns makes the change and says so.
	read    func(typed string) (change func() Message, ok bool)
	unknown workspace.Text // what was typed is nothing of that kind
}

func (c *command) setting(s setting) error {
	switch {
	case c.t.Direct:
		c.answer(s.direct)
		return nil
	case len(c.words) == 0:
		c.answer(s.stands.text, s.stands.args...)
		return nil
	}
	change, ok := s.read(joined(c.words))
	if !ok {
		return wrong(s.unknown, short(joined(c.words), maxNameShown))
	}
	if err := c.t.Room.May(c.t.Event.Sender, s.deed); err != nil {
		return err
	}
	m := change()
	c.t.Answer = &m
	return nil
}

func (c *command) language() error {
	return c.setting(setting{
		deed: workspace.SetLanguage,
		direct: workspace.Text{
			De: "Die Sprache gilt für jeden Raum einzeln. Bitte schreiben Sie `!sprache de` oder `!sprache en` in den Raum, um den es geht; umstellen kann sie dort die Moderation.",
			En: "Each room has its own language. Please write `!language en` or `!language de` in the room that you mean; moderators can change it there.",
		},
		stands: phrase{text: workspace.Text{
			De: "In diesem Raum antworte ich auf Deutsch. `!sprache en` stellt auf Englisch um.",
			En: "In this room I answer in English. `!language de` changes to German.",
		}},
		read: func(typed string) (func() Message, bool) {
			lang, ok := spoken(typed)
			return func() Message {
				c.t.Language = lang
				return say(lang, workspace.Text{
					De: "Ich antworte hier ab jetzt auf Deutsch.",
					En: "I answer in English here from now on.",
				})
			}, ok
		},
		unknown: workspace.Text{
			De: "„%s“ spreche ich nicht. Möglich sind `!sprache de` (Deutsch) und `!sprache en` (Englisch).",
			En: "I do not speak “%s”. You can choose `!language de` (German) or `!language en` (English).",
		},
	})
}

func spoken(name string) (workspace.Language, bool) {
	switch name = strings.ToLower(strings.TrimRight(name, ".!")); name {
	case "deutsch", "german":
		return workspace.German, true
	case "englisch", "english":
		return workspace.English, true
	}
	return workspace.ParseLanguage(name)
}

// timeZone says or changes the time zone in which days are meant in the room.
func (c *command) timeZone() error {
	return c.setting(setting{
		deed: workspace.SetTimeZone,
		direct: workspace.Text{
			De: "Die Zeitzone gilt für jeden Raum einzeln. Bitte schreiben Sie zum Beispiel `!zeitzone Europe/Berlin` in den Raum, um den es geht; umstellen kann sie dort die Moderation.",
			En: "Each room has its own time zone. Please write, for example, `!timezone Europe/Berlin` in the room that you mean; moderators can change it there.",
		},
		stands: phrase{workspace.Text{
			De: "Tage und Uhrzeiten gelten in diesem Raum für die Zeitzone %s; dort ist es jetzt %s Uhr. `!zeitzone Europe/London` stellt um.",
			En: "In this room days and times are those of the time zone %s; it is %s there now. `!timezone Europe/London` changes that.",
		}, []any{c.t.Room.Zone.String(), c.now.Format("15:04")}},
		read: func(typed string) (func() Message, bool) {
			zone := zoneCalled(typed)
			return func() Message {
				c.t.TimeZone = zone.String()
				return say(c.lang, workspace.Text{
					De: "Tage und Uhrzeiten gelten hier ab jetzt für die Zeitzone %s; dort ist es %s Uhr.",
					En: "From now on days and times here are those of the time zone %s; it is %s there.",
				}, zone.String(), c.now.In(zone).Format("15:04"))
			}, zone != nil
		},
		unknown: workspace.Text{
			De: "Die Zeitzone „%s“ kenne ich nicht. Bitte schreiben Sie Erdteil und Stadt auf Englisch, zum Beispiel `!zeitzone Europe/Berlin`.",
			En: "I do not know the time zone “%s”. Please write continent and city, for example `!timezone Europe/Berlin`.",
		},
	})
}

package bots

import (
	"strings"
	"time"
	_ "time/tzdata" // a container may have no zone files
	"unicode"

	"werkraum/workspace"
)

// timeZone says or changes the time zone in which days are meant in the room.
func (c *command) timeZone() error {
	if c.t.Direct {
		c.answer(workspace.Text{
			De: "Die Zeitzone gilt für jeden Raum einzeln. Bitte schreiben Sie zum Beispiel `!zeitzone Europe/Berlin` in den Raum, um den es geht; umstellen kann sie dort die Moderation.",
			En: "Each room has its own time zone. Please write, for example, `!timezone Europe/Berlin` in the room that you mean; moderators can change it there.",
		})
		return nil
	}
	if len(c.words) == 0 {
		c.answer(workspace.Text{
			De: "Tage und Uhrzeiten gelten in diesem Raum für die Zeitzone %s; dort ist es jetzt %s Uhr. `!zeitzone Europe/London` stellt um.",
			En: "In this room days and times are those of the time zone %s; it is %s there now. `!timezone Europe/London` changes that.",
		}, c.t.Room.Zone.String(), c.now.Format("15:04"))
		return nil
	}
	zone := zoneCalled(joined(c.words))
	if zone == nil {
		return wrong(workspace.Text{
			De: "Die Zeitzone „%s“ kenne ich nicht. Bitte schreiben Sie Erdteil und Stadt auf Englisch, zum Beispiel `!zeitzone Europe/Berlin`.",
			En: "I do not know the time zone “%s”. Please write continent and city, for example `!timezone Europe/Berlin`.",
		}, short(joined(c.words), maxNameShown))
	}
	if err := c.t.Room.May(c.t.Event.Sender, workspace.SetTimeZone); err != nil {
		return err
	}
	c.t.TimeZone = zone.String()
	c.answer(workspace.Text{
		De: "Tage und Uhrzeiten gelten hier ab jetzt für die Zeitzone %s; dort ist es %s Uhr.",
		En: "From now on days and times here are those of the time zone %s; it is %s there.",
	}, zone.String(), c.now.In(zone).Format("15:04"))
	return nil
}

// zoneCalled is the time zone of that name, in any case, also by its city alone; nil if
// there is none.
func zoneCalled(name string) *time.Location {
	name = strings.ReplaceAll(strings.Trim(name, " .!"), " ", "_")
	if name == "" || len(name) > 50 || strings.EqualFold(name, "local") || strings.IndexFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/_+-", r)
	}) >= 0 {
		return nil
	}
	for _, spelled := range []string{name, strings.ToUpper(name), capitals(name)} {
		for _, region := range []string{"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/"} {
			if zone, err := time.LoadLocation(region + spelled); err == nil {
				return zone
			}
		}
	}
	return nil
}

// capitals writes each part of a name with a capital: “america/new_york”.
func capitals(name string) string {
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = r == '/' || r == '_' || r == '-'
		if was {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}

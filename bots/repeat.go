package bots

import (
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
	"werkraum/workspace/board"
	"werkraum/workspace/recur"
)

var repeatExample = workspace.Text{De: "!karte wiederholen 12 wöchentlich", En: "!card repeat 12 weekly"}

var whichRepeat = workspace.Text{
	De: "Wie oft soll die Karte wiederkommen? Zum Beispiel `!karte wiederholen 12 wöchentlich`, `alle 2 Wochen`, `jeden Montag`, `monatlich` oder `am letzten Freitag im Monat`; mit `aus` kommt sie nicht mehr wieder.",
	En: "How often is the card to come again? For example `!card repeat 12 weekly`, `every 2 weeks`, `every Monday`, `monthly` or `on the last Friday of the month`; with `off` it comes no more.",
}

// repeat says when cards come again.
func (c *command) repeat() error {
	cards, err := c.takeCards(repeatExample)
	if err != nil {
		return err
	}
	if err := standing(cards...); err != nil {
		return err
	}
	rule, ok := ruleOf(c.words)
	if !ok {
		return wrong(whichRepeat)
	}
	if err := c.toEach(cards, func(card workspace.ItemID) board.Act { return board.RepeatCard{Card: card, Rule: rule} }); err != nil {
		return err
	}
	if rule == "" {
		c.answer(workspace.Text{De: "%s: wiederholt sich nicht.", En: "%s: does not repeat."}, headlines(cards))
		return nil
	}
	m := say(c.lang, workspace.Text{
		De: "🔁 %s: %s. Wird die Karte erledigt, lege ich die nächste an.",
		En: "🔁 %s: %s. When the card is finished I add the next one.",
	}, headlines(cards), ruleInWords(rule))
	c.t.Answer = &m
	return nil
}

// ruleOf reads how often: words in German or English, or an RRULE. "" and true means never.
func ruleOf(words []word) (rule string, ok bool) {
	var list []string
	for _, w := range words {
		text := strings.ToLower(strings.TrimRight(w.text, ",;:!?"))
		if !slices.Contains([]string{"am", "an", "on", "the", "im", "of", "in", "und", "and", "&", "der", "des", "den", "dem", "zum", "a"}, text) && text != "" {
			list = append(list, strings.TrimRight(text, "."))
		}
	}
	if len(list) == 0 || len(list) > 12 {
		return "", false
	}
	if r, err := recur.Parse(joined(words)); err == nil {
		return r.String(), true
	}
	switch phrase := strings.Join(list, " "); phrase {
	case "aus", "off", "nicht", "nie", "never", "kein", "keine", "none", "no", "-", "nein", "stop", "stopp", "einmalig", "once":
		return "", true
	default:
		if rule, ok := fixedRules[phrase]; ok {
			return rule, true
		}
	}
	list = withoutEvery(list)
	if rule, ok := placedRule(list); ok {
		return rule, true
	}
	if rule, ok := weekdayRule(list); ok {
		return rule, true
	}
	return countedRule(list)
}

var fixedRules = map[string]string{
	"täglich": "FREQ=DAILY", "taeglich": "FREQ=DAILY", "daily": "FREQ=DAILY", "tag": "FREQ=DAILY",
	"wöchentlich": "FREQ=WEEKLY", "woechentlich": "FREQ=WEEKLY", "weekly": "FREQ=WEEKLY",
	"zweiwöchentlich": "FREQ=WEEKLY;INTERVAL=2", "14-tägig": "FREQ=WEEKLY;INTERVAL=2", "vierzehntägig": "FREQ=WEEKLY;INTERVAL=2",
	"fortnightly": "FREQ=WEEKLY;INTERVAL=2", "biweekly": "FREQ=WEEKLY;INTERVAL=2",
	"monatlich": "FREQ=MONTHLY", "monthly": "FREQ=MONTHLY",
	"vierteljährlich": "FREQ=MONTHLY;INTERVAL=3", "vierteljaehrlich": "FREQ=MONTHLY;INTERVAL=3", "quartalsweise": "FREQ=MONTHLY;INTERVAL=3", "quarterly": "FREQ=MONTHLY;INTERVAL=3",
	"jedes quartal": "FREQ=MONTHLY;INTERVAL=3", "every quarter": "FREQ=MONTHLY;INTERVAL=3",
	"halbjährlich": "FREQ=MONTHLY;INTERVAL=6", "halbjaehrlich": "FREQ=MONTHLY;INTERVAL=6", "half-yearly": "FREQ=MONTHLY;INTERVAL=6",
	"jährlich": "FREQ=YEARLY", "jaehrlich": "FREQ=YEARLY", "yearly": "FREQ=YEARLY", "annually": "FREQ=YEARLY",
	"werktags": workdays, "werktäglich": workdays, "jeden werktag": workdays, "weekdays": workdays, "every weekday": workdays, "every workday": workdays,
	"monatsende": lastDay, "jedes monatsende": lastDay, "letzten tag monat": lastDay, "last day month": lastDay, "end month": lastDay, "ende monats": lastDay,
}

const (
	workdays = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
	lastDay  = "FREQ=MONTHLY;BYMONTHDAY=-1"
)

// withoutEvery leaves out what only says that there is more than one time.
func withoutEvery(list []string) []string {
	if len(list) > 1 && slices.Contains([]string{"jeden", "jede", "jedes", "jeder", "alle", "every", "each"}, list[0]) {
		return list[1:]
	}
	return list
}

var weekdayCodes = map[string]string{
	"montag": "MO", "dienstag": "TU", "mittwoch": "WE", "donnerstag": "TH", "freitag": "FR", "samstag": "SA", "sonnabend": "SA", "sonntag": "SU",
	"monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA", "sunday": "SU",
	"mo": "MO", "di": "TU", "mi": "WE", "do": "TH", "fr": "FR", "sa": "SA", "so": "SU",
	"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU",
}

// weekdayCode reads “Montag”, “montags”, “Mondays”.
func weekdayCode(text string) string {
	if code := weekdayCodes[text]; code != "" {
		return code
	}
	return weekdayCodes[strings.TrimSuffix(text, "s")]
}

// weekdayRule reads “Montag Donnerstag” and “2 Wochen Montag”.
func weekdayRule(list []string) (string, bool) {
	interval := ""
	if len(list) > 2 {
		if n, unit := counted(list[:2]); unit == 'w' {
			interval, list = ";INTERVAL="+strconv.Itoa(n), list[2:]
		}
	}
	var codes []string
	for _, text := range list {
		code := weekdayCode(text)
		if code == "" {
			return "", false
		}
		codes = append(codes, code)
	}
	return normalRule("FREQ=WEEKLY" + interval + ";BYDAY=" + strings.Join(codes, ","))
}

var places = map[string]string{
	"ersten": "1", "erster": "1", "erste": "1", "first": "1", "1": "1", "1st": "1", "zweiten": "2", "second": "2", "2": "2", "2nd": "2", "dritten": "3", "third": "3", "3": "3", "3rd": "3",
	"vierten": "4", "fourth": "4", "4": "4", "4th": "4", "letzten": "-1", "letzter": "-1", "last": "-1",
}

// placedRule reads “letzten Freitag Monat” and “15. jeden Monats”, without the small words.
func placedRule(list []string) (string, bool) {
	last := list[len(list)-1]
	if last != "monat" && last != "monats" && last != "month" {
		return "", false
	}
	list = slices.DeleteFunc(slices.Clone(list[:len(list)-1]), func(text string) bool {
		return slices.Contains([]string{"jeden", "jedes", "every", "each"}, text)
	})
	switch len(list) {
	case 1:
		day, err := strconv.Atoi(strings.TrimRight(list[0], "stndrh"))
		if err == nil && day >= 1 && day <= 31 {
			return normalRule("FREQ=MONTHLY;BYMONTHDAY=" + strconv.Itoa(day))
		}
	case 2:
		if place, code := places[list[0]], weekdayCode(list[1]); place != "" && code != "" {
			return normalRule("FREQ=MONTHLY;BYDAY=" + place + code)
		}
	}
	return "", false
}

// countedRule reads “2 Wochen”, “zwei Monate”, “other week”, “Tag”.
func countedRule(list []string) (string, bool) {
	n, unit := counted(list)
	freq := map[byte]string{'d': "DAILY", 'w': "WEEKLY", 'm': "MONTHLY", 'y': "YEARLY"}[unit]
	if freq == "" {
		return "", false
	}
	return normalRule("FREQ=" + freq + ";INTERVAL=" + strconv.Itoa(n))
}

var spelledCounts = map[string]int{
	"ein": 1, "eine": 1, "einen": 1, "one": 1, "other": 2, "zweite": 2, "zweiten": 2, "second": 2, "zwei": 2, "two": 2, "drei": 3, "three": 3, "vier": 4, "four": 4,
	"fünf": 5, "fuenf": 5, "five": 5, "sechs": 6, "six": 6, "sieben": 7, "seven": 7, "acht": 8, "eight": 8, "neun": 9, "nine": 9, "zehn": 10, "ten": 10, "zwölf": 12, "zwoelf": 12, "twelve": 12,
}

// counted reads a number and a unit of time; the unit is 0 if it is none.
func counted(list []string) (n int, unit byte) {
	n = 1
	if len(list) == 2 {
		var err error
		if n, err = strconv.Atoi(list[0]); err != nil {
			n = spelledCounts[list[0]]
		}
		list = list[1:]
	}
	if len(list) != 1 || n < 1 {
		return 0, 0
	}
	switch list[0] {
	case "tag", "tage", "tagen", "day", "days":
		return n, 'd'
	case "woche", "wochen", "week", "weeks":
		return n, 'w'
	case "monat", "monate", "monaten", "month", "months":
		return n, 'm'
	case "jahr", "jahre", "jahren", "year", "years":
		return n, 'y'
	}
	return 0, 0
}

func normalRule(text string) (string, bool) {
	r, err := recur.Parse(text)
	return r.String(), err == nil
}

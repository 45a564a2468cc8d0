package bots

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"werkraum/bots/dates"
	"werkraum/workspace"
	"werkraum/workspace/recur"
)

// ruleInWords says what a rule means: “jeden Montag”, “every 2 weeks”. Rules that are
// rarer than people type are shown as they are.
func ruleInWords(text string) workspace.Text {
	r, err := recur.Parse(text)
	if err != nil {
		return same(text)
	}
	n, _ := strconv.Atoi(r.Part("INTERVAL"))
	said, ok := everyInWords(r, max(n, 1))
	if !ok || r.Part("WKST") != "" {
		return same(text)
	}
	if count := r.Part("COUNT"); count != "" {
		return workspace.Text{De: said.De + ", noch %s-mal", En: said.En + ", %s more times"}.With(count)
	}
	if until, err := time.Parse("20060102", r.Part("UNTIL")); err == nil {
		day := until.Format(time.DateOnly)
		return workspace.Text{
			De: said.De + " bis " + dates.Spell(day, workspace.German), En: said.En + " until " + dates.Spell(day, workspace.English),
		}
	}
	return said
}

func same(text string) workspace.Text { return workspace.Text{De: text, En: text} }

func everyInWords(r recur.Rule, n int) (workspace.Text, bool) {
	days, monthDays := r.Part("BYDAY"), r.Part("BYMONTHDAY")
	last := strings.HasPrefix(monthDays, "28,29") && r.Part("BYSETPOS") == "-1" // the day that not every month has
	switch freq := r.Part("FREQ"); {
	case last && (freq == "MONTHLY" && r.Part("BYMONTH") == "" || freq == "YEARLY"):
		return units(freq, n), true
	case r.Part("BYSETPOS") != "" || r.Part("BYMONTH") != "":
		return workspace.Text{}, false
	case days == "" && monthDays == "":
		return units(freq, n), true
	case freq == "WEEKLY" && days == "MO,TU,WE,TH,FR" && n == 1:
		return workspace.Text{De: "jeden Werktag", En: "every weekday"}, true
	case freq == "WEEKLY":
		de, en := weekdayNames(days)
		if n == 1 {
			return workspace.Text{De: "jeden " + de, En: "every " + en}, true
		}
		every := units(freq, n)
		return workspace.Text{De: every.De + " am " + de, En: every.En + " on " + en}, true
	case freq == "MONTHLY" && n == 1 && monthDays == "-1" && days == "":
		return workspace.Text{De: "am letzten Tag des Monats", En: "on the last day of the month"}, true
	case freq == "MONTHLY" && n == 1 && days == "" && !strings.ContainsAny(monthDays, ",-"):
		return workspace.Text{De: "am " + monthDays + ". jedes Monats", En: "on day " + monthDays + " of every month"}, true
	case freq == "MONTHLY" && n == 1 && monthDays == "" && !strings.Contains(days, ","):
		place := map[string]workspace.Text{
			"1": {De: "ersten", En: "first"}, "2": {De: "zweiten", En: "second"}, "3": {De: "dritten", En: "third"}, "4": {De: "vierten", En: "fourth"}, "-1": {De: "letzten", En: "last"},
		}[days[:len(days)-2]]
		de, en := weekdayNames(days[len(days)-2:])
		return workspace.Text{De: "am " + place.De + " " + de + " im Monat", En: "on the " + place.En + " " + en + " of the month"}, place.De != ""
	}
	return workspace.Text{}, false
}

func units(freq string, n int) workspace.Text {
	one := map[string]workspace.Text{
		"DAILY": {De: "täglich", En: "daily"}, "WEEKLY": {De: "wöchentlich", En: "weekly"}, "MONTHLY": {De: "monatlich", En: "monthly"}, "YEARLY": {De: "jährlich", En: "yearly"},
	}
	if n == 1 {
		return one[freq]
	}
	many := map[string]workspace.Text{
		"DAILY": {De: "Tage", En: "days"}, "WEEKLY": {De: "Wochen", En: "weeks"}, "MONTHLY": {De: "Monate", En: "months"}, "YEARLY": {De: "Jahre", En: "years"},
	}
	return workspace.Text{De: "alle " + strconv.Itoa(n) + " " + many[freq].De, En: "every " + strconv.Itoa(n) + " " + many[freq].En}
}

func weekdayNames(days string) (de, en string) {
	var listDe, listEn []string
	for code := range strings.SplitSeq(days, ",") {
		d := time.Weekday(max(slices.Index(weekdayOrder, code), 0))
		listDe, listEn = append(listDe, dates.Weekday(d, workspace.German)), append(listEn, dates.Weekday(d, workspace.English))
	}
	return names{list: listDe, bare: true}.in(workspace.German), names{list: listEn, bare: true}.in(workspace.English)
}

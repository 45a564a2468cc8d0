package main

import (
	"regexp"
	"strconv"
	"time"
)

// roomName and roomTopic are of the example room.
const (
	roomName  = "Neues Bürgerbüro am Rathausplatz"
	roomTopic = "Umzug des Bürgerbüros: Bau, Ausstattung, IT, Öffentlichkeit"
)

// beat is one thing that somebody does in the example room.
type beat struct {
	who string
	// text is a message or, beginning with "!", a command, whose answer is awaited. {n} in it
	// becomes the date of the working day n days from today or the next one after it, so that
	// the board is neither stale nor full of Sundays whenever it is made.
	text string
	// comment, when not empty, is the number of the card in whose thread text is written.
	comment string
	// pin has who react with 📌 to the last message instead, which makes it a card.
	pin bool
	// tick, when not empty, is the number of the card that who marks as done with ✅.
	tick string
}

var daysFromToday = regexp.MustCompile(`\{(-?\d+)\}`)

// dated puts dates in the place of {n}.
func dated(text string, today time.Time) string {
	return daysFromToday.ReplaceAllStringFunc(text, func(mark string) string {
		days, err := strconv.Atoi(mark[1 : len(mark)-1])
		if err != nil { // too long for a number: the pattern allows it, the story has none
			return mark
		}
		day := today.AddDate(0, 0, days)
		for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			day = day.AddDate(0, 0, 1)
		}
		return day.Format("2.1.2006")
	})
}

// story furnishes the example room. Cards get their numbers in the order in which they
// are made, so what refers to one by its number counts on that order.
var story = []beat{
	{who: anna, text: "Guten Morgen zusammen! Im Frühjahr zieht das Bürgerbüro an den Rathausplatz. Damit nichts liegen bleibt, sammeln wir alles in diesem Raum. Mia Brandt vom Kreisbauamt ist von Anfang an dabei."},
	{who: mia, text: "Guten Morgen und danke für die Einladung! Ich begleite den Umbau im Erdgeschoss."},
	{who: jonas, text: "Moin! Ich kümmere mich um Netz, Arbeitsplätze und die Aufrufanlage."},
	{who: anna, text: "Dann fange ich mit den Karten an."},

	{who: anna, text: "!karte neu Angebot für Möbel einholen @jonas fällig Freitag #vergabe\nSechs höhenverstellbare Tische, zwölf Stühle, Wartebereich für 20 Personen. Drei Angebote, Rahmenvertrag des Landes prüfen."}, // 1
	{who: anna, text: "!karte neu Mietvertrag Rathausplatz 4 prüfen lassen @anna fällig {1} #recht"},                                                                                                                       // 2
	{who: mia, text: "!karte neu Grundriss Erdgeschoss abstimmen @mia @anna fällig Mittwoch #bau\nVariante B mit zwei Besprechungsräumen; Tresen bleibt auf der Nordseite."},                                               // 3
	{who: jonas, text: "!karte neu Netzwerkdosen in allen Räumen messen @jonas fällig {13} #it"},                                                                                                                           // 4
	{who: jonas, text: "!karte neu Aufrufanlage: Angebote vergleichen @jonas fällig {-3} #it #vergabe"},                                                                                                                    // 5
	{who: mia, text: "!karte neu Brandschutzkonzept einreichen @mia fällig {10} #bau"},                                                                                                                                     // 6
	{who: anna, text: "!karte neu Eingang mit der Beauftragten für Barrierefreiheit begehen @anna @mia fällig Dienstag #bau #barrierefreiheit"},                                                                            // 7
	{who: anna, text: "!karte neu Öffnungszeiten mit dem Personalrat abstimmen @anna #personal"},                                                                                                                           // 8
	{who: jonas, text: "!karte neu Umzugswagen reservieren fällig {22} #umzug"},                                                                                                                                            // 9
	{who: mia, text: "Für das Schild am Eingang brauchen wir noch die Zustimmung der Denkmalpflege."},
	{who: anna, pin: true}, // 10
	{who: anna, text: "!karte neu Pressemitteilung zum neuen Standort entwerfen @anna #presse"},  // 11
	{who: jonas, text: "!karte neu Ausweisterminals beim Hersteller ummelden @jonas #it"},        // 12
	{who: mia, text: "!karte neu Farbkonzept für die Malerarbeiten auswählen #bau"},              // 13
	{who: anna, text: "!karte neu Nachsendeauftrag stellen #umzug"},                              // 14
	{who: anna, text: "!karte neu Beschilderung und Wegeleitung bestellen fällig {28} #vergabe"}, // 15
	{who: jonas, text: "!karte neu Alte Akten ins Zwischenarchiv geben @jonas #umzug"},           // 16
	{who: jonas, text: "!karte neu Telefonnummern umschalten lassen @jonas fällig {20} #it"},     // 17
	{who: anna, text: "!karte neu Einweihung planen: Gäste, Ablauf, Grußwort #presse"},           // 18
	{who: mia, text: "!karte neu Protokoll der ersten Baustellenbegehung @mia #bau"},             // 19

	{who: jonas, text: "!karte verschieben 1 In Arbeit"},
	{who: jonas, comment: "1", text: "Zwei Angebote sind da, das dritte kommt bis Donnerstag."},
	{who: anna, comment: "1", text: "Sehr gut. Bitte achten Sie darauf, dass die Lieferung in den Obergeschossen inbegriffen ist."},
	{who: mia, text: "!karte verschieben 3 In Arbeit"},
	{who: mia, comment: "3", text: "Variante B ist gezeichnet. Der Durchgang zum Wartebereich ist jetzt 1,50 m breit."},
	{who: anna, comment: "3", text: "Das passt. Ich zeige sie morgen der Amtsleitung."},
	{who: jonas, text: "!karte verschieben 5 In Arbeit"},
	{who: anna, text: "!karte verschieben 8 In Arbeit"},
	{who: anna, text: "!karte zuweisen 13 @mia"},
	{who: anna, text: "!karte fällig 13 {15}"},
	{who: jonas, comment: "16", text: "37 Kartons sind abgeholt, die Liste liegt beim Archiv."},
	{who: jonas, tick: "16"},
	{who: mia, text: "!karte fertig 19"},
	{who: anna, text: "!karte fertig 2"},
	{who: jonas, comment: "5", text: "Anbieter A kann Termine aus dem Online-Portal übernehmen, Anbieter B erst ab Herbst."},
	{who: mia, comment: "5", text: "Bei uns im Kreishaus läuft A seit zwei Jahren ohne Störung."},
	{who: anna, text: "Danke Ihnen beiden, so sehen wir auf einen Blick, wo wir stehen. Bis Montag!"},
}

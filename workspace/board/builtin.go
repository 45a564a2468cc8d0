package board

import "werkraum/workspace"

// builtin are the templates that every room has. The first is what a board is without
// one; a room's main board begins with the same columns.
var builtin = []template{
	{name: "", columns: []templateColumn{
		{title: firstColumns[0].title}, {title: firstColumns[1].title}, {title: firstColumns[2].title, done: true},
	}},
	{
		name:  "kanban",
		title: workspace.Text{De: "Einfaches Kanban", En: "Simple Kanban"},
		about: workspace.Text{
			De: "Für laufende Aufgaben: wenig auf einmal anfangen, sehen, worauf man wartet.",
			En: "For work that keeps coming in: start little at a time, see what you are waiting for.",
		},
		columns: []templateColumn{
			{title: workspace.Text{De: "Offen", En: "To do"}},
			{title: workspace.Text{De: "In Arbeit", En: "In progress"}, limit: 5},
			{title: workspace.Text{De: "Wartet auf Rückmeldung", En: "Waiting for an answer"}},
			{title: workspace.Text{De: "Erledigt", En: "Done"}, done: true},
		},
	},
	{
		name:  "scrum",
		title: workspace.Text{De: "Scrum mit Sprints", En: "Scrum with sprints"},
		about: workspace.Text{
			De: "Für Vorhaben, die in festen Abschnitten vorankommen, zum Beispiel einen neuen Online-Dienst.",
			En: "For projects that advance in fixed periods, such as a new online service.",
		},
		columns: []templateColumn{
			{title: workspace.Text{De: "Themenspeicher", En: "Product backlog"}, cards: []templateCard{{
				title: workspace.Text{De: "Beispiel: Als Bürgerin möchte ich den Stand meines Antrags sehen", En: "Example: As a citizen I want to see how far my application is"},
				description: workspace.Text{
					De: "Eine Anforderung nennt, wer etwas braucht und wozu. Die Checkliste sagt, wann sie erfüllt ist.",
					En: "A requirement says who needs something and what for. The checklist says when it is met.",
				},
				checks: []workspace.Text{
					{De: "Der Stand ist ohne Anmeldung nicht zu sehen", En: "Without signing in it cannot be seen"},
					{De: "Barrierefrei mit Tastatur und Vorleseprogramm", En: "Accessible by keyboard and screen reader"},
					{De: "Von der Fachabteilung abgenommen", En: "Accepted by the department"},
				},
			}}},
			{title: workspace.Text{De: "Dieser Sprint", En: "This sprint"}, cards: []templateCard{{
				title:    workspace.Text{De: "Sprint planen", En: "Plan the sprint"},
				priority: "high",
				checks: []workspace.Text{
					{De: "Sprintziel in einem Satz", En: "Goal of the sprint in one sentence"},
					{De: "Anforderungen auswählen und schätzen", En: "Choose and estimate requirements"},
					{De: "Abwesenheiten berücksichtigen", En: "Mind absences"},
					{De: "Termin für die Vorstellung der Ergebnisse", En: "Date for showing the results"},
				},
			}}},
			{title: workspace.Text{De: "In Arbeit", En: "In progress"}, limit: 5, strict: true},
			{title: workspace.Text{De: "Prüfung und Abnahme", En: "Review and acceptance"}, limit: 3},
			{title: workspace.Text{De: "Erledigt", En: "Done"}, done: true},
		},
	},
	{
		name:  "meeting",
		title: workspace.Text{De: "Jour fixe", En: "Weekly meeting"},
		about: workspace.Text{
			De: "Für die wöchentliche Besprechung: Themen sammeln, besprechen, Vereinbartes nachhalten.",
			En: "For the weekly meeting: collect topics, discuss them, follow up what was agreed.",
		},
		columns: []templateColumn{
			{title: workspace.Text{De: "Themen sammeln", En: "Collect topics"}, cards: []templateCard{{
				title: workspace.Text{De: "Beispiel: Vertretung in den Sommerferien", En: "Example: Who stands in during the summer holidays"},
				description: workspace.Text{
					De: "Wer ein Thema einbringt, schreibt hierher, was entschieden werden soll und wie lange es etwa dauert.",
					En: "Whoever brings a topic in writes here what is to be decided and about how long it takes.",
				},
			}}},
			{title: workspace.Text{De: "Heute besprechen", En: "Discuss today"}, limit: 7, cards: []templateCard{{
				title: workspace.Text{De: "Eröffnung", En: "Opening"},
				checks: []workspace.Text{
					{De: "Wer leitet, wer hält Ergebnisse fest?", En: "Who chairs, who takes the minutes?"},
					{De: "Vereinbartes vom letzten Mal durchgehen", En: "Go through what was agreed last time"},
					{De: "Reihenfolge der Themen festlegen", En: "Settle the order of topics"},
				},
			}}},
			{title: workspace.Text{De: "Vereinbart", En: "Agreed"}, cards: []templateCard{{
				title: workspace.Text{De: "Beispiel: Aushang zu geänderten Öffnungszeiten", En: "Example: Notice about changed opening hours"},
				description: workspace.Text{
					De: "Alles, was vereinbart ist, bekommt eine Person und eine Frist.",
					En: "Whatever was agreed gets a person and a due date.",
				},
			}}},
			{title: workspace.Text{De: "Zurückgestellt", En: "Put off"}},
			{title: workspace.Text{De: "Erledigt", En: "Done"}, done: true},
		},
	},
	{
		name:  "onboarding",
		title: workspace.Text{De: "Einarbeitung", En: "Onboarding"},
		about: workspace.Text{
			De: "Für neue Kolleginnen und Kollegen: vom Arbeitsplatz bis zum Gespräch nach dem ersten Monat.",
			En: "For new colleagues: from the workplace to the talk after the first month.",
		},
		columns: []templateColumn{
			{title: workspace.Text{De: "Vor dem ersten Tag", En: "Before the first day"}, cards: []templateCard{
				{
					title:    workspace.Text{De: "Arbeitsplatz vorbereiten", En: "Prepare the workplace"},
					priority: "high",
					checks: []workspace.Text{
						{De: "Rechner, Telefon und Bildschirm bestellt", En: "Computer, telephone and screen ordered"},
						{De: "Benutzerkonto und E-Mail-Adresse beantragt", En: "Account and e-mail address requested"},
						{De: "Zugänge zu den Fachverfahren beantragt", En: "Access to the specialised applications requested"},
						{De: "Dienstausweis und Schlüssel bestellt", En: "Staff pass and keys ordered"},
					},
				},
				{
					title: workspace.Text{De: "Patin oder Paten benennen", En: "Name a mentor"},
					checks: []workspace.Text{
						{De: "Zeit dafür mit der Leitung vereinbart", En: "Time for it agreed with the manager"},
						{De: "Im Team angekündigt", En: "Announced in the team"},
					},
				},
			}},
			{title: workspace.Text{De: "Erster Tag", En: "First day"}, cards: []templateCard{{
				title: workspace.Text{De: "Ankommen", En: "Arriving"},
				checks: []workspace.Text{
					{De: "Begrüßung und Rundgang", En: "Welcome and tour"},
					{De: "Dienstausweis und Schlüssel übergeben", En: "Staff pass and keys handed over"},
					{De: "Verpflichtung und Belehrungen unterschrieben", En: "Declarations and instructions signed"},
					{De: "Anmeldung an allen Rechnern geprüft", En: "Signing in tried on all machines"},
				},
			}}},
			{title: workspace.Text{De: "Erste Woche", En: "First week"}, cards: []templateCard{
				{
					title: workspace.Text{De: "Unterweisungen", En: "Instructions"},
					checks: []workspace.Text{
						{De: "Datenschutz und Informationssicherheit", En: "Data protection and information security"},
						{De: "Arbeitsschutz und Brandschutz", En: "Safety at work and fire protection"},
						{De: "Zeiterfassung, Urlaub, mobiles Arbeiten", En: "Working hours, leave, working from home"},
					},
				},
				{title: workspace.Text{De: "Kolleginnen und Kollegen kennenlernen", En: "Get to know the colleagues"}},
			}},
			{title: workspace.Text{De: "Erster Monat", En: "First month"}, cards: []templateCard{{
				title: workspace.Text{De: "Gespräch nach vier Wochen", En: "Talk after four weeks"},
				checks: []workspace.Text{
					{De: "Was läuft gut, was fehlt noch?", En: "What goes well, what is still missing?"},
					{De: "Fortbildungen vereinbart", En: "Training agreed"},
				},
			}}},
			{title: workspace.Text{De: "Erledigt", En: "Done"}, done: true},
		},
	},
}

// Package templates holds what a new whiteboard can begin with, in both languages, as
// Excalidraw's elements.
package templates

import (
	"encoding/json"
	"slices"

	"werkraum/workspace"
)

// Template is something that a whiteboard can begin with.
type Template struct {
	Name         string // as acts and commands call it
	Title, About workspace.Text
	draw         func(*sheet)
}

// All are the templates, in the order in which they are offered.
func All() []Template {
	return []Template{
		{
			"brainstorm",
			workspace.Text{De: "Ideen sammeln", En: "Brainstorming"},
			workspace.Text{De: "Frage, Ideen, Auswahl, nächste Schritte", En: "Question, ideas, choice, next steps"}, brainstorm,
		},
		{
			"retro",
			workspace.Text{De: "Rückblick", En: "Retrospective"},
			workspace.Text{De: "Was gut lief, was nicht, was wir vereinbaren", En: "What went well, what did not, what we agree"}, retro,
		},
		{
			"stakeholders",
			workspace.Text{De: "Beteiligte", En: "Stakeholder map"},
			workspace.Text{De: "Wer hat wie viel Einfluss und Interesse?", En: "Who has how much influence and interest?"}, stakeholders,
		},
		{
			"process",
			workspace.Text{De: "Ablauf", En: "Process"},
			workspace.Text{De: "Schritte und Entscheidungen in drei Bahnen", En: "Steps and decisions in three lanes"}, process,
		},
		{
			"orgchart",
			workspace.Text{De: "Organigramm", En: "Organisation chart"},
			workspace.Text{De: "Leitung, Abteilungen, Teams", En: "Head, departments, teams"}, orgchart,
		},
		{
			"meeting",
			workspace.Text{De: "Besprechung", En: "Weekly meeting"},
			workspace.Text{De: "Tagesordnung, Notizen, Beschlüsse, Aufgaben", En: "Agenda, notes, decisions, tasks"}, meeting,
		},
	}
}

// Find returns the template of that name.
func Find(name string) (Template, bool) {
	all := All()
	i := slices.IndexFunc(all, func(t Template) bool { return t.Name == name })
	if i < 0 {
		return Template{}, false
	}
	return all[i], true
}

// Elements are what a whiteboard begins with, as Excalidraw writes it, in a language. Equal
// seeds (the whiteboard's ID) give equal elements, so that two servers make the same.
func (t Template) Elements(lang workspace.Language, seed string) []json.RawMessage {
	s := &sheet{seed: seed, lang: lang}
	t.draw(s)
	return s.elements()
}

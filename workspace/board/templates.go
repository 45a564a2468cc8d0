package board

import (
	"strconv"

	"werkraum/workspace"
)

// template is a built-in one: what a board can be made after in every room.
type template struct {
	name    string // as acts and commands call it
	title   workspace.Text
	about   workspace.Text
	columns []templateColumn
}

type templateColumn struct {
	title  workspace.Text
	limit  int
	strict bool
	done   bool
	cards  []templateCard
}

type templateCard struct {
	title, description workspace.Text
	priority           string
	checks             []workspace.Text
}

// plan is what a board after t is made of in a language.
func (t template) plan(lang workspace.Language) plan {
	var p plan
	for _, column := range t.columns {
		fields := map[string]workspace.Value{Title: workspace.String(column.title.In(lang))}
		if column.limit > 0 {
			fields[Limit] = workspace.Int(int64(column.limit))
		}
		if column.strict {
			fields[Strict] = workspace.Bool(true)
		}
		if column.done {
			fields[Done] = workspace.Bool(true)
		}
		c := planColumn{fields: fields}
		for _, card := range column.cards {
			c.cards = append(c.cards, card.fields(lang))
		}
		p.columns = append(p.columns, c)
	}
	return p
}

func (c templateCard) fields(lang workspace.Language) map[string]workspace.Value {
	fields := map[string]workspace.Value{Title: workspace.String(c.title.In(lang))}
	if text := c.description.In(lang); text != "" {
		fields[Description] = workspace.String(text)
	}
	if c.priority != "" {
		fields[Priority] = workspace.String(c.priority)
	}
	ranks := ranksFor(len(c.checks))
	for i, check := range c.checks {
		entry := Check + "/" + strconv.Itoa(i+1) + "/"
		fields[entry+Title], fields[entry+Rank] = workspace.String(check.In(lang)), ranks[i]
	}
	return fields
}

// Outline is what people see of a template before they choose it.
type Outline struct {
	Name    string          `json:"name"` // what board.add takes: a built-in one's name, or an item ID
	Title   string          `json:"title"`
	About   string          `json:"about,omitempty"`
	Columns []OutlineColumn `json:"columns"`
}

// OutlineColumn is a column of an Outline.
type OutlineColumn struct {
	Title string   `json:"title"`
	Limit int      `json:"limit,omitempty"`
	Done  bool     `json:"done,omitempty"`
	Cards []string `json:"cards,omitempty"` // their titles
}

// Templates are the built-in templates, in the language in which a room would get them.
func Templates(lang workspace.Language) []Outline {
	list := make([]Outline, 0, len(builtin))
	for _, t := range builtin[1:] { // the first is what there is without a choice
		list = append(list, outline(t.name, t.title.In(lang), t.about.In(lang), t.plan(lang)))
	}
	return list
}

// OwnTemplates are the room's own templates, by title.
func (b *Board) OwnTemplates() []Outline {
	var list []Outline
	for _, it := range b.Templates() {
		list = append(list, outline(string(it.ID), it.Text(Title), "", b.planOf(it.ID, true)))
	}
	return list
}

func outline(name, title, about string, p plan) Outline {
	o := Outline{Name: name, Title: title, About: about}
	for _, c := range p.columns {
		limit, _ := c.fields[Limit].Integer()
		text, _ := c.fields[Title].Text()
		column := OutlineColumn{Title: text, Limit: int(limit), Done: c.fields[Done].True()}
		for _, card := range c.cards {
			text, _ := card[Title].Text()
			column.Cards = append(column.Cards, text)
		}
		o.Columns = append(o.Columns, column)
	}
	return o
}

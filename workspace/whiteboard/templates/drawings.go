package templates

import (
	"math"

	"werkraum/workspace"
)

var nothing = workspace.Text{}

func brainstorm(s *sheet) {
	s.inFrame(workspace.Text{De: "Frage", En: "Question"}, 0, 0, 380, 560, func() {
		s.text(24, 28, 330, 28, ink, workspace.Text{De: "Worum geht es?", En: "What is it about?"})
		box := s.put("rectangle", 24, 84, 332, 150, element{"backgroundColor": grey, "strokeColor": pale, "roundness": element{"type": 3}})
		s.label(box, workspace.Text{De: "Wie können wir …?", En: "How might we …?"}, 20)
		s.text(24, 264, 330, 18, ink, workspace.Text{
			De: "1. Fünf Minuten still Ideen notieren, eine je Zettel\n2. Vorlesen und Ähnliches zusammenlegen\n3. Auswählen, was wir weiterverfolgen\n4. Schritte vereinbaren – aus Zetteln werden Karten",
			En: "1. Write down ideas silently for five minutes, one on each note\n2. Read them out and put similar ones together\n3. Choose what we pursue\n4. Agree on steps – notes become cards",
		})
	})
	s.inFrame(workspace.Text{De: "Ideen", En: "Ideas"}, 430, 0, 860, 560, func() {
		colors := []string{yellow, yellow, blue, blue, green, green, orange, orange, violet, violet, red, red, yellow, blue, green}
		for i, color := range colors {
			text := nothing
			if i == 0 {
				text = workspace.Text{De: "Idee: kurz und konkret", En: "Idea: short and concrete"}
			}
			s.note(25+float64(i%5)*165, 30+float64(i/5)*170, color, text)
		}
	})
	s.inFrame(workspace.Text{De: "Auswahl", En: "Choice"}, 0, 640, 620, 300, func() {
		for i, place := range []workspace.Text{{De: "Zuerst", En: "First"}, {De: "Danach", En: "Next"}, {De: "Später", En: "Later"}} {
			x := 24 + float64(i)*196
			s.text(x, 24, 0, 22, ink, place)
			s.put("rectangle", x, 66, 180, 206, element{"strokeColor": pale, "strokeStyle": "dashed", "roundness": element{"type": 3}})
		}
	})
	s.inFrame(workspace.Text{De: "Nächste Schritte", En: "Next steps"}, 670, 640, 620, 300, func() {
		s.text(24, 24, 0, 22, ink, workspace.Text{De: "Wer macht was bis wann?", En: "Who does what by when?"})
		for i := range 3 {
			text := nothing
			if i == 0 {
				text = workspace.Text{De: "Was:\nWer:\nBis wann:", En: "What:\nWho:\nBy when:"}
			}
			s.note(24+float64(i)*196, 90, green, text)
		}
	})
}

func retro(s *sheet) {
	columns := []struct {
		name, asks, first workspace.Text
		color             string
	}{
		{
			workspace.Text{De: "Gut gelaufen", En: "Went well"}, workspace.Text{De: "Was wollen wir beibehalten?", En: "What do we want to keep?"},
			workspace.Text{De: "Wir haben uns früh abgestimmt", En: "We agreed early on"}, green,
		},
		{
			workspace.Text{De: "Schwierig", En: "Difficult"}, workspace.Text{De: "Was hat uns aufgehalten?", En: "What held us up?"},
			workspace.Text{De: "Lange auf Unterlagen gewartet", En: "Waited long for documents"}, red,
		},
		{
			workspace.Text{De: "Ideen", En: "Ideas"}, workspace.Text{De: "Was könnten wir ausprobieren?", En: "What could we try?"},
			workspace.Text{De: "Kurzer Termin am Montag", En: "A short meeting on Mondays"}, blue,
		},
		{
			workspace.Text{De: "Vereinbart", En: "Agreed"}, workspace.Text{De: "Wer macht was bis wann?", En: "Who does what by when?"},
			nothing, yellow,
		},
	}
	for i, c := range columns {
		s.inFrame(c.name, float64(i)*390, 0, 360, 720, func() {
			s.text(22, 22, 0, 28, ink, c.name)
			s.text(22, 64, 320, 18, pale, c.asks)
			for n := range 6 {
				text := nothing
				if n == 0 {
					text = c.first
				}
				s.note(22+float64(n%2)*166, 116+float64(n/2)*190, c.color, text)
			}
		})
	}
}

func stakeholders(s *sheet) {
	s.inFrame(workspace.Text{De: "Einfluss und Interesse", En: "Influence and interest"}, 0, 0, 1060, 860, func() {
		quarters := []struct {
			x, y  float64
			color string
			title workspace.Text
			notes []workspace.Text
		}{
			{
				90, 40, orange, workspace.Text{De: "Zufriedenstellen", En: "Keep satisfied"},
				[]workspace.Text{{De: "Gemeinderat", En: "Council"}, {De: "Kämmerei", En: "Treasury"}},
			},
			{
				570, 40, red, workspace.Text{De: "Eng einbinden", En: "Manage closely"},
				[]workspace.Text{{De: "Amtsleitung", En: "Head of office"}, {De: "Personalrat", En: "Staff council"}},
			},
			{90, 420, grey, workspace.Text{De: "Beobachten", En: "Monitor"}, []workspace.Text{{De: "Andere Ämter", En: "Other offices"}}},
			{570, 420, blue, workspace.Text{De: "Informieren", En: "Keep informed"}, []workspace.Text{{De: "Bürgerinnen und Bürger", En: "Citizens"}}},
		}
		for _, q := range quarters {
			s.put("rectangle", q.x, q.y, 460, 360, element{"backgroundColor": q.color, "strokeColor": none, "opacity": 45, "roundness": element{"type": 3}})
			s.text(q.x+20, q.y+16, 0, 22, ink, q.title)
			for i, note := range q.notes {
				s.note(q.x+50+float64(i)*190, q.y+120, yellow, note)
			}
		}
		axis := func(x, y, dx, dy float64) {
			s.put("arrow", x, y, math.Abs(dx), math.Abs(dy), element{
				"points": [][2]float64{{0, 0}, {dx, dy}}, "lastCommittedPoint": nil, "startBinding": nil, "endBinding": nil,
				"startArrowhead": nil, "endArrowhead": "arrow", "elbowed": false,
			})
		}
		axis(70, 800, 0, -770)
		axis(70, 800, 970, 0)
		s.text(860, 812, 0, 20, ink, workspace.Text{De: "Interesse →", En: "Interest →"})
		s.put("text", -14, 110, 110, 27, element{
			"text": up(s), "originalText": up(s), "fontSize": 20.0, "fontFamily": nunito, "lineHeight": lineHeight, "angle": -1.57080,
			"textAlign": "center", "verticalAlign": "top", "containerId": nil, "autoResize": true,
		})
	})
	s.inFrame(workspace.Text{De: "Wen wie einbinden", En: "Whom to involve how"}, 1110, 0, 420, 860, func() {
		s.text(24, 28, 370, 28, ink, workspace.Text{De: "Wen wie einbinden", En: "Whom to involve how"})
		s.text(24, 84, 370, 18, pale, workspace.Text{De: "Je Zettel: Wer? Was erwarten sie? Was tun wir, und wer kümmert sich?", En: "On each note: who? What do they expect? What do we do, and who looks after it?"})
		for i := range 6 {
			text := nothing
			if i == 0 {
				text = workspace.Text{De: "Personalrat:\nfrüh beteiligen,\n@…", En: "Staff council:\ninvolve early,\n@…"}
			}
			s.note(30+float64(i%2)*185, 190+float64(i/2)*200, yellow, text)
		}
	})
}

func up(s *sheet) string { return workspace.Text{De: "Einfluss →", En: "Influence →"}.In(s.lang) }

func process(s *sheet) {
	s.inFrame(workspace.Text{De: "Ablauf", En: "Process"}, 0, 0, 1500, 720, func() {
		for i, lane := range []workspace.Text{{De: "Antragstellende", En: "Applicants"}, {De: "Sachbearbeitung", En: "Clerk"}, {De: "Leitung", En: "Head"}} {
			y := 30 + float64(i)*220
			s.put("rectangle", 20, y, 1460, 210, element{"backgroundColor": []string{grey, "#f8f9fa", grey}[i], "strokeColor": "#ced4da", "strokeWidth": 1})
			s.text(36, y+14, 0, 20, pale, lane)
		}
		start := s.shape("ellipse", 170, 85, 150, 100, green, workspace.Text{De: "Antrag stellen", En: "Apply"})
		check := s.shape("rectangle", 165, 300, 160, 100, blue, workspace.Text{De: "Unterlagen prüfen", En: "Check documents"})
		complete := s.shape("diamond", 400, 275, 280, 150, yellow, workspace.Text{De: "Vollständig?", En: "Complete?"})
		ask := s.shape("rectangle", 460, 85, 160, 100, orange, workspace.Text{De: "Unterlagen nachreichen", En: "Hand in what is missing"})
		draft := s.shape("rectangle", 760, 300, 160, 100, blue, workspace.Text{De: "Bescheid entwerfen", En: "Draft the decision"})
		decide := s.shape("diamond", 700, 505, 280, 150, yellow, workspace.Text{De: "Einverstanden?", En: "Agreed?"})
		send := s.shape("rectangle", 1040, 300, 160, 100, blue, workspace.Text{De: "Bescheid senden", En: "Send the decision"})
		end := s.shape("ellipse", 1045, 85, 150, 100, green, workspace.Text{De: "Bescheid erhalten", En: "Decision received"})
		s.arrow(start, bottom, check, top, "triangle", nothing)
		s.arrow(check, right, complete, left, "triangle", nothing)
		s.arrow(complete, top, ask, bottom, "triangle", workspace.Text{De: "nein", En: "no"})
		s.arrow(ask, left, start, right, "triangle", nothing)
		s.arrow(complete, right, draft, left, "triangle", workspace.Text{De: "ja", En: "yes"})
		s.arrow(draft, bottom, decide, top, "triangle", nothing)
		s.arrow(decide, right, send, bottom, "triangle", workspace.Text{De: "ja", En: "yes"})
		s.arrow(decide, left, check, bottom, "triangle", workspace.Text{De: "nein", En: "no"})
		s.arrow(send, top, end, bottom, "triangle", nothing)
		s.note(1300, 60, yellow, workspace.Text{De: "Wie lange dauert das heute?", En: "How long does this take today?"})
		s.note(1300, 280, yellow, workspace.Text{De: "Was könnte entfallen?", En: "What could be left out?"})
	})
}

func orgchart(s *sheet) {
	s.inFrame(workspace.Text{De: "Organigramm", En: "Organisation chart"}, 0, 0, 1240, 700, func() {
		head := s.shape("rectangle", 510, 40, 220, 90, violet, workspace.Text{De: "Leitung\nName", En: "Head\nName"})
		staff := s.shape("rectangle", 900, 40, 220, 90, grey, workspace.Text{De: "Stabsstelle\nName", En: "Staff unit\nName"})
		s.arrow(head, right, staff, left, nil, nothing)
		for i := range 3 {
			x := 40 + float64(i)*400
			name := workspace.Text{De: "Abteilung %d\nName", En: "Department %d\nName"}.With(i + 1)
			department := s.shape("rectangle", x+70, 250, 220, 90, blue, name)
			s.arrow(head, bottom, department, top, nil, nothing)
			for j := range 2 {
				team := s.shape("rectangle", x+float64(j)*190, 470, 170, 160, green, workspace.Text{De: "Team %d.%d\n\nName\nName\nName", En: "Team %d.%d\n\nName\nName\nName"}.With(i+1, j+1))
				s.arrow(department, bottom, team, top, nil, nothing)
			}
		}
	})
}

func meeting(s *sheet) {
	s.inFrame(workspace.Text{De: "Tagesordnung", En: "Agenda"}, 0, 0, 420, 620, func() {
		s.text(24, 24, 0, 28, ink, workspace.Text{De: "Tagesordnung", En: "Agenda"})
		s.text(24, 68, 370, 18, pale, workspace.Text{De: "Datum · Ort · Leitung · Protokoll", En: "Date · place · chair · minutes"})
		points := []workspace.Text{
			{De: "Was gibt es Neues?", En: "What is new?"}, {De: "Offene Aufgaben", En: "Open tasks"},
			{De: "Thema:", En: "Topic:"}, {De: "Thema:", En: "Topic:"}, {De: "Beschlüsse und Aufgaben", En: "Decisions and tasks"},
		}
		for i, minutes := range []int{5, 10, 15, 15, 5} {
			y := 120 + float64(i)*96
			time := s.put("ellipse", 24, y, 64, 64, element{"backgroundColor": blue, "strokeColor": none})
			s.label(time, workspace.Text{De: "%d’", En: "%d’"}.With(minutes), 18)
			s.text(108, y+18, 280, 20, ink, points[i])
		}
	})
	s.inFrame(workspace.Text{De: "Notizen", En: "Notes"}, 470, 0, 560, 620, func() {
		s.text(24, 24, 0, 28, ink, workspace.Text{De: "Notizen", En: "Notes"})
		for i := range 9 {
			text := nothing
			if i == 0 {
				text = workspace.Text{De: "Eine Notiz je Zettel", En: "One thing on each note"}
			}
			s.note(30+float64(i%3)*172, 86+float64(i/3)*172, yellow, text)
		}
	})
	s.inFrame(workspace.Text{De: "Beschlüsse", En: "Decisions"}, 0, 700, 420, 380, func() {
		s.text(24, 24, 0, 28, ink, workspace.Text{De: "Beschlüsse", En: "Decisions"})
		s.text(24, 68, 370, 18, pale, workspace.Text{De: "Was gilt ab jetzt?", En: "What holds from now on?"})
		s.note(40, 140, orange, nothing)
		s.note(220, 140, orange, nothing)
	})
	s.inFrame(workspace.Text{De: "Aufgaben", En: "Tasks"}, 470, 700, 560, 380, func() {
		s.text(24, 24, 0, 28, ink, workspace.Text{De: "Aufgaben", En: "Tasks"})
		s.text(24, 68, 500, 18, pale, workspace.Text{De: "Aus jedem Zettel wird am Ende eine Karte.", En: "In the end each note becomes a card."})
		for i := range 3 {
			text := nothing
			if i == 0 {
				text = workspace.Text{De: "Was:\nWer:\nBis wann:", En: "What:\nWho:\nBy when:"}
			}
			s.note(30+float64(i)*172, 140, green, text)
		}
	})
}

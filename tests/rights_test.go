package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/tests/page"
	"werkraum/workspace"
	"werkraum/workspace/surfaces"
)

// judge is a room in which four people of different power try everything, and Anna, who
// prepares what they try it on and watches what comes of it.
type judge struct {
	*scene
	board  *tab
	people []*contestant
	// byAPI has what is otherwise done on the page done by the REST API.
	byAPI bool
}

// contestant is somebody with a board of their own; may is the least of deeds that they
// may do, as the room's settings say.
type contestant struct {
	*person
	board *tab
	// session is that of the board, with which the API can be used too.
	session string
	may     map[workspace.Action]bool
}

// made counts the changes of somebody that came a certain way, as Anna sees them.
func (j *judge) made(by id.UserID, via string) (n int) {
	j.board.Look(func(st pageState) {
		for _, c := range st.Commits {
			if c.By == by && c.Via == via {
				n++
			}
		}
	})
	return n
}

// card has Anna make a card and returns its ID and number.
func (j *judge) card() (name, number string) {
	name = newItem()
	j.board.do("card.add", object{"card": name, "title": "Karte " + name})
	item := j.board.card("Karte " + name)
	return name, fmt.Sprint(item.Fields["number"])
}

// anotherBoard has Anna make a board and returns its ID and title.
func (j *judge) anotherBoard() (name, title string) {
	name = newItem()
	title = strings.ReplaceAll(name, "-", "x")
	j.board.do("board.add", object{"board": name, "title": title})
	return name, title
}

func (j *judge) column() (name, title string) {
	name = newItem()
	title = strings.ReplaceAll(name, "-", "x")
	j.board.do("column.add", object{"column": name, "title": title})
	j.board.column(title)
	return name, title
}

// onPage has somebody do it on their page; what comes back is whether it was done, and a
// refusal must be the right one.
func (j *judge) onPage(c *contestant, act string, args object) bool {
	if j.byAPI {
		return j.onAPI(c, act, args)
	}
	refusal := c.board.try(act, args)
	if refusal != nil && refusal.Kind != "forbidden" {
		j.t.Errorf("%s, %s on the page: refused with %v, want forbidden or done", c.DisplayName, act, refusal)
	}
	return refusal == nil
}

// onAPI has somebody do it by the REST API.
func (j *judge) onAPI(c *contestant, act string, args object) bool {
	if args == nil {
		args = object{}
	}
	body, err := json.Marshal(object{"act": act, "args": args})
	if err != nil {
		j.t.Fatal(err)
	}
	status, answer := j.request(http.MethodPost, "/acts", c.session, body)
	if status != http.StatusOK && status != http.StatusForbidden {
		j.t.Errorf("%s, %s by the API: status %d, %v", c.DisplayName, act, status, answer)
	}
	return status == http.StatusOK
}

// told has somebody use a command that changes nothing on the board; a refusal is said in
// the room.
func (j *judge) told(c *contestant, command string) bool {
	return !strings.Contains(c.ask(j.room, command).Body, "dürfen")
}

// typed has somebody type a command.
func (j *judge) typed(c *contestant, command string) bool {
	before := j.made(c.UserID, "command")
	answer := c.ask(j.room, command)
	if strings.Contains(answer.Body, "dürfen") {
		if j.made(c.UserID, "command") != before {
			j.t.Errorf("%s, %s: refused and done", c.DisplayName, command)
		}
		return false
	}
	until(j.t, "the change of "+command, func() error {
		if j.made(c.UserID, "command") <= before {
			return fmt.Errorf("the bot says %q, and nothing has changed", answer.Body)
		}
		return nil
	})
	return true
}

// reacted has somebody react; a refusal is said in the room.
func (j *judge) reacted(c *contestant, target id.EventID, key string) bool {
	before, refusals := j.made(c.UserID, "reaction"), len(j.refusals(target))
	c.react(j.room, target, key)
	done := false
	until(j.t, "what comes of "+key, func() error {
		done = j.made(c.UserID, "reaction") > before
		if !done && len(j.refusals(target)) == refusals {
			return fmt.Errorf("neither done nor refused")
		}
		return nil
	})
	return done
}

func (j *judge) refusals(target id.EventID) (list []message) {
	for _, m := range j.anna.said(j.room, j.Bot) {
		if m.Relates.ReplyTo.Event == target && strings.Contains(m.Body, "dürfen") {
			list = append(list, m)
		}
	}
	return list
}

// cardOf waits until a message is known as a card's, and returns the card.
func (j *judge) cardOf(m message) (card string) {
	j.board.await("the card of the message", func(st pageState) bool {
		for name, item := range st.Cards() {
			if item.Text("message") == m.ID.String() {
				card = name
			}
		}
		return card != ""
	})
	return card
}

// droppedOnPage has somebody take away on the page what the bot has posted for the person
// of a page.
func (j *judge) droppedOnPage(c *contestant, author *tab) bool {
	card, _ := j.card()
	author.do("comment.add", object{"card": card, "text": "Ein Kommentar von der Seite"})
	posted := func(n int) func(pageState) bool { return func(st pageState) bool { return st.Counts[card] == n } }
	j.board.await("the comment", posted(1))
	done := j.onPage(c, "comment.drop", object{"comment": j.board.comments(card)[0].Event})
	if done {
		j.board.await("the comment to be gone", posted(0))
	}
	return done
}

// editedOnPage has somebody edit what the bot has posted for them. What it has posted for
// somebody else nobody edits.
func (j *judge) editedOnPage(c *contestant) bool {
	card, _ := j.card()
	comment := func(author *tab) page.Comment {
		n := 0
		j.board.Look(func(st pageState) { n = st.Counts[card] })
		author.do("comment.add", object{"card": card, "text": "Ein Kommentar von der Seite"})
		j.board.await("the comment", func(st pageState) bool { return st.Counts[card] == n+1 })
		return j.board.comments(card)[n]
	}
	if j.onPage(c, "comment.edit", object{"comment": comment(j.board).Event, "text": "Nicht meiner"}) {
		j.t.Errorf("%s edits what somebody else has said", c.DisplayName)
	}
	mine := comment(c.board)
	if !j.onPage(c, "comment.edit", object{"comment": mine.Event, "text": "Anders gesagt"}) {
		return false
	}
	j.board.await("the edit", func(st pageState) bool {
		return slices.ContainsFunc(st.Comments[card], func(said page.Comment) bool { return said.Event == mine.Event && said.Body == "Anders gesagt" })
	})
	return true
}

// withPicture has somebody post a picture in the thread of a new card.
func (j *judge) withPicture(author *person) (card, file string) {
	answer := j.anna.ask(j.room, "!karte neu Mit Bild")
	card = j.cardOf(answer)
	author.await(j.room, "the card's message", func(e *event.Event) bool { return e.ID == answer.ID })
	author.postFile(j.room, answer.ID, "m.image", "Bild.png", "image/png", picture(j.t))
	return card, j.board.file(card, "Bild.png")
}

// number is the number by which commands name a card.
func (j *judge) number(card string) (number string) {
	j.board.Look(func(st pageState) { number = fmt.Sprint(st.Items["card/"+card].Fields["number"]) })
	return number
}

// dropped has somebody take away a comment of an author's.
func (j *judge) dropped(c *contestant, author *person) bool {
	answer := j.anna.ask(j.room, "!karte neu Mit Kommentar")
	card := j.cardOf(answer)
	said := author.sayIn(j.room, answer.ID, "Ein Kommentar")
	j.board.await("the comment", func(st pageState) bool { return st.Counts[card] == 1 })
	c.await(j.room, "the comment", func(e *event.Event) bool { return e.ID == said })
	if _, err := c.Client.RedactEvent(j.t.Context(), j.room, said); err != nil {
		return false // the homeserver does not let them
	}
	j.board.await("the comment to be gone", func(st pageState) bool { return st.Counts[card] == 0 })
	return true
}

// Everything that can be done with a board, by everybody, on every way: done by those who have
// the power for it, and refused to the others without a trace.
func TestEveryDeedOnEveryWay(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, usual))
		j := &judge{scene: s, board: s.page(s.anna)}
		const edit, moderate, configure = 10, 40, 60
		all := []workspace.Action{workspace.Retract, workspace.See, workspace.Speak, workspace.Edit, workspace.Moderate, workspace.Configure}
		for _, p := range []struct {
			name  string
			level int
			may   int // of all
		}{{"Lesend", 0, 3}, {"Schreibend", edit, 4}, {"Moderierend", moderate, 5}, {"Leitend", configure, 6}} {
			c := &contestant{person: newPerson(t, w.amt, p.name), may: map[workspace.Action]bool{}}
			for _, action := range all[:p.may] {
				c.may[action] = true
			}
			s.anna.invite(s.room, c.UserID)
			c.join(s.room, w.amt.ServerName)
			s.anna.empower(s.room, c.UserID, p.level)
			j.people = append(j.people, c)
		}
		s.anna.power(s.room, func(levels object) {
			events, _ := levels["events"].(object)
			if events == nil {
				events = object{}
			}
			events[workspace.ChangeEvent] = edit
			levels["events"], levels["redact"], levels["state_default"] = events, moderate, configure
		})
		for _, c := range j.people {
			session := c.signIn(s.house, s.room)
			c.board, c.session = openTab(t, s.house, session), session.Token
			c.board.await("the rights", func(st pageState) bool {
				return st.Me.Can.Edit == c.may[workspace.Edit] && st.Me.Can.Configure == c.may[workspace.Configure]
			})
		}
		ways := j.ways()
		for deed, way := range ways { // what is an act can be done by the API
			_, notAnAct := surfaces.Decode(string(deed), []byte(`{}`))
			if onPage := way["page"]; onPage != nil && (notAnAct == nil || strings.HasPrefix(string(deed), "undo")) {
				way["api"] = func(c *contestant) bool {
					j.byAPI = true
					defer func() { j.byAPI = false }()
					return onPage(c)
				}
			}
		}
		for _, deed := range workspace.Deeds() {
			if len(ways[deed]) == 0 {
				t.Errorf("nobody tries %q", deed)
			}
			for way, attempt := range ways[deed] {
				for _, c := range j.people {
					want := c.may[workspace.ActionOf(deed)]
					if done := attempt(c); done != want {
						t.Errorf("%s, %s by %s: done is %t, want %t", c.DisplayName, deed, way, done, want)
					}
				}
			}
		}
		for deed := range ways {
			if !slices.Contains(workspace.Deeds(), deed) {
				t.Errorf("%q is tried and has no rule", deed)
			}
		}
	})
}

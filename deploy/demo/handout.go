package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// handout is what a person or a script needs to use the demo; its JSON is demo.json.
type handout struct {
	Werkraum    string              `json:"werkraum"`
	Homeservers []handoutHomeserver `json:"homeservers"`
	Users       []handoutUser       `json:"users"`
	RoomID      id.RoomID           `json:"room_id"`
	BoardLink   string              `json:"board_link"`

	settings settings
}

type handoutHomeserver struct {
	Name       string `json:"name"`
	ServerName string `json:"server_name"`
	URL        string `json:"url"`
}

type handoutUser struct {
	MXID       id.UserID `json:"mxid"`
	Password   string    `json:"password"`
	Homeserver string    `json:"homeserver"` // its name, see Homeservers

	name string
	url  string
}

func newHandout(w *world, people people, room id.RoomID, link string) *handout {
	h := &handout{
		Werkraum: w.werkraumURL(),
		Homeservers: []handoutHomeserver{
			{Name: "amt", ServerName: w.amt.ServerName, URL: w.amt.URL},
			{Name: "partner", ServerName: w.partner.ServerName, URL: w.partner.URL},
		},
		RoomID:    room,
		BoardLink: link,
		settings:  w.settings,
	}
	servers := map[string]*homeserver.Server{"amt": w.amt, "partner": w.partner}
	for _, p := range cast {
		account := people[p.localpart]
		h.Users = append(h.Users, handoutUser{
			MXID: account.UserID, Password: account.Password, Homeserver: p.server,
			name: p.name, url: servers[p.server].URL,
		})
	}
	return h
}

// write puts the handout into a file, whole or not at all.
func (h *handout) write(path string) error {
	content, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return fmt.Errorf("encode demo.json: %w", err)
	}
	if err := os.WriteFile(path+".part", append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("write demo.json: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("write demo.json: %w", err)
	}
	return nil
}

// print writes the handout for people.
func (h *handout) print(out *printer, took time.Duration) {
	out.line(fmt.Sprintf("\nWerkraum is ready after %.1f s.\n", took.Seconds()))
	out.line("Open the board now, as " + h.Users[0].name + " (the link works once; the next start prints a new one):\n")
	out.line("  " + h.BoardLink + "\n")
	out.line("Or sign in with any Matrix client that reaches the homeserver's address, such as Element")
	out.line("Desktop: choose that address as homeserver, then open the room “" + roomName + "”.")
	out.line("Each of them also gets a private link by typing !link there, or at " + h.Werkraum + "\n")
	rows := [][]string{{"who", "Matrix ID", "password", "homeserver"}}
	for _, user := range h.Users {
		rows = append(rows, []string{user.name, user.MXID.String(), user.Password, user.url})
	}
	for _, row := range table(rows) {
		out.line("  " + row)
	}
	out.line(fmt.Sprintf("\nFiles and logs are in %s. Ctrl-C stops everything; the next start goes on from there.", h.settings.dir))
}

// table sets rows in columns, with a rule below the first row.
func table(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var lines []string
	for n, row := range rows {
		var line, rule strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-len([]rune(cell))+2))
			rule.WriteString(strings.Repeat("─", widths[i]) + "  ")
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
		if n == 0 {
			lines = append(lines, strings.TrimRight(rule.String(), " "))
		}
	}
	return lines
}

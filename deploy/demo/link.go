package main

import (
	"context"
	"fmt"
	"regexp"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"werkraum/deploy/homeserver"
)

// freshLink gets a private link to the board as people do: !link is typed, and the bot sends
// a direct message. It is typed in the project's room the first time; then in the direct
// room that the bot has made, so that the example stays tidy.
func (w *world) freshLink(ctx context.Context, person *homeserver.Account, state *state) (string, error) {
	done := w.out.step("private link")
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	heard, err := person.Listen(ctx)
	if err != nil {
		return "", err
	}
	room := state.RoomID
	if state.DirectRoomID != "" {
		room = state.DirectRoomID
	}
	if _, err := person.Client.SendText(ctx, room, "!link"); err != nil {
		return "", fmt.Errorf("ask for a private link: %w", err)
	}
	pattern := regexp.MustCompile(regexp.QuoteMeta(w.werkraumURL()) + `/?#/link\?\S+`)
	joined := map[id.RoomID]bool{}
	for {
		var link string
		var invited id.RoomID
		found, err := heard.Await(ctx, "", func(e *event.Event) bool {
			if e.Sender != w.bot() {
				return false
			}
			if e.Type == event.StateMember && e.GetStateKey() == person.UserID.String() &&
				e.Content.AsMember().Membership == event.MembershipInvite && !joined[e.RoomID] {
				invited = e.RoomID
				return true
			}
			if e.Type == event.EventMessage && e.RoomID != state.RoomID {
				link = pattern.FindString(e.Content.AsMessage().Body)
			}
			return link != ""
		})
		if err != nil {
			return "", fmt.Errorf("wait for the private link: %w", err)
		}
		if link != "" {
			done()
			state.DirectRoomID = found.RoomID
			return link, state.save()
		}
		if _, err := person.Client.JoinRoom(ctx, invited.String(), &mautrix.ReqJoinRoom{}); err != nil {
			return "", fmt.Errorf("join the direct room: %w", err)
		}
		joined[invited] = true
	}
}

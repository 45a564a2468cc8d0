package appservice

import (
	"werkraum/bots"
	"werkraum/workspace"
	"werkraum/workspace/pace"
)

// judgement is what was made of the pace of one event. It is made once, however
// often the event is handled until its effects are stored.
type judgement struct {
	tooFast bool
	say     func(workspace.Language) bots.Message // to be said about it, once; nil for nothing
}

// tooFast reports whether an event asks for more than its sender, or all in the room
// together, may have done. Who is too fast uses up nothing of what others have.
func (w *worker) tooFast(in *incoming) bool {
	if in.judged != nil {
		return in.judged.tooFast
	}
	in.judged = &judgement{}
	if !w.handler.Asks(*in.bot, w.row.Info.Direct != "") {
		return false
	}
	now, who := w.now(), string(in.Sender)
	if w.room.Members[in.Sender].Membership != workspace.Joined {
		who = "" // strangers, of whom anybody can make as many as they like, are one
	}
	verdict, text := w.people.Take(who, now), bots.TooFast
	if verdict == pace.Allowed {
		verdict, text = w.crowd.Take("", now), bots.RoomTooFast
	}
	switch verdict {
	case pace.Refused:
		in.judged.say = text
		fallthrough
	case pace.RefusedAgain:
		in.judged.tooFast = true
		w.metrics.events.WithLabelValues("too_fast").Inc()
	}
	return in.judged.tooFast
}

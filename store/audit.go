package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"maunium.net/go/mautrix/id"
)

// Act is an administrative act, as the audit log names it. The set is closed;
// docs/operator/privacy.md explains each.
type Act string

// All acts.
const (
	ProgramStarted  Act = "program_started"  // detail: the version
	ProgramStopped  Act = "program_stopped"  // in good order
	TokensChanged   Act = "tokens_changed"   // the registration has other tokens than at the last start
	SettingsChanged Act = "settings_changed" // detail: the keys of settings that differ from the last start's
	BotInvited      Act = "bot_invited"      // actor: who did
	InviteDeclined  Act = "invite_declined"  // actor: who may not invite
	BotJoined       Act = "bot_joined"
	BotLeft         Act = "bot_left"
	RoomMoved       Act = "room_moved" // detail: the room that replaces it
	LanguageSet     Act = "language_set"
	RoomSet         Act = "room_set"         // detail: which setting of the room, and to what
	PowerChanged    Act = "power_changed"    // detail: the levels that editing and configuring take
	ACLChanged      Act = "acl_changed"      // which servers may take part; what it says is read back
	LimitHit        Act = "limit_hit"        // actor: who was told to slow down
	EncryptionOn    Act = "encryption_on"    // nobody can turn it off again
	RetentionSet    Act = "retention_set"    // detail: the longest lifetime of messages, in milliseconds
	SessionsEnded   Act = "sessions_ended"   // of a person who left or was put out
	TokenMade       Act = "token_made"       // detail: what it may, and which one
	TokenRevoked    Act = "token_revoked"    // detail: which one; all of the subject's where none is named
	UserExported    Act = "user_exported"    // subject: of whom
	UserErased      Act = "user_erased"      // subject: the stand-in
	LogExpired      Act = "log_expired"      // detail: how many changes the room's retention has ended
	SourceWithdrawn Act = "source_withdrawn" // a card's text went with the message that it was taken from
)

// Operator is the actor of what was done by command at the machine.
const Operator = id.UserID("operator")

// AuditEntry is an administrative act: who, what, to whom, where; no content.
type AuditEntry struct {
	At      time.Time // set when it is stored
	Act     Act
	Actor   id.UserID // a person, Operator, or "" for Werkraum itself
	Subject id.UserID // whom it concerns, or ""
	Room    id.RoomID // or ""
	Detail  string    // levels, languages, numbers, names of settings
}

var lastAudit atomic.Int64

// nextAudit grows over restarts too, as time does.
func nextAudit(now time.Time) int64 {
	for {
		last := lastAudit.Load()
		next := max(last+1, now.UnixMicro())
		if lastAudit.CompareAndSwap(last, next) {
			return next
		}
	}
}

func (e AuditEntry) args(now time.Time) []any {
	return []any{nextAudit(now), now.UnixMilli(), string(e.Act), storable(string(e.Actor)), storable(string(e.Subject)), storable(string(e.Room)), storable(e.Detail)}
}

func (e AuditEntry) insert(now time.Time) statement {
	return statement{`INSERT INTO audit (id, at, act, actor, subject, room_id, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`, e.args(now)}
}

// insertIf notes the act only if a query, which has the entry's arguments, finds
// something.
func (e AuditEntry) insertIf(now time.Time, query string) statement {
	return statement{`INSERT INTO audit (id, at, act, actor, subject, room_id, detail) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT),
		CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT) WHERE EXISTS (` + query + `)`, e.args(now)}
}

// Note adds acts to the audit log.
func (s *Store) Note(ctx context.Context, now time.Time, entries ...AuditEntry) error {
	list := make([]statement, len(entries))
	for i, e := range entries {
		list[i] = e.insert(now)
	}
	if _, err := s.db.write(ctx, list); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

// Audit calls f with each entry since a time, oldest first, of one room or, with
// "", of all and of none.
func (s *Store) Audit(ctx context.Context, since time.Time, room id.RoomID, f func(AuditEntry) error) error {
	return s.db.read(ctx, func(r rows) error {
		for r.Next() {
			e, err := scanAudit(r)
			if err == nil {
				err = f(e)
			}
			if err != nil {
				return err
			}
		}
		return r.Err()
	}, selectAudit+`WHERE at >= $1 AND ($2 = '' OR room_id = $2) ORDER BY id`, since.UnixMilli(), string(room))
}

const selectAudit = `SELECT at, act, actor, subject, room_id, detail FROM audit `

func scanAudit(r rows) (e AuditEntry, err error) {
	var at int64
	err = r.Scan(&at, (*string)(&e.Act), (*string)(&e.Actor), (*string)(&e.Subject), (*string)(&e.Room), &e.Detail)
	e.At = time.UnixMilli(at)
	return e, err
}

// Changed reports whether what is remembered under a name differs from the value,
// and remembers that. The first time nothing has changed.
func (s *Store) Changed(ctx context.Context, name, value string) (bool, string, error) {
	list, err := all(ctx, s.db, scanText, `SELECT value FROM meta WHERE key = $1`, name)
	if err != nil {
		return false, "", err
	}
	if len(list) > 0 && list[0] == value {
		return false, value, nil
	}
	if _, err := s.db.write(ctx, []statement{{upsertMeta, []any{name, value}}}); err != nil {
		return false, "", err
	}
	if len(list) == 0 {
		return false, "", nil
	}
	return true, list[0], nil
}

package appservice

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/store"
	"werkraum/vault"
	"werkraum/workspace"
)

// A homeserver that passes no keys on is said to be such in encrypted rooms. One with which
// encryption has worked is given time: a restart is no reason to tell people in plain text
// that they cannot be helped.
func TestEncryptionThatWorkedIsTrusted(t *testing.T) {
	t.Parallel()
	for shares, told := range map[int64]int{0: 1, 3: 0} {
		t.Run(fmt.Sprint(shares, " keys given"), func(t *testing.T) {
			t.Parallel()
			s := setStage(t, bots.New())
			var err error
			if s.Vault, err = vault.Create(filepath.Join(t.TempDir(), "werkraum.key")); err != nil {
				t.Fatal(err)
			}
			if err := s.store.PutShares(t.Context(), shares); err != nil {
				t.Fatal(err)
			}
			s.put(&store.Batch{Room: store.Room{ID: room, Joined: true, Info: store.RoomInfo{
				Language: workspace.German, Inviter: anna, Greeted: true, Widget: true, Layout: true, Encrypted: true,
			}}})
			var tries atomic.Int32
			s.answer(func(w http.ResponseWriter, r *http.Request) bool {
				if !strings.Contains(r.URL.Path, "/devices/") {
					return false
				}
				tries.Add(1)
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"errcode":"M_UNRECOGNIZED","error":"no"}`))
				return true
			})
			s.start()
			await(t, "a second attempt", func() bool { return tries.Load() > 1 })
			if told == 1 {
				await(t, "the notice", func() bool { return s.told("m.room.message", "verschlüsselt") == 1 })
			}
			if n := s.told("m.room.message", ""); n != told {
				t.Errorf("%d notices in plain text, want %d", n, told)
			}
		})
	}
}

// Many people together cannot make a room wait for keys that never come: it waits for few of
// them, and for nobody twice.
func TestRoomWaitsForFewInVain(t *testing.T) {
	t.Parallel()
	w, now, waited := &worker{keyless: map[id.UserID]time.Time{}}, time.Now(), 0
	for range 3 {
		for n := range 100 {
			if user := id.UserID(fmt.Sprintf("@eve%d:evil.example", n)); w.waitsFor(user, now) {
				w.keyless[user] = now
				waited++
			}
		}
	}
	if waited != maxVainWaits {
		t.Errorf("it waits %d times, want %d", waited, maxVainWaits)
	}
	if !w.waitsFor(mia, now.Add(keyPatience+time.Second)) {
		t.Error("it does not wait for Mia when that is over")
	}
}

// Which rooms turn encryption on is known before a delivery is acknowledged, and before
// anything is sent by the next run; what has waited asks.
func TestEncryptionIsHeeded(t *testing.T) {
	t.Parallel()
	on := stateEvent(room, "m.room.encryption", "", anna, map[string]any{"algorithm": "m.megolm.v1.aes-sha2"})
	t.Run("delivered", func(t *testing.T) {
		t.Parallel()
		s := setStage(t, bots.New())
		s.deliver(on)
		if !s.isSecret(room) {
			t.Error("it is acknowledged and not known")
		}
	})
	t.Run("delivered to an earlier run", func(t *testing.T) {
		t.Parallel()
		s := setStage(t, bots.New())
		s.deliver(on)
		s.cipher.secret.Clear()
		if err := s.heedInbox(t.Context()); err != nil || !s.isSecret(room) {
			t.Errorf("it is in the inbox and not known: %v", err)
		}
	})
	t.Run("not delivered", func(t *testing.T) {
		t.Parallel()
		s := setStage(t, bots.New())
		s.put(&store.Batch{
			Room:  store.Room{ID: room, Joined: true, Info: store.RoomInfo{Greeted: true, Widget: true, Layout: true}},
			Queue: []store.Outgoing{{TxnID: "t", N: time.Now().UnixMicro(), Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(map[string]any{"body": "Geheim"})}},
		})
		asked := make(chan struct{})
		s.answer(func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/state/m.room.encryption/") && !strings.HasSuffix(r.URL.Path, "/state/m.room.encryption") {
				return false
			}
			_, _ = w.Write([]byte(`{"algorithm":"m.megolm.v1.aes-sha2"}`))
			select {
			case <-asked:
			default:
				close(asked)
			}
			return true
		})
		s.start()
		await(t, "the room to be known as encrypted", func() bool { return s.isSecret(room) })
		<-asked
		if s.told("m.room.message", "Geheim") > 0 {
			t.Error("what an earlier run had queued left in plain text")
		}
	})
}

// setSealedStage is a stage whose room is encrypted, with a message that waits to be sent there.
func setSealedStage(t *testing.T) *stage {
	t.Helper()
	s := setStage(t, bots.New())
	var err error
	if s.Vault, err = vault.Create(filepath.Join(t.TempDir(), "werkraum.key")); err != nil {
		t.Fatal(err)
	}
	s.put(&store.Batch{
		Room:  store.Room{ID: room, Joined: true, Info: store.RoomInfo{Greeted: true, Widget: true, Layout: true, Encrypted: true}},
		Queue: []store.Outgoing{{TxnID: "t", N: time.Now().UnixMicro(), Task: store.TaskSend, EventType: typeMessage, Content: rawJSON(map[string]any{"body": "Geheim"})}},
	})
	return s
}

// What the homeserver refuses of that which encrypting takes does not lose the message.
func TestRefusedKeysLoseNoMessage(t *testing.T) {
	t.Parallel()
	s := setSealedStage(t)
	var refusals atomic.Int32
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		switch path := r.URL.Path; {
		case strings.Contains(path, echoPath):
			s.passOn(w, r)
		case strings.HasSuffix(path, "/members") && refusals.Add(1) < 3:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"errcode":"M_UNKNOWN_DEVICE","error":"no"}`))
		default:
			return false
		}
		return true
	})
	s.start()
	await(t, "the message to be sent encrypted", func() bool { return s.told("m.room.encrypted", `"de.werkraum.txn":"t"`) == 1 })
	if s.told("m.room.message", "") > 0 {
		t.Error("something left in plain text")
	}
}

// echoPath is where the bot's device sends something to itself.
const echoPath = "/sendToDevice/de.werkraum.echo/"

// passOn pushes what a device is sent, as a homeserver does.
func (s *stage) passOn(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	gjson.GetBytes(body, "messages").ForEach(func(_, devices gjson.Result) bool {
		devices.ForEach(func(_, content gjson.Result) bool {
			event := map[string]any{"type": "de.werkraum.echo", "sender": s.bot, "content": json.RawMessage(content.Raw)}
			_ = s.intake.put(r.Context(), store.FromTransaction, rawJSON(map[string]any{"events": []any{}, "to_device": []any{event}}), "")
			return true
		})
		return true
	})
	_, _ = w.Write([]byte(`{}`))
}

// A homeserver that takes the program for away throws away what a device is sent. The bot
// asks again before it says that it cannot work in encrypted rooms.
func TestLostEchoTellsNobody(t *testing.T) {
	t.Parallel()
	s := setSealedStage(t)
	var echoes atomic.Int32
	s.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, echoPath) {
			return false
		}
		if echoes.Add(1) == 1 {
			_, _ = w.Write([]byte(`{}`))
		} else {
			s.passOn(w, r)
		}
		return true
	})
	s.start()
	await(t, "the message to be sent encrypted", func() bool { return s.told("m.room.encrypted", `"de.werkraum.txn":"t"`) == 1 })
	if s.told("m.room.message", "") > 0 {
		t.Error("the room was told that the bot cannot work there")
	}
}

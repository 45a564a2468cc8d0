package encryption

import (
	"encoding/json"
	"fmt"
	"testing"

	"maunium.net/go/mautrix/id"
)

var said = json.RawMessage(`{"msgtype":"m.text","body":"!karte neu Angebot für Möbel einholen fällig Freitag #vergabe"}`)

// BenchmarkEncrypt is what a message to an encrypted room costs more: every hundredth shares
// a new key.
func BenchmarkEncrypt(b *testing.B) {
	d, _ := open(b, bot)
	for b.Loop() {
		if _, err := d.Encrypt(b.Context(), room, "m.room.message", said); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecrypt is what an event of an encrypted room costs more.
func BenchmarkDecrypt(b *testing.B) {
	d, _ := open(b, bot)
	n := 0
	for b.Loop() {
		b.StopTimer()
		content, err := d.Encrypt(b.Context(), room, "m.room.message", said)
		if err != nil {
			b.Fatal(err)
		}
		n++
		b.StartTimer()
		if _, _, err := d.Decrypt(b.Context(), Encrypted{Event: id.EventID(fmt.Sprint("$", n)), Room: room, Sender: bot, Content: content}); err != nil {
			b.Fatal(err)
		}
	}
}

package store

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

// readable are the columns that hold no words of people. They are listed for operators in
// docs/operator, "Sealing the work".
var readable = map[string]string{
	"meta":          "key value",
	"inbox":         "id source received_at",
	"handled":       "event_id handled_at",
	"set_aside":     "event_id room_id at reason",
	"rooms":         "room_id joined seq published clock successor",
	"members":       "room_id user_id membership",
	"locked":        "room_id event_id sender session_id received_at body", // the body is encrypted by its sender
	"items":         "room_id kind item_id seq",
	"assigned":      "room_id card user_id column_id due",
	"changes":       "room_id seq change_id by_user undoable drawn_at",
	"change_items":  "room_id kind item_id seq",
	"outbox":        "txn_id n room_id",
	"card_messages": "room_id event_id card shown",
	"comments":      "room_id event_id card by_user at posted",
	"versions":      "room_id version",
	"sessions":      "hash user_id room_id expires_at",
	"links":         "hash user_id room_id expires_at",
	"tokens":        "hash token_id room_id user_id scope created_at",
	"audit":         "id at act actor subject room_id detail",
	"alarms":        "room_id at",
	"told":          "room_id card user_id day what",
	"reminding":     "user_id way days",
	"feeds":         "hash user_id room_id board",
	"mentioning":    "room_id card user_id at",
	"erased":        "hash stand_in at",
	"direct_rooms":  "user_id room_id",
}

// Of every column it is decided whether it is sealed. A new one is either in sealedTables,
// or somebody has made sure that it holds no words and has put it into the list above.
func TestEveryColumnIsSealedOrHoldsNoWords(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "w.db"), Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	columns, err := all(t.Context(), s.db, scanText,
		`SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`)
	if err != nil || len(columns) < 40 {
		t.Fatalf("columns %q, %v", columns, err)
	}
	for _, column := range columns {
		table, name, _ := strings.Cut(column, ".")
		sealed := slices.ContainsFunc(sealedTables, func(s sealedTable) bool { return s.name == table && slices.Contains(s.columns, name) })
		if sealed == slices.Contains(strings.Fields(readable[table]), name) {
			t.Errorf("%s: seal it (sealedTables), or list it as one that holds no words of people", column)
		}
	}
}

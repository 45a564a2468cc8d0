package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix/crypto"

	"werkraum/store"
)

var inCode = regexp.MustCompile("`([^`]+)`")

// The pages about privacy list every column of the database, as it is after all migrations, what
// is known of a room, and every act of the audit log: who adds one must say what it holds, how
// long, and what becomes of it when a person is erased.
func TestPrivacyPagesListTheDatabase(t *testing.T) {
	t.Parallel()
	schema := schemaColumns(t)
	if len(schema) < 10 {
		t.Fatalf("the schema is %v", schema)
	}
	acts, err := os.ReadFile(filepath.Join("store", "audit.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"privacy.md", "privacy.de.md"} {
		text, err := os.ReadFile(filepath.Join("docs", "operator", name))
		if err != nil {
			t.Fatal(err)
		}
		listed := map[string][]string{}
		for line := range strings.Lines(string(text)) {
			cells := strings.Split(line, "|")
			if len(cells) != 8 || !strings.HasPrefix(cells[1], " `") {
				continue // no row of the list
			}
			for n, cell := range cells[3:7] {
				if strings.TrimSpace(cell) == "" {
					t.Errorf("%s: cell %d of %s is empty", name, n+3, cells[1])
				}
			}
			table := inCode.FindStringSubmatch(cells[1])[1]
			for _, column := range inCode.FindAllStringSubmatch(cells[2], -1) {
				listed[table] = append(listed[table], column[1])
			}
		}
		for table, columns := range schema {
			if !slices.Equal(listed[table], columns) {
				t.Errorf("%s lists of table %s the columns %v, want %v", name, table, listed[table], columns)
			}
		}
		for table := range listed {
			if schema[table] == nil {
				t.Errorf("%s lists the table %s, which is not there", name, table)
			}
		}
		for f := range reflect.TypeFor[store.RoomInfo]().Fields() {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !strings.Contains(string(text), "`"+field+"`") {
				t.Errorf("%s does not say what %s in rooms.info is", name, field)
			}
		}
		for _, act := range regexp.MustCompile(`Act = "([a-z_]+)"`).FindAllStringSubmatch(string(acts), -1) {
			if !strings.Contains(string(text), "`"+act[1]+"`") {
				t.Errorf("%s lacks the act %s", name, act[1])
			}
		}
	}
}

// schemaColumns are the columns of each table of a fresh database.
func schemaColumns(t *testing.T) map[string][]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "werkraum.db")
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Exclusive: true}, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := s.Crypto() // what the encryption adds
	if err != nil {
		t.Fatal(err)
	}
	if err := crypto.NewSQLCryptoStore(keys, nil, "", "", nil).DB.Upgrade(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		found[table] = append(found[table], column)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

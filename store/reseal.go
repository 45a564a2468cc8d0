package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"werkraum/vault"
)

// sealedTable is a table with columns that hold people's words.
type sealedTable struct {
	name    string
	key     []string // its primary key
	id      []string // what a value is bound to, besides table and column
	columns []string
	atOnce  int // how many rows are rewritten in one transaction; bounds the memory
}

// sealedTables are all of them. A test looks whether a text of a person is anywhere else.
var sealedTables = []sealedTable{
	{"inbox", []string{"id"}, []string{"id"}, []string{"body"}, 1}, // a body may have 64 MiB
	{"rooms", []string{"room_id"}, []string{"room_id"}, []string{"info"}, 200},
	{"members", []string{"room_id", "user_id"}, []string{"room_id", "user_id"}, []string{"name"}, 500},
	{"items", []string{"room_id", "kind", "item_id"}, []string{"kind", "item_id"}, []string{"fields"}, 200},
	{"changes", []string{"room_id", "seq"}, []string{"change_id"}, []string{"body", "won", "before"}, 100},
	{"outbox", []string{"txn_id"}, []string{"txn_id"}, []string{"body"}, 100},
	{"comments", []string{"room_id", "event_id"}, []string{"event_id"}, []string{"body"}, 200},
	{"versions", []string{"room_id", "version"}, []string{"version"}, []string{"content"}, 1}, // it may have megabytes
}

// Reseal rewrites what was written before as it would be written now: sealed under the
// key that seals, or plain if UseKey was told so. It can be interrupted and called again:
// what is as it should be is left alone. told is called after each step with the number of
// rows that were looked at in a table, and how many were rewritten.
//
// At the end the database's files are made anew, because what was overwritten would stay
// readable in them. Backups, and a write-ahead log that was archived, keep it.
func (s *Store) Reseal(ctx context.Context, told func(table string, seen, rewritten int)) error {
	names := make([]string, len(sealedTables))
	for i, table := range sealedTables {
		names[i] = table.name
		if err := s.resealTable(ctx, table, told); err != nil {
			return fmt.Errorf("rewrite table %s: %w", table.name, err)
		}
	}
	var keys []string
	if s.seal.on {
		keys = []string{s.seal.key.KeyID()}
	}
	if err := s.setKeys(ctx, purposeWork, keys); err != nil {
		return fmt.Errorf("note the key: %w", err)
	}
	if err := s.db.compact(ctx, names, false); err != nil {
		return fmt.Errorf("make the files anew: %w", err)
	}
	return nil
}

func (s *Store) resealTable(ctx context.Context, table sealedTable, told func(string, int, int)) error {
	seen, rewritten := 0, 0
	for after := []any(nil); ; {
		page, err := all(ctx, s.db, table.scan, table.query(len(after) > 0), after...)
		if err != nil {
			return err
		}
		var list []statement
		for _, row := range page {
			changed, err := s.seal.again(table, row)
			if err != nil {
				return err
			}
			if changed {
				list = append(list, table.update(row))
			}
		}
		if len(list) > 0 {
			if _, err := s.db.write(ctx, list); err != nil {
				return err
			}
		}
		seen, rewritten = seen+len(page), rewritten+len(list)
		told(table.name, seen, rewritten)
		if len(page) < table.atOnce {
			return nil
		}
		after = page[len(page)-1][:len(table.key)]
	}
}

// query reads a page of rows: key, ID, columns.
func (t sealedTable) query(further bool) string {
	key := strings.Join(t.key, ", ")
	where := ""
	if further {
		where = ` WHERE (` + key + `) > (` + strings.Join(placeholders(1, len(t.key)), ", ") + `)`
	}
	return `SELECT ` + strings.Join(slices.Concat(t.key, t.id, t.columns), ", ") + ` FROM ` + t.name + where +
		` ORDER BY ` + key + ` LIMIT ` + strconv.Itoa(t.atOnce)
}

func (t sealedTable) scan(r rows) ([]any, error) {
	row := make([]any, len(t.key)+len(t.id)+len(t.columns))
	into := make([]any, len(row))
	for i := range row {
		into[i] = &row[i]
	}
	return row, r.Scan(into...)
}

// update writes the columns of a row.
func (t sealedTable) update(row []any) statement {
	columns := placeholders(1, len(t.columns))
	for i, column := range t.columns {
		columns[i] = column + " = " + columns[i]
	}
	key := placeholders(len(t.columns)+1, len(t.key))
	for i, column := range t.key {
		key[i] = column + " = " + key[i]
	}
	return statement{`UPDATE ` + t.name + ` SET ` + strings.Join(columns, ", ") + ` WHERE ` + strings.Join(key, " AND "),
		slices.Concat(row[len(t.key)+len(t.id):], row[:len(t.key)])}
}

// placeholders are n of them, from $first on.
func placeholders(first, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(first+i)
	}
	return list
}

// again makes the columns of a row what they would be if they were written now, and
// reports whether that is something else.
func (w sealer) again(table sealedTable, row []any) (changed bool, err error) {
	place := make([]string, 2, 2+len(table.id))
	place[0] = table.name
	for _, part := range row[len(table.key) : len(table.key)+len(table.id)] {
		place = append(place, fmt.Sprint(part))
	}
	for i, column := range table.columns {
		place[1] = column
		value := &row[len(table.key)+len(table.id)+i]
		var differs bool
		switch stored := (*value).(type) {
		case []byte:
			*value, differs, err = w.bytesAgain(stored, place)
		case string:
			if table.name == "rooms" {
				*value, differs, err = w.infoAgain(stored, place[2])
			} else {
				*value, differs, err = w.textAgain(stored, place)
			}
		default:
			err = fmt.Errorf("column %s holds a %T", column, stored)
		}
		if err != nil {
			return false, err
		}
		changed = changed || differs
	}
	return changed, nil
}

func (w sealer) bytesAgain(stored []byte, place []string) ([]byte, bool, error) {
	if w.asNow(stored) {
		return stored, false, nil
	}
	plain, err := w.plainBytes(stored, place...)
	return w.bytes(plain, place...), true, err
}

func (w sealer) textAgain(stored string, place []string) (string, bool, error) {
	encoded, sealed := strings.CutPrefix(stored, markSealed)
	if !sealed && !w.on {
		return stored, false, nil
	}
	if bytes, err := base64.RawStdEncoding.DecodeString(encoded); sealed && err == nil && w.asNow(bytes) {
		return stored, false, nil
	}
	plain, err := w.plainText(stored, place...)
	return w.text(plain, place...), true, err
}

func (w sealer) infoAgain(stored, room string) (string, bool, error) {
	info, err := w.plainInfo(stored, room)
	if err != nil || info.Name == "" {
		return stored, false, err
	}
	again, err := w.info(info, room) // sealed anew each time; rooms are few
	return again, again != stored, err
}

// asNow reports whether a value is sealed, or not, as it would be now.
func (w sealer) asNow(value []byte) bool {
	return vault.Sealed(value) == w.on && (!w.on || w.key.Current(value))
}

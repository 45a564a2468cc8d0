package workspace

import (
	"encoding/json"
	"strconv"
	"testing"
)

// FuzzChange reads a change as de.werkraum.change carries it. What can be read is written
// and read again as the same.
func FuzzChange(f *testing.F) {
	for _, seed := range []string{
		`{"id":"c","by":"@a:x","via":"widget","at":"0000000000000001-@b:x","ops":[{"item":"i","kind":"card","set":{"title":"x","done":true,"n":-5,"due":null}}]}`,
		`{"at":"ffffffffffffffff-","ops":null}`, `{"at":"FFFFFFFFFFFFFFFF-@b:x"}`, `{"at":"0000000000000001@b:x"}`, `{"ops":[{"set":{"a":[]}}]}`, `{"ops":[{"set":{"a":1.5}}]}`,
		`{"ops":[{"set":{"a":9007199254740992}}]}`, `{"ops":[{"set":{"a":"\ud800","\u0000":"\u2028"}}]}`, `{"ops":[{"set":{"a":1e3,"b":-0,"c":+1,"d":00}}]}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c Change
		if json.Unmarshal(raw, &c) != nil {
			return
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatalf("read, but cannot be written: %v", err)
		}
		var again Change
		if err := json.Unmarshal(text, &again); err != nil && c.At.Origin != "" {
			t.Fatalf("wrote %s, which cannot be read: %v", text, err)
		}
		if twice, err := json.Marshal(again); c.At.Origin != "" && (err != nil || string(twice) != string(text)) {
			t.Errorf("%s became %s", text, twice)
		}
		for _, op := range c.Ops {
			for name, v := range op.Set {
				if v.kind != integer {
					continue
				}
				if n, err := strconv.ParseInt(v.text, 10, 64); err != nil || n > maxInteger || n < -maxInteger {
					t.Errorf("%s is %s, which Matrix does not carry", name, v.text)
				}
			}
		}
	})
}

// FuzzStamp reads a stamp: what can be read is written the same.
func FuzzStamp(f *testing.F) {
	for _, seed := range []string{"0000000000000001-@b:x", "ffffffffffffffff-@b:x", "-1", "+000000000000001-x", "0x00000000000001-x", "000000000000000_1-", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseStamp(text); err == nil && s.String() != text {
			t.Errorf("%q became %q", text, s.String())
		}
	})
}

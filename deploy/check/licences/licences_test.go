package main

import "testing"

func TestRefusal(t *testing.T) {
	t.Parallel()
	for expression, refused := range map[string]bool{
		"MIT":                               false,
		"MPL-2.0":                           false,
		"(MIT OR GPL-3.0-or-later)":         false,
		"MIT AND BSD-3-Clause":              false,
		"AGPL-3.0-only":                     true,
		"GPL-2.0":                           true,
		"MIT AND AGPL-3.0-only":             true,
		"AGPL-3.0-only OR LicenseRef-Other": true,
		"SEE LICENSE IN LICENSE.txt":        true,
		"":                                  true,
	} {
		if got := refusal(expression); (got != "") != refused {
			t.Errorf("refusal(%q) = %q, want refused %t", expression, got, refused)
		}
	}
}

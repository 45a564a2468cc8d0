package main

import (
	"fmt"
	"strings"
)

// mayBeLinked are the licences (SPDX identifiers) under which code may become a part of the
// binary or of the pages. MPL-2.0 asks for its own files only, not for the whole.
var mayBeLinked = map[string]bool{
	"0BSD": true, "Apache-2.0": true, "BlueOak-1.0.0": true, "BSD-2-Clause": true,
	"BSD-3-Clause": true, "CC0-1.0": true, "ISC": true, "LicenseRef-public-domain": true, "MIT": true,
	"MIT-0": true, "MPL-2.0": true, "OFL-1.1": true, "Unlicense": true, "Zlib": true,
}

// readByPeople are files that no rule understands and that somebody has read, by their
// SHA-256: when the file changes, somebody reads it again.
var readByPeople = map[string]string{
	// modernc.org/sqlite, LICENSE-3RD-PARTY.md: a collection of notices. What it lists as
	// linked is MIT, BSD-3-Clause and public domain; the MPL's text names the AGPL.
	"4194f8e7119be72babd499db4f6f1f7547e36e8a7bffcb2b9c8df241b8f1576a": "BSD-3-Clause",
	// modernc.org/memory, LICENSE-LOGO: where the picture in its README comes from.
	"5ae5bee3072a841376451b48d8cfcec7188e10543926d5870828d36c8a750dc5": "BSD-3-Clause",
}

// refusal says why a licence expression does not allow linking; empty when it does.
// Of alternatives (OR) one has to be allowed, of things together (AND) all.
func refusal(expression string) string {
	if strings.TrimSpace(expression) == "" {
		return "its licence could not be told"
	}
	plain := strings.NewReplacer("(", " ", ")", " ").Replace(expression)
	for alternative := range strings.SplitSeq(plain, " OR ") {
		allowed := true
		for part := range strings.SplitSeq(alternative, " AND ") {
			allowed = allowed && mayBeLinked[strings.TrimSpace(part)]
		}
		if allowed {
			return ""
		}
	}
	return fmt.Sprintf("its licence %s is not one that may be linked", expression)
}

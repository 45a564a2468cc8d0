package main

import (
	"fmt"
	"strings"
)

// mayBeLinked are the licences (SPDX identifiers) under which code may become a part of the
// binary or of the pages. MPL-2.0 asks for its own files only, not for the whole; PSF-2.0 is
// permissive (Python's), and so is Bitstream-Vera (of fonts: they are not sold by themselves,
// nor altered under that name).
var mayBeLinked = map[string]bool{
	"0BSD": true, "Apache-2.0": true, "Bitstream-Vera": true, "BlueOak-1.0.0": true, "BSD-2-Clause": true,
	"BSD-3-Clause": true, "CC0-1.0": true, "ISC": true, "LicenseRef-public-domain": true, "MIT": true,
	"MIT-0": true, "MPL-2.0": true, "OFL-1.1": true, "PSF-2.0": true, "Unlicense": true, "Zlib": true,
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

package bots

import (
	"strings"
	"time"
	_ "time/tzdata" // a container may have no zone files
	"unicode"
)

// zoneCalled is the time zone of that name, in any case, also by its city alone; nil if
// there is none.
func zoneCalled(name string) *time.Location {
	name = strings.ReplaceAll(strings.Trim(name, " .!"), " ", "_")
	if name == "" || len(name) > 50 || strings.EqualFold(name, "local") || strings.IndexFunc(name, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/_+-", r)
	}) >= 0 {
		return nil
	}
	for _, spelled := range []string{name, strings.ToUpper(name), capitals(name)} {
		for _, region := range []string{"", "Europe/", "America/", "Asia/", "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/"} {
			if zone, err := time.LoadLocation(region + spelled); err == nil {
				return zone
			}
		}
	}
	return nil
}

// capitals writes each part of a name with a capital: “america/new_york”.
func capitals(name string) string {
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = r == '/' || r == '_' || r == '-'
		if was {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}

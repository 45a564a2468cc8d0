package bots

import "strings"

// The same emoji comes with and without a variation selector, depending on
// the keyboard.
func emoji(key string) string {
	return strings.Map(func(r rune) rune {
		if r == 0xFE0E || r == 0xFE0F {
			return -1
		}
		return r
	}, strings.TrimSpace(key))
}

func isPin(key string) bool {
	e := emoji(key)
	return e == "📌" || e == "📍"
}

func isCheck(key string) bool {
	e := emoji(key)
	return e == "✅" || e == "☑" || e == "✔"
}

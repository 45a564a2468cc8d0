package workspace_test

import (
	"strings"
	"testing"

	"maunium.net/go/mautrix/id"
	"pgregory.net/rapid"

	"werkraum/workspace"
)

// The rules of the specification, in its order: IP literals, deny, allow, and nobody else.
func TestServerACL(t *testing.T) {
	t.Parallel()
	all := []string{"*"}
	for name, c := range map[string]struct {
		acl  workspace.ServerACL
		in   []string
		outs []string
	}{
		"empty shuts everybody out": {workspace.ServerACL{}, nil, []string{"amt.example", "1.2.3.4", ""}},
		"all but one":               {workspace.ServerACL{Allow: all, Deny: []string{"evil.example"}}, []string{"amt.example", "notevil.example", "evil.example.org"}, []string{"evil.example", "EVIL.example", "evil.example:8448"}},
		"all below one":             {workspace.ServerACL{Allow: all, Deny: []string{"*.evil.example"}}, []string{"evil.example"}, []string{"a.evil.example", "a.b.evil.example:1"}},
		"one character":             {workspace.ServerACL{Allow: all, Deny: []string{"s?.example"}}, []string{"s.example", "s10.example"}, []string{"s1.example", "sX.example"}},
		"only some":                 {workspace.ServerACL{Allow: []string{"*.stadt.example", "land.example"}}, []string{"a.stadt.example", "land.example:8448"}, []string{"stadt.example", "xland.example", "land.example.org"}},
		"deny counts more":          {workspace.ServerACL{Allow: []string{"land.example"}, Deny: all}, nil, []string{"land.example"}},
		"no addresses": {workspace.ServerACL{Allow: all, DenyIPLiterals: true}, []string{"amt.example", "1.2.3.4.example"},
			[]string{"1.2.3.4", "1.2.3.4:8448", "[::1]", "[2001:db8::1]:8448"}},
		"addresses": {workspace.ServerACL{Allow: all, Deny: []string{"[2001:*"}}, []string{"1.2.3.4:8448", "[::1]"}, []string{"[2001:db8::1]:8448"}},
		"no other signs": {workspace.ServerACL{Allow: []string{"a.b", "[a-z].example", `\*.example`, "(x|y).example", ".+"}}, []string{"a.b", "a.b:1"},
			[]string{"axb", "a.example", "x.example", "zz"}},
	} {
		for want, servers := range map[bool][]string{true: c.in, false: c.outs} {
			for _, server := range servers {
				if got := c.acl.Allows(server); got != want {
					t.Errorf("%s: %q is let in: %t", name, server, got)
				}
			}
		}
	}
}

// A pattern made to be slow is not.
func TestHostilePatternIsRead(t *testing.T) {
	t.Parallel()
	pattern, text := strings.Repeat("a*", 2000)+"b", strings.Repeat("a", 255)
	for range 100 {
		if workspace.Matches(pattern, text) {
			t.Fatal("it fits")
		}
	}
}

// Matches says the same as the plain definition of the two signs.
func TestMatches(t *testing.T) {
	t.Parallel()
	var plain func(p, s string) bool
	plain = func(p, s string) bool {
		switch {
		case p == "":
			return s == ""
		case p[0] == '*':
			return plain(p[1:], s) || s != "" && plain(p, s[1:])
		}
		return s != "" && (p[0] == '?' || strings.EqualFold(p[:1], s[:1])) && plain(p[1:], s[1:])
	}
	rapid.Check(t, func(t *rapid.T) {
		pattern, text := rapid.StringMatching(`[abA*?.]{0,8}`).Draw(t, "pattern"), rapid.StringMatching(`[abB.]{0,10}`).Draw(t, "text")
		if got, want := workspace.Matches(pattern, text), plain(pattern, text); got != want {
			t.Fatalf("Matches(%q, %q) = %t", pattern, text, got)
		}
	})
}

func TestFederation(t *testing.T) {
	t.Parallel()
	f := workspace.Federation{
		Own: "amt.example", Invite: []string{"*.stadt.example"}, Participate: []string{"*"},
		DenyServers: []string{"evil.example", "*.evil.example", "amt.example"}, DenyUsers: []string{"@spam*:*", "@weg:amt.example"},
	}
	for user, want := range map[id.UserID]struct{ invite, participate bool }{
		"@anna:amt.example":          {true, true}, // nobody shuts their own server out
		"@weg:amt.example":           {false, false},
		"@spam1:amt.example":         {false, false},
		"@mia:bau.stadt.example":     {true, true},
		"@spammer:bau.stadt.example": {false, false},
		"@mia:partner.example":       {false, true},
		"@mia:evil.example":          {false, false},
		"@mia:evil.example:8448":     {false, false},
		"@mia:a.evil.example":        {false, false},
		"@mia:notevil.example":       {false, true},
		"mia":                        {false, false},
		"":                           {false, false},
	} {
		if got := (struct{ invite, participate bool }{f.MayInvite(user), f.MayParticipate(user)}); got != want {
			t.Errorf("%s: %+v, want %+v", user, got, want)
		}
	}
	few := workspace.Federation{Own: "amt.example", AllowUsers: []string{"@mia:partner.example", "@*:x.evil.example", "@*-extern:*.land.example"}, DenyServers: []string{"*.evil.example"}, DenyUsers: []string{"@weg-extern:*"}}
	for user, want := range map[id.UserID]bool{
		"@mia:partner.example": true, "@mia2:partner.example": false, "@a:x.evil.example": false, "@a-extern:bau.land.example": true, "@weg-extern:bau.land.example": false, "@anna:amt.example": true,
	} {
		if few.MayInvite(user) != want || few.MayParticipate(user) != want {
			t.Errorf("of few, %s: want %t", user, want)
		}
	}
	for server, want := range map[string]bool{"partner.example": true, "x.evil.example": false, "bau.land.example": true, "other.example": false, "amt.example": true, "": false} {
		if few.ServerMayParticipate(server) != want {
			t.Errorf("of few, somebody of %q: want %t", server, want)
		}
	}
	if f.ServerMayParticipate("evil.example") || f.ServerMayParticipate("") || !f.ServerMayParticipate("amt.example") || !f.ServerMayParticipate("partner.example") {
		t.Error("servers are judged otherwise than their users")
	}
}

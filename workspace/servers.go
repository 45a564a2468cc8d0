package workspace

import (
	"net/netip"
	"slices"
	"strings"

	"maunium.net/go/mautrix/id"
)

// ServerACL is m.room.server_acl: which servers may take part in a room
// (client-server API, "Server Access Control Lists (ACLs) for rooms"). A room
// without the event has none.
type ServerACL struct {
	Allow []string `json:"allow,omitempty"` // patterns, as Matches reads them
	Deny  []string `json:"deny,omitempty"`
	// DenyIPLiterals is the opposite of allow_ip_literals.
	DenyIPLiterals bool `json:"deny_ip_literals,omitempty"`
}

// Allows reports whether the list lets a server in. Nothing but what Allow names is
// let in; an empty list shuts everybody out.
func (a ServerACL) Allows(server string) bool {
	host := hostOf(server)
	if a.DenyIPLiterals && isIPLiteral(host) {
		return false
	}
	return !matchesAny(a.Deny, host) && matchesAny(a.Allow, host)
}

// Equal reports whether two lists are the same.
func (a ServerACL) Equal(b ServerACL) bool {
	return a.DenyIPLiterals == b.DenyIPLiterals && slices.Equal(a.Allow, b.Allow) && slices.Equal(a.Deny, b.Deny)
}

// hostOf is a server name without its port.
func hostOf(server string) string {
	if end := strings.IndexByte(server, ']'); end > 0 { // IPv6 stands in brackets
		return server[:end+1]
	}
	host, _, _ := strings.Cut(server, ":")
	return host
}

func isIPLiteral(host string) bool {
	if strings.HasPrefix(host, "[") {
		return true // nothing else begins so
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Is4()
}

// Matches reports whether all of a text fits a pattern, in which * stands for any
// number of characters and ? for one (appendices, "Glob-style matching"). Letter
// case does not matter. Its time is bounded by the product of the two lengths.
func Matches(pattern, text string) bool {
	pattern, text = strings.ToLower(pattern), strings.ToLower(text)
	p, t := 0, 0
	star, from := -1, 0 // the last * and where what it stands for ends
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Matches(p, text) })
}

// Federation is what the operator says of other servers and of people: lists of
// patterns, as Matches reads them. What is denied stays denied whatever else
// allows it; the own server is always allowed, but its users can be denied.
type Federation struct {
	Own         string   // the name of the own server
	Invite      []string // servers whose users may invite the bot
	Participate []string // servers whose users may take part
	AllowUsers  []string // patterns of whole user IDs: people who may do both, whatever their server
	DenyServers []string
	DenyUsers   []string // patterns of whole user IDs
}

// MayInvite tells whether somebody may invite the bot.
func (f Federation) MayInvite(user id.UserID) bool { return f.may(f.Invite, user) }

// MayParticipate tells whether somebody may take part in the work of rooms.
func (f Federation) MayParticipate(user id.UserID) bool { return f.may(f.Participate, user) }

// Admits tells whether somebody whom a room counts among its members may take part
// there: the operator must let them, and each of the room's access lists. The own
// homeserver applies no list to its own users, and neither does Werkraum.
func (f Federation) Admits(user id.UserID, lists []ServerACL) bool {
	return f.MayParticipate(user) && f.AdmitsServer(user.Homeserver(), lists)
}

// AdmitsServer is the part of Admits that is the same for all users of a server.
func (f Federation) AdmitsServer(server string, lists []ServerACL) bool {
	return server == f.Own || !slices.ContainsFunc(lists, func(a ServerACL) bool { return !a.Allows(server) })
}

// ServerMayParticipate tells whether any users of a server may take part.
func (f Federation) ServerMayParticipate(server string) bool {
	return f.mayServer(server) && (server == f.Own || matchesAny(f.Participate, server) ||
		slices.ContainsFunc(f.AllowUsers, func(pattern string) bool {
			_, of, _ := strings.Cut(pattern, ":")
			return Matches(of, server)
		}))
}

func (f Federation) may(list []string, user id.UserID) bool {
	server := user.Homeserver()
	return f.mayServer(server) && (server == f.Own || matchesAny(list, server) || matchesAny(f.AllowUsers, string(user))) &&
		!matchesAny(f.DenyUsers, string(user))
}

// mayServer reports whether a server is not denied as a whole. A port does not make
// another server of it.
func (f Federation) mayServer(server string) bool {
	return server != "" && (server == f.Own || !matchesAny(f.DenyServers, server) && !matchesAny(f.DenyServers, hostOf(server)))
}

package openid

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

const (
	// maxServerName is the longest server name in bytes; Matrix asks for 230.
	maxServerName = 230
	maxLabel      = 63
)

var errServerName = errors.New("not a Matrix server name")

// ServerName is a server name that follows the grammar of the Matrix
// specification (appendices, "Server Name").
type ServerName struct {
	text string
	host string // without brackets
	port string // "" if none is given
	ip   bool
}

// ParseServerName reads a server name as it stands in user IDs. It is stricter than
// the grammar where that allows names which resolvers take for IP addresses in odd
// notations ("2130706433", "127.1", "0x7f.1") or that no DNS name can be.
func ParseServerName(text string) (ServerName, error) {
	name := ServerName{text: text}
	if text == "" || len(text) > maxServerName {
		return ServerName{}, errServerName
	}
	rest, isIPv6 := strings.CutPrefix(text, "[")
	switch {
	case isIPv6:
		host, after, closed := strings.Cut(rest, "]")
		address, err := netip.ParseAddr(host)
		if !closed || err != nil || !address.Is6() || address.Zone() != "" {
			return ServerName{}, errServerName
		}
		name.host, name.ip, rest = host, true, after
	default:
		end := strings.IndexByte(text, ':')
		if end < 0 {
			end = len(text)
		}
		name.host, rest = text[:end], text[end:]
		if !isIPv4(name.host) && !isDNSName(name.host) {
			return ServerName{}, errServerName
		}
		name.ip = isIPv4(name.host)
	}
	if rest == "" {
		return name, nil
	}
	port, found := strings.CutPrefix(rest, ":")
	if !found || !isPort(port) {
		return ServerName{}, errServerName
	}
	name.port = port
	return name, nil
}

// String is the server name as it was given.
func (n ServerName) String() string { return n.text }

func isIPv4(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && address.Is4()
}

func isDNSName(host string) bool {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i] | 0x20 // ASCII lower case
			if (c < 'a' || c > 'z') && (label[i] < '0' || label[i] > '9') && label[i] != '-' {
				return false
			}
		}
	}
	return !isNumber(labels[len(labels)-1])
}

// isNumber tells whether a last label makes parsers of addresses believe that the
// whole is an IPv4 address (as in the URL standard, "ends in a number").
func isNumber(label string) bool {
	lower := strings.ToLower(label)
	if digits, hexadecimal := strings.CutPrefix(lower, "0x"); hexadecimal {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return strings.Trim(lower, "0123456789") == ""
}

func isPort(text string) bool {
	if text == "" || len(text) > 5 || strings.Trim(text, "0123456789") != "" {
		return false
	}
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

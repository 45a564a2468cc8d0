package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a container may have no zone files

	"maunium.net/go/mautrix/id"
)

// normalise brings values into the one form that the rest of the program expects.
func (c *Config) normalise() {
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	c.Homeserver.URL = strings.TrimRight(c.Homeserver.URL, "/")
}

// validate finds everything that is wrong; Where of a Problem is the key alone.
func (c *Config) validate() []Problem {
	v := &validation{}
	v.address("listen", c.Listen)
	v.webURL("public_url", c.PublicURL)
	v.oneOf("default_language", c.DefaultLanguage, "de", "en")
	v.zone("time_zone", c.TimeZone)
	v.webURL("homeserver.url", c.Homeserver.URL)
	switch {
	case c.Homeserver.ServerName == "":
		v.add("homeserver.server_name",
			"is missing; set it to the part of your server's user IDs after the colon, such as example.org",
			"fehlt; tragen Sie den Teil der Benutzerkennungen Ihres Servers nach dem Doppelpunkt ein, etwa example.org")
	case !id.ValidateServerName(c.Homeserver.ServerName):
		v.add("homeserver.server_name",
			"is not a Matrix server name; write it as in user IDs, such as example.org, without https://",
			"ist kein Matrix-Servername; schreiben Sie ihn wie in Benutzerkennungen, etwa example.org, ohne https://")
	}
	v.oneOf("homeserver.sync", c.Homeserver.Sync, SyncAuto, SyncAlways, SyncNever)
	if c.Registration == "" {
		v.add("registration", "must be the path of the registration file", "muss der Pfad der Registrierungsdatei sein")
	}
	if c.KeyFile == "" {
		v.add("key_file", "must be the path of the key file", "muss der Pfad der Schlüsseldatei sein")
	}
	v.database(c.Database.URL)
	v.servers("federation.invite_servers", c.Federation.InviteServers)
	v.servers("federation.participate_servers", c.Federation.ParticipateServers)
	v.servers("federation.deny_servers", c.Federation.DenyServers)
	v.users("federation.allow_users", c.Federation.AllowUsers)
	v.users("federation.deny_users", c.Federation.DenyUsers)
	for _, limit := range []struct {
		key   string
		value int64
	}{
		{"limits.commands_per_minute", c.Limits.CommandsPerMinute}, {"limits.room_commands_per_minute", c.Limits.RoomCommandsPerMinute},
		{"limits.changes_per_minute", c.Limits.ChangesPerMinute}, {"limits.room_changes_per_minute", c.Limits.RoomChangesPerMinute},
		{"limits.links_per_hour", c.Limits.LinksPerHour}, {"limits.sign_ins_per_minute", c.Limits.SignInsPerMinute},
	} {
		v.integer(limit.key, limit.value, 1, 1_000_000)
	}
	v.integer("limits.upload_bytes", c.Limits.UploadBytes, 64<<10, 1<<30)
	v.networks("outbound.allow_networks", c.Outbound.AllowNetworks)
	v.duration("outbound.timeout", c.Outbound.Timeout, time.Second, 5*time.Minute)
	v.integer("outbound.max_response_bytes", c.Outbound.MaxResponseBytes, 64<<10, 1<<30)
	v.ancestors("web.frame_ancestors", c.Web.FrameAncestors)
	v.duration("web.session_ttl", c.Web.SessionTTL, 5*time.Minute, 720*time.Hour)
	v.duration("web.link_ttl", c.Web.LinkTTL, time.Minute, 24*time.Hour)
	v.duration("privacy.audit_keep", c.Privacy.AuditKeep, 24*time.Hour, 87600*time.Hour)
	if c.Operations.Listen != "" {
		v.address("operations.listen", c.Operations.Listen)
		if c.Operations.Listen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
			v.add("operations.listen", "is the same as listen; metrics need a private address of their own",
				"ist dasselbe wie listen; Metriken brauchen eine eigene, private Adresse")
		}
	}
	v.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	v.oneOf("log.format", c.Log.Format, "console", "json")
	return v.problems
}

type validation struct{ problems []Problem }

func (v *validation) add(key, en, de string) {
	v.problems = append(v.problems, Problem{Where: key, En: en, De: de})
}

func (v *validation) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		list := strings.Join(allowed, ", ")
		v.add(key, fmt.Sprintf("%q is not one of: %s", value, list), fmt.Sprintf("%q ist keines von: %s", value, list))
	}
}

func (v *validation) zone(key, value string) {
	if _, err := time.LoadLocation(value); err != nil || value == "" || value == "Local" {
		v.add(key, fmt.Sprintf("%q is not a time zone; write it as in the IANA's list, such as Europe/Berlin", value),
			fmt.Sprintf("%q ist keine Zeitzone; schreiben Sie sie wie in der Liste der IANA, etwa Europe/Berlin", value))
	}
}

func (v *validation) address(key, value string) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		v.add(key, fmt.Sprintf("%q is not an address; write host:port, such as 127.0.0.1:8080 or :8080", value),
			fmt.Sprintf("%q ist keine Adresse; schreiben Sie Host:Port, etwa 127.0.0.1:8080 oder :8080", value))
	}
}

// webURL does not repeat the value: somebody may have put a password into it.
func (v *validation) webURL(key, value string) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		v.add(key, "must be a URL that begins with https:// or http://",
			"muss eine URL sein, die mit https:// oder http:// beginnt")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		v.add(key, "must be a URL without user name, ? and #", "muss eine URL ohne Benutzernamen, ? und # sein")
	}
}

func (v *validation) database(value string) {
	if path, sqlite := strings.CutPrefix(value, "sqlite:"); sqlite {
		if path == "" {
			v.add("database.url", "lacks the path after sqlite:", "enthält hinter sqlite: keinen Pfad")
		}
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		v.add("database.url", "must begin with sqlite: or postgres:// (write special characters of a password as %XX)",
			"muss mit sqlite: oder postgres:// beginnen (Sonderzeichen eines Passworts als %XX schreiben)")
	}
}

func (v *validation) servers(key string, list []string) {
	for _, name := range list {
		if name == "" || !id.ValidateServerName(withoutWildcards(name)) {
			v.add(key, fmt.Sprintf("%q is not a Matrix server name; write it as in user IDs, such as example.org or *.example.org, or \"*\" for all", name),
				fmt.Sprintf("%q ist kein Matrix-Servername; schreiben Sie ihn wie in Benutzerkennungen, etwa example.org oder *.example.org, oder \"*\" für alle", name))
		}
	}
}

// withoutWildcards is a pattern with a letter in place of each wildcard.
func withoutWildcards(pattern string) string {
	return strings.NewReplacer("*", "x", "?", "x").Replace(pattern)
}

func (v *validation) users(key string, list []string) {
	for _, user := range list {
		if _, server, err := id.UserID(withoutWildcards(user)).Parse(); err != nil || !id.ValidateServerName(server) {
			v.add(key, fmt.Sprintf("%q is not a Matrix user ID; write it as @name:example.org, with * for any number of characters", user),
				fmt.Sprintf("%q ist keine Matrix-Benutzerkennung; schreiben Sie sie als @name:example.org, mit * für beliebig viele Zeichen", user))
		}
	}
}

func (v *validation) networks(key string, list []string) {
	for _, text := range list {
		if _, err := netip.ParsePrefix(text); err != nil {
			v.add(key, fmt.Sprintf("%q is not a network; write it as 10.20.0.0/16, a single address as 10.20.0.5/32", text),
				fmt.Sprintf("%q ist kein Netz; schreiben Sie es als 10.20.0.0/16, eine einzelne Adresse als 10.20.0.5/32", text))
		}
	}
}

// ancestors become part of a Content-Security-Policy header, so nothing that ends
// a source or the directive may stand in them. Schemes are those of Element in the
// browser and on the desktop.
func (v *validation) ancestors(key string, list []string) {
	if len(list) == 0 {
		v.add(key, "is empty, so that no client could show the board; use [\"*\"] or the address of your Element",
			"ist leer, so könnte kein Client das Board zeigen; verwenden Sie [\"*\"] oder die Adresse Ihres Element")
	}
	for _, source := range list {
		if source == Everyone || source == "'self'" {
			continue
		}
		u, err := url.Parse(source)
		if err != nil || !slices.Contains([]string{"https", "http", "vector", "element"}, u.Scheme) || u.Host == "" || u.User != nil ||
			strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(source, " ;,'\"\t\r\n") {
			v.add(key, fmt.Sprintf("%q is not an origin; write it as https://chat.example.org", source),
				fmt.Sprintf("%q ist keine Herkunft; schreiben Sie sie als https://chat.example.org", source))
		}
	}
}

func (v *validation) duration(key string, value, least, most time.Duration) {
	if value < least || value > most {
		v.add(key, fmt.Sprintf("%s is out of range; allowed is %s to %s", value, least, most),
			fmt.Sprintf("%s liegt außerhalb des Erlaubten: %s bis %s", value, least, most))
	}
}

func (v *validation) integer(key string, value, least, most int64) {
	if value < least || value > most {
		v.add(key, fmt.Sprintf("%d is out of range; allowed is %d to %d", value, least, most),
			fmt.Sprintf("%d liegt außerhalb des Erlaubten: %d bis %d", value, least, most))
	}
}

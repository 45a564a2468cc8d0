// Package config reads Werkraum's settings and its registration file.
//
// Settings come from four places, the later ones win: the defaults in this
// package, the YAML file, the environment (WERKRAUM_HOMESERVER__URL for
// homeserver.url), and the flags of the command line (--homeserver.url).
// A key that nobody knows is an error in each of them. Relative paths are
// relative to the working directory of the process, not to the file.
package config

import (
	_ "embed"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Example is the documented example file. It holds every key with its default;
// a test keeps it so.
//
//go:embed example.yaml
var Example []byte

// Config holds all settings after Load has checked them.
type Config struct {
	// Listen is the host:port of the one public listener: the homeserver's
	// transactions, the API and the web page.
	Listen string `koanf:"listen" usage:"host:port for the homeserver and for browsers"`
	// PublicURL is where browsers reach Listen, without a slash at the end.
	PublicURL string `koanf:"public_url" usage:"URL under which browsers reach the listener"`
	// DefaultLanguage is the language of a room until it is set there: "de" or "en".
	DefaultLanguage string `koanf:"default_language" usage:"language of a room until it is set there: de or en"`
	// TimeZone is the time zone of a room until it is set there (IANA).
	TimeZone string `koanf:"time_zone" usage:"time zone of a room until it is set there, such as Europe/Berlin"`
	// Homeserver is the server whose application service this is.
	Homeserver Homeserver `koanf:"homeserver"`
	// Registration is the path of the registration file, which holds the tokens.
	Registration string `koanf:"registration" usage:"path of the registration file"`
	// KeyFile is the path of the operator's key, under which secrets are kept sealed.
	KeyFile string `koanf:"key_file" usage:"path of the operator's key, which seals what is kept secret"`
	// Database says where the work is kept.
	Database Database `koanf:"database"`
	// Federation says which other servers may do what.
	Federation Federation `koanf:"federation"`
	// Limits say how fast people may do things.
	Limits Limits `koanf:"limits"`
	// Outbound limits requests to everything except the own homeserver.
	Outbound Outbound `koanf:"outbound"`
	// Web is about the page that people see.
	Web Web `koanf:"web"`
	// Privacy says how long is kept what nobody works with.
	Privacy Privacy `koanf:"privacy"`
	// Operations is the private listener for health and metrics.
	Operations Operations `koanf:"operations"`
	// Log is about the log on standard error.
	Log Log `koanf:"log"`
}

// Zone is TimeZone loaded. Load has made sure that it can be.
func (c Config) Zone() *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Homeserver names the own homeserver.
type Homeserver struct {
	// URL is the base of its client-server API, without a slash at the end.
	URL string `koanf:"url" usage:"base URL of the homeserver's client-server API"`
	// ServerName is the part of its user IDs after the colon. Required.
	ServerName string `koanf:"server_name" usage:"server name of the homeserver, as in its user IDs"`
	// Sync says what the second source of events is:
	// SyncAuto, SyncAlways or SyncNever.
	Sync string `koanf:"sync" usage:"second source of events: auto, always (the bot's own /sync) or never"`
}

// The values of Homeserver.Sync.
const (
	// SyncAuto reads the bot's own /sync if the homeserver pushes too little,
	// and looks back into the rooms if it pushes.
	SyncAuto = "auto"
	// SyncAlways reads /sync whatever the homeserver is.
	SyncAlways = "always"
	// SyncNever relies on transactions alone.
	SyncNever = "never"
)

// Database names the database.
type Database struct {
	// URL is "sqlite:PATH" or "postgres://…". It may hold a password: print the
	// value of Redacted instead.
	URL string `koanf:"url" usage:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"`
	// Seal says whether people's words are sealed under the key of KeyFile when they are
	// written.
	Seal bool `koanf:"seal" usage:"seal what people write under the key of key_file"`
}

// Redacted is the URL without password and parameters, fit for a log.
func (d Database) Redacted() string {
	if strings.HasPrefix(d.URL, "sqlite:") {
		name, _, _ := strings.Cut(d.URL, "?")
		return name
	}
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" {
		return "(not a URL)"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// String is Redacted, so that a printed Config shows no password.
func (d Database) String() string { return d.Redacted() }

// GoString is Redacted, for %#v.
func (d Database) GoString() string {
	return fmt.Sprintf("config.Database{URL:%q, Seal:%t}", d.Redacted(), d.Seal)
}

// MarshalText is Redacted, for encoders such as JSON.
func (d Database) MarshalText() ([]byte, error) { return []byte(d.Redacted()), nil }

// Everyone in a list of servers stands for all servers of the federation.
const Everyone = "*"

// Federation holds lists of patterns of server names, in which * stands for any
// number of characters and ? for one. The own server may always do everything.
// What the lists mean together, workspace.Federation says.
type Federation struct {
	// InviteServers are the servers whose users may invite the bot besides the own.
	InviteServers []string `koanf:"invite_servers" usage:"servers whose users may invite the bot (* = all)"`
	// ParticipateServers are the servers whose users may take part besides the own.
	ParticipateServers []string `koanf:"participate_servers" usage:"servers whose users may take part (* = all)"`
	// AllowUsers are patterns of the user IDs of people who may do both, whatever their server.
	AllowUsers []string `koanf:"allow_users" usage:"users who may invite the bot and take part, whatever their server"`
	// DenyServers are servers whose users may do nothing, whatever else allows it.
	DenyServers []string `koanf:"deny_servers" usage:"servers whose users may do nothing, such as *.example.net"`
	// DenyUsers are patterns of the user IDs of people who may do nothing.
	DenyUsers []string `koanf:"deny_users" usage:"users who may do nothing, such as @spam*:*"`
}

// Limits bound how fast people may do things. As many as in the whole time may come
// at once.
type Limits struct {
	// CommandsPerMinute are commands and reactions of one person in one room.
	CommandsPerMinute int64 `koanf:"commands_per_minute" usage:"commands and reactions of one person in one room"`
	// RoomCommandsPerMinute are those of all people in one room together.
	RoomCommandsPerMinute int64 `koanf:"room_commands_per_minute" usage:"commands and reactions of all people in one room"`
	// ChangesPerMinute are changes on the page by one person in one room.
	ChangesPerMinute int64 `koanf:"changes_per_minute" usage:"changes on the page by one person in one room"`
	// RoomChangesPerMinute are those of all people in one room together.
	RoomChangesPerMinute int64 `koanf:"room_changes_per_minute" usage:"changes on the page by all people in one room"`
	// LinksPerHour are messages with private links that one person asks the bot for.
	LinksPerHour int64 `koanf:"links_per_hour" usage:"messages with private links to one person"`
	// SignInsPerMinute are sign-ins of one person.
	SignInsPerMinute int64 `koanf:"sign_ins_per_minute" usage:"sign-ins of one person"`
	// UploadBytes bounds a file that somebody attaches on the page.
	UploadBytes int64 `koanf:"upload_bytes" usage:"largest file that can be attached on the page, in bytes"`
}

// Outbound limits what leaves for anything but the homeserver.
type Outbound struct {
	// AllowNetworks are CIDRs of networks that are reached although they are
	// not public. Networks gives them parsed.
	AllowNetworks []string `koanf:"allow_networks" usage:"CIDRs of private networks that may be reached"`
	// CAFile is a PEM file of certificates trusted besides the system's; may be empty.
	CAFile string `koanf:"ca_file" usage:"PEM file of additional trusted CA certificates"`
	// Timeout bounds one request from its start to the last byte of the answer.
	Timeout time.Duration `koanf:"timeout" usage:"longest time for one request, such as 10s"`
	// MaxResponseBytes bounds the body of an answer, in bytes.
	MaxResponseBytes int64 `koanf:"max_response_bytes" usage:"largest answer in bytes"`
}

// Networks is AllowNetworks parsed. Load has made sure that they can be.
func (o Outbound) Networks() []netip.Prefix {
	networks := make([]netip.Prefix, 0, len(o.AllowNetworks))
	for _, text := range o.AllowNetworks {
		if network, err := netip.ParsePrefix(text); err == nil {
			networks = append(networks, network.Masked())
		}
	}
	return networks
}

// Web is about the page.
type Web struct {
	// FrameAncestors are the sources of the page's frame-ancestors policy.
	FrameAncestors []string `koanf:"frame_ancestors" usage:"origins that may frame the page (* = all)"`
	// SessionTTL is how long a sign-in lasts.
	SessionTTL time.Duration `koanf:"session_ttl" usage:"how long a sign-in lasts, such as 12h"`
	// LinkTTL is how long a private link can be used.
	LinkTTL time.Duration `koanf:"link_ttl" usage:"how long a private link can be used, such as 15m"`
}

// Privacy is about what is kept for the record only.
type Privacy struct {
	// AuditKeep is how long entries of the audit log are kept.
	AuditKeep time.Duration `koanf:"audit_keep" usage:"how long entries of the audit log are kept, such as 8760h"`
}

// Operations is the private listener.
type Operations struct {
	// Listen is its host:port; empty for none.
	Listen string `koanf:"listen" usage:"host:port for health and metrics; empty for none"`
}

// Log is about the log.
type Log struct {
	// Level is the least level that is written: "debug", "info", "warn" or "error".
	Level string `koanf:"level" usage:"least level written: debug, info, warn or error"`
	// Format is "console" or "json".
	Format string `koanf:"format" usage:"console or json"`
}

// Default is the configuration of an empty file. It lacks homeserver.server_name
// and is therefore not complete.
func Default() Config {
	return Config{
		Listen:          "127.0.0.1:8080",
		PublicURL:       "http://127.0.0.1:8080",
		DefaultLanguage: "de",
		TimeZone:        "Europe/Berlin",
		Homeserver:      Homeserver{URL: "http://127.0.0.1:8008", Sync: SyncAuto},
		Registration:    "registration.yaml",
		KeyFile:         "werkraum.key",
		Database:        Database{URL: "sqlite:werkraum.db"},
		Federation:      Federation{InviteServers: []string{}, ParticipateServers: []string{Everyone}, AllowUsers: []string{}, DenyServers: []string{}, DenyUsers: []string{}},
		Limits: Limits{
			CommandsPerMinute: 60, RoomCommandsPerMinute: 600, ChangesPerMinute: 1200, RoomChangesPerMinute: 12_000,
			LinksPerHour: 20, SignInsPerMinute: 30, UploadBytes: 25 << 20,
		},
		Outbound: Outbound{
			AllowNetworks:    []string{},
			Timeout:          10 * time.Second,
			MaxResponseBytes: 1 << 20,
		},
		Web: Web{
			FrameAncestors: []string{Everyone},
			SessionTTL:     12 * time.Hour,
			LinkTTL:        15 * time.Minute,
		},
		Privacy:    Privacy{AuditKeep: 8760 * time.Hour},
		Operations: Operations{Listen: "127.0.0.1:9080"},
		Log:        Log{Level: "info", Format: "console"},
	}
}

package config

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// BotLocalpart is the local part of the bot's user ID in a new registration.
const BotLocalpart = "werkraum"

// Registration is the file that makes Werkraum known to the homeserver, in the
// form of the Matrix application service API. Both read the same file.
type Registration struct {
	// ID names this application service among those of the homeserver.
	ID string `yaml:"id"`
	// URL is where the homeserver pushes its events; it must reach Config.Listen.
	URL string `yaml:"url"`
	// ASToken is what Werkraum shows to the homeserver. Secret.
	ASToken string `yaml:"as_token"`
	// HSToken is what the homeserver shows to Werkraum. Secret.
	HSToken string `yaml:"hs_token"`
	// SenderLocalpart is the local part of the bot's user ID.
	SenderLocalpart string `yaml:"sender_localpart"`
	// RateLimited says whether the homeserver's rate limits hold for Werkraum.
	RateLimited bool `yaml:"rate_limited"`
	// Namespaces are the IDs that belong to Werkraum.
	Namespaces Namespaces `yaml:"namespaces"`
	// What encrypted rooms take on a homeserver that pushes: events to the bot's
	// device, by the stable name and that of the proposal (MSC2409), changes of
	// devices (MSC3202), and a device of the bot's own (MSC4190).
	ReceiveEphemeral bool `yaml:"receive_ephemeral"`
	PushEphemeral    bool `yaml:"de.sorunome.msc2409.push_ephemeral"`
	DeviceChanges    bool `yaml:"org.matrix.msc3202"`
	DeviceManagement bool `yaml:"io.element.msc4190"`
	// Other holds keys that Werkraum does not know, so that writing the file
	// again keeps what the operator has added.
	Other map[string]any `yaml:",inline"`
}

// Namespaces are lists of patterns. All three are always written: Dendrite stops
// with a panic when there are none.
type Namespaces struct {
	Users   []Namespace `yaml:"users"`
	Aliases []Namespace `yaml:"aliases"`
	Rooms   []Namespace `yaml:"rooms"`
}

// Namespace is one pattern of IDs.
type Namespace struct {
	// Exclusive means that nobody else may use such IDs.
	Exclusive bool `yaml:"exclusive"`
	// Regex is the pattern, for whole IDs.
	Regex string `yaml:"regex"`
}

// NewRegistration makes a registration with random tokens for a homeserver.
func NewRegistration(serverName, pushURL string) *Registration {
	r := &Registration{ID: "werkraum", URL: pushURL, SenderLocalpart: BotLocalpart}
	r.RenewTokens()
	r.SetServer(serverName)
	r.WantEncryption()
	return r
}

// WantEncryption asks the homeserver for what encrypted rooms take.
func (r *Registration) WantEncryption() {
	r.ReceiveEphemeral, r.PushEphemeral, r.DeviceChanges, r.DeviceManagement = true, true, true, true
}

// RenewTokens replaces both tokens by new random ones of 64 hexadecimal digits.
func (r *Registration) RenewTokens() {
	r.ASToken, r.HSToken = randomToken(), randomToken()
}

// SetServer makes the namespaces those of a homeserver.
func (r *Registration) SetServer(serverName string) {
	r.Namespaces = Namespaces{
		Users: []Namespace{{
			Exclusive: true,
			Regex:     "@" + regexp.QuoteMeta(r.SenderLocalpart) + "_.*:" + regexp.QuoteMeta(serverName),
		}},
		// Synapse lets the bot give its direct chats an alias only in a namespace of its own.
		Aliases: []Namespace{{
			Exclusive: true,
			Regex:     "#" + regexp.QuoteMeta(r.SenderLocalpart) + "_.*:" + regexp.QuoteMeta(serverName),
		}},
		Rooms: []Namespace{},
	}
}

// Bot is the bot's user ID on a homeserver.
func (r *Registration) Bot(serverName string) string {
	return "@" + r.SenderLocalpart + ":" + serverName
}

// String names the registration without its tokens.
func (r Registration) String() string { return fmt.Sprintf("registration %q at %s", r.ID, r.URL) }

// GoString is String, for %#v.
func (r Registration) GoString() string { return r.String() }

// LoadRegistration reads a registration file. A file that does not exist gives
// an error that is fs.ErrNotExist. Ask Validate whether it can be used.
func LoadRegistration(path string) (*Registration, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read registration %s: %w", path, errors.Unwrap(err))
	}
	var r Registration
	if err := yaml.Unmarshal(text, &r); err != nil {
		// The parser's message can quote a token.
		return nil, fmt.Errorf("read registration %s: %w", path, errNotRegistration)
	}
	return &r, nil
}

var errNotRegistration = errors.New("is not a registration file (YAML with id, url, as_token, hs_token, sender_localpart, namespaces)")

// Save writes the file so that only its owner can read it. It is replaced as a
// whole: nobody ever reads half of it.
func (r *Registration) Save(path string) error {
	text, err := yaml.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode registration: %w", err)
	}
	head := "# Werkraum's registration with the homeserver. It holds secrets: keep it private.\n" +
		"# Written by `werkraum registration`; the homeserver reads it when it starts.\n"
	file, err := os.CreateTemp(filepath.Dir(path), ".registration-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write registration: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone already when all went well
	_, err = file.WriteString(head + string(text))
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write registration: %w", err)
	}
	return nil
}

// EnsureRegistration brings the file at path up to date with the settings and
// returns it: a new file gets random tokens, an existing one keeps its tokens
// unless newTokens is set. pushURL may be "": then an existing URL stays, and a new
// one is made from Config.Listen. created tells whether there was no file before.
func EnsureRegistration(path string, c *Config, pushURL string, newTokens bool) (r *Registration, created bool, err error) {
	r, err = LoadRegistration(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if pushURL == "" {
			pushURL = listenURL(c.Listen)
		}
		r, created = NewRegistration(c.Homeserver.ServerName, pushURL), true
	case err != nil:
		return nil, false, err
	default:
		if pushURL != "" {
			r.URL = pushURL
		}
		if newTokens || r.ASToken == "" || r.HSToken == "" {
			r.RenewTokens()
		}
		if r.ID == "" {
			r.ID = "werkraum"
		}
		if r.SenderLocalpart == "" {
			r.SenderLocalpart = BotLocalpart
		}
		r.SetServer(c.Homeserver.ServerName)
		r.WantEncryption()
	}
	if problems := r.Validate(c.Homeserver.ServerName); len(problems) > 0 {
		return nil, false, problems
	}
	return r, created, r.Save(path)
}

// listenURL is how a homeserver on the same machine reaches an address.
func listenURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	switch host {
	case "", "0.0.0.0", "::":
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

var localpartPattern = regexp.MustCompile(`^[a-z0-9._=/+-]+$`)

// Validate tells what keeps the registration from working for a server.
func (r *Registration) Validate(serverName string) Problems {
	var problems Problems
	add := func(key, en, de string) {
		problems = append(problems, Problem{Where: key + " (registration)", En: en, De: de})
	}
	again := "; run `werkraum registration`"
	wieder := "; führen Sie `werkraum registration` aus"
	if r.ID == "" {
		add("id", "is missing"+again, "fehlt"+wieder)
	}
	if u, err := url.Parse(r.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		add("url", "must be a URL at which the homeserver reaches Werkraum's `listen`"+again+" --appservice-url URL",
			"muss eine URL sein, unter der der Homeserver Werkraums `listen` erreicht"+wieder+" --appservice-url URL")
	}
	tokens := map[string]string{"as_token": r.ASToken, "hs_token": r.HSToken}
	for _, key := range []string{"as_token", "hs_token"} {
		token := tokens[key]
		if token == "" || strings.ContainsFunc(token, func(c rune) bool { return c <= ' ' || c > '~' }) {
			add(key, "is missing or holds characters that a token cannot have"+again+" --new-tokens",
				"fehlt oder enthält Zeichen, die ein Token nicht haben kann"+wieder+" --new-tokens")
		}
	}
	if r.ASToken != "" && r.ASToken == r.HSToken {
		add("hs_token", "is the same as as_token"+again+" --new-tokens", "ist dasselbe wie as_token"+wieder+" --new-tokens")
	}
	if !localpartPattern.MatchString(r.SenderLocalpart) {
		add("sender_localpart", "is not the local part of a user ID, such as werkraum",
			"ist kein lokaler Teil einer Benutzerkennung wie werkraum")
	}
	r.validateNamespaces(serverName, add)
	return problems
}

func (r *Registration) validateNamespaces(serverName string, add func(key, en, de string)) {
	ours := "@" + r.SenderLocalpart + "_x:" + serverName
	found := false
	for _, namespace := range r.Namespaces.Users {
		pattern, err := regexp.Compile("^(?:" + namespace.Regex + ")")
		if err != nil {
			add("namespaces.users", fmt.Sprintf("%q is not a regular expression", namespace.Regex),
				fmt.Sprintf("%q ist kein regulärer Ausdruck", namespace.Regex))
			continue
		}
		found = found || pattern.MatchString(ours)
	}
	if !found {
		add("namespaces.users", "does not hold the IDs of homeserver.server_name; run `werkraum registration`",
			"enthält die Kennungen von homeserver.server_name nicht; führen Sie `werkraum registration` aus")
	}
}

// randomToken has 256 bits. crypto/rand never fails.
func randomToken() string {
	var bytes [32]byte
	_, _ = rand.Read(bytes[:])
	return hex.EncodeToString(bytes[:])
}

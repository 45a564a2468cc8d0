package homeserver

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"werkraum/deploy/child"
)

// fields is a level of a configuration file.
type fields = map[string]any

// dendriteCommand writes Dendrite's files and says how to start it.
func dendriteCommand(ctx context.Context, o Options, secret string) (child.Command, error) {
	binary, err := BuildDendrite(ctx, o.Progress)
	if err != nil {
		return child.Command{}, err
	}
	if err := keepDendriteSigningKey(o.file(signingKeyFile)); err != nil {
		return child.Command{}, err
	}
	// Dendrite reads YAML, of which JSON is a part.
	config, err := json.MarshalIndent(dendriteConfig(o, secret), "", "  ")
	if err != nil {
		return child.Command{}, fmt.Errorf("encode Dendrite's configuration: %w", err)
	}
	configFile := o.file("dendrite.yaml")
	if err := os.WriteFile(configFile, config, 0o600); err != nil {
		return child.Command{}, fmt.Errorf("write Dendrite's configuration: %w", err)
	}
	return child.Command{
		Name: "Dendrite " + o.serverName(),
		Path: binary,
		Args: []string{
			"-config", configFile,
			"-http-bind-address", loopback(o.Port),
			"-https-bind-address", loopback(o.FederationListen),
			"-tls-cert", o.file(tlsCertFile), "-tls-key", o.file(tlsKeyFile),
		},
		Dir: o.Dir,
		Env: append(proxyEnvironment(o.Proxy), "SSL_CERT_FILE="+o.CA.CertFile()),
		Log: o.file(logFile),
	}, nil
}

// dendriteConfig is made for speed and for a machine of one's own: nothing is limited, and
// loopback addresses are reached over federation.
func dendriteConfig(o Options, secret string) fields {
	global := fields{
		"server_name": o.serverName(),
		"private_key": o.file(signingKeyFile),
		// Files, not memory: events for application services survive a SIGKILL.
		"jetstream":    fields{"storage_path": o.file("jetstream")},
		"report_stats": fields{"enabled": false},
		"presence":     fields{"enable_inbound": false, "enable_outbound": false},
	}
	federation := fields{
		"deny_networks":    []string{}, // by default loopback is out of reach
		"key_perspectives": []fields{}, // keys are asked of the servers themselves
	}
	media := fields{"base_path": o.file("media")}
	users := fields{"bcrypt_cost": 4}
	config := fields{
		"version":         2,
		"global":          global,
		"federation_api":  federation,
		"media_api":       media,
		"user_api":        users,
		"app_service_api": fields{"config_files": o.Registrations},
		"client_api": fields{
			"registration_disabled":      true,
			"registration_shared_secret": secret,
			"rate_limiting":              fields{"enabled": false},
		},
		"logging": []fields{{"type": "std", "level": "info"}},
	}
	if o.Postgres != "" {
		global["database"] = fields{
			"connection_string": o.Postgres, "max_open_conns": 30, "max_idle_conns": 5, "conn_max_lifetime": -1,
		}
		return config
	}
	// With SQLite each component wants a database of its own.
	federation["database"] = sqliteFile(o.Dir, "federationapi.db")
	media["database"] = sqliteFile(o.Dir, "mediaapi.db")
	users["account_database"] = sqliteFile(o.Dir, "userapi.db")
	for component, file := range map[string]string{
		"key_server": "keyserver.db", "room_server": "roomserver.db", "sync_api": "syncapi.db",
		"relay_api": "relayapi.db", "mscs": "mscs.db",
	} {
		config[component] = fields{"database": sqliteFile(o.Dir, file)}
	}
	return config
}

// sqliteFile is a database in a file that is written as a write-ahead log: Dendrite's own
// settings wait for the disk some ten times for each event. A killed server loses nothing by
// it. Dendrite passes on what its drivers (with cgo the first two, else the others) are to set
// only if the question mark is written as a part of the path.
func sqliteFile(dir, name string) fields {
	const settings = "%3f_journal_mode=WAL&_synchronous=NORMAL&_pragma=journal_mode(wal)&_pragma=synchronous(normal)"
	return fields{"connection_string": "file:" + filepath.Join(dir, name) + settings}
}

// keepDendriteSigningKey makes the key that the server signs its events with, unless it is
// there: an Ed25519 seed in a PEM block of Matrix's own.
func keepDendriteSigningKey(path string) error {
	if exists(path) {
		return nil
	}
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		return fmt.Errorf("make signing key: %w", err)
	}
	block := &pem.Block{Type: "MATRIX PRIVATE KEY", Headers: map[string]string{"Key-ID": "ed25519:w1"}, Bytes: seed}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		return fmt.Errorf("write signing key: %w", err)
	}
	return nil
}

// proxyEnvironment sends a child's outgoing requests through proxy; without one the
// caller's own settings are taken away: loopback needs no proxy.
func proxyEnvironment(proxy string) []string {
	return []string{
		"HTTPS_PROXY=" + proxy, "https_proxy=" + proxy, "HTTP_PROXY=" + proxy, "http_proxy=" + proxy,
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}
}

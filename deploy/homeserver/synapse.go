package homeserver

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"werkraum/deploy/child"
)

// synapseRequirements pins Synapse and all that it needs, as `pip freeze` printed it.
//
//go:embed synapse-requirements.txt
var synapseRequirements string

// InstallSynapse returns the path of a Python interpreter that has Synapse, in a virtual
// environment below .cache that is made from PyPI when it is not there yet: about half a
// minute, once. Lines of progress go to the given writer.
func InstallSynapse(ctx context.Context, progress io.Writer) (string, error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return "", &ToolMissingError{Tool: "python3", Hint: "install Python 3.10 or newer with its venv module (Debian: apt-get install python3-venv)"}
	}
	version, err := exec.CommandContext(ctx, python, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask for the Python version: %w", err)
	}
	dir, err := cached(ctx, "synapse", []string{synapseRequirements, python, string(version)},
		func(ctx context.Context, dir string) error {
			_, _ = fmt.Fprintln(progress, "installing Synapse from PyPI, once")
			if err := installSynapse(ctx, python, dir); err != nil {
				return err
			}
			_, _ = fmt.Fprintln(progress, "installed Synapse")
			return nil
		})
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "venv", "bin", "python"), nil
}

func installSynapse(ctx context.Context, python, dir string) error {
	requirements := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(requirements, []byte(synapseRequirements), 0o644); err != nil {
		return fmt.Errorf("write requirements of Synapse: %w", err)
	}
	venv := filepath.Join(dir, "venv")
	steps := [][]string{
		{python, "-m", "venv", "--clear", venv},
		// Wheels only: building from source needs compilers and minutes. The interpreter is
		// called by its own path, because the folder is renamed when all is done and the
		// scripts in venv/bin name the old one.
		{filepath.Join(venv, "bin", "python"), "-m", "pip", "install", "--quiet",
			"--disable-pip-version-check", "--no-input", "--only-binary=:all:", "-r", requirements},
	}
	for _, step := range steps {
		out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("install Synapse: %w\n%s", err, out)
		}
	}
	return nil
}

// synapseCommand writes Synapse's files and says how to start it.
func synapseCommand(ctx context.Context, o Options, secret string) (child.Command, error) {
	if o.Postgres != "" {
		return child.Command{}, fmt.Errorf("start synapse: PostgreSQL is only wired for Dendrite")
	}
	python, err := InstallSynapse(ctx, o.Progress)
	if err != nil {
		return child.Command{}, err
	}
	if err := keepSynapseSigningKey(o.file(signingKeyFile)); err != nil {
		return child.Command{}, err
	}
	for name, content := range map[string]fields{
		"homeserver.yaml": synapseConfig(o, secret),
		"log.yaml":        synapseLogConfig(),
	} {
		encoded, err := json.MarshalIndent(content, "", "  ") // JSON is a part of YAML
		if err != nil {
			return child.Command{}, fmt.Errorf("encode %s of Synapse: %w", name, err)
		}
		if err := os.WriteFile(o.file(name), encoded, 0o600); err != nil {
			return child.Command{}, fmt.Errorf("write %s of Synapse: %w", name, err)
		}
	}
	return child.Command{
		Name: "Synapse " + o.serverName(),
		Path: python,
		Args: []string{"-m", "synapse.app.homeserver", "-c", o.file("homeserver.yaml")},
		Dir:  o.Dir,
		Env:  append(proxyEnvironment(o.Proxy), "PYTHONUNBUFFERED=1"),
		Log:  o.file(logFile),
	}, nil
}

func synapseConfig(o Options, secret string) fields {
	// per_second and burst_count are so high that no test ever meets them.
	unlimited := fields{"per_second": 100000, "burst_count": 100000}
	return fields{
		"server_name": o.serverName(),
		"listeners": []fields{
			{
				"port": o.Port, "bind_addresses": []string{"127.0.0.1"}, "type": "http", "tls": false,
				"resources": []fields{{"names": []string{"client", "openid"}}},
			},
			{
				"port": o.FederationListen, "bind_addresses": []string{"127.0.0.1"}, "type": "http", "tls": true,
				"resources": []fields{{"names": []string{"federation", "openid"}}},
			},
		},
		"public_baseurl":              "http://" + loopback(o.Port) + "/",
		"database":                    fields{"name": "sqlite3", "args": fields{"database": o.file("homeserver.db")}},
		"log_config":                  o.file("log.yaml"),
		"pid_file":                    o.file("homeserver.pid"),
		"media_store_path":            o.file("media"),
		"signing_key_path":            o.file(signingKeyFile),
		"tls_certificate_path":        o.file(tlsCertFile),
		"tls_private_key_path":        o.file(tlsKeyFile),
		"federation_custom_ca_list":   []string{o.CA.CertFile()},
		"ip_range_blacklist":          []string{}, // by default loopback is out of reach
		"trusted_key_servers":         []fields{},
		"suppress_key_server_warning": true,
		"registration_shared_secret":  secret,
		"macaroon_secret_key":         secret,
		"form_secret":                 secret,
		"enable_registration":         false,
		"report_stats":                false,
		"bcrypt_rounds":               4,
		"presence":                    fields{"enabled": false},
		"app_service_config_files":    append([]string{}, o.Registrations...),
		"federation":                  fields{"destination_min_retry_interval": "1s", "destination_max_retry_interval": "5s", "destination_retry_multiplier": 1},
		"rc_message":                  unlimited,
		"rc_registration":             unlimited,
		"rc_login":                    fields{"address": unlimited, "account": unlimited, "failed_attempts": unlimited},
		"rc_admin_redaction":          unlimited,
		"rc_joins":                    fields{"local": unlimited, "remote": unlimited},
		"rc_joins_per_room":           unlimited,
		"rc_invites":                  fields{"per_room": unlimited, "per_user": unlimited, "per_issuer": unlimited},
		"rc_third_party_invite":       unlimited,
		"rc_federation":               fields{"window_size": 1000, "sleep_limit": 100000, "sleep_delay": 1, "reject_limit": 100000, "concurrent": 100},
		"rc_room_creation":            unlimited,
		"federation_rr_transactions_per_room_per_second": 1000,
		// What an application service needs to work in encrypted rooms.
		"experimental_features": fields{"msc2409_to_device_messages_enabled": true, "msc3202_transaction_extensions": true},
	}
}

func synapseLogConfig() fields {
	return fields{
		"version":    1,
		"formatters": fields{"plain": fields{"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
		"handlers":   fields{"console": fields{"class": "logging.StreamHandler", "formatter": "plain"}},
		"root":       fields{"level": "WARNING", "handlers": []string{"console"}},
		// One line for each request, as in Dendrite's log.
		"loggers":                  fields{"synapse.access": fields{"level": "INFO"}, "synapse.http.matrixfederationclient": fields{"level": "INFO"}},
		"disable_existing_loggers": false,
	}
}

// keepSynapseSigningKey makes the key that the server signs its events with, unless it is
// there: an Ed25519 seed in unpadded base64, after algorithm and name.
func keepSynapseSigningKey(path string) error {
	if exists(path) {
		return nil
	}
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		return fmt.Errorf("make signing key: %w", err)
	}
	line := "ed25519 w1 " + base64.RawStdEncoding.EncodeToString(seed) + "\n"
	if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
		return fmt.Errorf("write signing key: %w", err)
	}
	return nil
}

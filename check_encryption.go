package main

import (
	"bytes"
	"context"
	"net/http"

	"werkraum/bridges/outbound"
	"werkraum/workspace"
)

// checkEncryption says whether encrypted rooms can be worked in. The running Werkraum
// knows: it has sent something to its own device and waited for it. Without it only what
// that takes can be named. pushes is set where the homeserver pushes everything, so that
// keys must come by transactions (MSC2409, MSC3202) and not by the bot's own sync.
func (x *examination) checkEncryption(ctx context.Context, pushes bool) {
	if !x.registration.DeviceChanges || !x.registration.ReceiveEphemeral {
		x.report(notable, workspace.Text{De: "Verschlüsselte Räume: In der Registrierung fehlt, was dafür nötig ist", En: "Encrypted rooms: the registration lacks what they take"},
			workspace.Text{De: "schreiben Sie sie neu mit `werkraum registration`, und starten Sie den Homeserver neu",
				En: "write it anew with `werkraum registration`, and restart the homeserver"})
		return
	}
	switch ready, known := x.encryptionReady(ctx); {
	case known && ready && pushes:
		x.report(good, workspace.Text{De: "Verschlüsselte Räume: Der Homeserver schickt die Schlüssel mit (MSC2409, MSC3202, MSC4190)",
			En: "Encrypted rooms: the homeserver sends the keys along (MSC2409, MSC3202, MSC4190)"}, workspace.Text{})
	case known && ready:
		x.report(good, workspace.Text{De: "Verschlüsselte Räume: Die Schlüssel kommen über das eigene /sync",
			En: "Encrypted rooms: the keys come by the own /sync"}, workspace.Text{})
	case known && pushes:
		x.report(notable, workspace.Text{De: "Verschlüsselte Räume: Die Schlüssel kommen nicht an; der Bot sagt das dort und arbeitet nicht",
			En: "Encrypted rooms: the keys do not arrive; the bot says so there and does not work"}, synapseEncryption)
	case known:
		x.report(notable, workspace.Text{De: "Verschlüsselte Räume: Die Schlüssel kommen nicht an; der Bot sagt das dort und arbeitet nicht",
			En: "Encrypted rooms: the keys do not arrive; the bot says so there and does not work"},
			workspace.Text{De: "Werkraums Protokoll nennt den Grund", En: "Werkraum's log tells why"})
	case pushes:
		x.report(notable, workspace.Text{De: "Verschlüsselte Räume: Ob der Homeserver die Schlüssel mitschickt (MSC2409, MSC3202), zeigt dieser Befehl, während Werkraum läuft",
			En: "Encrypted rooms: whether the homeserver sends the keys along (MSC2409, MSC3202) this command shows while Werkraum runs"}, synapseEncryption)
	default:
		x.report(good, workspace.Text{De: "Verschlüsselte Räume: Werkraum wird die Schlüssel über das eigene /sync holen",
			En: "Encrypted rooms: Werkraum will fetch the keys by its own /sync"}, workspace.Text{})
	}
}

var synapseEncryption = workspace.Text{
	De: "Synapse braucht dafür in homeserver.yaml: experimental_features: {msc2409_to_device_messages_enabled: true, msc3202_transaction_extensions: true}",
	En: "for that, Synapse needs in homeserver.yaml: experimental_features: {msc2409_to_device_messages_enabled: true, msc3202_transaction_extensions: true}",
}

// encryptionReady asks the running Werkraum.
func (x *examination) encryptionReady(ctx context.Context) (ready, known bool) {
	if x.settings.Operations.Listen == "" {
		return false, false
	}
	response, err := x.trusted.Do(ctx, outbound.Request{URL: "http://" + x.settings.Operations.Listen + "/metrics"})
	if err != nil || response.Status != http.StatusOK || !bytes.Contains(response.Body, []byte("\nwerkraum_encryption_ready ")) {
		return false, false
	}
	return bytes.Contains(response.Body, []byte("\nwerkraum_encryption_ready 1\n")), true
}

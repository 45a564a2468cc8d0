package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"werkraum/bridges/outbound"
	"werkraum/workspace"
)

// matrixError is the homeserver's standard error.
type matrixError struct {
	Code string `json:"errcode"`
}

// ask sends a request to the homeserver as the application service. The code is that
// of the standard error, if it is one.
func (x *examination) ask(ctx context.Context, method, path string, body any) (response *outbound.Response, code string, err error) {
	request := outbound.Request{Method: method, URL: x.settings.Homeserver.URL + path, Header: http.Header{}}
	request.Header.Set("Authorization", "Bearer "+x.registration.ASToken)
	if body != nil {
		if request.Body, err = json.Marshal(body); err != nil {
			return nil, "", fmt.Errorf("encode request: %w", err)
		}
		request.Header.Set("Content-Type", "application/json")
	}
	response, err = x.trusted.Do(ctx, request)
	if err != nil {
		return nil, "", err
	}
	var problem matrixError
	_ = json.Unmarshal(response.Body, &problem) // not every answer is an error
	return response, problem.Code, nil
}

// checkHomeserver examines the way to the homeserver, then the registration there.
func (x *examination) checkHomeserver(ctx context.Context) {
	base := x.settings.Homeserver.URL
	// Without a token: Synapse refuses even this with one that it does not know.
	response, err := x.trusted.Do(ctx, outbound.Request{URL: base + "/_matrix/client/versions"})
	if err != nil {
		x.report(bad, workspace.Text{De: "Homeserver nicht erreichbar: " + err.Error(), En: "Homeserver not reachable: " + err.Error()},
			workspace.Text{De: "prüfen Sie homeserver.url, und ob der Homeserver läuft", En: "check homeserver.url, and whether the homeserver runs"})
		return
	}
	var versions struct {
		Versions []string `json:"versions"`
	}
	if err := json.Unmarshal(response.Body, &versions); response.Status != http.StatusOK || err != nil || len(versions.Versions) == 0 {
		x.report(bad, workspace.Text{De: fmt.Sprintf("Unter %s antwortet kein Matrix-Homeserver (Status %d)", base, response.Status),
			En: fmt.Sprintf("No Matrix homeserver answers at %s (status %d)", base, response.Status)},
			workspace.Text{De: "homeserver.url muss die Basis der Client-Server-API sein, ohne /_matrix",
				En: "homeserver.url must be the base of the client-server API, without /_matrix"})
		return
	}
	x.report(good, workspace.Text{De: "Homeserver erreichbar: " + base, En: "Homeserver reachable: " + base}, workspace.Text{})
	if x.registration == nil || !x.checkWhoami(ctx) {
		return
	}
	x.checkPing(ctx)
}

// checkWhoami tells whether the homeserver has read this registration.
func (x *examination) checkWhoami(ctx context.Context) bool {
	restart := workspace.Text{
		De: "tragen Sie die Registrierungsdatei beim Homeserver ein (`werkraum registration` zeigt wie), und starten Sie ihn neu",
		En: "name the registration file in the homeserver's configuration (`werkraum registration` shows how), and restart it",
	}
	response, code, err := x.ask(ctx, http.MethodGet, "/_matrix/client/v3/account/whoami", nil)
	if err != nil {
		x.report(bad, workspace.Text{De: "Der Homeserver antwortet dem Bot nicht: " + err.Error(), En: "The homeserver does not answer the bot: " + err.Error()}, workspace.Text{})
		return false
	}
	if response.Status != http.StatusOK {
		x.report(bad, workspace.Text{De: fmt.Sprintf("Der Homeserver kennt die Registrierung nicht (Status %d %s)", response.Status, code),
			En: fmt.Sprintf("The homeserver does not know the registration (status %d %s)", response.Status, code)}, restart)
		return false
	}
	var who struct {
		UserID string `json:"user_id"`
	}
	bot := x.registration.Bot(x.settings.Homeserver.ServerName)
	if err := json.Unmarshal(response.Body, &who); err != nil || who.UserID != bot {
		x.report(bad, workspace.Text{De: fmt.Sprintf("Der Homeserver hält den Bot für %q, nicht für %q", who.UserID, bot),
			En: fmt.Sprintf("The homeserver takes the bot for %q, not for %q", who.UserID, bot)},
			workspace.Text{De: "homeserver.server_name muss der Servername dieses Homeservers sein; " + restart.De,
				En: "homeserver.server_name must be the server name of this homeserver; " + restart.En})
		return false
	}
	x.report(good, workspace.Text{De: "Der Homeserver kennt den Bot: " + bot, En: "The homeserver knows the bot: " + bot}, workspace.Text{})
	return true
}

// checkPing makes the homeserver call Werkraum. Something must listen for that: the
// running Werkraum, or a listener of our own for the moment.
func (x *examination) checkPing(ctx context.Context) {
	stop, ok := x.standIn(ctx)
	if !ok {
		return
	}
	defer stop()
	response, code, err := x.ask(ctx, http.MethodPost, "/_matrix/client/v1/appservice/"+url.PathEscape(x.registration.ID)+"/ping",
		map[string]string{"transaction_id": "werkraum-check"})
	if err != nil {
		x.report(bad, workspace.Text{De: "Der Homeserver antwortet auf die Rückfrage nicht: " + err.Error(), En: "The homeserver does not answer the ping: " + err.Error()}, workspace.Text{})
		return
	}
	if response.Status == http.StatusOK {
		x.report(good, workspace.Text{De: "Der Homeserver erreicht Werkraum: " + x.registration.URL, En: "The homeserver reaches Werkraum: " + x.registration.URL}, workspace.Text{})
	} else {
		x.reportPing(response, code)
	}
	x.checkEncryption(ctx, response.Status != http.StatusNotFound && response.Status != http.StatusMethodNotAllowed)
}

func (x *examination) reportPing(response *outbound.Response, code string) {
	var detail struct {
		Status int `json:"status"`
	}
	_ = json.Unmarshal(response.Body, &detail)
	failed := workspace.Text{
		De: fmt.Sprintf("Der Homeserver erreicht Werkraum nicht unter %s (%s)", x.registration.URL, code),
		En: fmt.Sprintf("The homeserver does not reach Werkraum at %s (%s)", x.registration.URL, code),
	}
	switch {
	case response.Status == http.StatusNotFound || response.Status == http.StatusMethodNotAllowed:
		x.report(notable, workspace.Text{
			De: "Der Homeserver kennt keine Rückfrage (Dendrite): Werkraum liest zusätzlich sein eigenes /sync",
			En: "The homeserver has no ping (Dendrite): Werkraum will use its own /sync as well"}, workspace.Text{
			De: "ob er Werkraum unter " + x.registration.URL + " erreicht, zeigt erst eine Nachricht an den Bot",
			En: "whether it reaches Werkraum at " + x.registration.URL + " only a message to the bot will show"})
	case code == "M_URL_NOT_SET":
		x.report(bad, failed, workspace.Text{De: "der Homeserver hat eine Registrierung ohne url gelesen; starten Sie ihn neu",
			En: "the homeserver has read a registration without url; restart it"})
	case code == "M_BAD_STATUS" && (detail.Status == http.StatusUnauthorized || detail.Status == http.StatusForbidden):
		x.report(bad, failed, workspace.Text{De: "Werkraum und Homeserver haben verschiedene hs_token gelesen; starten Sie beide neu",
			En: "Werkraum and the homeserver have read different hs_tokens; restart both"})
	case code == "M_BAD_STATUS":
		x.report(bad, failed, workspace.Text{
			De: fmt.Sprintf("dort antwortet etwas anderes als Werkraum (Status %d); ändern Sie die URL mit `werkraum registration --appservice-url`, und starten Sie den Homeserver neu", detail.Status),
			En: fmt.Sprintf("something else than Werkraum answers there (status %d); change the URL with `werkraum registration --appservice-url`, and restart the homeserver", detail.Status)})
	case code == "M_CONNECTION_FAILED" || code == "M_CONNECTION_TIMEOUT":
		x.report(bad, failed, workspace.Text{
			De: "von seinem Rechner (oder Container) aus muss diese URL zu Werkraums `listen` führen; ändern Sie sie mit `werkraum registration --appservice-url`, und starten Sie ihn neu",
			En: "from its machine (or container) this URL must lead to Werkraum's `listen`; change it with `werkraum registration --appservice-url`, and restart it"})
	default:
		x.report(bad, workspace.Text{
			De: fmt.Sprintf("Der Homeserver lehnt die Rückfrage ab (Status %d %s)", response.Status, code),
			En: fmt.Sprintf("The homeserver refuses the ping (status %d %s)", response.Status, code)},
			workspace.Text{De: "die id in der Registrierung muss dieselbe sein wie beim letzten Start des Homeservers; starten Sie ihn neu",
				En: "the id in the registration must be the one of the homeserver's last start; restart it"})
	}
}

// isConnect tells whether a host was not reached at all.
func isConnect(err error) bool {
	var known *outbound.Error
	return errors.As(err, &known) && (known.Result == outbound.NoConnection || known.Result == outbound.TimedOut)
}

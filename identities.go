package main

import (
	"context"
	"crypto/x509"
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"maunium.net/go/mautrix/id"

	"werkraum/bridges/openid"
	"werkraum/bridges/outbound"
	"werkraum/config"
	"werkraum/workspace"
)

// identities verifies who somebody is and says what went wrong in words for
// the person.
type identities struct{ verifier *openid.Verifier }

func federationOf(settings *config.Config) workspace.Federation {
	f := settings.Federation
	return workspace.Federation{
		Own: settings.Homeserver.ServerName, Invite: f.InviteServers, Participate: f.ParticipateServers,
		AllowUsers: f.AllowUsers, DenyServers: f.DenyServers, DenyUsers: f.DenyUsers,
	}
}

func newIdentities(settings *config.Config, roots *x509.CertPool, r prometheus.Registerer) (*identities, error) {
	options := outbound.Options{
		AllowNetworks: settings.Outbound.Networks(), Timeout: settings.Outbound.Timeout,
		MaxResponseBytes: settings.Outbound.MaxResponseBytes, RootCAs: roots, Registerer: r,
	}
	client, err := outbound.New(options)
	if err != nil {
		return nil, err
	}
	options.Trusted, options.Registerer = true, nil // of the homeserver that the operator named
	own, err := outbound.New(options)
	if err != nil {
		return nil, err
	}
	verifier, err := openid.New(openid.Options{
		Client: client, Allowed: federationOf(settings).ServerMayParticipate, OwnServer: settings.Homeserver.ServerName,
		OwnURL: settings.Homeserver.URL, OwnClient: own, Registerer: r,
	})
	return &identities{verifier}, err
}

var (
	notVerified = workspace.Text{
		De: "Ihre Anmeldung konnte nicht bestätigt werden. Bitte laden Sie die Seite neu und erlauben Sie Werkraum, Ihre Identität zu prüfen.",
		En: "Your sign-in could not be confirmed. Please reload the page and allow Werkraum to verify your identity.",
	}
	serverNotAllowed = workspace.Text{
		De: "Von Ihrem Server aus ist die Teilnahme hier nicht vorgesehen. Die Betreiber dieses Werkraums können das ändern.",
		En: "People of your server cannot take part here. The operators of this Werkraum can change that.",
	}
	serverSilent = workspace.Text{
		De: "Ihr Server konnte Ihre Anmeldung gerade nicht bestätigen. Bitte versuchen Sie es gleich noch einmal oder fordern Sie im Raum mit !link einen Link an.",
		En: "Your server could not confirm your sign-in just now. Please try again in a moment, or ask for a link in the room with !link.",
	}
)

// Verify implements session.Verifier.
func (i *identities) Verify(ctx context.Context, serverName, token string) (id.UserID, error) {
	user, err := i.verifier.Verify(ctx, serverName, token)
	if err == nil {
		return user, nil
	}
	var e *openid.Error
	if !errors.As(err, &e) {
		return "", err
	}
	switch e.Reason {
	case openid.NotAllowed:
		return "", workspace.Refuse(workspace.Forbidden, serverNotAllowed).Because(err)
	case openid.Unreachable, openid.BadAnswer:
		return "", workspace.Refuse(workspace.Unavailable, serverSilent).Because(err)
	}
	return "", workspace.Refuse(workspace.Unauthenticated, notVerified).Because(err)
}

package homeserver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- the registration by shared secret is defined with SHA-1
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/id"
)

// Account is a user of a started homeserver, signed in.
type Account struct {
	UserID      id.UserID
	DisplayName string
	Password    string
	AccessToken string
	// Client acts as the user; it retries nothing by itself.
	Client *mautrix.Client
}

// CreateUser registers an ordinary user, or signs in with the password when the user exists
// already. The password must have 8 characters or more. An empty displayName sets none.
func (s *Server) CreateUser(ctx context.Context, localpart, password, displayName string) (*Account, error) {
	userID := id.NewUserID(localpart, s.ServerName)
	token, err := s.register(ctx, localpart, password)
	if errors.Is(err, mautrix.MUserInUse) {
		token, err = s.login(ctx, userID, password)
	}
	if err != nil {
		return nil, fmt.Errorf("create user %s: %w", userID, err)
	}
	client, err := mautrix.NewClient(s.URL, userID, token)
	if err != nil {
		return nil, fmt.Errorf("create user %s: %w", userID, err)
	}
	client.DefaultHTTPRetries = 0
	if displayName != "" {
		if err := client.SetDisplayName(ctx, displayName); err != nil {
			return nil, fmt.Errorf("set display name of %s: %w", userID, err)
		}
	}
	return &Account{UserID: userID, DisplayName: displayName, Password: password, AccessToken: token, Client: client}, nil
}

// register uses the registration by shared secret, which both homeservers have.
// https://element-hq.github.io/synapse/latest/admin_api/register_api.html
func (s *Server) register(ctx context.Context, localpart, password string) (token string, err error) {
	var nonce struct {
		Nonce string `json:"nonce"`
	}
	if err := s.admin(ctx, http.MethodGet, nil, &nonce); err != nil {
		return "", err
	}
	mac := hmac.New(sha1.New, []byte(s.secret))
	_, _ = io.WriteString(mac, strings.Join([]string{nonce.Nonce, localpart, password, "notadmin"}, "\x00")) // a hash never fails to write
	var registered struct {
		AccessToken string `json:"access_token"`
	}
	err = s.admin(ctx, http.MethodPost, fields{
		"nonce": nonce.Nonce, "username": localpart, "password": password, "admin": false,
		"mac": hex.EncodeToString(mac.Sum(nil)),
	}, &registered)
	return registered.AccessToken, err
}

// admin calls the registration endpoint; an error of the homeserver's is a [mautrix.RespError].
func (s *Server) admin(ctx context.Context, method string, body fields, into any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+"/_synapse/admin/v1/register", bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask homeserver: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // read to the end already
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		var refused mautrix.RespError
		if err := json.Unmarshal(answer, &refused); err != nil || refused.ErrCode == "" {
			return fmt.Errorf("homeserver answers %s: %.200s", resp.Status, answer)
		}
		return refused
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("decode answer: %w", err)
	}
	return nil
}

func (s *Server) login(ctx context.Context, userID id.UserID, password string) (token string, err error) {
	client, err := mautrix.NewClient(s.URL, "", "")
	if err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}
	resp, err := client.Login(ctx, &mautrix.ReqLogin{
		Type:                     mautrix.AuthTypePassword,
		Identifier:               mautrix.UserIdentifier{Type: mautrix.IdentifierTypeUser, User: userID.String()},
		Password:                 password,
		InitialDeviceDisplayName: "Werkraum harness",
	})
	if err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}
	return resp.AccessToken, nil
}

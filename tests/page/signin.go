package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"maunium.net/go/mautrix/id"
)

// Session is a person's sign-in to one room's page.
type Session struct {
	Token   string    `json:"session"`
	Expires int       `json:"expires_in"` // seconds
	Room    id.RoomID `json:"room_id"`
	User    id.UserID `json:"user_id"`
}

// OpenID is the token that a homeserver gives its user for others.
type OpenID struct {
	AccessToken string `json:"access_token"`
	ServerName  string `json:"matrix_server_name"`
}

// SignInOpenID signs in as Element does.
func SignInOpenID(ctx context.Context, base string, room id.RoomID, token OpenID) (Session, error) {
	var s Session
	err := Post(ctx, base+"/api/v1/sessions/openid", map[string]any{"room_id": room, "openid": token}, &s)
	return s, err
}

// SignInLink signs in with the token of a private link.
func SignInLink(ctx context.Context, base, token string) (Session, error) {
	var s Session
	err := Post(ctx, base+"/api/v1/sessions/link", map[string]any{"token": token}, &s)
	return s, err
}

// Post posts JSON and decodes the answer. A refusal is a *Refusal.
func Post(ctx context.Context, url string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", "de")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		var refused struct {
			Error *Refusal `json:"error"`
		}
		if json.Unmarshal(answer, &refused) != nil || refused.Error == nil {
			return fmt.Errorf("%s answers %s: %.200s", url, resp.Status, answer)
		}
		return refused.Error
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

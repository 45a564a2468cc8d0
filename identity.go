package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

// identityPath is where a Werkraum proves which one it is, so that `werkraum check`
// can tell whether the public URL leads to this one. No secret is sent for that.
const identityPath = "/api/v1/identity"

const maxChallenge = 128

// identityHandler answers GET /api/v1/identity?challenge=… on the public listener.
func identityHandler(hsToken string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		challenge := r.URL.Query().Get("challenge")
		if r.Method != http.MethodGet || challenge == "" || len(challenge) > maxChallenge {
			http.Error(w, "a challenge is missing", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(map[string]string{"proof": identityProof(hsToken, challenge)})
	})
}

// identityProof is what only a holder of the token can answer to a challenge.
func identityProof(hsToken, challenge string) string {
	mac := hmac.New(sha256.New, []byte(hsToken))
	_, _ = mac.Write([]byte("werkraum identity\x00" + challenge))
	return hex.EncodeToString(mac.Sum(nil))
}

package outbound

import (
	"errors"
	"testing"
)

func TestResolveLocalhost(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"amt.localhost:8448":         "127.0.0.1:8448",
		"Amt.LOCALHOST.:8448":        "127.0.0.1:8448",
		"localhost:8448":             "localhost:8448", // the system knows this one
		"amt.localhost.example:8448": "amt.localhost.example:8448",
		"notlocalhost:8448":          "notlocalhost:8448",
		"[::1]:8448":                 "[::1]:8448",
		"amt.localhost":              "amt.localhost", // no port: not an address to dial
	} {
		if got := resolveLocalhost(address); got != want {
			t.Errorf("resolveLocalhost(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestLocalhostNamesAreRefusedLikeTheirAddress(t *testing.T) {
	t.Parallel()
	client, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Do(t.Context(), Request{URL: "https://amt.localhost:8448/"})
	if known := new(Error); !errors.As(err, &known) || known.Result != RefusedAddress {
		t.Errorf("error = %v, want %s", err, RefusedAddress)
	}
}

package appservice

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"maunium.net/go/mautrix/crypto/attachment"

	"werkraum/workspace/board"
)

func TestAlteredFileIsNotHandedOut(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 511, 512, 513, 32 << 10, 100_000} {
		file := bytes.Repeat([]byte("x"), size)
		key := attachment.NewEncryptedFile()
		sealed := bytes.Clone(file)
		key.EncryptInPlace(sealed)
		said := rawJSON(key)
		open := func(data []byte) io.Reader {
			var key attachment.EncryptedFile
			if err := json.Unmarshal(said, &key); err != nil || key.PrepareForDecryption() != nil {
				t.Fatal(err)
			}
			return newVerified(io.NopCloser(bytes.NewReader(data)), &key)
		}
		got, err := io.ReadAll(open(sealed))
		if err != nil || !bytes.Equal(got, file) {
			t.Errorf("%d bytes: read %d, %v", size, len(got), err)
		}
		sealed[0] ^= 1
		got, err = io.ReadAll(open(sealed))
		if !errors.Is(err, attachment.ErrHashMismatch) || len(got) >= size {
			t.Errorf("%d bytes, altered: %d of them were handed out, %v", size, len(got), err)
		}
		got, err = io.ReadAll(open(sealed[:size/2]))
		if err == nil && size > 1 {
			t.Errorf("%d bytes, cut off: %d of them were handed out", size, len(got))
		}
	}
}

func TestOnlyMediaAreFetched(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"mxc://amt.example/AbC-_1": true, "mxc://amt.example:8448/a": true,
		"mxc://amt.example/../../v3/account/whoami": false, "mxc://amt.example/a/b": false, "mxc://amt.example/a?b": false,
		"mxc://amt.example/%2e%2e": false, "mxc://../a": false, "mxc://a b/c": false, "https://amt.example/a": false, "mxc://amt.example/": false, "": false,
	} {
		e := envelope{Type: typeMessage, Content: rawJSON(map[string]any{"msgtype": "m.file", "body": "a", "url": address})}
		if _, err := carriedBy(e); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTypesOfFiles(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"\x89PNG\r\n\x1a\n": "image/png", "\xff\xd8\xff": "image/jpeg", "GIF89a": "image/gif", "RIFF\x00\x00\x00\x00WEBPVP": "image/webp",
		"<html>": justBytes, "<svg xmlns=''>": "text/plain", "<?xml version='1.0'?>": justBytes, "%PDF-1.7": "application/pdf", "Hallo": "text/plain", "BM": justBytes,
	} {
		if got := typeOf([]byte(head)); got != want {
			t.Errorf("%q is %s, want %s", head, got, want)
		}
	}
}

// Whatever a message with a file says: an address of media or nothing, and a name that can
// be shown.
func FuzzFileMessage(f *testing.F) {
	f.Add([]byte(`{"msgtype":"m.image","body":"a.png","url":"mxc://amt.example/abc","info":{"size":12}}`))
	f.Add([]byte(`{"msgtype":"m.file","body":"caption","filename":"../a\u202e.exe","file":{"url":"mxc://amt.example/abc","v":"v2","key":{"alg":"A256CTR","k":""},"iv":"","hashes":{}}}`))
	f.Add([]byte(`{"msgtype":"m.video","body":7,"info":[]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if !wellFormed(content) {
			return
		}
		file := postedFile(content, board.Document)
		_ = captionOf(content)
		if name := board.FileName(file.Name); name != board.Clean(name) || len([]rune(name)) > board.MaxTitle {
			t.Errorf("the name %q cannot be shown", name)
		}
		found, err := carriedBy(envelope{Type: typeMessage, Content: content})
		if err == nil && !validMedia(found.url) {
			t.Errorf("the address %s is not one of media", found.url)
		}
	})
}

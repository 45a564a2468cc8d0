package appservice

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/tidwall/gjson"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/id"

	"werkraum/bots"
	"werkraum/workspace/board"
)

// fileTypes are the messages that carry a file, and what it is then.
var fileTypes = map[string]string{
	"m.image": board.Picture, "m.video": board.Film, "m.audio": board.Recording, "m.file": board.Document,
}

// postedFile reads what a message says of its file. Field by field, so that nonsense in
// one spoils nothing else.
func postedFile(content json.RawMessage, kind string) *bots.PostedFile {
	c := gjson.ParseBytes(content)
	name := c.Get("filename").Str
	if name == "" {
		name = c.Get("body").Str
	}
	f := &bots.PostedFile{Name: name, Type: kind}
	if size := c.Get("info.size"); size.Type == gjson.Number {
		f.Size = size.Int()
	}
	return f
}

// captionOf is what somebody has written below their file (client-server API, media
// captions), or "".
func captionOf(content json.RawMessage) string {
	c := gjson.ParseBytes(content)
	if name := c.Get("filename").Str; name != "" && name != c.Get("body").Str {
		return c.Get("body").Str
	}
	return ""
}

// carried is where the file of a message is and what opens it.
type carried struct {
	url id.ContentURI
	key *attachment.EncryptedFile // nil if it is not encrypted
}

var errNoFile = errors.New("the message carries no file")

// carriedBy reads the content of a message that carries a file.
func carriedBy(e envelope) (f carried, err error) {
	c := gjson.ParseBytes(e.Content)
	if _, carries := fileTypes[c.Get("msgtype").Str]; e.Type != typeMessage || !carries {
		return f, errNoFile
	}
	address := c.Get("url").Str
	if sealed := c.Get("file"); sealed.IsObject() {
		address, f.key = sealed.Get("url").Str, &attachment.EncryptedFile{}
		if json.Unmarshal([]byte(sealed.Raw), f.key) != nil || f.key.PrepareForDecryption() != nil {
			return f, errNoFile
		}
	}
	if f.url, err = id.ParseContentURI(address); err != nil || len(address) > maxID || !plain(address) || !validMedia(f.url) {
		return f, errNoFile
	}
	return f, nil
}

// validMedia reports whether an address can only be one of media: nothing in it leads to
// another path of the homeserver (client-server API, Matrix content URIs).
func validMedia(u id.ContentURI) bool {
	for i := range len(u.FileID) {
		c := u.FileID[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return u.FileID != "" && !strings.HasPrefix(u.Homeserver, ".") && id.ValidateServerName(u.Homeserver)
}

// fileMessage is the content of the message by which the bot posts a file that somebody
// has sent from the page. Its body says who (client-server API, media captions).
type fileMessage struct {
	MsgType  string      `json:"msgtype"`
	Body     string      `json:"body"`
	FileName string      `json:"filename"`
	URL      string      `json:"url,omitempty"`
	File     *sealedFile `json:"file,omitempty"`
	Info     fileInfo    `json:"info"`
	Mentions mentions    `json:"m.mentions"`
	Relates  *relation   `json:"m.relates_to,omitempty"`
}

type fileInfo struct {
	Type   string `json:"mimetype"`
	Size   int64  `json:"size"`
	Width  int    `json:"w,omitempty"`
	Height int    `json:"h,omitempty"`
}

type sealedFile struct {
	attachment.EncryptedFile
	URL string `json:"url"`
}

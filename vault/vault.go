// Package vault holds the operator's key and seals what must not lie readable in the
// database: authenticated encryption bound to the place where a value is kept.
//
// From each key of the file a key per purpose is derived (HKDF-SHA256, RFC 5869). A
// value is sealed with XChaCha20-Poly1305, whose nonces are long enough to be random.
package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the size of a key and of what Secret returns, in bytes.
const KeySize = 32

const (
	// version is the first byte of everything sealed. A plain value that is text or
	// JSON never begins with it.
	version = 1
	idSize  = 8
	// headSize is version, ID of the key, nonce.
	headSize = 1 + idSize + chacha20poly1305.NonceSizeX
)

// Overhead is how much longer a sealed value is than the plain one, in bytes.
const Overhead = headSize + chacha20poly1305.Overhead

var (
	// ErrWrongKey means that a value was sealed with a key that the key file lacks.
	ErrWrongKey = errors.New("was sealed with a key that the key file does not hold; put the older key back as a further line")
	// ErrDamaged means that a value is not what was sealed, or not from this place.
	ErrDamaged = errors.New("is not what was sealed here: it was altered, or moved from another place")
	// ErrNotSealed means that a value has not the form of a sealed one.
	ErrNotSealed = errors.New("has not the form of a sealed value")
)

// Vault seals with the first key of the key file, and opens with any. It is safe
// for concurrent use.
type Vault struct{ keys []*key }

// key is one line of the key file.
type key struct {
	id     [idSize]byte
	master []byte
	// sealers are the ciphers by purpose: purposes are few, and constants.
	sealers sync.Map
}

func newKey(master []byte) *key {
	k := &key{master: master}
	copy(k.id[:], k.derive("id", "", idSize))
	return k
}

// derive makes a secret of the key for one use.
func (k *key) derive(use, purpose string, size int) []byte {
	derived, err := hkdf.Key(sha256.New, k.master, nil, "werkraum-key-1\x00"+use+"\x00"+purpose, size)
	if err != nil {
		panic(fmt.Sprintf("derive %d bytes: %v", size, err)) // only a length that is no constant of this package does that
	}
	return derived
}

func (k *key) sealer(purpose string) cipher.AEAD {
	if found, ok := k.sealers.Load(purpose); ok {
		return found.(cipher.AEAD) //nolint:errcheck,forcetypeassert // nothing else is put in
	}
	made, err := chacha20poly1305.NewX(k.derive("seal", purpose, KeySize))
	if err != nil {
		panic(err) // only a key of the wrong length does that
	}
	found, _ := k.sealers.LoadOrStore(purpose, made)
	return found.(cipher.AEAD) //nolint:errcheck,forcetypeassert // see above
}

// KeyID names the key that seals, as 16 hexadecimal digits. It tells nothing of the key.
func (v *Vault) KeyID() string { return hex.EncodeToString(v.keys[0].id[:]) }

// KeyIDs names all keys, the one that seals first.
func (v *Vault) KeyIDs() []string {
	ids := make([]string, len(v.keys))
	for i, k := range v.keys {
		ids[i] = hex.EncodeToString(k.id[:])
	}
	return ids
}

// Seal encrypts plain for a purpose, which is a constant such as "work". The result
// is Overhead bytes longer, and opens only with the same purpose and the same
// context: the place where it is kept, made by Place.
func (v *Vault) Seal(purpose string, plain, context []byte) []byte {
	k := v.keys[0]
	sealed := make([]byte, headSize, Overhead+len(plain))
	sealed[0] = version
	copy(sealed[1:], k.id[:])
	nonce := sealed[1+idSize : headSize]
	_, _ = rand.Read(nonce) // never fails
	return k.sealer(purpose).Seal(sealed, nonce, plain, bound(sealed, context))
}

// Open decrypts what Seal returned. The error is ErrNotSealed, ErrWrongKey or
// ErrDamaged.
func (v *Vault) Open(purpose string, sealed, context []byte) ([]byte, error) {
	if !Sealed(sealed) {
		return nil, ErrNotSealed
	}
	k := v.find(sealed[1 : 1+idSize])
	if k == nil {
		return nil, ErrWrongKey
	}
	plain, err := k.sealer(purpose).Open(nil, sealed[1+idSize:headSize], sealed[headSize:], bound(sealed, context))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// Sealed reports whether a value has the form of a sealed one; text and JSON never do.
func Sealed(value []byte) bool { return len(value) >= Overhead && value[0] == version }

// Current reports whether a sealed value was sealed with the key that seals now, so
// that rotation need not touch it.
func (v *Vault) Current(sealed []byte) bool {
	return Sealed(sealed) && bytes.Equal(sealed[1:1+idSize], v.keys[0].id[:])
}

func (v *Vault) find(id []byte) *key {
	for _, k := range v.keys {
		if bytes.Equal(k.id[:], id) {
			return k
		}
	}
	return nil
}

// bound is what is authenticated beside the content: version, key, place.
func bound(sealed, context []byte) []byte {
	return append(append(make([]byte, 0, 1+idSize+len(context)), sealed[:1+idSize]...), context...)
}

// Secret derives KeySize bytes for a purpose from the key that seals. They are others
// after a rotation: what must outlast one is made by chance and kept sealed.
func (v *Vault) Secret(purpose string) []byte { return v.keys[0].derive("secret", purpose, KeySize) }

// Root derives KeySize bytes for a purpose from the oldest key. They stay the same over
// rotations for as long as that key's line is kept.
func (v *Vault) Root(purpose string) []byte {
	return v.keys[len(v.keys)-1].derive("root", purpose, KeySize)
}

// String names the keys without telling them.
func (v *Vault) String() string { return fmt.Sprintf("vault %v", v.KeyIDs()) }

// GoString is String, for %#v.
func (v *Vault) GoString() string { return v.String() }

// Place is the context of a value: where it is kept, such as table, column and the
// parts of the row's key. Different lists give different places.
func Place(parts ...string) []byte {
	size := 0
	for _, part := range parts {
		size += 4 + len(part)
	}
	place := make([]byte, 0, size)
	for _, part := range parts {
		n := len(part)
		place = append(place, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)) //nolint:gosec // the length's bytes
		place = append(place, part...)
	}
	return place
}

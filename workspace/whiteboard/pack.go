package whiteboard

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"werkraum/workspace"
)

// maxPacked bounds what a version holds, before it is packed. A whiteboard beyond it can be
// worked on, but its states are not kept.
const maxPacked = 64 << 20

var tooLargeToKeep = workspace.Text{
	De: "Auf diesem Whiteboard liegt zu viel, um seinen Stand aufzubewahren. Bitte verteilen Sie es auf mehrere Whiteboards.",
	En: "There is too much on this whiteboard to keep its state. Please divide it among several whiteboards.",
}

var errPacked = errors.New("what a version holds has the wrong form")

// Pack is what lies on a whiteboard, as it is stored with a version and shown to who asks for
// it: the gzip of {"elements": […]} with Excalidraw's elements, in the order of their IDs. It
// is pure and may take some tenths of a second: Items never change, so it can be done anywhere.
func Pack(items []*workspace.Item) ([]byte, error) {
	elements := slices.DeleteFunc(slices.Clone(items), func(it *workspace.Item) bool { return it.Kind != KindElement || it.Deleted() || it.Text(Data) == "" })
	slices.SortFunc(elements, func(a, b *workspace.Item) int { return strings.Compare(string(a.ID), string(b.ID)) })
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // it is a level
	size := 0
	var b []byte
	for i, it := range elements {
		b = append(b[:0], ',')
		if i == 0 {
			b = append(b[:0], `{"elements":[`...)
		}
		b = appendElement(b, it)
		if size += len(b); size > maxPacked {
			return nil, workspace.Refuse(workspace.TooLarge, tooLargeToKeep)
		}
		_, _ = z.Write(b) // to memory
	}
	if len(elements) == 0 {
		_, _ = z.Write([]byte(`{"elements":[`))
	}
	_, _ = z.Write([]byte(`]}`))
	_ = z.Close()
	return out.Bytes(), nil
}

// appendElement appends an element as Excalidraw reads it.
func appendElement(b []byte, it *workspace.Item) []byte {
	r, data := revisionOf(it), it.Text(Data)
	b = append(b, data[:len(data)-1]...)
	b = append(b, `,"version":`...)
	b = strconv.AppendInt(b, r.version, 10)
	b = append(b, `,"versionNonce":`...)
	b = strconv.AppendInt(b, r.nonce, 10)
	return append(b, `,"isDeleted":false}`...)
}

// Unpack is the JSON that Pack has written.
func Unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPacked, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, 2*maxPacked))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPacked, err)
	}
	return plain, nil
}

// Repack alters the JSON that Pack has written, and reports whether that has altered
// anything; otherwise it is left as it is.
func Repack(packed []byte, alter func(string) string) (again []byte, altered bool, err error) {
	plain, err := Unpack(packed)
	if err != nil {
		return nil, false, err
	}
	text := alter(string(plain))
	if text == string(plain) {
		return packed, false, nil
	}
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return out.Bytes(), true, nil
}

// Packed lists the elements that Pack has written.
func Packed(packed []byte) ([]json.RawMessage, error) {
	plain, err := Unpack(packed)
	if err != nil {
		return nil, err
	}
	var held struct {
		Elements []json.RawMessage `json:"elements"`
	}
	if err := json.Unmarshal(plain, &held); err != nil {
		return nil, errPacked // the decoder's error may quote content
	}
	return held.Elements, nil
}

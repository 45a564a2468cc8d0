package appservice

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/id"

	"werkraum/store"
	"werkraum/workspace"
	"werkraum/workspace/surfaces"
	"werkraum/workspace/watch"
)

// People who draw together alter more than a room's timeline should carry. What is more
// than one event holds goes into the media repository, and one event names it; so does the
// whole of a room's work, now and then, so that nobody has to read the log from its
// beginning.

const (
	// snapshotEvery is after how many changes the room is given the whole of its work.
	snapshotEvery = 5_000
	bulkType      = "application/gzip"
)

// bulkFile is where the content of an event is, and what opens it.
type bulkFile struct {
	URL  string      `json:"url,omitempty"`
	File *sealedFile `json:"file,omitempty"`
	Size int64       `json:"size"` // in bytes, compressed
}

// bulkContent is the content of an event whose own content is in the media repository.
type bulkContent struct {
	Version int      `json:"version"`
	Bulk    bulkFile `json:"bulk"`
}

// sendBulk sends an event whose content is more than an event may hold. If the homeserver
// takes no media, changes go in as many events as it takes.
func (o *outbox) sendBulk(ctx context.Context, room id.RoomID, item store.Outgoing) (id.EventID, error) {
	if item.Snapshot {
		content, err := o.snapshotOf(ctx, room)
		if err != nil {
			return "", notSentError{err}
		}
		item.Content = content
	}
	secret, err := o.secretRoom(ctx, room)
	if err != nil {
		return "", err
	}
	if device := o.cipher.device.Load(); secret && (device == nil || o.cipher.able.Load() != encryptionWorks) {
		return "", notSentError{errNoEncryption}
	}
	file, err := o.giveBulk(ctx, item.Content, secret)
	switch _, final := refused(err); {
	case final && item.Snapshot:
		return "", err
	case final:
		return o.sendInParts(ctx, room, item)
	case err != nil:
		return "", notSentError{err}
	}
	item.Content = rawJSON(bulkContent{1, file})
	eventType, content, err := o.sealedFor(ctx, room, item)
	if err != nil {
		return "", err
	}
	return o.hs.send(ctx, room, eventType, item.TxnID, content)
}

// giveBulk gives the homeserver a content, compressed, and encrypted where the room is.
func (o *outbox) giveBulk(ctx context.Context, content json.RawMessage, secret bool) (f bulkFile, err error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(content) // a buffer takes everything
	_ = z.Close()
	data, contentType := packed.Bytes(), bulkType
	if secret {
		f.File = &sealedFile{EncryptedFile: *attachment.NewEncryptedFile()}
		f.File.EncryptInPlace(data) // it was made here
		contentType = justBytes
	}
	f.Size = int64(len(data))
	uri, err := o.hs.upload(ctx, bytes.NewReader(data), contentType, f.Size)
	if f.File != nil {
		f.File.URL = uri.String()
	} else {
		f.URL = uri.String()
	}
	return f, err
}

// sendInParts sends changes in as many events as they take. The last one has the
// transaction ID of the whole: where that was sent, all were.
func (o *outbox) sendInParts(ctx context.Context, room id.RoomID, item store.Outgoing) (event id.EventID, err error) {
	var all changeContent
	if err := json.Unmarshal(item.Content, &all); err != nil {
		return "", err
	}
	parts := inParts(all.Changes)
	for i, part := range parts {
		next := item
		next.Content = rawJSON(changeContent{1, part})
		if i < len(parts)-1 {
			next.TxnID = fmt.Sprint(item.TxnID, ".", i)
		}
		eventType, content, err := o.sealedFor(ctx, room, next)
		if err != nil {
			return "", err
		}
		if event, err = o.hs.send(ctx, room, eventType, next.TxnID, content); err != nil {
			return "", err
		}
	}
	return event, nil
}

// inParts divides encoded changes among events.
func inParts(changes []json.RawMessage) (parts [][]json.RawMessage) {
	size := 0
	for _, raw := range changes {
		if len(parts) == 0 || size+len(raw) > maxPublished {
			parts, size = append(parts, nil), 0
		}
		last := len(parts) - 1
		parts[last] = append(parts[last], raw)
		size += len(raw) + 1
	}
	return parts
}

// register is a field in a snapshot: its value and its stamp.
type register [2]any

type snapshotItem struct {
	Kind   workspace.Kind      `json:"kind"`
	Item   workspace.ItemID    `json:"item"`
	Fields map[string]register `json:"fields"`
}

// snapshotOf is all of a room's work as it stands, with stamps, as
// de.werkraum.snapshot carries it.
func (s *Service) snapshotOf(ctx context.Context, room id.RoomID) (json.RawMessage, error) {
	var items []*workspace.Item
	err := s.Visit(ctx, room, func(v watch.View) {
		for it := range v.Room.Items {
			items = append(items, it) // they never change; encoding them is not the room's time
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(items, func(a, b *workspace.Item) int {
		return strings.Compare(string(a.Kind)+"/"+string(a.ID), string(b.Kind)+"/"+string(b.ID))
	})
	out := make([]snapshotItem, len(items))
	for i, it := range items {
		out[i] = snapshotItem{it.Kind, it.ID, make(map[string]register, len(it.Fields))}
		for _, f := range it.Fields {
			out[i].Fields[f.Name] = register{f.Value, f.At}
		}
	}
	return rawJSON(map[string]any{"version": 1, "items": out}), nil
}

// onlyDrawn reports whether all that operations alter lies on whiteboards.
func onlyDrawn(ops []workspace.Op) bool {
	return !slices.ContainsFunc(ops, func(op workspace.Op) bool { return surfaces.On(op.Kind, op.Item) == "" })
}

// withoutOvertaken leaves out of what was drawn what a later change of the list has
// overtaken: merged, it is the same.
func withoutOvertaken(changes []workspace.Change) []workspace.Change {
	type field struct {
		workspace.Key
		name string
	}
	later := map[field]bool{}
	kept := make([]workspace.Change, 0, len(changes))
	for _, c := range slices.Backward(changes) {
		var ops []workspace.Op
		for _, op := range c.Ops {
			left := workspace.Op{Item: op.Item, Kind: op.Kind, Set: map[string]workspace.Value{}}
			for name, value := range op.Set {
				if f := (field{op.Key(), name}); !later[f] {
					later[f] = true
					left.Set[name] = value
				}
			}
			if len(left.Set) > 0 {
				ops = append(ops, left)
			}
		}
		if c.Ops = ops; len(ops) > 0 {
			kept = append(kept, c)
		}
	}
	slices.Reverse(kept)
	return kept
}

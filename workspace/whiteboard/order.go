package whiteboard

import "werkraum/workspace"

// maxLeap is how many versions of an element one change may skip. Versions only grow, so
// somebody who took the greatest there is would have the last word for ever.
const maxLeap = 1_000_000

// revision says which of two states of an element is the newer one, as Excalidraw does
// where it reconciles: the greater version, of equal ones that with the lower nonce.
type revision struct{ version, nonce int64 }

func revisionOf(it *workspace.Item) (r revision) {
	if it != nil {
		version, _ := it.Field(Version)
		nonce, _ := it.Field(Nonce)
		r.version, _ = version.Value.Integer()
		r.nonce, _ = nonce.Value.Integer()
	}
	return r
}

func (r revision) newerThan(o revision) bool {
	return r.version > o.version || r.version == o.version && r.nonce < o.nonce
}

// next is a revision that every state seen so far is older than.
func (r revision) next() revision {
	return revision{r.version + 1, (r.nonce + 1) & maxNonce}
}

func (r revision) into(set map[string]workspace.Value) {
	set[Version], set[Nonce] = workspace.Int(r.version), workspace.Int(r.nonce)
}

// Reverse implements workspace.Reverser: old values come back as the newest version.
func (w *Whiteboards) Reverse(op workspace.Op) workspace.Op {
	if op.Kind == KindElement {
		revisionOf(w.room.Item(op.Key())).next().into(op.Set)
	}
	return op
}

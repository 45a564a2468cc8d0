package whiteboard

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maunium.net/go/mautrix/id"

	"werkraum/workspace"
	"werkraum/workspace/board"
)

// KindVersion is an earlier state of a whiteboard that was kept, by somebody or
// automatically. The item says of which and when; what lay on the whiteboard then is no part
// of the room's work and lies in the store (Pack).
const KindVersion workspace.Kind = "version"

// The fields of a version beside title, created and created_by.
const (
	Of   = "whiteboard" // the whiteboard
	Auto = "auto"       // true: nobody has asked for it
)

// MaxVersions is how many versions of a whiteboard there are at most. When there are as
// many, automatic ones make room.
const MaxVersions = 200

var (
	versionTitleMissing = workspace.Text{
		De: "Bitte geben Sie dem Stand einen Namen.",
		En: "Please give the version a name.",
	}
	// NoSuchVersion is said where a version is asked for that there is not.
	NoSuchVersion = workspace.Text{
		De: "Diesen früheren Stand gibt es nicht (mehr).",
		En: "This earlier version does not exist (any more).",
	}
	tooManyVersions = workspace.Text{
		De: "Von einem Whiteboard werden höchstens %d frühere Stände aufbewahrt. Bitte löschen Sie zuerst einen.",
		En: "At most %d earlier versions of a whiteboard are kept. Please delete one first.",
	}
)

// versions are those of one whiteboard, those that have gone too.
type versions map[workspace.ItemID]*workspace.Item

func (w *Whiteboards) mergedVersion(before, after *workspace.Item) {
	if before != nil {
		delete(w.versions[workspace.ItemID(before.Text(Of))], before.ID)
	}
	of := workspace.ItemID(after.Text(Of))
	if w.versions[of] == nil {
		w.versions[of] = versions{}
	}
	w.versions[of][after.ID] = after
	w.wear.known = false
}

// Versions returns the versions of a whiteboard that are seen, the oldest first.
func (w *Whiteboards) Versions(whiteboard workspace.ItemID) []*workspace.Item {
	var seen []*workspace.Item
	for _, it := range w.versions[whiteboard] {
		if !it.Deleted() {
			seen = append(seen, it)
		}
	}
	slices.SortFunc(seen, func(a, b *workspace.Item) int {
		return cmp.Or(strings.Compare(a.Text(Created), b.Text(Created)), strings.Compare(string(a.ID), string(b.ID)))
	})
	return seen
}

// Version finds a version of a whiteboard, both of which are seen, or refuses.
func (w *Whiteboards) Version(whiteboard, version workspace.ItemID) (*workspace.Item, error) {
	if _, err := w.need(whiteboard); err != nil {
		return nil, err
	}
	it := w.versions[whiteboard][version]
	if it == nil || it.Deleted() {
		return nil, workspace.Refuse(workspace.NotFound, NoSuchVersion)
	}
	return it, nil
}

// Save keeps what lies on a whiteboard, by a name. Whoever does it stores that with it.
type Save struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Version    workspace.ItemID `json:"version"` // chosen by the caller
	Title      string           `json:"title"`
}

// Deeds implements workspace.Act.
func (Save) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.save"} }

// Ops implements workspace.Act. Where there are as many versions as there can be, the oldest
// automatic one goes.
func (a Save) Ops(r *workspace.Room, by id.UserID, now time.Time) ([]workspace.Op, error) {
	w := In(r)
	if _, err := w.need(a.Whiteboard); err != nil {
		return nil, err
	}
	if r.Item(workspace.Key{Kind: KindVersion, ID: a.Version}) != nil {
		return nil, workspace.Refuse(workspace.Conflict, alreadyThere)
	}
	title := board.Clean(a.Title)
	if err := checkVersionTitle(title); err != nil { // before anybody goes to the trouble of packing
		return nil, err
	}
	ops := []workspace.Op{versionOp(a.Version, map[string]workspace.Value{
		Of: workspace.String(string(a.Whiteboard)), Title: workspace.String(title),
		Created: workspace.String(now.UTC().Format(time.RFC3339)), CreatedBy: workspace.String(string(by)),
	})}
	if seen := w.Versions(a.Whiteboard); len(seen) >= MaxVersions {
		oldest := slices.IndexFunc(seen, isAuto)
		if oldest < 0 {
			return nil, workspace.Refuse(workspace.Invalid, tooManyVersions.With(MaxVersions))
		}
		ops = append(ops, versionOp(seen[oldest].ID, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)}))
	}
	return append(ops, w.cleared(a.Whiteboard)...), nil
}

// cleared takes what makes too many of those that people have deleted: they can be brought
// back for a while, but not without end.
func (w *Whiteboards) cleared(whiteboard workspace.ItemID) (ops []workspace.Op) {
	var gone []*workspace.Item
	for _, it := range w.versions[whiteboard] {
		if it.Deleted() && !isEmpty(it) {
			gone = append(gone, it)
		}
	}
	if len(gone) < MaxVersions {
		return nil
	}
	slices.SortFunc(gone, func(a, b *workspace.Item) int {
		return cmp.Or(deletedAt(a).Compare(deletedAt(b)), strings.Compare(string(a.ID), string(b.ID)))
	})
	for _, it := range gone[:len(gone)-MaxVersions+1] {
		ops = append(ops, emptied(it.ID))
	}
	return ops
}

// Forget deletes a version. Taking that back brings it back, as long as what lay on the
// whiteboard is still stored.
type Forget struct {
	Whiteboard workspace.ItemID `json:"whiteboard"`
	Version    workspace.ItemID `json:"version"`
}

// Deeds implements workspace.Act.
func (Forget) Deeds(id.UserID) []workspace.Deed { return []workspace.Deed{"whiteboard.forget"} }

// Ops implements workspace.Act.
func (a Forget) Ops(r *workspace.Room, _ id.UserID, _ time.Time) ([]workspace.Op, error) {
	if _, err := In(r).Version(a.Whiteboard, a.Version); err != nil {
		return nil, err
	}
	return []workspace.Op{versionOp(a.Version, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true)})}, nil
}

func versionOp(version workspace.ItemID, set map[string]workspace.Value) workspace.Op {
	return workspace.Op{Item: version, Kind: KindVersion, Set: set}
}

func isAuto(it *workspace.Item) bool { return it.True(Auto) }

func checkVersion(name, text string, isText bool, v workspace.Value) error {
	switch name {
	case Of:
		return must(ValidID(workspace.ItemID(text)), name)
	case Title:
		return checkVersionTitle(text)
	case Created, CreatedBy:
		return must(isText && len(text) <= 255, name)
	case Auto:
		return must(v.IsBool(), name)
	}
	return must(false, name)
}

func checkVersionTitle(title string) error {
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return workspace.Refuse(workspace.Invalid, versionTitleMissing)
	case n > MaxTitle:
		return workspace.Refuse(workspace.TooLarge, titleTooLong.With(n, MaxTitle))
	}
	return must(board.Clean(title) == title, Title)
}

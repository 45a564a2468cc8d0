package whiteboard

import (
	"slices"
	"strings"
	"time"

	"werkraum/workspace"
)

// A state is kept automatically before the first change after a while: what somebody spoils
// can be brought back then, as it was before.
const (
	// keepEvery is how far apart automatic versions are.
	keepEvery = 10 * time.Minute
	// keepAll is how long all of them are kept, keepDaily how long the last of each day is.
	// Versions that somebody has deleted can be brought back as long as that, too, and what was
	// on elements that have gone is kept as long.
	keepAll   = 24 * time.Hour
	keepDaily = 30 * 24 * time.Hour
	// wearAtOnce bounds how much goes in one change.
	wearAtOnce = 500
)

// Due lists the whiteboards whose state is to be kept before ops are done: it has not been
// for a while, and something has changed since.
func (w *Whiteboards) Due(ops []workspace.Op, now time.Time) (list []workspace.ItemID) {
	asked := workspace.ItemID("")
	for _, op := range ops {
		if op.Kind != KindElement {
			continue
		}
		on := On(op.Kind, op.Item)
		if on == asked || slices.Contains(list, on) {
			continue
		}
		asked = on
		if since, altered := w.keptAt(on); altered && (now.Sub(since) >= keepEvery || since.Sub(now) >= keepEvery) { // the clock may have been set back
			list = append(list, on)
		}
	}
	return list
}

// Altered reports whether there is something on a whiteboard that no version of it holds.
func (w *Whiteboards) Altered(whiteboard workspace.ItemID) bool {
	_, altered := w.keptAt(whiteboard)
	return altered
}

// keptAt is when the state of a whiteboard was last kept, or it was made, and whether it has
// been altered since; what is empty has not.
func (w *Whiteboards) keptAt(whiteboard workspace.ItemID) (since time.Time, altered bool) {
	it, s := w.Whiteboard(whiteboard), w.on[whiteboard]
	if it == nil || s == nil || s.shown == 0 {
		return since, false
	}
	since = createdAt(it)
	seen := w.Versions(whiteboard)
	if len(seen) == 0 {
		return since, true
	}
	if last := createdAt(seen[len(seen)-1]); last.After(since) {
		since = last
	}
	return since, !workspace.Stamp{Time: s.altered}.Wall().Before(since)
}

// Keep is what keeping the state of a whiteboard automatically takes: a version in the place
// of one that has gone or, if there are as many as there can be, of the oldest automatic one,
// else a new one of that ID. So their number stays bounded. There is none if all places are
// taken by versions that people have saved.
func (w *Whiteboards) Keep(whiteboard, fresh workspace.ItemID, at time.Time) (op workspace.Op, ok bool) {
	version := fresh
	if seen := w.Versions(whiteboard); len(seen) >= MaxVersions {
		oldest := slices.IndexFunc(seen, isAuto)
		if oldest < 0 {
			return op, false
		}
		version = seen[oldest].ID
	} else {
		for _, it := range w.versions[whiteboard] {
			if isEmpty(it) && (version == fresh || it.ID < version) {
				version = it.ID
			}
		}
	}
	return versionOp(version, map[string]workspace.Value{
		Of: workspace.String(string(whiteboard)), Created: workspace.String(at.UTC().Format(time.RFC3339)), Auto: workspace.Bool(true),
		Title: {}, CreatedBy: {}, workspace.Deleted: {},
	}), true
}

// wear is when something is over next, as long as that is known.
type wear struct {
	known bool
	zone  string
	at    time.Time
}

// NextWorn is when what is over is to be taken away: a midnight in that time zone; zero if there
// is nothing. An element that goes counts from when something else has it looked for.
func (w *Whiteboards) NextWorn(zone *time.Location) time.Time {
	if !w.wear.known || w.wear.zone != zone.String() {
		w.wear = wear{known: true, zone: zone.String()}
		w.ends(zone, func(_ *workspace.Item, end time.Time) {
			if w.wear.at.IsZero() || end.Before(w.wear.at) {
				w.wear.at = end
			}
		})
		if at := w.wear.at; !at.IsZero() {
			y, m, d := at.In(zone).Date()
			if w.wear.at = time.Date(y, m, d+1, 0, 0, 0, 0, zone); w.wear.at.Before(at) { // clocks are put forward at midnight
				w.wear.at = at
			}
		}
	}
	return w.wear.at
}

// Worn is what takes away versions that are over, and what those and elements hold that people
// have deleted: automatic ones after a day but for the last of each day, all else after thirty.
// Of an element that it has been there is left, so that nobody's old copy of it comes back.
func (w *Whiteboards) Worn(now time.Time, zone *time.Location) (ops []workspace.Op) {
	w.ends(zone, func(it *workspace.Item, end time.Time) {
		if !end.After(now) {
			ops = append(ops, ended(it))
		}
	})
	slices.SortFunc(ops, func(a, b workspace.Op) int { return strings.Compare(string(a.Item), string(b.Item)) })
	return ops[:min(len(ops), wearAtOnce)]
}

// ends tells when each version is over that has an end, and what each element holds that has gone.
func (w *Whiteboards) ends(zone *time.Location, tell func(*workspace.Item, time.Time)) {
	for whiteboard, all := range w.versions {
		lastOf := map[string]workspace.ItemID{} // by day
		day := func(it *workspace.Item) string { return createdAt(it).In(zone).Format(time.DateOnly) }
		for _, it := range w.Versions(whiteboard) {
			if isAuto(it) {
				lastOf[day(it)] = it.ID
			}
		}
		for _, it := range all {
			switch {
			case isEmpty(it):
			case it.Deleted():
				tell(it, deletedAt(it).Add(keepDaily))
			case isAuto(it) && lastOf[day(it)] == it.ID:
				tell(it, createdAt(it).Add(keepDaily))
			case isAuto(it):
				tell(it, createdAt(it).Add(keepAll))
			}
		}
	}
	for _, s := range w.on {
		for _, it := range s.items {
			if holdsInVain(it) {
				tell(it, deletedAt(it).Add(keepDaily))
			}
		}
	}
}

// ended is what takes away an item whose time is over.
func ended(it *workspace.Item) workspace.Op {
	if it.Kind == KindVersion {
		return emptied(it.ID)
	}
	set := map[string]workspace.Value{workspace.Deleted: workspace.Bool(true), Data: {}, Frame: {}, Card: {}}
	revisionOf(it).next().into(set)
	return workspace.Op{Item: it.ID, Kind: KindElement, Set: set}
}

// holdsInVain reports whether an element has gone and still says what it was.
func holdsInVain(it *workspace.Item) bool {
	return it.Kind == KindElement && it.Deleted() && it.Text(Data) != ""
}

// emptied is what takes away a version with all that it says. Its place is left, for another
// one.
func emptied(version workspace.ItemID) workspace.Op {
	return versionOp(version, map[string]workspace.Value{workspace.Deleted: workspace.Bool(true), Created: {}, CreatedBy: {}, Title: {}, Auto: {}})
}

// isEmpty reports whether only the place is left of a version.
func isEmpty(it *workspace.Item) bool { return it.Deleted() && it.Text(Created) == "" }

// Holds tells of the versions that a change concerns whether what they held is to be stored
// on; what belongs to others is not needed any more.
func (w *Whiteboards) Holds(version workspace.ItemID) bool {
	it := w.room.Item(workspace.Key{Kind: KindVersion, ID: version})
	return it != nil && !isEmpty(it)
}

func createdAt(it *workspace.Item) time.Time {
	at, err := time.Parse(time.RFC3339, it.Text(Created))
	if err != nil {
		return time.Time{}
	}
	return at
}

func deletedAt(it *workspace.Item) time.Time {
	f, _ := it.Field(workspace.Deleted)
	return f.At.Wall()
}

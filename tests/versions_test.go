package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"werkraum/tests/page"
)

// held is what a version of a whiteboard holds, by element.
func (h *house) held(t *testing.T, session page.Session, at, version string) map[string]float64 {
	t.Helper()
	got, err := h.request(t.Context(), http.MethodGet, "/api/v1/whiteboards/"+at+"/versions/"+version, session, nil)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct {
		Elements []struct {
			ID        string
			X         float64
			IsDeleted *bool
		}
	}
	if got.status != http.StatusOK || json.Unmarshal(got.body, &answer) != nil {
		t.Fatalf("the version: %d %s", got.status, got.body)
	}
	held := map[string]float64{}
	for _, e := range answer.Elements {
		if e.IsDeleted == nil || *e.IsDeleted {
			t.Errorf("%s is no element that is seen", e.ID)
		}
		held[e.ID] = e.X
	}
	return held
}

// version has Anna keep the state of a whiteboard and returns its ID.
func (j *judge) version(whiteboard string) string {
	name := newItem()
	j.board.do("whiteboard.save", object{"whiteboard": whiteboard, "version": name, "title": "Stand"})
	return name
}

// places is where elements are on a whiteboard.
func places(st pageState, at string) map[string]float64 {
	list := map[string]float64{}
	for name, it := range st.Elements(at) {
		var e struct{ X float64 }
		_ = json.Unmarshal([]byte(it.Text("data")), &e)
		list[name] = e.X
	}
	return list
}

// Anna saves a state, Mia of another administration spoils it, Anna looks at what was there and
// brings it back; the program is killed on the way, and nothing of it gets lost. Whoever is not
// in the room sees none of it.
func TestEarlierStateIsBroughtBack(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		s := newScene(t, w.house(t, keeping))
		anna, mia := s.page(s.anna), s.page(s.mia)
		at, version := newWhiteboard(), newItem()
		anna.do("whiteboard.add", object{"whiteboard": at, "title": "Skizze"})
		anna.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("eins", 1), shape("zwei", 2)}})
		anna.do("whiteboard.save", object{"whiteboard": at, "version": version, "title": "Vor der Sitzung"})
		mia.await("the version", func(st pageState) bool { return st.Items["version/"+version].Text("title") == "Vor der Sitzung" })
		gone := shape("zwei", 3)
		gone["isDeleted"] = true
		mia.do("whiteboard.draw", object{"whiteboard": at, "elements": []object{shape("eins", 9), gone, shape("drei", 1)}})
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := s.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		session := s.mia.signIn(s.house, s.room)
		anna, mia = s.page(s.anna), openTab(t, s.house, session)
		anna.whiteboard(at)
		mia.whiteboard(at)
		then := map[string]float64{"eins": 10, "zwei": 20}
		if got := s.held(t, session, at, version); !maps.Equal(got, then) {
			t.Errorf("it holds %v, want %v", got, then)
		}
		anna.do("whiteboard.restore", object{"whiteboard": at, "version": version})
		for name, p := range map[string]*tab{"Anna": anna, "Mia": mia} {
			p.await("what was saved, with "+name, func(st pageState) bool { return maps.Equal(places(st, at), then) })
		}
		// What was there before the restoring is a version by itself now.
		auto := ""
		mia.await("the automatic version", func(st pageState) bool {
			for _, it := range st.Items {
				if it.Kind == "version" && fmt.Sprint(it.Fields["auto"]) == "true" {
					auto = it.ID
				}
			}
			return auto != ""
		})
		if got, want := s.held(t, session, at, auto), (map[string]float64{"eins": 90, "drei": 10}); !maps.Equal(got, want) {
			t.Errorf("the automatic one holds %v, want %v", got, want)
		}
		anna.do("undo", object{})
		mia.await("what Mia has drawn", func(st pageState) bool { return maps.Equal(places(st, at), map[string]float64{"eins": 90, "drei": 10}) })
		for name, c := range map[string]struct {
			session page.Session
			version string
			status  int
		}{"nobody": {page.Session{}, version, http.StatusUnauthorized}, "one that is not there": {session, "nie", http.StatusNotFound}} {
			got, err := s.house.request(t.Context(), http.MethodGet, "/api/v1/whiteboards/"+at+"/versions/"+c.version, c.session, nil)
			if err != nil {
				t.Fatal(err)
			}
			got.refused(t, name, c.status)
		}
		s.reproduced(mia, s.anna)
	})
}

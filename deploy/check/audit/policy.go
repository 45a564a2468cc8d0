package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// finding is one vulnerability in one package.
type finding struct {
	id      string // GO-2026-1234, GHSA-…
	where   string // the module or package, with its version
	text    string // one line that says what it is
	fixed   string // the version without it; "" if there is none
	weighty bool   // by the policy it blocks a release
}

// String is one line about it.
func (f finding) String() string {
	text := fmt.Sprintf("%s in %s: %s", f.id, f.where, f.text)
	if f.fixed != "" {
		text += "; mended in " + f.fixed
	}
	return text
}

// exception lets a release go out with a finding, for a while.
type exception struct {
	ID     string `json:"id"`
	Reason string `json:"reason"` // why it does no harm here, or why it cannot be mended yet
	By     string `json:"by"`     // who decided
	Until  string `json:"until"`  // the last day, such as 2026-12-31
	until  time.Time
	used   bool
}

type exceptions []*exception

// longest is how far ahead an exception may reach.
const longest = 90 * 24 * time.Hour

// readExceptions reads the list; nothing in it may be missing, misspelt or reach too far.
func readExceptions(path string, now time.Time) (exceptions, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var list exceptions
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var errs []error
	for _, e := range list {
		day, err := time.Parse(time.DateOnly, e.Until)
		e.until = day.Add(24 * time.Hour)
		switch {
		case e.ID == "" || e.Reason == "" || e.By == "":
			errs = append(errs, fmt.Errorf("%s: the exception for %q needs id, reason, by and until", path, e.ID))
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %s: until is a day such as 2026-12-31", path, e.ID))
		case e.until.Sub(now) > longest+24*time.Hour:
			errs = append(errs, fmt.Errorf("%s: %s: an exception lasts 90 days at most; decide again then", path, e.ID))
		}
	}
	return list, errors.Join(errs...)
}

type verdict struct {
	mark, why string
	blocks    bool
}

// judge applies the policy to a finding.
func (list exceptions) judge(f finding, now time.Time) verdict {
	i := slices.IndexFunc(list, func(e *exception) bool { return e.ID == f.id })
	if i < 0 {
		if f.weighty {
			return verdict{mark: "✗", blocks: true}
		}
		return verdict{mark: "!"}
	}
	e := list[i]
	e.used = true
	switch {
	case !now.Before(e.until):
		return verdict{mark: "✗", why: "its exception ended with " + e.Until, blocks: true}
	default:
		return verdict{mark: "–", why: fmt.Sprintf("excepted until %s by %s: %s", e.Until, e.By, e.Reason)}
	}
}

func (list exceptions) unused() []string {
	var ids []string
	for _, e := range list {
		if !e.used {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

package main

import (
	"context"

	"werkraum/deploy/homeserver"
)

// password is everybody's: the servers are reached from this machine only.
const password = "werkraum-demo"

// The people of the example.
const (
	anna  = "anna"
	jonas = "jonas"
	mia   = "mia"
)

var cast = []struct{ localpart, name, server string }{
	{anna, "Anna Petersen", "amt"},
	{jonas, "Jonas Lindner", "amt"},
	{mia, "Mia Brandt", "partner"},
}

// people are the accounts of the cast by localpart, signed in.
type people map[string]*homeserver.Account

// signIn makes the accounts, or signs in to those that an earlier start made.
func (w *world) signIn(ctx context.Context) (people, error) {
	done := w.out.step("three accounts")
	signedIn := people{}
	for _, p := range cast {
		server := w.amt
		if p.server == "partner" {
			server = w.partner
		}
		account, err := server.CreateUser(ctx, p.localpart, password, p.name)
		if err != nil {
			return nil, err
		}
		signedIn[p.localpart] = account
	}
	done()
	return signedIn, nil
}

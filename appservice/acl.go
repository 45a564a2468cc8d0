package appservice

import (
	"encoding/json"
	"slices"

	"github.com/tidwall/gjson"

	"werkraum/workspace"
)

// useACLs has other access lists decide who may take part, at once.
func (w *worker) useACLs(st *step, lists []workspace.ServerACL) {
	if slices.EqualFunc(w.row.Info.ACLs, lists, workspace.ServerACL.Equal) {
		return
	}
	w.row.Info.ACLs, w.admitted = lists, nil
	st.touched = true
	for user, m := range w.room.Members {
		if m.Membership.InRoom() {
			w.setMember(st, user, workspace.Member{Membership: workspace.Joined, Name: m.Name})
		}
	}
}

// parseACL reads m.room.server_acl as homeservers do: what has the wrong shape is as
// if it were absent, and without "allow" nobody is let in.
func parseACL(raw json.RawMessage) (a workspace.ServerACL) {
	texts := func(name string) (list []string) {
		for _, v := range gjson.GetBytes(raw, name).Array() {
			if v.Type == gjson.String && v.Str != "" {
				list = append(list, v.Str)
			}
		}
		return list
	}
	if gjson.GetBytes(raw, "allow").IsArray() {
		a.Allow = texts("allow")
	}
	if gjson.GetBytes(raw, "deny").IsArray() {
		a.Deny = texts("deny")
	}
	a.DenyIPLiterals = gjson.GetBytes(raw, "allow_ip_literals").Type == gjson.False
	return a
}

// aclsOf finds the access list in a room's state; known is false where nothing is
// said about it.
func aclsOf(state []envelope, full bool) (lists []workspace.ServerACL, known bool) {
	for _, e := range state {
		if e.Type == typeACL && e.StateKey != nil && *e.StateKey == "" {
			if e.Absent {
				return nil, true
			}
			return []workspace.ServerACL{parseACL(e.Content)}, true
		}
	}
	return nil, full
}

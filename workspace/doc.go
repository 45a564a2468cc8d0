// Package workspace is the domain: what a project room's work consists of, how
// changes to it merge, and who may make them. It is pure. It does no I/O and
// has no clock of its own; callers pass the time in.
//
// Work is a set of items, an item is a map of fields, and a field is a
// last-writer-wins register (see Item). Everything that alters work is a
// Change and passes through Room.Apply, whether it was typed, dragged, reacted
// or received from another server.
package workspace

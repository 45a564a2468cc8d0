// Package homeserver starts real Matrix homeservers (Dendrite, Synapse) and a real
// PostgreSQL on this machine, for the demo and for tests.
//
// Every server is a child process of the caller: it listens on the loopback interface
// only, keeps all its files in one folder, writes its log there, and is ended by the
// kernel when the caller dies, so that nothing is left behind. Servers started with the
// same [CA] federate with each other over TLS.
package homeserver

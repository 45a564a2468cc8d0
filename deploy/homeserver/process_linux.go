package homeserver

import "syscall"

// childAttributes makes the kernel end the child when the thread that started it ends
// (process.go keeps that thread), and keeps a Ctrl-C in the terminal away from the child:
// the caller stops its children itself, in order.
func childAttributes(credential *syscall.Credential, onParentDeath syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: onParentDeath, Setpgid: true, Credential: credential}
}

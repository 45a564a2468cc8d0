package child

import "syscall"

// attributes makes the kernel end the child when the thread that started it ends
// (Start keeps that thread), and keeps a Ctrl-C in the terminal away from the child:
// the caller stops its children itself, in order.
func attributes(credential *syscall.Credential, onParentDeath syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: onParentDeath, Setpgid: true, Credential: credential}
}

//go:build !linux

package child

import "syscall"

// attributes keeps a Ctrl-C in the terminal away from the child. Only Linux can end
// a child together with its parent; elsewhere a killed caller leaves its children running.
func attributes(credential *syscall.Credential, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: credential}
}

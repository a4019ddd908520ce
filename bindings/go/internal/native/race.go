//go:build race && unix

package native

import "syscall"

// The race detector sees what Go reads and writes, but not the sockets of C: without these, a variable
// that the handler of a test server sets would seem to be read in a race once the call has returned.
// Package syscall orders every Write before every Read that comes after it, whatever the files, and a
// server in this process does both for each exchange.
var (
	null, _ = syscall.Open("/dev/null", syscall.O_WRONLY|syscall.O_CLOEXEC, 0)
	zero, _ = syscall.Open("/dev/zero", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
)

func raceSend() { _, _ = syscall.Write(null, []byte{0}) }

func raceReceive() { _, _ = syscall.Read(zero, make([]byte, 1)) }

//go:build race && unix

package native

import "syscall"

// The race detector sees the reads and writes of Go, but not the sockets of C. Without these functions it reports a race
// if the handler of a test server sets a variable that the test reads after the call. Package syscall orders every Write
// before every later Read, of any file, and a server in this process does both for each request.
var (
	null, _ = syscall.Open("/dev/null", syscall.O_WRONLY|syscall.O_CLOEXEC, 0)
	zero, _ = syscall.Open("/dev/zero", syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
)

func raceSend() { _, _ = syscall.Write(null, []byte{0}) }

func raceReceive() { _, _ = syscall.Read(zero, make([]byte, 1)) }

//go:build cgo

package native

// A file of its own: cgo allows no definitions in C beside an export.

// #include <stdint.h>
import "C"

import "runtime/cgo"

// call is a call with a listener, while it is in the C library. The thread that makes the call knows its
// number, so that an event reaches the call that it is about, however many calls a client has.
type call struct {
	listen func(event string)
	// cancel ends the request. It is called after a panic in listen.
	cancel func()
	// panicked says that listen has panicked, with value. No event is passed to it afterwards.
	panicked bool
	value    any
}

// apideckVaultGoEvent is called by the library on the thread, and so the goroutine, that makes the call.
// A panic must not travel through the frames of C: it is kept, and Call panics with it when C has returned.
//
//export apideckVaultGoEvent
func apideckVaultGoEvent(event *C.char, number C.uintptr_t) {
	call := cgo.Handle(number).Value().(*call)
	if call.panicked {
		return
	}
	returned := false
	defer func() {
		if !returned {
			call.panicked, call.value = true, recover()
			call.cancel()
		}
	}()
	call.listen(C.GoString(event))
	returned = true
}

//go:build cgo

package native

// This is a separate file because a file with an export cannot have C definitions.

// #include <stdint.h>
import "C"

import "runtime/cgo"

// call is an active call with a listener. The thread that makes the call keeps its handle, so that each event reaches
// the listener of its own call, even if a client makes many calls at the same time.
type call struct {
	listen func(event string)
	// cancel ends the request. It is called after a panic in listen.
	cancel func()
	// panicked says that listen has panicked with value. It gets no further event.
	panicked bool
	value    any
}

// apideckVaultGoEvent passes an event to the listener of a call. The library calls it on the thread, and so on the
// goroutine, that makes the call. A panic must not unwind C frames: it is kept, and Call panics with it after C has
// returned.
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

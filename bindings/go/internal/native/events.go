//go:build cgo

package native

// A file of its own: cgo allows no definitions in C beside an export.

// #include <stdint.h>
import "C"

import "runtime/cgo"

// apideckVaultGoEvent is called by the library, on the thread of the call that the event is about. A
// panic must not travel through the frames of C, so one in a sink ends here.
//
//export apideckVaultGoEvent
func apideckVaultGoEvent(event *C.char, sink C.uintptr_t) {
	defer func() { _ = recover() }()
	cgo.Handle(sink).Value().(func(string))(C.GoString(event))
}

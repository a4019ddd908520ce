//go:build cgo

package native

// A file of its own: cgo allows no definitions in C beside an export.

// #include <stdint.h>
import "C"

import (
	"sync"
	"sync/atomic"
)

// sinks is where events go, by number. An event that comes late, when its client is closed, finds none;
// a cgo.Handle would have to be kept for it.
var (
	sinks    sync.Map
	lastSink atomic.Uint64
)

func newSink(sink func(event string)) (number uint64) {
	number = lastSink.Add(1)
	sinks.Store(number, sink)
	return number
}

// apideckVaultGoEvent is called by the library, on the thread of the call that the event is about. A
// panic must not travel through the frames of C, so one in a sink ends here.
//
//export apideckVaultGoEvent
func apideckVaultGoEvent(event *C.char, number C.uintptr_t) {
	defer func() { _ = recover() }()
	if sink, ok := sinks.Load(uint64(number)); ok {
		sink.(func(string))(C.GoString(event))
	}
}

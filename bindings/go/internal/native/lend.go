//go:build cgo

package native

import "C"

import "unsafe"

// lend is text as C takes it, good as long as the slice is.
func lend(text []byte) *C.char {
	text = append(text, 0)
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
}

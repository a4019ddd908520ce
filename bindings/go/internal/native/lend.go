//go:build cgo

package native

import "C"

import "unsafe"

// lend returns text as a C string. It is valid as long as the slice is.
func lend(text []byte) *C.char {
	text = append(text, 0)
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
}

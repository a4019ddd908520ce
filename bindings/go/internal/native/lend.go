//go:build cgo

package native

import "C"

import "unsafe"

// lend returns text as a C string. It is valid as long as the slice is.
func lend(text []byte) *C.char {
	text = append(text, 0)
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(text)))
}

// lendBytes returns bytes as C has them, without a NUL at their end. They are valid as long as the slice is.
func lendBytes(bytes []byte) (start *C.char, length C.size_t) {
	if len(bytes) == 0 {
		bytes = []byte{0}[:0]
	}
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(bytes))), C.size_t(len(bytes))
}

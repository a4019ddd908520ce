//go:build cgo && apideck_vault_static && !apideck_vault_checkout

package native

// The library as a part of the program, which then needs no file beside itself. --as-needed keeps the
// shared library, which pkg-config names too, out of it.

// #cgo pkg-config: --static apideck_vault
// #cgo linux LDFLAGS: -Wl,--as-needed -l:libapideck_vault.a
import "C"

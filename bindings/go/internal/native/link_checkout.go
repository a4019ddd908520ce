//go:build cgo && apideck_vault_checkout && !apideck_vault_static

package native

// Links the shared library that `make` builds in this checkout. Programs load it from there. On Windows, target/release
// must be on the PATH.

// #cgo CFLAGS: -I${SRCDIR}/../../../../include
// #cgo windows LDFLAGS: -L${SRCDIR}/../../../../target/release -lapideck_vault
// #cgo !windows LDFLAGS: -L${SRCDIR}/../../../../target/release -lapideck_vault -Wl,-rpath,${SRCDIR}/../../../../target/release
import "C"

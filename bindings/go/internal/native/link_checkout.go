//go:build cgo && apideck_vault_checkout && !apideck_vault_static

package native

// The library as `cargo build --release` leaves it in this checkout, found at run time where it lies.

// #cgo CFLAGS: -I${SRCDIR}/../../../../include
// #cgo LDFLAGS: -L${SRCDIR}/../../../../target/release -lapideck_vault -Wl,-rpath,${SRCDIR}/../../../../target/release
import "C"

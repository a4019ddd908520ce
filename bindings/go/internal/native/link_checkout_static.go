//go:build cgo && apideck_vault_checkout && apideck_vault_static

package native

// The library as `cargo build --release` leaves it in this checkout, as a part of the program.

// #cgo CFLAGS: -I${SRCDIR}/../../../../include
// #cgo linux LDFLAGS: -L${SRCDIR}/../../../../target/release -l:libapideck_vault.a -lgcc_s -lm -ldl -lpthread
// #cgo darwin LDFLAGS: ${SRCDIR}/../../../../target/release/libapideck_vault.a -framework Security -framework CoreFoundation
import "C"

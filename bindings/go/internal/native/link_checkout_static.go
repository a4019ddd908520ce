//go:build cgo && apideck_vault_checkout && apideck_vault_static

package native

// Links the static library that `make` builds in this checkout. It uses -lgcc_eh instead of -lgcc_s, so
// that the program can be linked with -static.

// #cgo CFLAGS: -I${SRCDIR}/../../../../include
// #cgo linux LDFLAGS: -L${SRCDIR}/../../../../target/release -l:libapideck_vault.a -lgcc_eh -lm -ldl -lpthread
// #cgo darwin LDFLAGS: ${SRCDIR}/../../../../target/release/libapideck_vault.a -framework Security -framework CoreFoundation
// #cgo windows LDFLAGS: ${SRCDIR}/../../../../target/release/libapideck_vault.a -lws2_32 -luserenv -lntdll -lbcrypt -ladvapi32 -lkernel32 -lsynchronization
import "C"

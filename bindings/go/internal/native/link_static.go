//go:build cgo && apideck_vault_static && !apideck_vault_checkout

package native

// The library as a part of the program, which then needs no file beside itself. --as-needed keeps the
// shared library, which pkg-config names too, out of it. pkg-config --static would name -lgcc_s, of which
// there is no static library: -lgcc_eh lets the program be linked with -static.

// #cgo pkg-config: apideck_vault
// #cgo linux LDFLAGS: -Wl,--as-needed -l:libapideck_vault.a -lgcc_eh -lm -ldl -lpthread
import "C"

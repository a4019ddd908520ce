//go:build cgo && apideck_vault_installed && apideck_vault_static && !apideck_vault_checkout

package native

// Links the static library, so that the program needs no other file. --as-needed leaves out the shared library, which
// pkg-config names too. pkg-config --static would name -lgcc_s, which has no static library; with -lgcc_eh the program
// can be linked with -static.

// #cgo pkg-config: apideck_vault
// #cgo linux LDFLAGS: -Wl,--as-needed -l:libapideck_vault.a -lgcc_eh -lm -ldl -lpthread
// #cgo windows LDFLAGS: -l:libapideck_vault.a -lws2_32 -luserenv -lntdll -lbcrypt -ladvapi32 -lkernel32 -lsynchronization
import "C"

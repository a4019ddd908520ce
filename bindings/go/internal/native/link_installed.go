//go:build cgo && !apideck_vault_static && !apideck_vault_checkout

package native

// The library as it is installed on this machine. If pkg-config cannot find it, set PKG_CONFIG_PATH to
// the folder of apideck_vault.pc; the README of this module says how to install it.

// #cgo pkg-config: apideck_vault
import "C"

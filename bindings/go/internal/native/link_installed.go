//go:build cgo && apideck_vault_installed && !apideck_vault_static && !apideck_vault_checkout

package native

// Links the library that is installed on this machine. If pkg-config cannot find it, set PKG_CONFIG_PATH to the folder
// of apideck_vault.pc. The README of this module says how to install it.

// #cgo pkg-config: apideck_vault
import "C"

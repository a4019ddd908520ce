//go:build cgo && !(linux && amd64) && !(linux && arm64) && !(windows && amd64) && !apideck_vault_installed && !apideck_vault_checkout

package native

// A build for a platform without a prebuilt library stops at this name, which says what to do.
var _ = this_platform_has_no_prebuilt_library__install_the_C_library_and_use_the_build_tag_apideck_vault_installed

//go:build !apideck_vault_installed && !apideck_vault_checkout

package linux_amd64

// Only a release has the library. A build from another commit stops at this name, which says what to do.
var _ = this_commit_has_no_prebuilt_library__use_a_release_or_the_build_tag_apideck_vault_installed

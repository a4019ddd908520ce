//go:build cgo && windows && amd64 && !apideck_vault_installed && !apideck_vault_checkout

package native

// Links the static library of this release for x86_64 Windows.

import _ "github.com/apideck-vault/apideck-vault/bindings/go/internal/native/prebuilt/windows_amd64"

// #cgo CFLAGS: -I${SRCDIR} -I${SRCDIR}/../../../../include
// #cgo LDFLAGS: ${SRCDIR}/prebuilt/windows_amd64/libapideck_vault.a -lws2_32 -luserenv -lntdll -lbcrypt -ladvapi32 -lkernel32 -lsynchronization
import "C"

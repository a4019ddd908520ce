//go:build cgo && linux && amd64 && musl && !apideck_vault_installed && !apideck_vault_checkout

package native

// Links the static library of this release for x86_64 Linux with musl.

import _ "github.com/apideck-vault/apideck-vault/bindings/go/internal/native/prebuilt/linux_amd64_musl"

/*
#cgo CFLAGS: -I${SRCDIR} -I${SRCDIR}/../../../../include
#cgo LDFLAGS: ${SRCDIR}/prebuilt/linux_amd64_musl/libapideck_vault.a -lgcc_eh -lm

#include <features.h>
#ifdef __GLIBC__
#error "This C compiler makes programs for glibc: build without the tag musl."
#endif
*/
import "C"

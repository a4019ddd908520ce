//go:build cgo && linux && amd64 && !musl && !apideck_vault_installed && !apideck_vault_checkout

package native

// Links the static library of this release for x86_64 Linux with glibc.

import _ "github.com/apideck-vault/apideck-vault/bindings/go/internal/native/prebuilt/linux_amd64"

/*
#cgo CFLAGS: -I${SRCDIR} -I${SRCDIR}/../../../../include
#cgo LDFLAGS: ${SRCDIR}/prebuilt/linux_amd64/libapideck_vault.a -lgcc_eh -lm -ldl -lpthread

#include <features.h>
#ifndef __GLIBC__
#error "This C compiler makes programs for musl: build with the tag musl (go build -tags musl)."
#endif
*/
import "C"

// Command version prints the version of the C library it runs with: enough to see how it was linked.
package main

import (
	"fmt"

	apideckvault "github.com/apideck-vault/apideck-vault/bindings/go"
)

func main() { fmt.Println(apideckvault.NativeVersion()) }

// Command version prints the version of the C library that it runs with. That shows how it was linked.
package main

import (
	"fmt"

	apideckvault "github.com/apideck-vault/apideck-vault/bindings/go"
)

func main() { fmt.Println(apideckvault.NativeVersion()) }

// Command vault is the smallest program with this module: its size and build time count.
package main

import (
	"context"
	"fmt"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
)

func main() {
	res, err := sdkgo.New().Vault.Connections.List(context.Background(), nil, nil, nil, nil)
	fmt.Println(res != nil, err)
}

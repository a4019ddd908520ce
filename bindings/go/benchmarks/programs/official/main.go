//go:build official

// Command official is the smallest program with the official SDK: its size and build time count.
package main

import (
	"context"
	"fmt"

	sdkgo "github.com/apideck-libraries/sdk-go"
)

func main() {
	res, err := sdkgo.New().Vault.Connections.List(context.Background(), nil, nil, nil, nil)
	fmt.Println(res != nil, err)
}

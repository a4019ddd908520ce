//go:build official

// Command official is the smallest program with the official SDK. Its size and the time of one call are measured.
package main

import (
	"context"
	"log"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
)

func main() {
	s := sdkgo.New(sdkgo.WithServerURL(os.Args[1]), sdkgo.WithSecurity("key"), sdkgo.WithConsumerID("consumer"), sdkgo.WithAppID("app"))
	if _, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", nil, nil); err != nil {
		log.Fatal(err)
	}
}

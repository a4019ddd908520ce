// Command token is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
	"github.com/apideck-libraries/sdk-go/models/operations"
)

func main() {
	ctx := context.Background()
	s := sdkgo.New(
		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
		sdkgo.WithConsumerID("programs-consumer"),
		sdkgo.WithAppID("programs-app"),
	)

	res, err := s.Vault.Connections.Token(ctx, operations.VaultConnectionsTokenRequest{
		ServiceID:  "pipedrive",
		UnifiedAPI: "crm",
	})
	if err != nil {
		log.Fatal(err)
	}
	if res.GetConnectionResponse != nil {
		fmt.Println(*res.GetConnectionResponse.Data.ServiceID)
	}
}

// Command get is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
)

func main() {
	ctx := context.Background()
	s := sdkgo.New(
		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
		sdkgo.WithConsumerID("programs-consumer"),
		sdkgo.WithAppID("programs-app"),
	)

	res, err := s.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	if res.GetConnectionResponse != nil {
		fmt.Println(*res.GetConnectionResponse.Data.ServiceID)
	}
}

// Command validate is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"log"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
	"github.com/apideck-libraries/sdk-go/models/components"
	"github.com/apideck-libraries/sdk-go/models/operations"
)

func main() {
	ctx := context.Background()
	s := sdkgo.New(
		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
		sdkgo.WithConsumerID("programs-consumer"),
		sdkgo.WithAppID("programs-app"),
	)

	res, err := s.Vault.ValidateConnection.State(ctx, operations.VaultValidateConnectionStateRequest{
		ServiceID:   "pipedrive",
		UnifiedAPI:  "crm",
		RequestBody: &operations.VaultValidateConnectionStateRequestBody{},
	})
	if err != nil {
		log.Fatal(err)
	}
	data := res.GetValidateConnectionStateResponse().Data
	if *data.ID != "crm+pipedrive" || data.State == nil || *data.State == components.ConnectionStateInvalid {
		log.Fatal(*data.ID, data.State)
	}
}

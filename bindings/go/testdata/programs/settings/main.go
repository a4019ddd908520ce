// Command settings is written against the official SDK. Its test changes the import paths and nothing else.
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

	updated, err := s.Vault.ConnectionSettings.Update(ctx, operations.VaultConnectionSettingsUpdateRequest{
		ServiceID:  "pipedrive",
		UnifiedAPI: "crm",
		Resource:   "leads",
		Connection: components.ConnectionInput{
			Configuration: []components.ConnectionConfiguration{
				{
					Resource: sdkgo.Pointer("leads"),
					Defaults: []components.ConnectionDefaults{
						{ID: sdkgo.Pointer("ProductInterest"), Value: sdkgo.Pointer(components.CreateConnectionValueStr("GC5000 series"))},
					},
				},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	listed, err := s.Vault.ConnectionSettings.List(ctx, operations.VaultConnectionSettingsAllRequest{
		UnifiedAPI: "crm",
		ServiceID:  "pipedrive",
		Resource:   "leads",
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, connection := range []components.Connection{updated.UpdateConnectionResponse.Data, listed.GetConnectionResponse.Data} {
		if *connection.Configuration[0].Defaults[0].Value.Str != "GC5000 series" {
			log.Fatal(connection.Configuration)
		}
	}
}

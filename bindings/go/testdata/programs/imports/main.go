// Command imports is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"fmt"
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

	res, err := s.Vault.Connections.Imports(ctx, operations.VaultConnectionsImportRequest{
		ServiceID:  "pipedrive",
		UnifiedAPI: "crm",
		ConnectionImportData: components.ConnectionImportData{
			Credentials: &components.Credentials{
				RefreshToken: sdkgo.String("a-refresh-token"),
				AccessToken:  sdkgo.String("an-access-token"),
			},
			Metadata: map[string]any{
				"owner": map[string]any{"team": "sales", "seats": 12},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if res.CreateConnectionResponse != nil {
		fmt.Println(*res.CreateConnectionResponse.Data.ServiceID)
	}
}

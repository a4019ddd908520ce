// Command session is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"log"
	"net/url"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
	"github.com/apideck-libraries/sdk-go/models/components"
)

func main() {
	ctx := context.Background()
	s := sdkgo.New(
		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
		sdkgo.WithConsumerID("programs-consumer"),
		sdkgo.WithAppID("programs-app"),
	)

	res, err := s.Vault.Sessions.Create(ctx, nil, nil, &components.Session{
		RedirectURI: sdkgo.Pointer("https://programs.example/integrations"),
		Settings: &components.Settings{
			UnifiedApis:   []components.UnifiedAPIID{components.UnifiedAPIIDCrm},
			SessionLength: sdkgo.Pointer("30m"),
			AllowActions:  []components.AllowActions{components.AllowActionsDisconnect},
		},
		CustomConsumerSettings: map[string]any{"plan": "team"},
	})
	if err != nil {
		log.Fatal(err)
	}
	data := res.GetCreateSessionResponse().Data
	if address, err := url.Parse(data.SessionURI); err != nil || address.Host == "" || data.SessionToken == "" {
		log.Fatal(data.SessionURI, err)
	}
}

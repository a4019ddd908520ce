// Command update is written against the official SDK. Its test changes the import paths and nothing else.
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

	teams := sdkgo.Pointer(components.CreateSimpleFormFieldOptionValueArrayOf5([]components.Five{
		components.CreateFiveStr("sales"),
		components.CreateFiveInteger(7),
		components.CreateFiveNumber(7.5),
	}))
	res, err := s.Vault.Connections.Update(ctx, operations.VaultConnectionsUpdateRequest{
		ServiceID:  "pipedrive",
		UnifiedAPI: "crm",
		Connection: components.ConnectionInput{
			Enabled:  sdkgo.Bool(true),
			Settings: map[string]any{"instance_url": "https://programs.example"},
			Metadata: map[string]any{"plan": "team", "seats": 12},
			Configuration: []components.ConnectionConfiguration{
				components.ConnectionConfiguration{
					Resource: sdkgo.String("contacts"),
					Defaults: []components.ConnectionDefaults{
						components.ConnectionDefaults{
							ID: sdkgo.String("Team"),
							Options: []components.FormFieldOption{
								components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{
									ID:    sdkgo.String("all"),
									Label: sdkgo.String("Everyone"),
									Options: []components.SimpleFormFieldOption{
										components.SimpleFormFieldOption{
											Label: sdkgo.String("Half"),
											Value: sdkgo.Pointer(components.CreateSimpleFormFieldOptionValueNumber(0.5)),
										},
										components.SimpleFormFieldOption{Label: sdkgo.String("Teams"), Value: teams},
									},
								}),
								components.CreateFormFieldOptionSimpleFormFieldOption(components.SimpleFormFieldOption{
									Label: sdkgo.String("Yes"),
									Value: sdkgo.Pointer(components.CreateSimpleFormFieldOptionValueBoolean(true)),
								}),
								components.CreateFormFieldOptionSimpleFormFieldOption(components.SimpleFormFieldOption{
									Label: sdkgo.String("Seven"),
									Value: sdkgo.Pointer(components.CreateSimpleFormFieldOptionValueInteger(7)),
								}),
								components.CreateFormFieldOptionSimpleFormFieldOption(components.SimpleFormFieldOption{
									Label: sdkgo.String("Sales"),
									Value: sdkgo.Pointer(components.CreateSimpleFormFieldOptionValueStr("sales")),
								}),
							},
							Value: sdkgo.Pointer(components.CreateConnectionValueNumber(0.5)),
						},
						components.ConnectionDefaults{ID: sdkgo.String("Size"), Value: sdkgo.Pointer(components.CreateConnectionValueInteger(7))},
						components.ConnectionDefaults{ID: sdkgo.String("Open"), Value: sdkgo.Pointer(components.CreateConnectionValueBoolean(true))},
						components.ConnectionDefaults{ID: sdkgo.String("Name"), Value: sdkgo.Pointer(components.CreateConnectionValueStr("Sales"))},
						components.ConnectionDefaults{ID: sdkgo.String("List"), Value: sdkgo.Pointer(components.CreateConnectionValueArrayOfValue5(
							[]components.Value5{components.CreateValue5Str("a"), components.CreateValue5Integer(1), components.CreateValue5Number(1.5)},
						))},
					},
				},
			},
			CustomMappings: []components.CustomMappingInput{
				components.CustomMappingInput{Value: sdkgo.String("$.root.team")},
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if res.UpdateConnectionResponse != nil {
		fmt.Println(*res.UpdateConnectionResponse.Data.ServiceID)
	}
}

package apideckvault_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// The examples use APIDECK_SERVER_URL, APIDECK_API_KEY and APIDECK_APP_ID of the environment. As tests they run against a
// local Vault.

func ExampleConnections_List() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-list"))
	defer s.Close()

	res, err := s.Vault.Connections.List(context.Background(), nil, nil, sdkgo.String("crm"), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, connection := range res.GetConnectionsResponse.Data {
		fmt.Println(*connection.ServiceID, *connection.State)
	}
	// Unordered output:
	// activecampaign available
	// hubspot available
	// pipedrive available
	// salesforce available
}

func ExampleConnections_Get() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-get"))
	defer s.Close()

	res, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, field := range res.GetConnectionResponse.Data.FormFields {
		fmt.Println(*field.ID, *field.Type)
	}
	// Output:
	// instance_url url
	// api_key password
}

func ExampleConnections_Update() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-update"))
	defer s.Close()

	res, err := s.Vault.Connections.Update(context.Background(), operations.VaultConnectionsUpdateRequest{
		ServiceID:  "activecampaign",
		UnifiedAPI: "crm",
		Connection: components.ConnectionInput{
			Settings: map[string]any{"base_url": "https://acme.example", "api_key": "from-your-customer"},
			Metadata: map[string]any{"plan": "team"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	connection := res.UpdateConnectionResponse.Data
	fmt.Println(*connection.State, connection.Metadata["plan"])
	// Output: callable team
}

func ExampleConnections_Update_health() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-health"))
	defer s.Close()

	res, err := s.Vault.Connections.Update(context.Background(), operations.VaultConnectionsUpdateRequest{
		ServiceID:  "pipedrive",
		UnifiedAPI: "crm",
		Connection: components.ConnectionInput{Enabled: sdkgo.Bool(true)},
	})
	if err != nil {
		log.Fatal(err)
	}
	report := res.UpdateConnectionResponse.Data.HealthReport()
	fmt.Println(report.Action, report.MissingSettings)
	fmt.Println(report.Reason)
	// Output:
	// fill_settings [instance_url api_key]
	// The settings instance_url and api_key have no value.
}

func ExampleConnections_Delete() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-delete"))
	defer s.Close()

	res, err := s.Vault.Connections.Delete(context.Background(), "hubspot", "crm", nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.HTTPMeta.Response.StatusCode)
	// Output: 204
}

func ExampleConnections_Imports() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-imports"))
	defer s.Close()

	res, err := s.Vault.Connections.Imports(context.Background(), operations.VaultConnectionsImportRequest{
		ServiceID:  "hubspot",
		UnifiedAPI: "crm",
		ConnectionImportData: components.ConnectionImportData{
			Credentials: &components.Credentials{
				AccessToken:  sdkgo.String("an-access-token"),
				RefreshToken: sdkgo.String("a-refresh-token"),
			},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*res.CreateConnectionResponse.Data.State)
	// Output: callable
}

func ExampleConnections_Token() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-token"))
	defer s.Close()
	ctx := context.Background()

	// The exchange needs settings that are stored in Vault.
	_, err := s.Vault.Connections.Update(ctx, operations.VaultConnectionsUpdateRequest{
		ServiceID: "personio", UnifiedAPI: "hris",
		Connection: components.ConnectionInput{Settings: map[string]any{"client_id": "acme", "client_secret": "from-your-customer"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	res, err := s.Vault.Connections.Token(ctx, operations.VaultConnectionsTokenRequest{ServiceID: "personio", UnifiedAPI: "hris"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*res.GetConnectionResponse.Data.State)
	// Output: callable
}

func ExampleValidateConnection_State() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-validate"))
	defer s.Close()
	ctx := context.Background()

	_, err := s.Vault.Connections.Imports(ctx, operations.VaultConnectionsImportRequest{
		ServiceID: "hubspot", UnifiedAPI: "crm",
		ConnectionImportData: components.ConnectionImportData{Credentials: &components.Credentials{RefreshToken: sdkgo.String("a-refresh-token")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	res, err := s.Vault.ValidateConnection.State(ctx, operations.VaultValidateConnectionStateRequest{ServiceID: "hubspot", UnifiedAPI: "crm"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*res.ValidateConnectionStateResponse.Data.State)
	// Output: callable
}

func ExampleSessions_Create() {
	s := sdkgo.New()
	defer s.Close()

	res, err := s.Vault.Sessions.Create(context.Background(), sdkgo.String("example-session"), nil, &components.Session{
		RedirectURI: sdkgo.String("https://acme.example/integrations"),
		Settings:    &components.Settings{UnifiedApis: []components.UnifiedAPIID{components.UnifiedAPIIDCrm}},
	})
	if err != nil {
		log.Fatal(err)
	}
	// Send the user to this link.
	fmt.Println(res.CreateSessionResponse.Data.SessionURI != "")
	// Output: true
}

// Next of a page requests the next page and returns nil after the last one.
func ExampleConsumers_List() {
	s := sdkgo.New(sdkgo.WithAppID("example-consumers"))
	defer s.Close()
	ctx := context.Background()
	for _, id := range []string{"acme", "globex", "initech"} {
		if _, err := s.Vault.Consumers.Create(ctx, components.CreateConsumerRequest{ConsumerID: id}, nil); err != nil {
			log.Fatal(err)
		}
	}

	page, err := s.Vault.Consumers.List(ctx, nil, nil, nil, sdkgo.Int64(2))
	for page != nil && err == nil {
		for _, consumer := range page.GetConsumersResponse.Data {
			fmt.Println(*consumer.ConsumerID)
		}
		page, err = page.Next()
	}
	if err != nil {
		log.Fatal(err)
	}
	// Unordered output:
	// acme
	// globex
	// initech
}

// Each status has an error type. Every error of a call says whether the same call may succeed later.
func Example_errors() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-errors"))
	defer s.Close()

	_, err := s.Vault.Connections.Get(context.Background(), "no-such-service", "crm", nil, nil)
	var missing *apierrors.NotFoundResponse
	if errors.As(err, &missing) {
		fmt.Println(*missing.StatusCode, *missing.TypeName)
	}
	var failed apierrors.CallError
	if errors.As(err, &failed) {
		fmt.Println(failed.Status(), failed.Retryable())
	}
	// Output:
	// 404 EntityNotFoundError
	// NOT_FOUND false
}

// A call ends when its context ends. Its error wraps the error of the context.
func Example_contexts() {
	s := sdkgo.New(sdkgo.WithConsumerID("example-contexts"))
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()

	// The local Vault delays its response if a header says so.
	slow := operations.WithSetHeaders(map[string]string{"x-sandbox-fault": "delay=5000"})
	_, err := s.Vault.Connections.List(ctx, nil, nil, nil, nil, slow)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleWithRetryConfig() {
	s := sdkgo.New(
		sdkgo.WithConsumerID("example-retries"),
		sdkgo.WithRetryConfig(retry.Config{
			Strategy:    "backoff",
			Backoff:     &retry.BackoffStrategy{InitialInterval: 10, MaxInterval: 1000, Exponent: 2, MaxElapsedTime: 20000},
			MaxAttempts: 3,
		}),
	)
	defer s.Close()

	// The local Vault fails if a header says so.
	unavailable := operations.WithSetHeaders(map[string]string{"x-sandbox-fault": "status=503"})
	_, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", nil, nil, unavailable)
	var failed *apierrors.APIError
	if errors.As(err, &failed) {
		fmt.Println(failed.StatusCode, failed.HTTPMeta.Attempts)
	}
	// Output: 503 3
}

func ExampleWithLogger() {
	timeless := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "call_id" || a.Key == "elapsed_ms" {
			return slog.Attr{}
		}
		return a
	}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: timeless}))
	s := sdkgo.New(sdkgo.WithConsumerID("example-logger"), sdkgo.WithLogger(logger))
	defer s.Close()

	if _, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", nil, nil); err != nil {
		log.Fatal(err)
	}
	// Output:
	// level=DEBUG msg="apideck vault request" consumer_id=example-logger operation=connections.get method=GET path=/vault/connections/crm/pipedrive attempt=1
	// level=DEBUG msg="apideck vault response" consumer_id=example-logger operation=connections.get method=GET path=/vault/connections/crm/pipedrive attempt=1 status=200
}

package vaulttest_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
	"github.com/apideck-vault/apideck-vault/bindings/go/vaulttest"
	"github.com/apideck-vault/apideck-vault/bindings/go/webhooks"
)

// quickbooks returns the connection that authorize makes callable.
func quickbooks(t *testing.T, s *sdkgo.Apideck) components.Connection {
	t.Helper()
	res, err := s.Vault.Connections.Get(t.Context(), "quickbooks", "accounting", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res.GetConnectionResponse.Data
}

func authorize(t *testing.T, s *sdkgo.Apideck) {
	t.Helper()
	_, err := s.Vault.Connections.Imports(t.Context(), operations.VaultConnectionsImportRequest{
		ServiceID: "quickbooks", UnifiedAPI: "accounting", ConnectionImportData: components.ConnectionImportData{
			Credentials: &components.Credentials{RefreshToken: sdkgo.String("r")}, Settings: map[string]any{"environment": "sandbox"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARefreshFailsAndRecoversAsSet(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t, vaulttest.WithTokenLifetime(90*time.Minute))
	s := v.Client("acme")
	authorize(t, s)
	v.SetRefresh("acme", "accounting", "quickbooks", vaulttest.RefreshFails)
	v.AdvanceClock(89 * time.Minute)
	if c := quickbooks(t, s); *c.Health != components.HealthOk {
		t.Errorf("the token expired early: %v", c)
	}
	v.AdvanceClock(2 * time.Minute)
	if c := quickbooks(t, s); *c.State != components.ConnectionStateCallable || *c.Health != components.HealthPendingRefresh {
		t.Errorf("%v", c)
	}
	v.SetRefresh("acme", "accounting", "quickbooks", vaulttest.RefreshRecovers)
	if c := quickbooks(t, s); *c.Health != components.HealthOk {
		t.Errorf("%v", c)
	}
	v.SetRefresh("acme", "accounting", "quickbooks", vaulttest.RefreshFailsForGood)
	v.AdvanceClock(2 * time.Hour)
	if c := quickbooks(t, s); *c.State != components.ConnectionStateInvalid || c.CredentialsExpireAt == nil {
		t.Errorf("%v", c)
	}
	v.AdvanceClock(48 * time.Hour)
	if c := quickbooks(t, s); *c.Health != components.HealthNeedsAuth {
		t.Errorf("%v", c)
	}
}

func TestAConnectionIsDegradedAndRecovers(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	s := v.Client("acme")
	authorize(t, s)
	for degraded, wanted := range map[bool]components.Health{true: components.HealthDegraded, false: components.HealthOk} {
		v.SetDegraded("acme", "accounting", "quickbooks", degraded)
		if c := quickbooks(t, s); *c.Health != wanted {
			t.Errorf("%t: %v", degraded, c)
		}
	}
}

func TestMoreRequestsThanTheRateLimitGetTooManyRequests(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t, vaulttest.WithRateLimit(1))
	s := v.Client("acme", sdkgo.WithRetryConfig(retry.Config{Strategy: "none"}))
	var limited *apierrors.APIError
	for range 10 { // at least two of them are in the same second
		if _, err := s.Vault.Connections.List(t.Context(), nil, nil, nil, nil); errors.As(err, &limited) {
			break
		}
	}
	if limited == nil || limited.StatusCode != 429 {
		t.Errorf("%v", limited)
	}
}

func TestAChangeOfAConnectionSendsASignedWebhook(t *testing.T) {
	t.Parallel()
	received := make(chan string, 10)
	server := httptest.NewServer(webhooks.Handler(vaulttest.Key, func(_ context.Context, event *webhooks.Event) error {
		received <- string(event.Type)
		return nil
	}))
	defer server.Close()
	enable(t, vaulttest.Start(t, vaulttest.WithWebhook(server.URL)).Client("acme"))
	select {
	case event := <-received:
		if event != "vault.connection.created" {
			t.Error(event)
		}
	case <-time.After(20 * time.Second):
		t.Error("no webhook")
	}
}

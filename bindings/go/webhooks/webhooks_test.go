package webhooks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/webhooks"
)

const key = "sk_live_webhook_key"

// row is a row of the table that the tests of every language share. tests/webhooks/README.md in the repository explains
// its members.
type row struct {
	Name      string
	Body      string
	Signature string
	APIKey    string `json:"api_key"`
	Expected  struct {
		Status    string
		EventType *string `json:"event_type"`
		Message   string
	}
}

func TestEveryRowOfTheTableEndsWithItsStatus(t *testing.T) {
	text, err := os.ReadFile(os.Getenv("APIDECK_VAULT_TEST_WEBHOOKS_TABLE"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(text, &rows); err != nil || len(rows) < 40 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			event, err := webhooks.Verify([]byte(row.Body), row.Signature, row.APIKey)
			if row.Expected.Status == "OK" {
				if err != nil {
					t.Fatal(err)
				}
				if row.Expected.EventType != nil && string(event.Type) != *row.Expected.EventType {
					t.Errorf("type %q", event.Type)
				}
				if !strings.Contains(row.Body, string(event.Raw)) {
					t.Errorf("%s is not what was sent", event.Raw)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), row.Expected.Message) {
				t.Fatalf("%v is not about %q", err, row.Expected.Message)
			}
			if errors.Is(err, webhooks.ErrInvalidSignature) != (row.Expected.Status == "INVALID_SIGNATURE") {
				t.Errorf("%v has the wrong type", err)
			}
			for _, secret := range []string{strings.TrimSpace(row.Signature), row.APIKey} {
				if secret != "" && strings.Contains(err.Error(), secret) {
					t.Errorf("%v has a secret", err)
				}
			}
		})
	}
}

func body(eventType string) []byte {
	return fmt.Appendf(nil, `{"payload":{"event_id":"e-1","event_type":%q,"entity_id":"1+acme","entity":{"service_id":"salesforce",`+
		`"state":"callable","settings":{"api_key":"SECRET"}}}}`, eventType)
}

func verified(t *testing.T, body []byte) *webhooks.Event {
	t.Helper()
	signature, err := webhooks.Sign(body, key)
	if err != nil {
		t.Fatal(err)
	}
	event, err := webhooks.Verify(body, signature, key)
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func TestAnEventHasTheTypeOfItsOwn(t *testing.T) {
	event := verified(t, body("vault.connection.callable"))
	data, ok := event.Data.(*webhooks.ConnectionCallable)
	if !ok || event.ID != "e-1" || event.Type != components.EventTypeVaultConnectionCallable {
		t.Fatalf("%T, %v", event.Data, event)
	}
	if *data.Entity.ServiceID != "salesforce" || *data.Entity.State != components.ConnectionStateCallable || *data.EntityID != "1+acme" {
		t.Errorf("%v", data.Entity)
	}
}

func TestAnEventThatThisVersionDoesNotKnowIsAnUnknownEvent(t *testing.T) {
	for _, text := range []string{`"vault.connection.paused"`, `""`, `5`, `null`, `["vault.connection.created"]`} {
		event := verified(t, []byte(`{"payload":{"event_type":`+text+`,"entity":{"access_token":"SECRET"}}}`))
		data, ok := event.Data.(*webhooks.UnknownEvent)
		if !ok || data.Entity["access_token"] != "SECRET" {
			t.Errorf("%s: %T", text, event.Data)
		}
	}
}

func TestPrintsOfAnEventHaveNoSecrets(t *testing.T) {
	for _, eventType := range []string{"vault.connection.updated", "unknown"} {
		event := verified(t, body(eventType))
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			for _, value := range []any{event, *event, event.Data} {
				if text := fmt.Sprintf(format, value); strings.Contains(text, "SECRET") {
					t.Errorf("%s: %s", format, text)
				}
			}
		}
	}
}

func TestAKeyOrSignatureWithANULIsRefused(t *testing.T) {
	signature, err := webhooks.Sign(body("t"), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := webhooks.Verify(body("t"), signature+"\x00", key); !errors.Is(err, webhooks.ErrInvalidSignature) {
		t.Error(err)
	}
	for _, wrong := range []string{"", key + "\x00"} {
		if _, err := webhooks.Verify(body("t"), signature, wrong); err == nil || errors.Is(err, webhooks.ErrInvalidSignature) {
			t.Error(err)
		}
		if _, err := webhooks.Sign(body("t"), wrong); err == nil {
			t.Errorf("%q signs", wrong)
		}
	}
	if _, err := webhooks.Sign(nil, key); err == nil {
		t.Error("an empty body is signed")
	}
}

func TestTheHandlerRespondsToEachRequestWithItsStatus(t *testing.T) {
	signed := body("vault.connection.callable")
	signature, err := webhooks.Sign(signed, key)
	if err != nil {
		t.Fatal(err)
	}
	handled := 0
	handle := func(_ context.Context, event *webhooks.Event) error {
		handled++
		if event.ID != "e-1" {
			return errors.New("another event")
		}
		return nil
	}
	refuse := func(context.Context, *webhooks.Event) error { return errors.New("try again") }
	for _, c := range []struct {
		name, method, signature, key string
		body                         []byte
		handle                       func(context.Context, *webhooks.Event) error
		status, handled              int
	}{
		{"a signed event", "POST", signature, key, signed, handle, http.StatusNoContent, 1},
		{"a failed event", "POST", signature, key, signed, refuse, http.StatusInternalServerError, 0},
		{"a forged event", "POST", signature, key, bytes.Replace(signed, []byte("e-1"), []byte("e-2"), 1), handle, http.StatusUnauthorized, 0},
		{"no signature", "POST", "", key, signed, handle, http.StatusUnauthorized, 0},
		{"no key", "POST", signature, "", signed, handle, http.StatusInternalServerError, 0},
		{"another method", "GET", signature, key, nil, handle, http.StatusMethodNotAllowed, 0},
		{"the largest body", "POST", signature, key, bytes.Repeat([]byte(" "), webhooks.MaxBody), handle, http.StatusUnauthorized, 0},
		{"a larger body", "POST", signature, key, bytes.Repeat([]byte(" "), webhooks.MaxBody+1), handle, http.StatusRequestEntityTooLarge, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			handled = 0
			server := httptest.NewServer(webhooks.Handler(c.key, c.handle))
			defer server.Close()
			request, err := http.NewRequest(c.method, server.URL, bytes.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set(webhooks.SignatureHeader, c.signature)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != c.status || handled != c.handled {
				t.Errorf("%s, handled %d times", response.Status, handled)
			}
		})
	}
}

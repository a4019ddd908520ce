package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/vaulttest"
)

// execute runs the program against a server and returns its exit code and what it prints.
func execute(t *testing.T, url, app string, arguments ...string) (code int, out, errs string) {
	t.Setenv("APIDECK_SERVER_URL", url)
	t.Setenv("APIDECK_API_KEY", "test-key")
	t.Setenv("APIDECK_APP_ID", app)
	t.Setenv("APIDECK_CONSUMER_ID", "")
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), arguments, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func decode(t *testing.T, text string) (found []finding) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return found
}

func TestTheConnectionsOfEveryPageOfConsumersAreListed(t *testing.T) {
	v, ctx := vaulttest.Start(t), context.Background()
	url, app, s := v.URL, vaulttest.AppID, v.Client("")
	var created sync.WaitGroup
	for i := range 201 {
		created.Add(1)
		go func() {
			defer created.Done()
			if _, err := s.Vault.Consumers.Create(ctx, components.CreateConsumerRequest{ConsumerID: fmt.Sprintf("c%03d", i)}, nil); err != nil {
				t.Error(err)
			}
		}()
	}
	created.Wait()
	if code, out, errs := execute(t, url, app); code != 0 || out+errs != "" {
		t.Errorf("%d: %s%s", code, out, errs)
	}

	update := func(consumer, service string, input components.ConnectionInput) {
		t.Helper()
		request := operations.VaultConnectionsUpdateRequest{ServiceID: service, UnifiedAPI: "crm", ConsumerID: &consumer, Connection: input}
		if _, err := s.Vault.Connections.Update(ctx, request); err != nil {
			t.Fatal(err)
		}
	}
	settings := components.ConnectionInput{Settings: map[string]any{"api_key": "s3cret-value"}}
	update("c007", "pipedrive", settings)
	update("c200", "pipedrive", settings)
	update("c100", "hubspot", components.ConnectionInput{Enabled: sdkgo.Bool(false)})
	code, out, errs := execute(t, url, app, "--format", "json")
	if code != 1 || errs != "" || strings.Contains(out, "s3cret") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	var got []string
	for _, f := range decode(t, out) {
		got = append(got, fmt.Sprint(f.ConsumerID, " ", f.ConnectionID, " ", f.Action, " ", f.MissingSettings))
	}
	want := []string{"c007 crm+pipedrive fill_settings [instance_url]", "c100 crm+hubspot enable []", "c200 crm+pipedrive fill_settings [instance_url]"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// prepared starts a server with one consumer that has these connections. A number is a status in place of them.
func prepared(t *testing.T, connections any) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := map[string]any{"status_code": 200, "status": "OK", "data": connections}
		if r.URL.Path == "/vault/consumers" {
			body["data"] = []any{map[string]any{"consumer_id": "acme"}}
		} else if status, ok := connections.(int); ok {
			w.WriteHeader(status)
			body = map[string]any{"message": "Unknown Consumer"}
		}
		_ = json.NewEncoder(w).Encode(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestTheMostUrgentConnectionComesFirst(t *testing.T) {
	now := time.Now().UnixMilli()
	connection := func(id, state, health string, deleted, failed int64) map[string]any {
		return map[string]any{
			"id": id, "state": state, "health": health, "auth_type": "oauth2", "form_fields": []any{},
			"authorize_url":         "https://unify.apideck.com/authorize?state=s3cret",
			"credentials_expire_at": deleted, "last_refresh_failed_at": failed,
		}
	}
	url := prepared(t, []any{
		connection("crm+fine", "callable", "ok", 0, 0),
		connection("crm+degraded", "callable", "degraded", 0, 0),
		connection("crm+tomorrow", "callable", "pending_refresh", now+86_400_000, now-1),
		connection("crm+soon", "callable", "pending_refresh", now+3_600_000, now-1),
		connection("crm+invalid", "invalid", "needs_auth", 0, 0),
		connection("crm+over\x1bdue", "callable", "pending_refresh", 86_400_000, 1),
	})
	code, out, errs := execute(t, url, "app", "--format=json")
	if code != 1 || errs != "" || strings.Contains(out, "s3cret") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	var got []string
	for _, f := range decode(t, out) {
		got = append(got, fmt.Sprint(f.ConnectionID, " ", f.Overdue))
	}
	want := []string{"crm+over\x1bdue true", "crm+invalid false", "crm+soon false", "crm+tomorrow false", "crm+degraded false"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}

	code, out, _ = execute(t, url, "app")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != 6 || !slices.Equal(strings.Fields(lines[0]), []string{"consumer", "connection", "action", "until", "reason"}) {
		t.Errorf("%d: %s", code, out)
	}
	if first := strings.Fields(lines[1])[:5]; !slices.Equal(first, []string{"acme", "crm+over?due", "wait", "1970-01-02", "00:00Z"}) {
		t.Errorf("%q", first)
	}
}

func TestAConnectionThatOnlyWaitsNeedsNobody(t *testing.T) {
	url := prepared(t, []any{map[string]any{"id": "crm+a", "state": "callable", "health": "degraded"}})
	if code, out, _ := execute(t, url, "app"); code != 0 || !strings.Contains(out, "could not be reached") {
		t.Errorf("%d: %s", code, out)
	}
}

func TestAListThatIsNotCompleteHasAnExitCodeOfItsOwn(t *testing.T) {
	code, out, errs := execute(t, prepared(t, 404), "app", "--format", "json")
	if code != 2 || len(decode(t, out)) != 0 || !strings.HasPrefix(errs, `"acme": `) || !strings.Contains(errs, "Unknown Consumer") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	code, out, errs = execute(t, "http://127.0.0.1:1", "app")
	if code != 2 || out != "" || !strings.Contains(errs, "could not connect") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
}

func TestTheHelpExplainsTheOrderAndTheExitCodes(t *testing.T) {
	code, out, errs := execute(t, "http://127.0.0.1:1", "app", "--help")
	if code != 0 || out != help || errs != "" {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	for _, arguments := range [][]string{{"--format", "xml"}, {"--color"}, {"text"}} {
		code, out, errs := execute(t, "http://127.0.0.1:1", "app", arguments...)
		if code != 2 || out != "" || !strings.Contains(errs, "exit codes:") {
			t.Errorf("%q: %d: %s%s", arguments, code, out, errs)
		}
	}
}

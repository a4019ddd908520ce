package apideckvault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// respondToAny is a handler whose response fits every operation.
func respondToAny(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodDelete && !strings.HasPrefix(r.URL.Path, "/vault/consumers"):
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && (r.URL.Path == "/vault/connections" || r.URL.Path == "/vault/consumers"):
		respond(200, empty)(w, r)
	default:
		respond(200, one)(w, r)
	}
}

// sendExample makes the call of an operation with the example of its description.
func sendExample(ctx context.Context, s *sdkgo.Apideck, operation string, opts ...operations.Option) (components.HTTPMetadata, error) {
	return callOperation(ctx, s, operation, decode[map[string]json.RawMessage](json.RawMessage(exampleRequests[operation])), opts...)
}

func TestEveryOperationSendsWhatItsDescriptionSays(t *testing.T) {
	server := record(t, respondToAny)
	s := connect(t, server.URL)
	ctx := context.Background()
	session := &components.Session{RedirectURI: sdkgo.String("https://a.example/?b=<c>&d"), Settings: &components.Settings{
		UnifiedApis: []components.UnifiedAPIID{components.UnifiedAPIIDCrm}, ShowLogs: sdkgo.Bool(false),
	}}
	leads := components.ConnectionInput{Configuration: []components.ConnectionConfiguration{{Resource: sdkgo.String("leads")}}}
	named := &components.ConsumerMetadata{AccountName: sdkgo.String("Ü")}
	for name, test := range map[string]struct {
		call func() (components.HTTPMetadata, error)
		want exchange
	}{
		"connections.list": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.List(ctx, nil, nil, sdkgo.String("c&m"), sdkgo.Bool(true))
			return res.GetHTTPMeta(), err
		}, exchange{Method: "GET", URL: "/vault/connections?api=c%26m&configured=true"}},
		"connections.get": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Get(ctx, "pipe/drive ü", "crm", nil, nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "GET", URL: "/vault/connections/crm/pipe%2Fdrive%20%C3%BC"}},
		"connections.update": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Update(ctx, operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", Connection: components.ConnectionInput{
				Enabled: sdkgo.Bool(true), Settings: map[string]any{"url": "https://a.example/?b=<c>&d"},
			}})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "PATCH", URL: "/vault/connections/crm/pipedrive", Body: `{"enabled":true,"settings":{"url":"https://a.example/?b=<c>&d"}}`}},
		"connections.delete": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Delete(ctx, "pipedrive", "crm", nil, nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "DELETE", URL: "/vault/connections/crm/pipedrive"}},
		"connections.imports": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Imports(ctx, operations.VaultConnectionsImportRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", ConnectionImportData: components.ConnectionImportData{
				Credentials: &components.Credentials{AccessToken: sdkgo.String("t"), ExpiresIn: sdkgo.Int64(60)},
			}})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/connections/crm/pipedrive/import", Body: `{"credentials":{"access_token":"t","expires_in":60}}`}},
		"connections.token": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Token(ctx, operations.VaultConnectionsTokenRequest{ServiceID: "pipedrive", UnifiedAPI: "crm"})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/connections/crm/pipedrive/token", Body: `{}`}},
		"connections.migrate": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Connections.Migrate(ctx, operations.VaultConnectionsMigrateRequest{ServiceID: "quickbooks", UnifiedAPI: "accounting", ConnectionMigrateData: components.ConnectionMigrateData{
				TargetServiceID: "intuit-enterprise-suite",
			}})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/connections/accounting/quickbooks/migrate", Body: `{"target_service_id":"intuit-enterprise-suite"}`}},
		"validate_connection.state": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.ValidateConnection.State(ctx, operations.VaultValidateConnectionStateRequest{
				ServiceID: "pipedrive", UnifiedAPI: "crm", RequestBody: &operations.VaultValidateConnectionStateRequestBody{},
			})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/connections/crm/pipedrive/validate", Body: `{}`}},
		"connection_settings.list": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.ConnectionSettings.List(ctx, operations.VaultConnectionSettingsAllRequest{UnifiedAPI: "crm", ServiceID: "pipedrive", Resource: "le ads"})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "GET", URL: "/vault/connections/crm/pipedrive/le%20ads/config"}},
		"connection_settings.update": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.ConnectionSettings.Update(ctx, operations.VaultConnectionSettingsUpdateRequest{UnifiedAPI: "crm", ServiceID: "pipedrive", Resource: "leads", Connection: leads})
			return res.GetHTTPMeta(), err
		}, exchange{Method: "PATCH", URL: "/vault/connections/crm/pipedrive/leads/config", Body: `{"configuration":[{"resource":"leads"}]}`}},
		"sessions.create": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Sessions.Create(ctx, nil, nil, session)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/sessions", Body: `{"redirect_uri":"https://a.example/?b=<c>&d","settings":{"unified_apis":["crm"],"show_logs":false}}`}},
		"consumers.create": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Consumers.Create(ctx, components.CreateConsumerRequest{ConsumerID: "acme", Metadata: named}, nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "POST", URL: "/vault/consumers", Body: `{"consumer_id":"acme","metadata":{"account_name":"Ü"}}`}},
		"consumers.list": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Consumers.List(ctx, nil, &components.ConsumersFilter{Search: sdkgo.String("a&b")}, sdkgo.String("em:1="), sdkgo.Int64(7))
			return res.GetHTTPMeta(), err
		}, exchange{Method: "GET", URL: "/vault/consumers?filter%5Bsearch%5D=a%26b&cursor=em%3A1%3D&limit=7"}},
		"consumers.get": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Consumers.Get(ctx, "a/b c", nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "GET", URL: "/vault/consumers/a%2Fb%20c"}},
		"consumers.update": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Consumers.Update(ctx, "acme", components.UpdateConsumerRequest{Metadata: named}, nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "PATCH", URL: "/vault/consumers/acme", Body: `{"metadata":{"account_name":"Ü"}}`}},
		"consumers.delete": {func() (components.HTTPMetadata, error) {
			res, err := s.Vault.Consumers.Delete(ctx, "acme", nil)
			return res.GetHTTPMeta(), err
		}, exchange{Method: "DELETE", URL: "/vault/consumers/acme"}},
	} {
		meta, err := test.call()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := server.last(t)
		if got.Method != test.want.Method || got.URL != test.want.URL || got.Body != test.want.Body {
			t.Errorf("%s: got %s %s %s", name, got.Method, got.URL, got.Body)
		}
		consumer := "test-consumer"
		if strings.HasPrefix(name, "consumers.") {
			consumer = ""
		}
		for header, value := range map[string]string{"Authorization": "Bearer the-api-key", "X-Apideck-Consumer-Id": consumer, "X-Apideck-App-Id": "test-app"} {
			if got.Header.Get(header) != value {
				t.Errorf("%s: %s is %q", name, header, got.Header.Get(header))
			}
		}
		if url := meta.Request.URL.String(); meta.Request.Method != test.want.Method || url != server.URL+test.want.URL {
			t.Errorf("%s: HTTPMeta has %s %s", name, meta.Request.Method, url)
		}
		if meta.Attempts != 1 || meta.Response.StatusCode/100 != 2 || meta.Response.Header.Get("Date") == "" {
			t.Errorf("%s: %+v", name, meta)
		}
	}
}

func TestTheURLOfAResultIsTheOneThatTheServerGot(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/connections") {
			respond(200, empty)(w, r)
			return
		}
		respond(200, one)(w, r)
	})
	for _, base := range []string{"/", "/base/", "/a%2Fb", "/a%20b/"} {
		s := connect(t, server.URL+base)
		for _, id := range []string{"pipedrive", "pipe/drive ü", "a+b&c=d~(e)"} {
			res, err := s.Vault.Connections.Get(context.Background(), id, "crm", nil, nil)
			if url := server.last(t).URL; err != nil || res.HTTPMeta.Request.URL.String() != server.URL+url || res.HTTPMeta.Request.Host != res.HTTPMeta.Request.URL.Host {
				t.Errorf("%s, %s: the server got %s, the result has %v, %v", base, id, url, res.GetHTTPMeta().Request, err)
			}
			several, err := s.Vault.Connections.List(context.Background(), nil, nil, &id, sdkgo.Bool(false))
			if url := server.last(t).URL; err != nil || several.HTTPMeta.Request.URL.String() != server.URL+url {
				t.Errorf("%s, %s: the server got %s, the result has %v, %v", base, id, url, several.GetHTTPMeta().Request, err)
			}
		}
	}
}

func TestEveryOperationReturnsTheErrorTypeOfEachStatus(t *testing.T) {
	ctx := context.Background()
	for status, test := range map[int]struct {
		name   string
		target any
	}{
		400: {"BAD_REQUEST", new(*apierrors.BadRequestResponse)}, 401: {"UNAUTHORIZED", new(*apierrors.UnauthorizedResponse)},
		402: {"PAYMENT_REQUIRED", new(*apierrors.PaymentRequiredResponse)}, 404: {"NOT_FOUND", new(*apierrors.NotFoundResponse)},
		409: {"CONFLICT", new(*apierrors.APIError)}, 422: {"UNPROCESSABLE", new(*apierrors.UnprocessableResponse)},
		429: {"RATE_LIMITED", new(*apierrors.APIError)}, 500: {"API_ERROR", new(*apierrors.APIError)},
	} {
		s := connect(t, record(t, respond(status, `{"message":"the server's message"}`)).URL, sdkgo.WithRetryConfig(retry.Config{}))
		for name := range exampleRequests {
			_, err := sendExample(ctx, s, name)
			var failed apierrors.CallError
			if !errors.As(err, test.target) || !errors.As(err, &failed) || failed.Status() != test.name || !strings.Contains(err.Error(), "the server's message") {
				t.Errorf("%s, %d: %T: %v", name, status, err, err)
			}
		}
	}
}

func TestEveryOperationTakesTheOptionsOfACallAndEndsWithItsContext(t *testing.T) {
	server := record(t, respondToAny)
	s := connect(t, server.URL)
	for name := range exampleRequests {
		if _, err := sendExample(context.Background(), s, name, operations.WithSetHeaders(map[string]string{"x-call": name})); err != nil || server.last(t).Header.Get("X-Call") != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	sent := len(server.requests())
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for name := range exampleRequests {
		if _, err := sendExample(ended, s, name); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %T: %v", name, err, err)
		}
	}
	if len(server.requests()) != sent {
		t.Error("a call whose context had ended sent a request")
	}
}

func TestARequestThatBreaksTheDescriptionIsRefusedBeforeItIsSent(t *testing.T) {
	server := record(t, respondToAny)
	s := connect(t, server.URL)
	ctx, none, bad := context.Background(), sdkgo.String(""), "a\xff"
	for _, test := range []struct {
		want string
		call func() error
	}{
		{"consumer_id: ", func() error { _, err := s.Vault.Sessions.Create(ctx, none, nil, nil); return err }},
		{"consumer_id: ", func() error { _, err := s.Vault.Consumers.Get(ctx, "", nil); return err }},
		{"consumer_id: ", func() error { _, err := s.Vault.Consumers.Delete(ctx, "..", nil); return err }},
		{"consumer_id: is not UTF-8 at byte 1", func() error {
			_, err := s.Vault.Consumers.Update(ctx, bad, components.UpdateConsumerRequest{}, nil)
			return err
		}},
		{"consumer.consumer_id: is not UTF-8 at byte 1", func() error {
			_, err := s.Vault.Consumers.Create(ctx, components.CreateConsumerRequest{ConsumerID: bad}, nil)
			return err
		}},
		{"filter.search: is not UTF-8 at byte 1", func() error {
			_, err := s.Vault.Consumers.List(ctx, nil, &components.ConsumersFilter{Search: &bad}, nil, nil)
			return err
		}},
		{"limit: ", func() error { _, err := s.Vault.Consumers.List(ctx, nil, nil, nil, sdkgo.Int64(0)); return err }},
		{"limit: ", func() error { _, err := s.Vault.Consumers.List(ctx, nil, nil, nil, sdkgo.Int64(201)); return err }},
		{"resource: ", func() error {
			_, err := s.Vault.ConnectionSettings.List(ctx, operations.VaultConnectionSettingsAllRequest{UnifiedAPI: "crm", ServiceID: "pipedrive"})
			return err
		}},
		{"service_id: ", func() error {
			_, err := s.Vault.ValidateConnection.State(ctx, operations.VaultValidateConnectionStateRequest{UnifiedAPI: "crm"})
			return err
		}},
		{"connection.settings.at: +Inf cannot be sent as JSON", func() error {
			_, err := s.Vault.ConnectionSettings.Update(ctx, operations.VaultConnectionSettingsUpdateRequest{UnifiedAPI: "crm", ServiceID: "pipedrive", Resource: "leads",
				Connection: components.ConnectionInput{Settings: map[string]any{"at": math.Inf(1)}}})
			return err
		}},
	} {
		if err := test.call(); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %T: %v", test.want, err, err)
		}
	}
	if requests := server.requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

func TestASessionIsOptional(t *testing.T) {
	server := record(t, respond(200, `{"status_code":200,"status":"OK","data":{"session_uri":"https://vault.example/s","session_token":"secret-token"}}`))
	res, err := connect(t, server.URL).Vault.Sessions.Create(context.Background(), sdkgo.String("acme"), sdkgo.String("other-app"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if request := server.last(t); request.Body != "{}" || request.Header.Get("X-Apideck-Consumer-Id") != "acme" || request.Header.Get("X-Apideck-App-Id") != "other-app" {
		t.Errorf("%+v", request)
	}
	if data := res.CreateSessionResponse.Data; data.SessionURI != "https://vault.example/s" || data.SessionToken != "secret-token" {
		t.Errorf("%s", data.SessionURI)
	}
}

// pages returns a server with the consumers c0, c1, … on pages of the limit of the request.
func pages(t *testing.T, consumers int) *recorder {
	return record(t, func(w http.ResponseWriter, r *http.Request) {
		first, limit := 0, 20
		fmt.Sscanf(r.URL.Query().Get("cursor"), "from ü%d", &first)
		fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		next, data := "null", []string{}
		for i := first; i < min(first+limit, consumers); i++ {
			data = append(data, fmt.Sprintf(`{"consumer_id":"c%d"}`, i))
		}
		if first+limit < consumers {
			next = fmt.Sprintf(`"from \u00fc%d"`, first+limit)
		}
		respond(200, `{"status_code":200,"status":"OK","data":[`+strings.Join(data, ",")+`],"meta":{"items_on_page":1,"cursors":{"current":"x","next":`+next+`}}}`)(w, r)
	})
}

func TestNextFollowsThePagesWithTheArgumentsAndOptionsOfTheFirstCall(t *testing.T) {
	server := pages(t, 7)
	s := connect(t, server.URL)
	filter := &components.ConsumersFilter{ConsumerID: sdkgo.String("c")}
	header := operations.WithSetHeaders(map[string]string{"x-call": "all"})
	var found []string
	res, err := s.Vault.Consumers.List(context.Background(), sdkgo.String("other-app"), filter, nil, sdkgo.Int64(3), header)
	for res != nil && err == nil {
		for _, consumer := range res.GetConsumersResponse.Data {
			found = append(found, *consumer.ConsumerID)
		}
		res, err = res.Next()
	}
	if err != nil || !slices.Equal(found, []string{"c0", "c1", "c2", "c3", "c4", "c5", "c6"}) {
		t.Errorf("%v, %v", found, err)
	}
	requests := server.requests()
	if len(requests) != 3 {
		t.Fatalf("%d requests", len(requests))
	}
	for i, cursor := range []string{"", "&cursor=from%20%C3%BC3", "&cursor=from%20%C3%BC6"} {
		if r := requests[i]; r.URL != "/vault/consumers?filter%5Bconsumer_id%5D=c"+cursor+"&limit=3" || r.Header.Get("X-Call") != "all" || r.Header.Get("X-Apideck-App-Id") != "other-app" {
			t.Errorf("%d: %s %v", i, r.URL, r.Header)
		}
	}
}

func TestAPageCanBeReadAgainAndItsNextPageRequestedAgain(t *testing.T) {
	s := connect(t, pages(t, 4).URL)
	first, err := s.Vault.Consumers.List(context.Background(), nil, nil, nil, sdkgo.Int64(2))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		second, err := first.Next()
		if err != nil || *second.GetConsumersResponse.Data[0].ConsumerID != "c2" {
			t.Fatalf("%v", err)
		}
	}
}

func TestNextEndsWhereTheServerNamesNoFurtherPage(t *testing.T) {
	for meta, want := range map[string]string{
		``: "", `,"meta":null`: "", `,"meta":{}`: "", `,"meta":{"cursors":null}`: "", `,"meta":{"cursors":{}}`: "", `,"meta":{"cursors":{"next":null}}`: "",
		`,"meta":{"cursors":{"next":""}}`: "", `,"meta":{"cursors":{"next":"  "}}`: "", `,"meta":{"cursors":{"next":["x"]}}`: "", `,"meta":["cursors"]`: "",
		`,"meta":{"cursors":{"next":"x"}}`: "x", `,"meta":{"cursors":{"next":17}}`: "17",
	} {
		server := record(t, respond(200, `{"status_code":200,"status":"OK","data":[]`+meta+`}`))
		res, err := connect(t, server.URL).Vault.Consumers.List(context.Background(), nil, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		next, err := res.Next()
		if err != nil || (next != nil) != (want != "") {
			t.Errorf("%s: %v, %v", meta, next, err)
		}
		if want != "" && server.last(t).URL != "/vault/consumers?cursor="+want {
			t.Errorf("%s: %s", meta, server.last(t).URL)
		}
	}
}

func TestNextReturnsTheErrorOfItsCall(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("cursor") {
			respond(404, `{"message":"no such cursor"}`)(w, r)
			return
		}
		respond(200, `{"status_code":200,"status":"OK","data":[],"meta":{"cursors":{"next":"gone"}}}`)(w, r)
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	res, err := connect(t, server.URL).Vault.Consumers.List(ctx, nil, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if next, err := res.Next(); next != nil || !errors.As(err, new(*apierrors.NotFoundResponse)) {
		t.Errorf("%T: %v", err, err)
	}
	cancel()
	if next, err := res.Next(); next != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%T: %v", err, err)
	}
}

func TestAMigrationMovesAConnectionAndAMissingTargetIsAConflict(t *testing.T) {
	ctx := context.Background()
	s := connect(t, sandbox(), sdkgo.WithConsumerID("migrating-consumer"))
	imported, err := s.Vault.Connections.Imports(ctx, operations.VaultConnectionsImportRequest{ServiceID: "quickbooks", UnifiedAPI: "accounting", ConnectionImportData: components.ConnectionImportData{
		Credentials: &components.Credentials{AccessToken: sdkgo.String("a"), RefreshToken: sdkgo.String("r")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	migrate := func(target string) (*operations.VaultConnectionsMigrateResponse, error) {
		return s.Vault.Connections.Migrate(ctx, operations.VaultConnectionsMigrateRequest{ServiceID: "quickbooks", UnifiedAPI: "accounting",
			ConnectionMigrateData: components.ConnectionMigrateData{TargetServiceID: target}})
	}
	var conflict *apierrors.APIError
	if _, err := migrate("pipedrive"); !errors.As(err, &conflict) || conflict.StatusCode != 409 || conflict.Status() != "CONFLICT" || conflict.Retryable() {
		t.Errorf("%T: %v", err, err)
	}
	moved, err := migrate("intuit-enterprise-suite")
	if err != nil {
		t.Fatal(err)
	}
	if data := moved.GetCreateConnectionResponse().Data; *data.ServiceID != "intuit-enterprise-suite" || *data.State != *imported.CreateConnectionResponse.Data.State {
		t.Errorf("%v", data)
	}
}

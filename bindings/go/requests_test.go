package apideckvault_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// update updates a connection and returns the error.
func update(s *sdkgo.Apideck, input components.ConnectionInput) error {
	_, err := s.Vault.Connections.Update(context.Background(), operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", Connection: input})
	return err
}

// imports imports a connection and returns the error.
func imports(s *sdkgo.Apideck, data components.ConnectionImportData) error {
	_, err := s.Vault.Connections.Imports(context.Background(), operations.VaultConnectionsImportRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", ConnectionImportData: data})
	return err
}

func TestForcedFieldsAreSentEmptyAndNullFieldsAsNull(t *testing.T) {
	server := record(t, respond(200, one))
	s := connect(t, server.URL)
	option := components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{Label: sdkgo.String("l"), NullFields: []string{"ID"}})
	for want, input := range map[string]components.ConnectionInput{
		`{"metadata":{}}`:                 {Metadata: map[string]any{}, ForceSendFields: []string{"Metadata"}},
		`{"settings":{},"metadata":null}`: {ForceSendFields: []string{"Settings"}, NullFields: []string{"Metadata"}},
		`{"enabled":false,"configuration":[],"custom_mappings":[],"consent_state":"","application_data_scopes":{}}`: {ForceSendFields: []string{"CustomMappings", "Enabled", "Configuration", "ConsentState", "ApplicationDataScopes"}},
		`{"enabled":null,"configuration":null,"custom_mappings":null,"latest_consent":null}`:                        {NullFields: []string{"Enabled", "Configuration", "CustomMappings", "LatestConsent"}},
		`{"enabled":true,"metadata":{"a":"<"}}`:                                                                     {Enabled: sdkgo.Bool(true), Metadata: map[string]any{"a": "<"}, ForceSendFields: []string{"Enabled", "Metadata"}},
		`{"configuration":[{"resource":"leads","defaults":[{"id":"a","options":[],"value":null},{"id":null,"options":[{"id":null,"label":"l","options":[],"option_type":"group"}]}]},{"resource":"","defaults":[]}],"custom_mappings":[{"value":null}]}`: {
			Configuration: []components.ConnectionConfiguration{
				{Resource: sdkgo.String("leads"), Defaults: []components.ConnectionDefaults{
					{ID: sdkgo.String("a"), ForceSendFields: []string{"Options"}, NullFields: []string{"Value"}},
					{NullFields: []string{"ID"}, Options: []components.FormFieldOption{option}},
				}},
				{ForceSendFields: []string{"Resource", "Defaults"}},
			},
			CustomMappings: []components.CustomMappingInput{{NullFields: []string{"Value"}}},
		},
	} {
		if got, err := json.Marshal(input); err != nil || strings.ReplaceAll(string(got), `\u003c`, "<") != want {
			t.Errorf("json.Marshal: %s, %v\nwant %s", got, err, want)
		}
		if err := update(s, input); err != nil {
			if !strings.Contains(err.Error(), "null") { // the library refuses null where the API's types do
				t.Errorf("%s: %v", want, err)
			}
		} else if got := server.last(t).Body; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	data := components.ConnectionImportData{
		Credentials:     &components.Credentials{NullFields: []string{"RefreshToken", "IssuedAt"}, ForceSendFields: []string{"ExpiresIn", "AccessToken"}},
		ForceSendFields: []string{"Settings", "Metadata"},
	}
	want := `{"credentials":{"refresh_token":null,"access_token":"","issued_at":null,"expires_in":0},"settings":{},"metadata":{}}`
	if got, err := json.Marshal(data); err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestTheErrorNamesAFieldThatCannotBeForced(t *testing.T) {
	server := record(t, respond(200, one))
	s := connect(t, server.URL)
	for want, input := range map[string]components.ConnectionInput{
		`connection.ForceSendFields: there is no field "metadata"; did you mean "Metadata"?`:            {ForceSendFields: []string{"metadata"}},
		`connection.NullFields: there is no field "CustomMaping"; did you mean "CustomMappings"?`:       {NullFields: []string{"CustomMaping"}},
		`connection.NullFields: there is no field "NullFields"; did you mean `:                          {NullFields: []string{"NullFields"}},
		`connection.configuration[1].NullFields: there is no field "Defalts"; did you mean "Defaults"?`: {Configuration: []components.ConnectionConfiguration{{}, {NullFields: []string{"Defalts"}}}},
		`connection.metadata: the field is in NullFields and has a value`:                               {Metadata: map[string]any{"a": 1}, NullFields: []string{"Metadata"}},
		`connection.latest_consent: the field is in ForceSendFields and has no empty value`:             {ForceSendFields: []string{"LatestConsent"}},
	} {
		if err := update(s, input); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%T: %v\nwant %s", err, err, want)
		}
	}
	if err := imports(s, components.ConnectionImportData{Credentials: &components.Credentials{ForceSendFields: []string{"IssuedAt"}}}); err == nil || !strings.HasPrefix(err.Error(), "connection_import_data.credentials.issued_at: ") {
		t.Errorf("%v", err)
	}
	if requests := server.requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

// loop is a type whose values can contain themselves.
type loop struct {
	Next *loop `json:"next"`
}

func TestTheErrorHasThePathOfAValueThatCannotBeSent(t *testing.T) {
	server := record(t, respond(200, one))
	s := connect(t, server.URL)
	cyclic := map[string]any{"a": 1}
	cyclic["self"] = []any{cyclic}
	looped := &loop{Next: &loop{}}
	looped.Next.Next = looped
	input := &components.ConnectionInput{Metadata: map[string]any{}}
	input.Metadata["input"] = input
	list := []any{nil}
	list[0] = list
	const bad = "a\xff"
	settings := func(value any) components.ConnectionInput {
		return components.ConnectionInput{Settings: map[string]any{"good": "é\ufffd", "plan": map[string]any{"seats": []any{1, value}}}}
	}
	for want, input := range map[string]components.ConnectionInput{
		`connection.settings.plan.seats[1]: a chan int cannot be sent as JSON`:   settings(make(chan int)),
		`connection.settings.plan.seats[1]: a func() cannot be sent as JSON`:     settings(func() {}),
		`connection.settings.plan.seats[1]: a complex128 cannot be sent as JSON`: settings(complex(1, 2)),
		`connection.settings.plan.seats[1]: NaN cannot be sent as JSON`:          settings(math.NaN()),
		`connection.settings.plan.seats[1].At: +Inf cannot be sent as JSON`:      settings(struct{ At float64 }{math.Inf(1)}),
		`connection.settings.plan.seats[1]: invalid number literal`:              settings(json.Number("1-2")),
		`connection.settings.plan.seats[1]: unexpected end of JSON input`:        settings(json.RawMessage("{")),
		`connection.settings.plan.seats[1]: is not UTF-8`:                        settings(json.RawMessage("\"\xff\"")),
		`connection.settings.plan.seats[1]: is not UTF-8 at byte 1`:              settings(bad),
		`connection.settings.plan.seats[1].name: is not UTF-8 at byte 1`: settings(struct {
			Name string `json:"name"`
		}{bad}),
		`connection.settings.plan.seats[1]."a\xff": is not UTF-8 at byte 1`:                    settings(map[string]int{bad: 1}),
		`connection.settings.plan.seats[1].self[0]: contains itself`:                           settings(cyclic),
		`connection.settings.plan.seats[1].next.next: contains itself`:                         settings(looped),
		`connection.settings.plan.seats[1][0]: contains itself`:                                settings(list),
		`connection.metadata.input.metadata: contains itself`:                                  *input,
		`connection.custom_mappings[1].value: is not UTF-8 at byte 1`:                          {CustomMappings: []components.CustomMappingInput{{}, {Value: sdkgo.String(bad)}}},
		`connection.consent_state: is not UTF-8 at byte 1`:                                     {ConsentState: sdkgo.Pointer(components.ConsentState(bad))},
		`connection.latest_consent.resources."a\xff": is not UTF-8 at byte 1`:                  {LatestConsent: &components.ConsentRecordInput{Resources: components.CreateDataScopesResourcesMapOfMapOfDataScopesResources1(map[string]map[string]components.DataScopesResources1{bad: nil})}},
		`connection.latest_consent.resources: components.DataScopesResources: no field is set`: {LatestConsent: &components.ConsentRecordInput{}},
		`connection.configuration[0].defaults[0].options[0].label: is not UTF-8 at byte 1`: {Configuration: []components.ConnectionConfiguration{{Defaults: []components.ConnectionDefaults{{
			Options: []components.FormFieldOption{components.CreateFormFieldOptionSimple(components.SimpleFormFieldOption{Label: sdkgo.String(bad)})}}}}}},
		`connection.configuration[0].defaults[0].value: components.ConnectionValue: no field is set`: {Configuration: []components.ConnectionConfiguration{{Defaults: []components.ConnectionDefaults{{Value: new(components.ConnectionValue)}}}}},
		`connection.configuration[0].defaults[0].value: NaN cannot be sent as JSON`:                  {Configuration: []components.ConnectionConfiguration{{Defaults: []components.ConnectionDefaults{{Value: sdkgo.Pointer(components.CreateConnectionValueNumber(math.NaN()))}}}}},
	} {
		if err := update(s, input); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%T: %v\nwant %s", err, err, want)
		}
	}
	if _, err := json.Marshal(input); err == nil || !strings.Contains(err.Error(), "contains itself") {
		t.Errorf("json.Marshal of a cyclic value: %v", err)
	}
	if err := imports(s, components.ConnectionImportData{Credentials: &components.Credentials{AccessToken: sdkgo.String("secret\xff")}}); err == nil || err.Error() != "connection_import_data.credentials.access_token: is not UTF-8 at byte 6" {
		t.Errorf("%v", err)
	}
	shared := map[string]any{"a": 1} // occurs twice in a value, which is not a cycle
	if err := update(s, components.ConnectionInput{Settings: map[string]any{"x": shared, "y": []any{shared, shared}}}); err != nil || len(server.requests()) != 1 {
		t.Errorf("%v, %d requests", err, len(server.requests()))
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	server := record(t, respond(200, one))
	s := connect(t, server.URL)
	ctx, bad := context.Background(), "a\xff"
	connections := s.Vault.Connections
	for want, call := range map[string]func() error{
		"service_id":           func() error { _, err := connections.Get(ctx, bad, "crm", nil, nil); return err },
		"unified_api":          func() error { _, err := connections.Delete(ctx, "pipedrive", bad, nil, nil); return err },
		"consumer_id":          func() error { _, err := connections.Get(ctx, "pipedrive", "crm", &bad, nil); return err },
		"app_id":               func() error { _, err := connections.Get(ctx, "pipedrive", "crm", nil, &bad); return err },
		"api":                  func() error { _, err := connections.List(ctx, nil, nil, &bad, nil); return err },
		"server_url":           func() error { return list(ctx, s, operations.WithServerURL("http://127.0.0.1/"+bad)) },
		"http_headers.x-a":     func() error { return list(ctx, s, operations.WithSetHeaders(map[string]string{"x-a": bad})) },
		`http_headers."a\xff"`: func() error { return list(ctx, s, operations.WithSetHeaders(map[string]string{bad: "x"})) },
		"user_agent":           func() error { return list(ctx, connect(t, server.URL, sdkgo.WithUserAgent(bad))) },
	} {
		if err := call(); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), want+": is not UTF-8 at byte ") {
			t.Errorf("%s: %T: %v", want, err, err)
		}
	}
	for name, option := range map[string]sdkgo.SDKOption{"api_key": sdkgo.WithSecurity(bad), "consumer_id": sdkgo.WithConsumerID(bad), "app_id": sdkgo.WithAppID(bad)} {
		if err := list(ctx, connect(t, server.URL, option)); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), name+": is not UTF-8 at byte 1") {
			t.Errorf("%s: %T: %v", name, err, err)
		}
	}
	if requests := server.requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

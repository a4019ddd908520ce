package apideckvault_test

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// stamp is a type of a program that uses the rules of encoding/json.
type stamp struct {
	Name    string    `json:"name"`
	Skipped string    `json:"-"`
	Empty   []int     `json:"empty,omitempty"`
	Quoted  int       `json:"quoted,string"`
	Bytes   []byte    `json:"bytes"`
	At      time.Time `json:"at"`
	inner
}

type inner struct{ Plain float32 }

// bodies returns the bodies of updates and of imports by name.
func bodies() (updates map[string]components.ConnectionInput, imports map[string]components.ConnectionImportData) {
	label, html, id := "General", "<a href=\"x\">&\u2028\u2029</a>\t\\ é \U0001F600 \x7f", "i"
	at := time.Date(2024, 2, 3, 4, 5, 6, 789, time.FixedZone("", 3600))
	value := components.CreateSimpleFormFieldOptionValueArrayOf5([]components.Five{components.CreateFiveStr(html), components.CreateFiveInteger(math.MinInt64), components.CreateFiveNumber(1e21)})
	simple := components.SimpleFormFieldOption{Label: &label, Value: &value}
	updates = map[string]components.ConnectionInput{
		"nothing":    {},
		"empty":      {Settings: map[string]any{}, Metadata: map[string]any{}, Configuration: []components.ConnectionConfiguration{}, CustomMappings: []components.CustomMappingInput{}},
		"zeros":      {Enabled: sdkgo.Bool(false), ConsentState: sdkgo.Pointer(components.ConsentState("")), CustomMappings: []components.CustomMappingInput{{}, {Value: sdkgo.String("")}}, LatestConsent: &components.ConsentRecordInput{Resources: components.CreateDataScopesResourcesDataScopesResources2("*")}, ApplicationDataScopes: &components.DataScopesInput{}},
		"any values": {Settings: map[string]any{"z": nil, "a": 1, "b": 1.5, "c": float32(0.1), "d": html, "e": []any{1e-7, 1e21, uint64(math.MaxUint64), "", []string(nil), map[string]string(nil)}, "f": map[int]bool{2: true, -1: false}, html: json.Number("12345678901234567890"), "g": json.RawMessage(`{ "k" : [1, 2] }`), "h": stamp{Name: html, Bytes: []byte{1, 2, 255}, At: at, inner: inner{1.5}}, "i": &id, "j": at, "k": time.Second}},
		"whole": {
			Enabled: sdkgo.Bool(true), Metadata: map[string]any{"plan": map[string]any{"name": "team", "seats": []int{1, 2}}},
			Configuration: []components.ConnectionConfiguration{{}, {Resource: sdkgo.String("leads"), Defaults: []components.ConnectionDefaults{{}, {
				ID: &id, Value: sdkgo.Pointer(components.CreateConnectionValueArrayOfValue5([]components.Value5{components.CreateValue5Number(0.1), components.CreateValue5Str("<>")})),
				Options: []components.FormFieldOption{
					components.CreateFormFieldOptionSimpleFormFieldOption(simple),
					components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{ID: &id, Label: &html, Options: []components.SimpleFormFieldOption{simple, {Label: &id}}}),
					components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{Label: &label}),
				},
			}}}},
			ConsentState: components.ConsentStateGranted.ToPointer(),
			LatestConsent: &components.ConsentRecordInput{Granted: true, Resources: components.CreateDataScopesResourcesMapOfMapOfDataScopesResources1(
				map[string]map[string]components.DataScopesResources1{"crm.leads": {"id": {Read: sdkgo.Bool(true)}, "a<b": {}}})},
			ApplicationDataScopes: &components.DataScopesInput{Enabled: sdkgo.Bool(true), Resources: sdkgo.Pointer(components.CreateDataScopesResourcesDataScopesResources2("*"))},
		},
	}
	imports = map[string]components.ConnectionImportData{
		"nothing": {},
		"empty":   {Credentials: &components.Credentials{}, Settings: map[string]any{}},
		"whole": {
			Credentials: &components.Credentials{RefreshToken: sdkgo.String("r<"), AccessToken: &html, IssuedAt: &at, ExpiresIn: sdkgo.Int64(0)},
			Settings:    map[string]any{"instance_url": "https://a.example/?b&c"}, Metadata: map[string]any{"k": []any{}},
		},
	}
	return updates, imports
}

// testdata/requests/bodies.json has the bodies that the encoder sent before it had ForceSendFields and NullFields.
func TestRequestsWithoutForcedFieldsAreTheSameBytesAsBefore(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "requests", "bodies.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	server := record(t, func(w http.ResponseWriter, r *http.Request) { respond(200, one)(w, r) })
	s := connect(t, server.URL)
	updates, imports := bodies()
	if len(want) != len(updates)+len(imports) {
		t.Errorf("%d bodies, not %d", len(want), len(updates)+len(imports))
	}
	compare := func(name string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := server.last(t).Body; got != want[name] {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want[name])
		}
	}
	for name, input := range updates {
		_, err := s.Vault.Connections.Update(context.Background(), operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", Connection: input})
		compare("update: "+name, err)
	}
	for name, data := range imports {
		_, err := s.Vault.Connections.Imports(context.Background(), operations.VaultConnectionsImportRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", ConnectionImportData: data})
		compare("import: "+name, err)
	}
}

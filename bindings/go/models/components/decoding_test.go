package components_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

const connection = `{
 "id":"crm+acme","service_id":"acme","name":"Acme \"CRM\"","tag_line":null,"unified_api":"crm","state":"callable",
 "integration_state":"configured","auth_type":"oauth2","oauth_grant_type":"authorization_code","status":"live","enabled":true,
 "website":"https://acme.example","icon":"https://acme.example/i.png","logo":"https://acme.example/l.png",
 "authorize_url":"https://unify.example/vault/authorize/acme/x?state=a%2Fb","revoke_url":null,
 "settings":{"instance_url":"https://eu.acme.example","limit":10,"big":12345678901234567890,"nested":{"list":[1,2.5,"a",null,true,{}]}},
 "metadata":{"account":{"name":"My Company"},"plan":"enterprise"},
 "form_fields":[{"id":"instance_url","label":"Instance","placeholder":null,"description":"","type":"text","required":true,"custom_field":false,
   "disabled":false,"hidden":false,"deprecated":false,"sensitive":false,"prefix":"https://","suffix":".example","options":[
     {"label":"General","value":"general","option_type":"simple"},
     {"id":"g","label":"More","options":[{"label":"One","value":1,"option_type":"simple"},{"label":"Both","value":["a",2],"option_type":"simple"}],"option_type":"group"}]},
  {"id":"type","type":"hologram","allow_custom_values":true}],
 "configuration":[{"resource":"leads","defaults":[{"target":"custom_fields","id":"ProductInterest","options":[{"label":"x","value":true,"option_type":"simple"}],"value":"GC5000 series"}]}],
 "configurable_resources":["leads","contacts"],"resource_schema_support":[],"resource_settings_support":null,"validation_support":true,"schema_support":false,
 "settings_required_for_authorization":["instance_url"],
 "subscriptions":[{"downstream_id":"1","unify_event_types":["crm.contact.created"],"downstream_event_types":["contact"],"execute_url":"https://e.example","created_at":"2020-09-30T07:43:32.000Z"}],
 "has_guide":true,"custom_mappings":[{"id":"m","label":"l","description":null,"value":"$.root","key":"k","required":false,"custom_field":true,"consumer_id":null,"example":"e"}],
 "consent_state":"granted","consents":[{"id":"c1","created_at":"2020","granted":true,"resources":"*"}],
 "latest_consent":{"id":"c1","created_at":"2020","granted":true,"resources":{"crm.leads":{"id":{"read":true,"write":false}}}},
 "application_data_scopes":{"enabled":true,"updated_at":"2020","resources":"*"},
 "health":"ok","credentials_expire_at":0,"last_refresh_failed_at":0,"last_downstream_error_at":1.5e12,"created_at":1616662002753,"updated_at":1616662002753.5,
 "an_unknown_field":{"deep":[{"}":"]"}]}
}`

func TestEveryFieldOfAConnectionIsReadAndEncodedAgain(t *testing.T) {
	var response components.GetConnectionsResponse
	text := `{"status_code":200,"status":"OK","data":[` + connection + `,` + connection + `],"_raw":{"a":[1]},"meta":{}}`
	if err := response.DecodeJSON(text); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 200 || response.Status != "OK" || len(response.Data) != 2 || response.Raw == nil {
		t.Fatalf("%+v", response)
	}
	for _, c := range response.Data {
		encoded, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		want := value(t, connection).(map[string]any)
		delete(want, "an_unknown_field")
		want["form_fields"].([]any)[0].(map[string]any)["allow_custom_values"] = false
		if got := value(t, string(encoded)); !reflect.DeepEqual(dropEmpty(got), dropEmpty(want)) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if *c.ID != "crm+acme" || *c.Name != `Acme "CRM"` || *c.State != components.ConnectionStateCallable || *c.CreatedAt != 1616662002753 {
			t.Errorf("%+v", c)
		}
		if c.TagLine != nil || c.RevokeURL != nil || c.ResourceSettingsSupport != nil || c.ResourceSchemaSupport == nil {
			t.Error("null must be nil, and an empty array must not be nil")
		}
		if c.Settings["big"] != json.Number("12345678901234567890") || c.Settings["limit"] != float64(10) {
			t.Errorf("%#v", c.Settings)
		}
		if field := c.FormFields[1]; field.Type.IsExact() || *field.Type != "hologram" || *c.FormFields[0].AllowCustomValues || !*field.AllowCustomValues {
			t.Errorf("%+v", field)
		}
		if group := c.FormFields[0].Options[1].FormFieldOptionGroup; *group.Options[1].Value.ArrayOf5[1].Integer != 2 {
			t.Errorf("%+v", group)
		}
	}
}

func TestTheMetaOfAConnectionIsRead(t *testing.T) {
	var response components.GetConnectionResponse
	text := `{"status_code":200,"status":"OK","data":{},"meta":{"items_on_page":1,"cursors":{"next":"n"},"total_count":2,"warnings":[{"type":"t","status_code":429}]}}`
	if err := response.DecodeJSON(text); err != nil {
		t.Fatal(err)
	}
	if meta := response.GetMeta(); *meta.ItemsOnPage != 1 || *meta.GetCursors().GetNext() != "n" || *meta.TotalCount != 2 || *meta.Warnings[0].StatusCode != 429 {
		t.Errorf("%+v", meta)
	}
}

func TestANumberInAMapIsAFloat64UnlessItIsAWholeNumberThatDoesNotFit(t *testing.T) {
	for text, want := range map[string]any{
		`0.30000000000000004`: 0.30000000000000004, `-12345678901234567890.5`: -12345678901234567890.5, `3.1415926535897932384626`: 3.1415926535897932384626,
		`1.7976931348623157e+308`: 1.7976931348623157e+308, `1e3`: 1e3, `10`: 10.0, `-0`: math.Copysign(0, -1), `9007199254740992`: 9007199254740992.0,
		`18446744073709551616`: 18446744073709551616.0, `9007199254740993`: json.Number("9007199254740993"),
		`-12345678901234567891`: json.Number("-12345678901234567891"), `1e999`: json.Number("1e999"),
	} {
		var data components.ConnectionImportData
		if err := data.UnmarshalJSON([]byte(`{"settings":{"a":` + text + `}}`)); err != nil || !reflect.DeepEqual(data.Settings["a"], want) {
			t.Errorf("%s is %#v: %v", text, data.Settings["a"], err)
		}
	}
}

// dropEmpty removes the members that omitempty leaves out.
func dropEmpty(v any) any {
	if list, ok := v.([]any); ok {
		for i := range list {
			list[i] = dropEmpty(list[i])
		}
	}
	if object, ok := v.(map[string]any); ok {
		for key, member := range object {
			member = dropEmpty(member)
			if list, ok := member.([]any); member == nil || ok && len(list) == 0 {
				delete(object, key)
			}
		}
	}
	return v
}

func TestListsOfAnyLengthDoNotShareElements(t *testing.T) {
	for _, length := range []int{0, 1, 2, 7, 8, 9, 100, 3000} {
		var elements []string
		for i := range length {
			elements = append(elements, fmt.Sprintf(`{"id":"%d","enabled":%t,"created_at":%d,"configurable_resources":["a%d","b"],"form_fields":[{"id":"f%d"},{"id":"g%d"}]}`, i, i%2 == 0, i, i, i, i))
		}
		var response components.GetConnectionsResponse
		if err := response.DecodeJSON(`{"data":[` + strings.Join(elements, ",") + `]}`); err != nil {
			t.Fatal(err)
		}
		if len(response.Data) != length || response.Data == nil {
			t.Fatalf("%d of %d", len(response.Data), length)
		}
		for i, c := range response.Data {
			if *c.ID != fmt.Sprint(i) || *c.Enabled != (i%2 == 0) || *c.CreatedAt != float64(i) || c.ConfigurableResources[0] != fmt.Sprint("a", i) ||
				len(c.FormFields) != 2 || *c.FormFields[0].ID != fmt.Sprint("f", i) || *c.FormFields[1].ID != fmt.Sprint("g", i) {
				t.Fatalf("element %d: %+v", i, c)
			}
		}
		for i := range response.Data { // appending to one list must not change the next one
			response.Data[i].FormFields = append(response.Data[i].FormFields, components.FormField{})
			response.Data[i].ConfigurableResources = append(response.Data[i].ConfigurableResources, "x")
		}
		for i, c := range response.Data {
			if *c.FormFields[0].ID != fmt.Sprint("f", i) || c.ConfigurableResources[0] != fmt.Sprint("a", i) {
				t.Fatalf("element %d was overwritten", i)
			}
		}
	}
}

func TestTextThatIsNotAJSONObjectIsAnError(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                      `offset 0: expected an object, found an array`,
		`"{}"`:                    `offset 0: expected an object, found a string`,
		`{"data":[`:               `data[0]: expected a value or the end of an array`,
		`{"data":[{"id":7,"name"`: `data[0].id: expected a colon`,
		`{"data":tru}`:            `data: expected true`,
		``:                        `offset 0: expected an object, found the end of the text`,
		`{} x`:                    `offset 3: expected the end of the text`,
	} {
		var response components.GetConnectionsResponse
		if err := response.DecodeJSON(text); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestARequestWithAValueOfAnotherTypeIsRefusedWithThePath(t *testing.T) {
	for text, want := range map[string]string{
		`{"configuration":[{},{"defaults":[{"id":"a,b:{"},{"id":17}]}]}`: `configuration[1].defaults[1].id: expected a string, found a number`,
		`{"configuration":{}}`:             `configuration: expected an array, found an object`,
		`{"settings":"{}"}`:                `settings: expected an object, found a string`,
		`{"enabled":"yes"}`:                `enabled: expected a boolean, found a string`,
		`{"latest_consent":{"granted":1}}`: `latest_consent.granted: expected a boolean, found a number`,
		`{"latest_consent":{"resources":{"crm.leads":{"id":{"read":1}}}}}`: `latest_consent.resources.crm.leads.id.read: expected a boolean, found a number`,
		`{"application_data_scopes":7}`:                                    `application_data_scopes: expected an object, found a number`,
	} {
		if err := new(components.ConnectionInput).UnmarshalJSON([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
	for text, want := range map[string]string{
		`{"credentials":{"expires_in":1.5}}`:    `credentials.expires_in: expected a whole number that fits an int64`,
		`{"credentials":{"issued_at":"today"}}`: `credentials.issued_at: expected a date and time of RFC 3339`,
	} {
		if err := new(components.ConnectionImportData).UnmarshalJSON([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestCredentialsDoNotShowInPrints(t *testing.T) {
	secret := "s3cr3t"
	data := components.ConnectionImportData{Credentials: &components.Credentials{AccessToken: &secret, RefreshToken: &secret}}
	for _, format := range []string{"%v", "%+v", "%s", "%#v"} {
		for _, value := range []any{*data.Credentials, data.Credentials, components.Security{APIKey: &secret}} {
			if text := fmt.Sprintf(format, value); strings.Contains(text, secret) {
				t.Errorf("%s of %T: %s", format, value, text)
			}
		}
	}
}

func TestImportDataIsReadAsItIsEncoded(t *testing.T) {
	issued, expires, token := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC), int64(3600), "t"
	data := components.ConnectionImportData{Credentials: &components.Credentials{AccessToken: &token, IssuedAt: &issued, ExpiresIn: &expires}, Settings: map[string]any{"a": "b"}}
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, string(text), `{"credentials":{"access_token":"t","issued_at":"2024-02-03T04:05:06Z","expires_in":3600},"settings":{"a":"b"}}`)
	var read components.ConnectionImportData
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read, data) {
		t.Errorf("%+v, %v", read, err)
	}
}

func TestGettersOfNilAreZero(t *testing.T) {
	var response *components.GetConnectionsResponse
	if response.GetData() != nil || response.GetStatusCode() != 0 {
		t.Error("a getter of nil does not return the zero value")
	}
	var c *components.Connection
	if c.GetID() != nil || c.GetSettings() != nil || c.GetState() != nil {
		t.Error("a getter of nil does not return the zero value")
	}
}

package components_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// printed returns what fmt and log/slog print of a value, by the way of printing.
func printed(value any) map[string]string {
	texts := map[string]string{}
	for _, format := range []string{"%v", "%+v", "%s", "%#v"} {
		texts[format] = fmt.Sprintf(format, value)
	}
	var text, json bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", value)
	slog.New(slog.NewJSONHandler(&json, nil)).Info("m", "v", value)
	_, texts["slog text"], _ = strings.Cut(text.String(), " v=")
	_, texts["slog json"], _ = strings.Cut(json.String(), `"v":`)
	return texts
}

func TestAConnectionPrintsInTwoLinesWithoutImagesAndSecrets(t *testing.T) {
	long := strings.Repeat("long\\n", 100)
	text := strings.Replace(connection, `"icon":"https://acme.example/i.png"`, `"icon":"data:image/png;base64,`+strings.Repeat("iVBORw0KGgo", 1000)+`"`, 1)
	text = strings.NewReplacer("state=a%2Fb", "state=s3cr3t", `"instance_url":"https://eu.acme.example"`, `"password":"s3cr3t"`).Replace(text)
	for _, name := range []string{`Acme \"CRM\"`, long} {
		var c components.Connection
		if err := c.UnmarshalJSON([]byte(strings.Replace(text, `Acme \"CRM\"`, name, 1))); err != nil {
			t.Fatal(err)
		}
		for _, value := range []any{c, &c} {
			for way, got := range printed(value) {
				for _, part := range []string{"s3cr3t", "data:", "0xc", "password"} {
					if strings.Contains(got, part) {
						t.Errorf("%s of %T has %q in it: %.300s", way, value, part, got)
					}
				}
				if len([]rune(strings.TrimSpace(got))) > 2*120 || strings.Contains(strings.TrimSpace(got), "\n") || !strings.Contains(got, "crm+acme") || !strings.Contains(got, "callable") {
					t.Errorf("%s of %T: %s", way, value, got)
				}
			}
		}
		result := operations.VaultConnectionsOneResponse{HTTPMeta: components.HTTPMetadata{RawJSON: text, Response: &http.Response{StatusCode: 200}}, GetConnectionResponse: &components.GetConnectionResponse{Data: c}}
		for _, value := range []any{result, result.GetConnectionResponse, components.GetConnectionsResponse{Data: []components.Connection{c, c}}} {
			for _, format := range []string{"%v", "%+v", "%#v"} {
				if got := fmt.Sprintf(format, value); strings.Contains(got, "s3cr3t") || strings.Contains(got, "data:") {
					t.Errorf("%s of %T: %.500s", format, value, got)
				}
			}
		}
	}
	for way, got := range printed(components.Connection{}) {
		if !strings.Contains(got, "Connection{}") {
			t.Errorf("%s: %s", way, got)
		}
	}
	var none *components.Connection
	if got := fmt.Sprint(none); got != "<nil>" {
		t.Errorf("%s", got)
	}
}

func TestAPrintShowsWhatIdentifiesAValue(t *testing.T) {
	var c components.Connection
	unmarshal(t, &c, connection)
	for want, value := range map[string]any{
		`Connection{ID:"crm+acme" Name:"Acme \"CRM\"" State:"callable" Health:"ok" Enabled:true AuthType:"oauth2" Settings:4}`: c,
		`ConnectionInput{Enabled:true Settings:4 ConsentState:"granted"}`:                                                      components.ConnectionInput{Enabled: c.Enabled, Settings: c.Settings, ConsentState: c.ConsentState},
		`CreateSessionResponseData{…}`: components.CreateSessionResponseData{SessionURI: secret, SessionToken: secret},
	} {
		if got := fmt.Sprint(value); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestARequestPrintsWithoutSecrets(t *testing.T) {
	secret := "s3cr3t"
	settings := map[string]any{"password": secret}
	for _, value := range []any{
		components.ConnectionInput{Settings: settings}, &components.ConnectionImportData{Settings: settings, Credentials: &components.Credentials{AccessToken: &secret}},
		components.Credentials{AccessToken: &secret}, components.Security{APIKey: &secret},
	} {
		for way, got := range printed(value) {
			if strings.Contains(got, secret) {
				t.Errorf("%s of %T: %s", way, value, got)
			}
		}
	}
	for _, format := range []string{"%v", "%+v", "%#v"} {
		if got := fmt.Sprintf(format, operations.VaultConnectionsUpdateRequest{Connection: components.ConnectionInput{Settings: settings}}); strings.Contains(got, secret) {
			t.Errorf("%s: %s", format, got)
		}
	}
}

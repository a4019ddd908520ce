package components_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// healthRow is a row of the table that the tests of every language share. tests/health/README.md in the repository
// explains its members.
type healthRow struct {
	Name         string          `json:"name"`
	Connection   json.RawMessage `json:"connection"`
	Expected     expectedHealth  `json:"expected"`
	ExpectedInGo *expectedHealth `json:"expected_in_go"`
}

type expectedHealth struct {
	Action          components.HealthAction `json:"action"`
	Reason          string                  `json:"reason"`
	Until           *float64                `json:"until"`
	AuthorizeURL    *string                 `json:"authorize_url"`
	MissingSettings []string                `json:"missing_settings"`
}

func healthRows(t *testing.T) (rows []healthRow) {
	text, err := os.ReadFile(os.Getenv("APIDECK_VAULT_TEST_HEALTH_TABLE"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &rows); err != nil || len(rows) < 40 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

// shown returns what a pointer points to as text.
func shown[T any](p *T) string {
	if p == nil {
		return "nil"
	}
	return fmt.Sprint(*p)
}

func TestEveryRowOfTheTableOfConnectionsHasTheExpectedHealth(t *testing.T) {
	for _, row := range healthRows(t) {
		var body components.GetConnectionResponse
		if err := body.DecodeJSON(`{"status_code":200,"status":"OK","data":` + string(row.Connection) + `}`); err != nil {
			t.Fatalf("%s: %v", row.Name, err)
		}
		want := row.Expected
		if row.ExpectedInGo != nil {
			want = *row.ExpectedInGo
		}
		got := body.Data.HealthReport()
		if got.Action != want.Action || !got.Action.IsExact() || !strings.Contains(got.Reason, want.Reason) || shown(got.Until) != shown(want.Until) ||
			shown(got.AuthorizeURL) != shown(want.AuthorizeURL) || !slices.Equal(got.MissingSettings, want.MissingSettings) {
			t.Errorf("%s: %+v (until %s, authorize_url %s), not %+v", row.Name, got, shown(got.Until), shown(got.AuthorizeURL), want)
		}
	}
}

func TestTheReportFollowsChangesOfTheConnection(t *testing.T) {
	c := components.Connection{
		State:      components.ConnectionStateAdded.ToPointer(),
		AuthType:   components.AuthTypeAPIKey.ToPointer(),
		Settings:   map[string]any{"region": "s3cr3t", "page_size": 0, "list": []any{}},
		FormFields: []components.FormField{field("api_key"), field("region"), field("page_size"), field("list"), {}},
	}
	missing := func(want ...string) {
		t.Helper()
		report := c.HealthReport()
		if report.Action != components.HealthActionFillSettings || !slices.Equal(report.MissingSettings, want) {
			t.Errorf("%+v", report)
		}
		if text := fmt.Sprintf("%+v", report); strings.Contains(text, secret) {
			t.Error(text)
		}
	}
	missing("api_key")
	c.Settings["api_key"], c.Settings["region"] = "k", ""
	missing("region")
	c.Settings["region"] = nil
	missing("region")
	c.FormFields[1].Required = nil
	missing()
	c.State, c.Health = components.ConnectionStateCallable.ToPointer(), components.HealthOk.ToPointer()
	if report := c.HealthReport(); report.Action != components.HealthActionNone || report.MissingSettings == nil {
		t.Errorf("%+v", report)
	}
	paused := components.Health("paused")
	c.Health = &paused
	if report := c.HealthReport(); report.Action != components.HealthActionWait {
		t.Errorf("%+v", report)
	}
}

func field(id string) components.FormField {
	required := true
	return components.FormField{ID: &id, Required: &required}
}

func TestAnyFieldsHaveAReport(t *testing.T) {
	text := "\xff\x00\"</script>"
	for _, time := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -1} {
		c := components.Connection{
			State:                            components.ConnectionStateCallable.ToPointer(),
			CredentialsExpireAt:              &time,
			Settings:                         map[string]any{text: make(chan int)},
			SettingsRequiredForAuthorization: []string{text},
			AuthorizeURL:                     &text,
		}
		report := c.HealthReport()
		if report.Action != components.HealthActionWait || !strings.Contains(report.Reason, "does not know the value of credentials_expire_at") {
			t.Errorf("%v: %+v", time, report)
		}
	}
	if report := (*components.Connection)(nil).HealthReport(); report.Action != components.HealthActionWait {
		t.Errorf("%+v", report)
	}
}

func TestTheConnectionOfAConsumerReportsItsHealth(t *testing.T) {
	for text, want := range map[string]string{
		`{"state":"callable","health":"ok"}`: "none nil",
		`{"state":"callable","health":"pending_refresh","credentials_expire_at":"2024-10-29T03:33:20.000Z"}`: "wait 1.7301728e+12",
		`{"state":"callable","health":"pending_refresh","last_refresh_failed_at":"2024-10-27T03:33:20Z"}`:    "wait 1.7301728e+12",
		`{"state":"callable","health":"ok","credentials_expire_at":"soon"}`:                                  "wait nil",
		`{"state":"invalid","health":"revoked","auth_type":"oauth2"}`:                                        "reauthorize nil",
		`{"state":"callable","enabled":false}`:                                                               "enable nil",
		`{"state":"added","auth_type":"apiKey","settings":{"api_key":"s3cr3t"}}`:                             "fill_settings nil",
	} {
		var connection components.ConsumerConnection
		if err := json.Unmarshal([]byte(text), &connection); err != nil {
			t.Fatal(err)
		}
		report := connection.HealthReport()
		if got := fmt.Sprint(report.Action, " ", shown(report.Until)); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	if report := (*components.ConsumerConnection)(nil).HealthReport(); report.Action != components.HealthActionWait {
		t.Errorf("%+v", report)
	}
}

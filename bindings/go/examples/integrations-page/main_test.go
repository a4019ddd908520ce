package main

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/vaulttest"
	"github.com/apideck-vault/apideck-vault/bindings/go/webhooks"
)

// browser opens the pages of a site, as a browser without scripts does.
type browser struct {
	t     *testing.T
	site  string
	vault *sdkgo.Vault
	http  *http.Client
}

// open starts a sandbox and the site of a consumer.
func open(t *testing.T) *browser {
	t.Helper()
	client := vaulttest.Start(t).Client("acme")
	site := httptest.NewServer(newSite(client, vaulttest.Key))
	t.Cleanup(site.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, site.URL, client.Vault, &http.Client{Jar: jar, Transport: &http.Transport{}}}
}

// read returns the status, the final URL and the body of a response.
func (b *browser) read(response *http.Response, err error) (int, *url.URL, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, response.Request.URL, string(body)
}

func (b *browser) get(path string) (int, *url.URL, string) {
	b.t.Helper()
	return b.read(b.http.Get(b.site + path))
}

func (b *browser) post(path string, form url.Values) (int, *url.URL, string) {
	b.t.Helper()
	return b.read(b.http.PostForm(b.site+path, form))
}

// setting returns the stored settings and the state of a connection.
func (b *browser) stored(api, service string) (map[string]any, string) {
	b.t.Helper()
	res, err := b.vault.Connections.Get(b.t.Context(), service, api, nil, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.GetConnectionResponse.Data.Settings, string(*res.GetConnectionResponse.Data.State)
}

func TestTheListShowsEveryIntegrationWithItsLogoAndState(t *testing.T) {
	t.Parallel()
	status, _, body := open(t).get("/")
	logos := strings.Count(body, `<img src="data:image/svg`)
	if status != 200 || logos < 12 || strings.Count(body, ": available</p>")+strings.Count(body, ": callable</p>") != logos || strings.Contains(body, "ZgotmplZ") {
		t.Errorf("%d, %d logos:\n%s", status, logos, body)
	}
}

func TestAnAuthorizationPageLeadsBackToTheList(t *testing.T) {
	t.Parallel()
	b := open(t)
	status, at, _ := b.post("/crm/hubspot/connect", nil)
	if status != 200 || at.Query().Get("redirect_uri") != b.site+"/" {
		t.Fatalf("%d: %s", status, at)
	}
	_, denied, body := b.read(b.http.PostForm(at.String(), url.Values{"decision": {"deny"}}))
	if denied.Host != strings.TrimPrefix(b.site, "http://") || !strings.Contains(body, "You did not give access") {
		t.Errorf("%s:\n%s", denied, body)
	}
	_, at, _ = b.post("/crm/hubspot/connect", nil)
	_, approved, body := b.read(b.http.PostForm(at.String(), url.Values{"decision": {"approve"}}))
	if approved.Path != "/" || !strings.Contains(body, "HubSpot: callable") || strings.Contains(body, "You did not") {
		t.Errorf("%s:\n%s", approved, body)
	}
	_, at, body = b.post("/crm/hubspot/disconnect", nil)
	if at.Path != "/" || !strings.Contains(body, "HubSpot: available") {
		t.Errorf("%s:\n%s", at, body)
	}
}

func TestAConnectionWithRequiredSettingsAsksForThemAndThenGetsItsToken(t *testing.T) {
	t.Parallel()
	b := open(t)
	status, at, body := b.post("/crm/pipedrive/connect", nil)
	if status != 200 || at.Path != "/crm/pipedrive" || !strings.Contains(body, `type="url"`) || !strings.Contains(body, `type="password"`) {
		t.Fatalf("%d %s:\n%s", status, at, body)
	}
	form := url.Values{"instance_url": {"https://acme.example"}, "api_key": {"the-secret"}}
	status, at, body = b.post("/crm/pipedrive", form)
	if status != 200 || at.Path != "/" || !strings.Contains(body, "Pipedrive: callable") {
		t.Errorf("%d %s:\n%s", status, at, body)
	}
	_, _, body = b.get("/crm/pipedrive")
	if strings.Contains(body, "the-secret") || !strings.Contains(body, "the stored value is kept") || !strings.Contains(body, "https://acme.example") {
		t.Error(body)
	}
	b.post("/crm/pipedrive", url.Values{"instance_url": {"https://other.example"}, "api_key": {""}})
	if settings, _ := b.stored("crm", "pipedrive"); settings["api_key"] != "the-secret" || settings["instance_url"] != "https://other.example" {
		t.Error("an empty password field does not keep the stored value")
	}
}

// filled returns the form of a page as a browser sends it if the user changes nothing.
func filled(body string) url.Values {
	form := url.Values{}
	for _, input := range regexp.MustCompile(`(?s)<input[^>]*>|<textarea.*?</textarea>|<select.*?</select>`).FindAllString(body, -1) {
		name := regexp.MustCompile(`name="([^"]*)"`).FindStringSubmatch(input)[1]
		value := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(input)
		switch {
		case strings.HasPrefix(input, "<textarea"):
			form.Add(name, html.UnescapeString(regexp.MustCompile(`(?s)>(.*)</`).FindStringSubmatch(input)[1]))
		case strings.HasPrefix(input, "<select"):
			selected := regexp.MustCompile(`value="([^"]*)" selected`).FindAllStringSubmatch(input, -1)
			for _, option := range selected {
				form.Add(name, html.UnescapeString(option[1]))
			}
			if len(selected) == 0 && !strings.Contains(input, "multiple") {
				form.Add(name, "")
			}
		case strings.Contains(input, "checkbox") && !strings.Contains(input, "checked"):
		case value == nil:
			form.Add(name, "")
		default:
			form.Add(name, html.UnescapeString(value[1]))
		}
	}
	return form
}

func TestEachTypeOfFieldIsStoredWithItsTypeShownAndCleared(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, field := range []struct {
		path, id string
		form     []string
		stored   any
		empty    []string
	}{
		{"/accounting/intuit-enterprise-suite", "entity", []string{"a \"quoted\" <text>"}, "a \"quoted\" <text>", []string{""}},
		{"/issue-tracking/jira", "contact_email", []string{"a@b.example"}, "a@b.example", []string{""}},
		{"/crm/salesforce", "instance_url", []string{"https://a.example"}, "https://a.example", []string{""}},
		{"/sms/twilio", "sender", []string{"+41 44 000 00 00"}, "+41 44 000 00 00", []string{""}},
		{"/accounting/netsuite", "page_size", []string{"50"}, 50.0, []string{""}},
		{"/hris/personio", "include_former", []string{"", "true"}, true, nil},
		{"/ecommerce/demo-shop", "currency", []string{`"CHF"`}, "CHF", []string{""}},
		{"/accounting/xero", "tenant_id", []string{"123"}, "123", []string{""}},
		{"/crm/hubspot", "lifecycle_stages", []string{"", `"lead"`, `"other"`}, []any{"lead", "other"}, nil},
		{"/accounting/xero", "fiscal_year_start", []string{"2026-01-31"}, "2026-01-31", []string{""}},
		{"/accounting/quickbooks", "sync_since", []string{"2026-01-31T09:30:00Z"}, "2026-01-31T09:30:00Z", []string{""}},
		{"/hris/workday", "nightly_run", []string{"02:30"}, "02:30", []string{""}},
	} {
		api, service, _ := strings.Cut(field.path[1:], "/")
		check := func(action string, wanted any) {
			t.Helper()
			if settings, _ := b.stored(api, service); !reflect.DeepEqual(settings[field.id], wanted) {
				t.Errorf("%s %s: %s: %#v, not %#v", field.path, field.id, action, settings[field.id], wanted)
			}
		}
		if status, _, body := b.post(field.path, url.Values{field.id: field.form}); status != 200 {
			t.Errorf("%s: %d\n%s", field.path, status, body)
		}
		check("stored", field.stored)
		_, _, body := b.get(field.path)
		unchanged := filled(body)
		if status, _, body := b.post(field.path, unchanged); status != 200 {
			t.Errorf("%s: %d\n%s", field.path, status, body)
		}
		check("sent again unchanged", field.stored)
		if field.empty != nil {
			b.post(field.path, url.Values{field.id: field.empty})
			check("cleared", nil)
		}
	}
	b.post("/hris/personio", url.Values{"include_former": {""}})
	b.post("/crm/hubspot", url.Values{"lifecycle_stages": {""}})
	if settings, _ := b.stored("hris", "personio"); settings["include_former"] != false {
		t.Error("the box is still ticked")
	}
	if settings, _ := b.stored("crm", "hubspot"); !reflect.DeepEqual(settings["lifecycle_stages"], []any{}) {
		t.Error("an option is still chosen")
	}
}

func TestASecretTextIsStoredAndNotShown(t *testing.T) {
	t.Parallel()
	b := open(t)
	key := "-----BEGIN KEY-----\nline\n"
	b.post("/accounting/netsuite", url.Values{"private_key": {key}})
	if settings, _ := b.stored("accounting", "netsuite"); settings["private_key"] != key {
		t.Error("the text was changed or not stored")
	}
	if _, _, body := b.get("/accounting/netsuite"); strings.Contains(body, "BEGIN KEY") || !strings.Contains(body, "<textarea") {
		t.Error("the page shows the secret, or has no text area")
	}
}

func TestARefusedFormIsShownAgainWithTheReasonAndTheInput(t *testing.T) {
	t.Parallel()
	b := open(t)
	form := url.Values{"page_size": {"many"}, "account_id": {"1234"}, "token_id": {"the-secret"}, "private_key": {"another-secret"}}
	status, _, body := b.post("/accounting/netsuite", form)
	if status != 422 || !strings.Contains(body, "settings.page_size: expected a number") || !strings.Contains(body, `value="1234"`) {
		t.Errorf("%d\n%s", status, body)
	}
	if strings.Contains(body, "secret") || strings.Contains(body, "stored value is kept") {
		t.Error("the page shows a secret, or promises to keep one that was refused")
	}
	if settings, state := b.stored("accounting", "netsuite"); len(settings) > 0 || state != "available" {
		t.Errorf("%s: something was stored", state)
	}
}

func TestAWebhookChangesTheVersionOfThePage(t *testing.T) {
	t.Parallel()
	b := open(t)
	body := []byte(`{"payload":{"event_type":"vault.connection.callable","event_id":"1"}}`)
	right, err := webhooks.Sign(body, vaulttest.Key)
	if err != nil {
		t.Fatal(err)
	}
	for _, webhook := range []struct {
		signature string
		status    int
		version   string
	}{{strings.Repeat("0", 64), 401, "0"}, {right, 204, "1"}} {
		request, err := http.NewRequest(http.MethodPost, b.site+"/webhooks", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(webhooks.SignatureHeader, webhook.signature)
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		if status, _, text := b.read(b.http.Do(request)); status != webhook.status {
			t.Errorf("%d: %s", status, text)
		}
		if _, _, version := b.get("/version"); version != webhook.version {
			t.Errorf("version %s, not %s", version, webhook.version)
		}
		if _, _, page := b.get("/"); !strings.Contains(page, `!== "`+webhook.version+`"`) {
			t.Error(page)
		}
	}
}

func TestAFormOfAnotherSiteIsRefusedAndAnUnknownIntegrationIsNotFound(t *testing.T) {
	t.Parallel()
	b := open(t)
	request, err := http.NewRequest(http.MethodPost, b.site+"/crm/hubspot/connect", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _, _ := b.read(b.http.Do(request)); status != 403 {
		t.Errorf("%d", status)
	}
	if _, state := b.stored("crm", "hubspot"); state != "available" {
		t.Error(state)
	}
	for _, path := range []string{"/crm/nothing", "/nothing"} {
		if status, _, _ := b.get(path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
}

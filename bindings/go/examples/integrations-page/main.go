// Integrations-page is a web page where a consumer connects, configures and disconnects integrations.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strconv"
	"sync/atomic"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/webhooks"
)

//go:embed page.html
var text string

var page = template.Must(template.New("").Funcs(template.FuncMap{
	"json":  encode,
	"list":  func(values ...any) []any { return values },
	"type":  func(kind string) template.HTMLAttr { return template.HTMLAttr("type=" + strconv.Quote(kind)) },
	"image": func(logo string) template.URL { return template.URL(logo) }, // in <img>, which runs no script
	"is": func(value, option any) bool { // whether an option is the value, or one of several values
		several, _ := value.([]any)
		return slices.ContainsFunc(append(several, value), func(one any) bool { return reflect.DeepEqual(one, option) })
	},
}).Parse(text))

func main() {
	site := newSite(sdkgo.New(), os.Getenv("APIDECK_API_KEY"))
	log.Fatal(http.ListenAndServe(cmp.Or(os.Getenv("LISTEN"), "127.0.0.1:8080"), site))
}

// site has the pages of one consumer, APIDECK_CONSUMER_ID. A real program takes the consumer from the user's session.
type site struct {
	vault   *sdkgo.Vault
	version atomic.Int64 // how many webhooks have arrived
}

// newSite returns the pages. Vault signs its webhooks with the key of the client.
func newSite(client *sdkgo.Apideck, apiKey string) http.Handler {
	s, mux := &site{vault: client.Vault}, http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /{$}": s.list, "GET /version": s.count, "GET /{api}/{service}": s.form, "POST /{api}/{service}": s.save,
		"POST /{api}/{service}/connect": s.save, "POST /{api}/{service}/disconnect": s.disconnect,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			from := r.Header.Get("Sec-Fetch-Site") // other sites must not send the forms of this one
			if r.Method == http.MethodPost && from != "" && from != "same-origin" {
				http.Error(w, "sent by another site", http.StatusForbidden)
			} else if err := handle(w, r); errors.As(err, new(*apierrors.NotFoundResponse)) {
				http.NotFound(w, r)
			} else if err != nil {
				log.Print(err) // has no key, token or setting
				http.Error(w, "Vault did not do this. Try again later.", http.StatusBadGateway)
			}
		})
	}
	mux.Handle("POST /webhooks", webhooks.Handler(apiKey, func(context.Context, *webhooks.Event) error {
		s.version.Add(1)
		return nil
	}))
	return mux
}

// count responds with the version. When it changes, an open page loads itself again.
func (s *site) count(w http.ResponseWriter, _ *http.Request) error {
	_, err := fmt.Fprint(w, s.version.Load())
	return err
}

// list shows every integration. Vault's authorization page sends the user back here.
func (s *site) list(w http.ResponseWriter, r *http.Request) error {
	version := s.version.Load() // read first, so that no change is missed
	res, err := s.vault.Connections.List(r.Context(), nil, nil, nil, nil)
	if err != nil {
		return err
	}
	return page.ExecuteTemplate(w, "list", map[string]any{
		"connections": parse(encode(res.GetConnectionsResponse.Data)), "denied": r.FormValue("error") != "", "version": version,
	})
}

// form shows the settings of a connection.
func (s *site) form(w http.ResponseWriter, r *http.Request) error {
	res, err := s.vault.Connections.Get(r.Context(), r.PathValue("service"), r.PathValue("api"), nil, nil)
	if err != nil {
		return err
	}
	return show(w, res.GetConnectionResponse.Data, res.GetConnectionResponse.Data.Settings, nil)
}

// show writes a form with some settings, and why Vault refused them.
func show(w http.ResponseWriter, c components.Connection, settings map[string]any, refused *string) error {
	data := map[string]any{"connection": parse(encode(c)), "stored": c.Settings, "settings": settings, "refused": refused}
	return page.ExecuteTemplate(w, "form", data)
}

// save adds the connection with the settings of the form, if there is one, and sends the user to what it needs next.
func (s *site) save(w http.ResponseWriter, r *http.Request) error {
	api, service, next := r.PathValue("api"), r.PathValue("service"), "/"
	got, err := s.vault.Connections.Get(r.Context(), service, api, nil, nil)
	if err = cmp.Or(err, r.ParseForm()); err != nil {
		return err
	}
	connection := got.GetConnectionResponse.Data
	changes := settings(connection.FormFields, r.PostForm)
	res, err := s.vault.Connections.Update(r.Context(), operations.VaultConnectionsUpdateRequest{
		ServiceID: service, UnifiedAPI: api,
		Connection: components.ConnectionInput{Enabled: sdkgo.Bool(true), Settings: changes},
	})
	var refused *apierrors.UnprocessableResponse
	if errors.As(err, &refused) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return show(w, connection, changes, refused.Detail.GetStr())
	} else if err != nil {
		return err
	}
	switch report := res.UpdateConnectionResponse.Data.HealthReport(); report.Action {
	case components.HealthActionFillSettings:
		next = "/" + api + "/" + service
	case components.HealthActionReauthorize:
		if report.AuthorizeURL != nil {
			next = *report.AuthorizeURL + "&redirect_uri=" + url.QueryEscape("http://"+r.Host+"/")
		}
	case components.HealthActionExchangeToken:
		_, err = s.vault.Connections.Token(r.Context(), operations.VaultConnectionsTokenRequest{ServiceID: service, UnifiedAPI: api})
	}
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
	return err
}

func (s *site) disconnect(w http.ResponseWriter, r *http.Request) error {
	_, err := s.vault.Connections.Delete(r.Context(), r.PathValue("service"), r.PathValue("api"), nil, nil)
	if err == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
	}
	return err
}

// settings returns the settings in a submitted form, each with the JSON type of its field. nil clears a value.
func settings(fields []components.FormField, form url.Values) map[string]any {
	changes := map[string]any{}
	for _, field := range fields {
		id, texts := *field.ID, form[*field.ID]
		if len(texts) == 0 {
			continue // the form does not have this field
		}
		var value any = texts[len(texts)-1]
		switch *field.Type {
		case components.FormFieldTypeCheckbox:
			value = value == "true"
		case components.FormFieldTypeMultiSelect:
			chosen := []any{}
			for _, option := range texts[1:] { // the first is empty, so that the field is sent without a chosen option too
				chosen = append(chosen, parse(option))
			}
			value = chosen
		case components.FormFieldTypeNumber, components.FormFieldTypeSelect, components.FormFieldTypeFilteredSelect:
			if field.AllowCustomValues == nil || !*field.AllowCustomValues {
				value = parse(texts[0]) // a text that is not JSON stays a text, and Vault refuses it
			}
		}
		if value != "" {
			changes[id] = value
		} else if field.Sensitive == nil || !*field.Sensitive {
			changes[id] = nil // null clears a value. The form does not show sensitive ones, so it keeps them
		}
	}
	return changes
}

func encode(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

// parse returns the value of a JSON text, or the text itself.
func parse(text string) (value any) {
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	return value
}

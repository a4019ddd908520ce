package components

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
)

// connectionFacts is what a report depends on. A connection has more, such as the values of its settings, which stay
// here.
type connectionFacts struct {
	State                            *ConnectionState  `json:"state"`
	Health                           *Health           `json:"health"`
	IntegrationState                 *IntegrationState `json:"integration_state"`
	Enabled                          *bool             `json:"enabled"`
	AuthType                         *AuthType         `json:"auth_type"`
	OauthGrantType                   *OAuthGrantType   `json:"oauth_grant_type"`
	AuthorizeURL                     *string           `json:"authorize_url"`
	SettingsRequiredForAuthorization []string          `json:"settings_required_for_authorization"`
	CredentialsExpireAt              any               `json:"credentials_expire_at"`
	LastRefreshFailedAt              any               `json:"last_refresh_failed_at"`
	FormFields                       []fieldFacts      `json:"form_fields"`
	Settings                         map[string]any    `json:"settings"`
}

type fieldFacts struct {
	ID         *string `json:"id"`
	Required   *bool   `json:"required"`
	Deprecated *bool   `json:"deprecated"`
}

// HealthReport reports whether the connection needs somebody, who, and until when.
//
// It sends nothing and does not read the clock: compare Until with time.Now().UnixMilli(). The report is about the fields
// as they are now, with the changes that the program made. An enum value that this version does not know never makes the
// action [HealthActionNone]. A field that the response has with a value of another type is nil, so the report cannot
// depend on it.
func (v *Connection) HealthReport() HealthReport {
	if v == nil {
		v = new(Connection)
	}
	facts := connectionFacts{
		State:                            v.State,
		Health:                           v.Health,
		IntegrationState:                 v.IntegrationState,
		Enabled:                          v.Enabled,
		AuthType:                         v.AuthType,
		OauthGrantType:                   v.OauthGrantType,
		AuthorizeURL:                     v.AuthorizeURL,
		SettingsRequiredForAuthorization: v.SettingsRequiredForAuthorization,
		CredentialsExpireAt:              timeFact(v.CredentialsExpireAt),
		LastRefreshFailedAt:              timeFact(v.LastRefreshFailedAt),
		Settings:                         presence(v.Settings),
	}
	if v.FormFields != nil { // a connection without fields differs from one whose fields are not known
		facts.FormFields = make([]fieldFacts, len(v.FormFields))
		for i, field := range v.FormFields {
			facts.FormFields[i] = fieldFacts{ID: field.ID, Required: field.Required, Deprecated: field.Deprecated}
		}
	}
	return facts.report()
}

// HealthReport reports whether the connection needs somebody, who, and until when. See [Connection.HealthReport].
//
// A ConsumerConnection has neither form fields nor an authorization page. So the report names no settings and no page; that
// of the [Connection] does.
func (v *ConsumerConnection) HealthReport() HealthReport {
	if v == nil {
		v = new(ConsumerConnection)
	}
	return connectionFacts{
		State:               v.State,
		Health:              v.Health,
		Enabled:             v.Enabled,
		AuthType:            v.AuthType,
		CredentialsExpireAt: v.CredentialsExpireAt,
		LastRefreshFailedAt: v.LastRefreshFailedAt,
		Settings:            presence(v.Settings),
	}.report()
}

func (f connectionFacts) report() (report HealthReport) {
	text, err := json.Marshal(f)
	if err == nil {
		result, status := native.ConnectionHealth(text)
		if status == native.OK {
			err = report.UnmarshalJSON([]byte(result))
		} else {
			err = errors.New(result)
		}
	}
	if err != nil { // a defect of this library, which must not look like a connection that works
		return HealthReport{Action: HealthActionWait, Reason: "The connection could not be read: " + err.Error()}
	}
	return report
}

// presence returns true for each setting that has a value, and nil for the others.
func presence(settings map[string]any) map[string]any {
	if settings == nil {
		return nil
	}
	found := make(map[string]any, len(settings))
	for id, value := range settings {
		if value == nil || value == "" {
			found[id] = nil
		} else {
			found[id] = true
		}
	}
	return found
}

// timeFact returns a time for JSON, which has no infinite numbers. The text of one is not a time either.
func timeFact(milliseconds *float64) any {
	switch {
	case milliseconds == nil:
		return nil
	case math.IsInf(*milliseconds, 0) || math.IsNaN(*milliseconds):
		return strconv.FormatFloat(*milliseconds, 'g', -1, 64)
	}
	return *milliseconds
}

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
	Settings                         map[string]any    `json:"settings"` // true for a setting that has a value, or nil
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
	}
	if v.FormFields != nil { // a connection without fields differs from one whose fields are not known
		facts.FormFields = make([]fieldFacts, len(v.FormFields))
		for i, field := range v.FormFields {
			facts.FormFields[i] = fieldFacts{ID: field.ID, Required: field.Required, Deprecated: field.Deprecated}
		}
	}
	if v.Settings != nil {
		facts.Settings = make(map[string]any, len(v.Settings))
		for id, value := range v.Settings {
			if value == nil || value == "" {
				facts.Settings[id] = nil
			} else {
				facts.Settings[id] = true
			}
		}
	}
	var report HealthReport
	text, err := json.Marshal(facts)
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

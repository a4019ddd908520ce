package components

import "time"

// ConnectionInput is what an update may change. Fields that are nil stay as they are.
type ConnectionInput struct {
	Enabled *bool `json:"enabled,omitempty"`
	// Settings are values for the connection's form fields, by the id of the field.
	Settings map[string]any `json:"settings,omitempty"`
	// Metadata is the application's own.
	Metadata              map[string]any            `json:"metadata,omitempty"`
	Configuration         []ConnectionConfiguration `json:"configuration,omitempty"`
	CustomMappings        []CustomMappingInput      `json:"custom_mappings,omitempty"`
	ConsentState          *ConsentState             `json:"consent_state,omitempty"`
	LatestConsent         *ConsentRecordInput       `json:"latest_consent,omitempty"`
	ApplicationDataScopes *DataScopesInput          `json:"application_data_scopes,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// ConnectionConfiguration is [Configuration] in a request.
type ConnectionConfiguration struct {
	Resource *string              `json:"resource,omitempty"`
	Defaults []ConnectionDefaults `json:"defaults,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// ConnectionDefaults is [Defaults] in a request.
type ConnectionDefaults struct {
	ID      *string           `json:"id,omitempty"`
	Options []FormFieldOption `json:"options,omitempty"`
	Value   *ConnectionValue  `json:"value,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// CustomMappingInput is [CustomMapping] in a request.
type CustomMappingInput struct {
	// Value is a JSONPath: $.root.training.first_aid
	Value *string `json:"value,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// ConnectionImportData is a connection that was authorized elsewhere and is now kept by Vault.
type ConnectionImportData struct {
	Credentials *Credentials   `json:"credentials,omitempty"`
	Settings    map[string]any `json:"settings,omitempty"`
	Metadata    map[string]any `json:"metadata,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// Credentials are stored by Vault and never returned. They do not show in a print of the struct.
type Credentials struct {
	RefreshToken *string `json:"refresh_token,omitempty"`
	AccessToken  *string `json:"access_token,omitempty"`
	// IssuedAt is when the tokens were made.
	IssuedAt *time.Time `json:"issued_at,omitempty"`
	// ExpiresIn is the lifetime of the access token from IssuedAt on, in seconds.
	ExpiresIn *int64 `json:"expires_in,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// String says that there are credentials, not what they are.
func (c Credentials) String() string { return "Credentials{…}" }

// GoString is what %#v prints.
func (c Credentials) GoString() string { return "components.Credentials{…}" }

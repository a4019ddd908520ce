package components

// Connection is what Vault knows of one integration for one consumer.
type Connection struct {
	// ID is the unified API and the service, joined with a plus sign: crm+salesforce.
	ID        *string `json:"id,omitempty"`
	ServiceID *string `json:"service_id,omitempty"`
	Name      *string `json:"name,omitempty"`
	// TagLine says in a few words what the service is.
	TagLine    *string          `json:"tag_line,omitempty"`
	UnifiedAPI *string          `json:"unified_api,omitempty"`
	State      *ConnectionState `json:"state,omitempty"`
	// IntegrationState is how far the application owner has set the integration up.
	IntegrationState *IntegrationState `json:"integration_state,omitempty"`
	AuthType         *AuthType         `json:"auth_type,omitempty"`
	OauthGrantType   *OAuthGrantType   `json:"oauth_grant_type,omitempty"`
	Status           *ConnectionStatus `json:"status,omitempty"`
	Enabled          *bool             `json:"enabled,omitempty"`
	Website          *string           `json:"website,omitempty"`
	Icon             *string           `json:"icon,omitempty"`
	Logo             *string           `json:"logo,omitempty"`
	// AuthorizeURL is where a user's browser goes to grant access (OAuth). Add redirect_uri to its query.
	AuthorizeURL *string `json:"authorize_url,omitempty"`
	// RevokeURL is where a user's browser goes to take access back. Add redirect_uri to its query.
	RevokeURL *string `json:"revoke_url,omitempty"`
	// Settings are the values of FormFields, by the id of the field.
	Settings map[string]any `json:"settings,omitempty"`
	// Metadata is the application's own.
	Metadata map[string]any `json:"metadata,omitempty"`
	// FormFields are the settings that the connection asks for.
	FormFields            []FormField     `json:"form_fields,omitempty"`
	Configuration         []Configuration `json:"configuration,omitempty"`
	ConfigurableResources []string        `json:"configurable_resources,omitempty"`
	// ResourceSchemaSupport names the resources that have a schema.
	ResourceSchemaSupport   []string `json:"resource_schema_support,omitempty"`
	ResourceSettingsSupport []string `json:"resource_settings_support,omitempty"`
	ValidationSupport       *bool    `json:"validation_support,omitempty"`
	SchemaSupport           *bool    `json:"schema_support,omitempty"`
	// SettingsRequiredForAuthorization must have values before a user can authorize.
	SettingsRequiredForAuthorization []string              `json:"settings_required_for_authorization,omitempty"`
	Subscriptions                    []WebhookSubscription `json:"subscriptions,omitempty"`
	// HasGuide says whether the documentation has a guide for users of this connector.
	HasGuide       *bool           `json:"has_guide,omitempty"`
	CustomMappings []CustomMapping `json:"custom_mappings,omitempty"`
	ConsentState   *ConsentState   `json:"consent_state,omitempty"`
	// Consents is the history of what the consumer agreed to.
	Consents              []ConsentRecord `json:"consents,omitempty"`
	LatestConsent         *ConsentRecord  `json:"latest_consent,omitempty"`
	ApplicationDataScopes *DataScopes     `json:"application_data_scopes,omitempty"`
	Health                *Health         `json:"health,omitempty"`
	// CredentialsExpireAt is when credentials are deleted if refreshing them goes on failing, in
	// milliseconds since 1970; 0 where nothing is failing.
	CredentialsExpireAt *float64 `json:"credentials_expire_at,omitempty"`
	// LastRefreshFailedAt is when refreshing a token failed last, in milliseconds since 1970, or 0.
	LastRefreshFailedAt *float64 `json:"last_refresh_failed_at,omitempty"`
	// LastDownstreamErrorAt is when the service could not be reached last, in milliseconds since 1970, or 0.
	LastDownstreamErrorAt *float64 `json:"last_downstream_error_at,omitempty"`
	// CreatedAt is in milliseconds since 1970.
	CreatedAt *float64 `json:"created_at,omitempty"`
	// UpdatedAt is in milliseconds since 1970.
	UpdatedAt *float64 `json:"updated_at,omitempty"`
}

// Configuration is what is set for one resource of a connection.
type Configuration struct {
	Resource *string    `json:"resource,omitempty"`
	Defaults []Defaults `json:"defaults,omitempty"`
}

// Defaults is one field of a resource and the value that it has when none is given.
type Defaults struct {
	Target  *Target           `json:"target,omitempty"`
	ID      *string           `json:"id,omitempty"`
	Options []FormFieldOption `json:"options,omitempty"`
	Value   *ConnectionValue  `json:"value,omitempty"`
}

// WebhookSubscription is a subscription to the events of a service.
type WebhookSubscription struct {
	// DownstreamID is the id that the service gave it.
	DownstreamID         *string  `json:"downstream_id,omitempty"`
	UnifyEventTypes      []string `json:"unify_event_types,omitempty"`
	DownstreamEventTypes []string `json:"downstream_event_types,omitempty"`
	ExecuteURL           *string  `json:"execute_url,omitempty"`
	CreatedAt            *string  `json:"created_at,omitempty"`
}

// CustomMapping says where in a service's own data a field of the consumer comes from.
type CustomMapping struct {
	ID          *string `json:"id,omitempty"`
	Label       *string `json:"label,omitempty"`
	Description *string `json:"description,omitempty"`
	// Value is a JSONPath: $.root.training.first_aid
	Value    *string `json:"value,omitempty"`
	Key      *string `json:"key,omitempty"`
	Required *bool   `json:"required,omitempty"`
	// CustomField says whether the mapping is to a custom field of the service.
	CustomField *bool   `json:"custom_field,omitempty"`
	ConsumerID  *string `json:"consumer_id,omitempty"`
	Example     *string `json:"example,omitempty"`
}

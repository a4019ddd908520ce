package components

// ConnectionState is how far a connection has come.
type ConnectionState string

const (
	ConnectionStateAvailable  ConnectionState = "available"
	ConnectionStateCallable   ConnectionState = "callable"
	ConnectionStateAdded      ConnectionState = "added"
	ConnectionStateAuthorized ConnectionState = "authorized"
	ConnectionStateInvalid    ConnectionState = "invalid"
)

// IntegrationState is how far the application owner has set an integration up.
type IntegrationState string

const (
	IntegrationStateDisabled           IntegrationState = "disabled"
	IntegrationStateNeedsConfiguration IntegrationState = "needs_configuration"
	IntegrationStateConfigured         IntegrationState = "configured"
)

// AuthType is the way in which a connector authenticates.
type AuthType string

const (
	AuthTypeOauth2 AuthType = "oauth2"
	AuthTypeAPIKey AuthType = "apiKey"
	AuthTypeBasic  AuthType = "basic"
	AuthTypeCustom AuthType = "custom"
	AuthTypeNone   AuthType = "none"
)

// OAuthGrantType is the OAuth flow of a connector.
type OAuthGrantType string

const (
	OAuthGrantTypeAuthorizationCode OAuthGrantType = "authorization_code"
	OAuthGrantTypeClientCredentials OAuthGrantType = "client_credentials"
	OAuthGrantTypePassword          OAuthGrantType = "password"
)

// ConnectionStatus is the maturity of a connector.
type ConnectionStatus string

const (
	ConnectionStatusLive      ConnectionStatus = "live"
	ConnectionStatusUpcoming  ConnectionStatus = "upcoming"
	ConnectionStatusRequested ConnectionStatus = "requested"
)

// Target is what a default of a configuration is for.
type Target string

const (
	TargetCustomFields Target = "custom_fields"
	TargetResource     Target = "resource"
)

// Health is how well a connection works.
type Health string

const (
	HealthRevoked             Health = "revoked"
	HealthMissingSettings     Health = "missing_settings"
	HealthNeedsConsent        Health = "needs_consent"
	HealthPendingConfirmation Health = "pending_confirmation"
	HealthNeedsAuth           Health = "needs_auth"
	HealthPendingRefresh      Health = "pending_refresh"
	HealthOk                  Health = "ok"
	HealthDegraded            Health = "degraded"
)

// ConsentState is where the consumer's consent stands.
type ConsentState string

const (
	ConsentStateImplicit          ConsentState = "implicit"
	ConsentStatePending           ConsentState = "pending"
	ConsentStateGranted           ConsentState = "granted"
	ConsentStateDenied            ConsentState = "denied"
	ConsentStateRevoked           ConsentState = "revoked"
	ConsentStateRequiresReconsent ConsentState = "requires_reconsent"
)

// Types of sessions and consumers.

package components

// AllowActions is an action that the hosted Vault offers on a connection.
type AllowActions string

const (
	AllowActionsDelete      AllowActions = "delete"
	AllowActionsDisconnect  AllowActions = "disconnect"
	AllowActionsReauthorize AllowActions = "reauthorize"
	AllowActionsDisable     AllowActions = "disable"
)

// Settings is what the hosted Vault shows in a session.
type Settings struct {
	UnifiedApis          []UnifiedAPIID `json:"unified_apis,omitempty"`
	HideResourceSettings *bool          `json:"hide_resource_settings,omitempty"`
	SandboxMode          *bool          `json:"sandbox_mode,omitempty"`
	IsolationMode        *bool          `json:"isolation_mode,omitempty"`
	SessionLength        *string        `json:"session_length,omitempty"`
	ShowLogs             *bool          `json:"show_logs,omitempty"`
	ShowSuggestions      *bool          `json:"show_suggestions,omitempty"`
	ShowSidebar          *bool          `json:"show_sidebar,omitempty"`
	AutoRedirect         *bool          `json:"auto_redirect,omitempty"`
	HideGuides           *bool          `json:"hide_guides,omitempty"`
	AllowActions         []AllowActions `json:"allow_actions,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// Theme is colours, images and links of the hosted Vault.
type Theme struct {
	Favicon                  *string `json:"favicon,omitempty"`
	Logo                     *string `json:"logo,omitempty"`
	PrimaryColor             *string `json:"primary_color,omitempty"`
	SidepanelBackgroundColor *string `json:"sidepanel_background_color,omitempty"`
	SidepanelTextColor       *string `json:"sidepanel_text_color,omitempty"`
	VaultName                *string `json:"vault_name,omitempty"`
	PrivacyURL               *string `json:"privacy_url,omitempty"`
	TermsURL                 *string `json:"terms_url,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// Session is how the hosted Vault greets and serves a consumer.
type Session struct {
	ConsumerMetadata       *ConsumerMetadata `json:"consumer_metadata,omitempty"`
	RedirectURI            *string           `json:"redirect_uri,omitempty"`
	Settings               *Settings         `json:"settings,omitempty"`
	Theme                  *Theme            `json:"theme,omitempty"`
	CustomConsumerSettings map[string]any    `json:"custom_consumer_settings,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// ConsumerMetadata is how Vault shows a consumer.
type ConsumerMetadata struct {
	AccountName *string `json:"account_name,omitempty"`
	UserName    *string `json:"user_name,omitempty"`
	Email       *string `json:"email,omitempty"`
	Image       *string `json:"image,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// CreateConsumerRequest is a consumer to create.
type CreateConsumerRequest struct {
	ConsumerID string            `json:"consumer_id"`
	Metadata   *ConsumerMetadata `json:"metadata,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// CreateConsumerResponse is the body with a new consumer.
type CreateConsumerResponse struct {
	StatusCode int64          `json:"status_code"`
	Status     string         `json:"status"`
	Data       Consumer       `json:"data"`
	Raw        map[string]any `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *CreateConsumerResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readCreateConsumerResponse(v)
	return d.finish()
}

// CreateSessionResponseData is a session of the hosted Vault.
type CreateSessionResponseData struct {
	SessionURI   string `json:"session_uri"`
	SessionToken string `json:"session_token"`
}

// CreateSessionResponse is the body with a new session.
type CreateSessionResponse struct {
	StatusCode int64                     `json:"status_code"`
	Status     string                    `json:"status"`
	Data       CreateSessionResponseData `json:"data"`
	Raw        map[string]any            `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *CreateSessionResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readCreateSessionResponse(v)
	return d.finish()
}

// Data is a consumer in a list.
type Data struct {
	ConsumerID             *string                 `json:"consumer_id,omitempty"`
	ApplicationID          *string                 `json:"application_id,omitempty"`
	Metadata               *ConsumerMetadata       `json:"metadata,omitempty"`
	AggregatedRequestCount *float64                `json:"aggregated_request_count,omitempty"`
	RequestCounts          *RequestCountAllocation `json:"request_counts,omitempty"`
	Created                *string                 `json:"created,omitempty"`
	Modified               *string                 `json:"modified,omitempty"`
	RequestCountUpdated    *string                 `json:"request_count_updated,omitempty"`
	Services               []string                `json:"services,omitempty"`
}

// GetConsumersResponse is the body of one page of consumers.
type GetConsumersResponse struct {
	StatusCode int64          `json:"status_code"`
	Status     string         `json:"status"`
	Data       []Data         `json:"data"`
	Meta       *Meta          `json:"meta,omitempty"`
	Links      *Links         `json:"links,omitempty"`
	Raw        map[string]any `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *GetConsumersResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readGetConsumersResponse(v)
	return d.finish()
}

// GetConsumerResponse is the body with one consumer.
type GetConsumerResponse struct {
	StatusCode int64          `json:"status_code"`
	Status     string         `json:"status"`
	Data       Consumer       `json:"data"`
	Meta       *Meta          `json:"meta,omitempty"`
	Raw        map[string]any `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *GetConsumerResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readGetConsumerResponse(v)
	return d.finish()
}

// UpdateConsumerRequest is the fields of a consumer that an update can change.
type UpdateConsumerRequest struct {
	Metadata *ConsumerMetadata `json:"metadata,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// UpdateConsumerResponse is the body with the consumer after an update.
type UpdateConsumerResponse struct {
	StatusCode int64          `json:"status_code"`
	Status     string         `json:"status"`
	Data       Consumer       `json:"data"`
	Raw        map[string]any `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *UpdateConsumerResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readUpdateConsumerResponse(v)
	return d.finish()
}

// DeleteConsumerResponseData is a deleted consumer.
type DeleteConsumerResponseData struct {
	ConsumerID *string `json:"consumer_id,omitempty"`
}

// DeleteConsumerResponse is the body with the id of the deleted consumer.
type DeleteConsumerResponse struct {
	StatusCode int64                      `json:"status_code"`
	Status     string                     `json:"status"`
	Data       DeleteConsumerResponseData `json:"data"`
	Raw        map[string]any             `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *DeleteConsumerResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readDeleteConsumerResponse(v)
	return d.finish()
}

// Consumer is a customer of the application, with its connections.
type Consumer struct {
	ConsumerID             string                  `json:"consumer_id"`
	ApplicationID          *string                 `json:"application_id,omitempty"`
	Metadata               *ConsumerMetadata       `json:"metadata,omitempty"`
	Connections            []ConsumerConnection    `json:"connections,omitempty"`
	Services               []string                `json:"services,omitempty"`
	AggregatedRequestCount *float64                `json:"aggregated_request_count,omitempty"`
	RequestCounts          *RequestCountAllocation `json:"request_counts,omitempty"`
	Created                *string                 `json:"created,omitempty"`
	Modified               *string                 `json:"modified,omitempty"`
	RequestCountUpdated    *string                 `json:"request_count_updated,omitempty"`
}

// ConsumerConnection is a connection as a consumer shows it.
type ConsumerConnection struct {
	ID                  *string          `json:"id,omitempty"`
	Name                *string          `json:"name,omitempty"`
	Icon                *string          `json:"icon,omitempty"`
	Logo                *string          `json:"logo,omitempty"`
	Website             *string          `json:"website,omitempty"`
	TagLine             *string          `json:"tag_line,omitempty"`
	ServiceID           *string          `json:"service_id,omitempty"`
	UnifiedAPI          *string          `json:"unified_api,omitempty"`
	ConsumerID          *string          `json:"consumer_id,omitempty"`
	AuthType            *AuthType        `json:"auth_type,omitempty"`
	Enabled             *bool            `json:"enabled,omitempty"`
	Settings            map[string]any   `json:"settings,omitempty"`
	Metadata            map[string]any   `json:"metadata,omitempty"`
	CreatedAt           *string          `json:"created_at,omitempty"`
	UpdatedAt           *string          `json:"updated_at,omitempty"`
	State               *ConnectionState `json:"state,omitempty"`
	Health              *Health          `json:"health,omitempty"`
	CredentialsExpireAt *string          `json:"credentials_expire_at,omitempty"`
	LastRefreshFailedAt *string          `json:"last_refresh_failed_at,omitempty"`
}

// ConsumersFilter is which consumers to list.
type ConsumersFilter struct {
	ConsumerID *string `json:"consumer_id,omitempty"`
	Search     *string `json:"search,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// ValidateConnectionStateResponseData is the state of a connection after its validation.
type ValidateConnectionStateResponseData struct {
	ID    *string          `json:"id,omitempty"`
	State *ConnectionState `json:"state,omitempty"`
}

// ValidateConnectionStateResponse is the body with the state of a connection.
type ValidateConnectionStateResponse struct {
	StatusCode int64                               `json:"status_code"`
	Status     string                              `json:"status"`
	Data       ValidateConnectionStateResponseData `json:"data"`
	Raw        map[string]any                      `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are parts of text. It
// returns an error if text is not a JSON object.
func (v *ValidateConnectionStateResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readValidateConnectionStateResponse(v)
	return d.finish()
}

// Links is the URLs of the neighbouring pages.
type Links struct {
	Previous *string `json:"previous,omitempty"`
	Current  *string `json:"current,omitempty"`
	Next     *string `json:"next,omitempty"`
}

// UnifiedAPIID is a unified API.
type UnifiedAPIID string

const (
	UnifiedAPIIDAccounting            UnifiedAPIID = "accounting"
	UnifiedAPIIDAts                   UnifiedAPIID = "ats"
	UnifiedAPIIDCalendar              UnifiedAPIID = "calendar"
	UnifiedAPIIDCrm                   UnifiedAPIID = "crm"
	UnifiedAPIIDCsp                   UnifiedAPIID = "csp"
	UnifiedAPIIDCustomerSupport       UnifiedAPIID = "customer-support"
	UnifiedAPIIDEcommerce             UnifiedAPIID = "ecommerce"
	UnifiedAPIIDEmail                 UnifiedAPIID = "email"
	UnifiedAPIIDEmailMarketing        UnifiedAPIID = "email-marketing"
	UnifiedAPIIDExpenseManagement     UnifiedAPIID = "expense-management"
	UnifiedAPIIDFileStorage           UnifiedAPIID = "file-storage"
	UnifiedAPIIDForm                  UnifiedAPIID = "form"
	UnifiedAPIIDHris                  UnifiedAPIID = "hris"
	UnifiedAPIIDLead                  UnifiedAPIID = "lead"
	UnifiedAPIIDPayroll               UnifiedAPIID = "payroll"
	UnifiedAPIIDPos                   UnifiedAPIID = "pos"
	UnifiedAPIIDProcurement           UnifiedAPIID = "procurement"
	UnifiedAPIIDProjectManagement     UnifiedAPIID = "project-management"
	UnifiedAPIIDScript                UnifiedAPIID = "script"
	UnifiedAPIIDSms                   UnifiedAPIID = "sms"
	UnifiedAPIIDSpreadsheet           UnifiedAPIID = "spreadsheet"
	UnifiedAPIIDSubscriptionAnalytics UnifiedAPIID = "subscription-analytics"
	UnifiedAPIIDTeamMessaging         UnifiedAPIID = "team-messaging"
	UnifiedAPIIDIssueTracking         UnifiedAPIID = "issue-tracking"
	UnifiedAPIIDTimeRegistration      UnifiedAPIID = "time-registration"
	UnifiedAPIIDTransactionalEmail    UnifiedAPIID = "transactional-email"
	UnifiedAPIIDVault                 UnifiedAPIID = "vault"
	UnifiedAPIIDDataWarehouse         UnifiedAPIID = "data-warehouse"
)

// RequestCountAllocation is the number of requests by kind.
type RequestCountAllocation struct {
	Unify *float64 `json:"unify,omitempty"`
	Proxy *float64 `json:"proxy,omitempty"`
	Vault *float64 `json:"vault,omitempty"`
}

// enums returns the strings as values of an enum.
func enums[T ~string](values []string) []T {
	if values == nil {
		return nil
	}
	found := make([]T, len(values))
	for i, value := range values {
		found[i] = T(value)
	}
	return found
}

// ConnectionMigrateData is the target of a migration.
type ConnectionMigrateData struct {
	TargetServiceID string `json:"target_service_id"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// Package operations holds the requests, results and per-call options of the six operations on
// connections.
package operations

import "github.com/apideck-vault/apideck-vault/bindings/go/models/components"

// VaultConnectionsAllResponse is the result of List.
type VaultConnectionsAllResponse struct {
	HTTPMeta               components.HTTPMetadata `json:"-"`
	GetConnectionsResponse *components.GetConnectionsResponse
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

// VaultConnectionsOneResponse is the result of Get.
type VaultConnectionsOneResponse struct {
	HTTPMeta              components.HTTPMetadata `json:"-"`
	GetConnectionResponse *components.GetConnectionResponse
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

// VaultConnectionsUpdateRequest is what Update takes.
type VaultConnectionsUpdateRequest struct {
	// ConsumerID is whose connection it is; nil for the client's own.
	ConsumerID *string
	// AppID is the Unify application; nil for the client's own.
	AppID *string
	// ServiceID is the service: pipedrive.
	ServiceID string
	// UnifiedAPI is the unified API: crm.
	UnifiedAPI string
	// Connection is what changes.
	Connection components.ConnectionInput
}

// VaultConnectionsUpdateResponse is the result of Update.
type VaultConnectionsUpdateResponse struct {
	HTTPMeta                 components.HTTPMetadata `json:"-"`
	UpdateConnectionResponse *components.UpdateConnectionResponse
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

// VaultConnectionsDeleteResponse is the result of Delete.
type VaultConnectionsDeleteResponse struct {
	HTTPMeta components.HTTPMetadata `json:"-"`
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

// VaultConnectionsImportRequest is what Imports takes.
type VaultConnectionsImportRequest struct {
	// ConsumerID is whose connection it becomes; nil for the client's own.
	ConsumerID *string
	// AppID is the Unify application; nil for the client's own.
	AppID *string
	// ServiceID is the service: pipedrive.
	ServiceID string
	// UnifiedAPI is the unified API: crm.
	UnifiedAPI string
	// ConnectionImportData is the connection, with its credentials.
	ConnectionImportData components.ConnectionImportData
}

// VaultConnectionsImportResponse is the result of Imports.
type VaultConnectionsImportResponse struct {
	HTTPMeta                 components.HTTPMetadata `json:"-"`
	CreateConnectionResponse *components.CreateConnectionResponse
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

// VaultConnectionsTokenRequestBody has no fields: the credentials that are exchanged are in Vault.
type VaultConnectionsTokenRequestBody struct{}

// VaultConnectionsTokenRequest is what Token takes.
type VaultConnectionsTokenRequest struct {
	// ConsumerID is whose connection it is; nil for the client's own.
	ConsumerID *string
	// AppID is the Unify application; nil for the client's own.
	AppID *string
	// ServiceID is the service: pipedrive.
	ServiceID string
	// UnifiedAPI is the unified API: crm.
	UnifiedAPI string
	// RequestBody need not be set; an empty object is sent.
	RequestBody *VaultConnectionsTokenRequestBody
}

// VaultConnectionsTokenResponse is the result of Token.
type VaultConnectionsTokenResponse struct {
	HTTPMeta              components.HTTPMetadata `json:"-"`
	GetConnectionResponse *components.GetConnectionResponse
	// UnexpectedErrorResponse is always nil: an unexpected answer is returned as an error.
	UnexpectedErrorResponse *components.UnexpectedErrorResponse
}

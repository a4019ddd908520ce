package apideckvault

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// Connections is the operations on connections. In all of them consumerID and appID are whose
// connection it is and the Unify application, nil for the client's own. An empty consumerID is none, which
// all but List refuse.
type Connections struct {
	client *client
}

// List gets all connections: those of the consumer, and the integrations that one could be made of.
// api is one unified API ("crm") to get those of; configured whether to get only those that are
// configured, or only those that are not. Both may be nil.
//
// GET /vault/connections
func (s *Connections) List(ctx context.Context, consumerID *string, appID *string, api *string, configured *bool, opts ...operations.Option) (*operations.VaultConnectionsAllResponse, error) {
	r := request{operation: native.List, consumerID: consumerID, appID: given(appID)}
	query := url.Values{}
	if api != nil {
		r.string("api", *api)
		query.Set("api", *api)
	}
	if configured != nil {
		r.bool("configured", *configured)
		query.Set("configured", strconv.FormatBool(*configured))
	}
	r.query = strings.ReplaceAll(query.Encode(), "+", "%20") // as the C library does
	body := new(components.GetConnectionsResponse)
	meta, err := s.client.call(ctx, &r, opts, body)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsAllResponse{HTTPMeta: meta, GetConnectionsResponse: body}, nil
}

// Get gets one connection, by its service ("pipedrive") and unified API ("crm").
//
// GET /vault/connections/{unified_api}/{service_id}
func (s *Connections) Get(ctx context.Context, serviceID string, unifiedAPI string, consumerID *string, appID *string, opts ...operations.Option) (*operations.VaultConnectionsOneResponse, error) {
	r := newRequest(native.Get, serviceID, unifiedAPI, consumerID, appID)
	body := new(components.GetConnectionResponse)
	meta, err := s.client.call(ctx, r, opts, body)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsOneResponse{HTTPMeta: meta, GetConnectionResponse: body}, nil
}

// Update changes a connection: its settings, metadata, configuration, mappings, or whether it is
// enabled. What the request leaves nil stays as it is.
//
// PATCH /vault/connections/{unified_api}/{service_id}
func (s *Connections) Update(ctx context.Context, request operations.VaultConnectionsUpdateRequest, opts ...operations.Option) (*operations.VaultConnectionsUpdateResponse, error) {
	r := newRequest(native.Update, request.ServiceID, request.UnifiedAPI, request.ConsumerID, request.AppID)
	r.any("connection", request.Connection)
	body := new(components.UpdateConnectionResponse)
	meta, err := s.client.call(ctx, r, opts, body)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsUpdateResponse{HTTPMeta: meta, UpdateConnectionResponse: body}, nil
}

// Delete forgets a connection: its settings, its credentials, its metadata.
//
// DELETE /vault/connections/{unified_api}/{service_id}
func (s *Connections) Delete(ctx context.Context, serviceID string, unifiedAPI string, consumerID *string, appID *string, opts ...operations.Option) (*operations.VaultConnectionsDeleteResponse, error) {
	r := newRequest(native.Delete, serviceID, unifiedAPI, consumerID, appID)
	meta, err := s.client.call(ctx, r, opts, nil)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsDeleteResponse{HTTPMeta: meta}, nil
}

// Imports makes a connection of one that was authorized elsewhere. Vault keeps its credentials, and
// refreshes them, but never returns them.
//
// POST /vault/connections/{unified_api}/{service_id}/import
func (s *Connections) Imports(ctx context.Context, request operations.VaultConnectionsImportRequest, opts ...operations.Option) (*operations.VaultConnectionsImportResponse, error) {
	r := newRequest(native.Imports, request.ServiceID, request.UnifiedAPI, request.ConsumerID, request.AppID)
	r.any("connection_import_data", request.ConnectionImportData)
	body := new(components.CreateConnectionResponse)
	meta, err := s.client.call(ctx, r, opts, body)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsImportResponse{HTTPMeta: meta, CreateConnectionResponse: body}, nil
}

// Token exchanges the credentials that Vault has for an access token, which it keeps: a connection
// whose grant type is client_credentials or password becomes callable.
//
// POST /vault/connections/{unified_api}/{service_id}/token
func (s *Connections) Token(ctx context.Context, request operations.VaultConnectionsTokenRequest, opts ...operations.Option) (*operations.VaultConnectionsTokenResponse, error) {
	r := newRequest(native.Token, request.ServiceID, request.UnifiedAPI, request.ConsumerID, request.AppID)
	body := new(components.GetConnectionResponse)
	meta, err := s.client.call(ctx, r, opts, body)
	if err != nil {
		return nil, err
	}
	return &operations.VaultConnectionsTokenResponse{HTTPMeta: meta, GetConnectionResponse: body}, nil
}

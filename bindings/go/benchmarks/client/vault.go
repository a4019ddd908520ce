package main

import (
	"context"
	"errors"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
)

var errNoID = errors.New("the connection has no id")

func vaultCall(url, kind string) call {
	s := sdkgo.New(sdkgo.WithServerURL(url), sdkgo.WithSecurity("key"), sdkgo.WithConsumerID("consumer"), sdkgo.WithAppID("app"))
	if kind == "get" {
		return func(ctx context.Context) error {
			res, err := s.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
			if err == nil && res.GetConnectionResponse.Data.ID == nil {
				err = errNoID
			}
			return err
		}
	}
	return func(ctx context.Context) error {
		res, err := s.Vault.Connections.List(ctx, nil, nil, &kind, nil)
		if err != nil {
			return err
		}
		return expect(kind, len(res.GetConnectionsResponse.Data))
	}
}

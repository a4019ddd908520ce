package main

import (
	"context"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

func vaultCall(url, kind string) call {
	s := sdkgo.New(sdkgo.WithServerURL(url), sdkgo.WithSecurity("key"), sdkgo.WithConsumerID("consumer"), sdkgo.WithAppID("app"),
		sdkgo.WithRetryConfig(retry.Config{Strategy: "none"}))
	if kind == "get" || isError(kind) {
		return func(ctx context.Context) error {
			res, err := s.Vault.Connections.Get(ctx, service(kind), "crm", nil, nil)
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
		return expectLength(kind, len(res.GetConnectionsResponse.Data))
	}
}

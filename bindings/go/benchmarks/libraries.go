package main

import (
	"context"
	"fmt"

	official "github.com/apideck-libraries/sdk-go"
	vault "github.com/apideck-vault/apideck-vault/bindings/go"
)

// call makes one call of a kind: "one" connection, or a list of so many.
type call func(ctx context.Context) error

func officialCall(url, kind string) call {
	s := official.New(official.WithServerURL(url), official.WithSecurity("key"), official.WithConsumerID("consumer"), official.WithAppID("app"))
	if kind == "one" {
		return func(ctx context.Context) error {
			res, err := s.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
			if err == nil && res.GetConnectionResponse.Data.ID == nil {
				err = fmt.Errorf("no id")
			}
			return err
		}
	}
	return func(ctx context.Context) error {
		res, err := s.Vault.Connections.List(ctx, nil, nil, &kind, nil)
		if err == nil && fmt.Sprint(len(res.GetConnectionsResponse.Data)) != kind {
			err = fmt.Errorf("%d connections, not %s", len(res.GetConnectionsResponse.Data), kind)
		}
		return err
	}
}

func vaultCall(url, kind string) call {
	s := vault.New(vault.WithServerURL(url), vault.WithSecurity("key"), vault.WithConsumerID("consumer"), vault.WithAppID("app"))
	if kind == "one" {
		return func(ctx context.Context) error {
			res, err := s.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
			if err == nil && res.GetConnectionResponse.Data.ID == nil {
				err = fmt.Errorf("no id")
			}
			return err
		}
	}
	return func(ctx context.Context) error {
		res, err := s.Vault.Connections.List(ctx, nil, nil, &kind, nil)
		if err == nil && fmt.Sprint(len(res.GetConnectionsResponse.Data)) != kind {
			err = fmt.Errorf("%d connections, not %s", len(res.GetConnectionsResponse.Data), kind)
		}
		return err
	}
}

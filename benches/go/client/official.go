//go:build official

package main

import (
	"context"

	sdkgo "github.com/apideck-libraries/sdk-go"
	"github.com/apideck-libraries/sdk-go/retry"
)

func init() { libraries["official"] = officialCall }

func officialCall(url, kind string) call {
	s := sdkgo.New(sdkgo.WithServerURL(url), sdkgo.WithSecurity("key"), sdkgo.WithConsumerID("consumer"), sdkgo.WithAppID("app"),
		sdkgo.WithRetryConfig(retry.Config{Strategy: "none"}))
	if kind == "get" || isError(kind) {
		return func(ctx context.Context) error {
			res, err := s.Vault.Connections.Get(ctx, service(kind), "crm", nil, nil)
			if err != nil {
				return err
			}
			if res.UnexpectedErrorResponse != nil { // how it reports a 5xx
				return errUnexpected
			}
			if res.GetConnectionResponse.Data.ID == nil {
				return errNoID
			}
			return nil
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

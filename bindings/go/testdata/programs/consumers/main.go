// Command consumers is written against the official SDK. Its test changes the import paths and nothing else.
package main

import (
	"context"
	"errors"
	"log"
	"os"

	sdkgo "github.com/apideck-libraries/sdk-go"
	"github.com/apideck-libraries/sdk-go/models/apierrors"
	"github.com/apideck-libraries/sdk-go/models/components"
)

func main() {
	ctx := context.Background()
	s := sdkgo.New(
		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
		sdkgo.WithAppID("programs-app"),
	)

	for _, id := range []string{"programs-1", "programs-2", "programs-3"} {
		created, err := s.Vault.Consumers.Create(ctx, components.CreateConsumerRequest{
			ConsumerID: id,
			Metadata: &components.ConsumerMetadata{
				AccountName: sdkgo.Pointer("Programs"),
				Email:       sdkgo.Pointer("programs@example.com"),
			},
		}, nil)
		if err != nil {
			log.Fatal(err)
		}
		if created.CreateConsumerResponse.Data.ConsumerID != id {
			log.Fatal(created.CreateConsumerResponse.Data.ConsumerID)
		}
	}

	var found []string
	filter := &components.ConsumersFilter{ConsumerID: sdkgo.Pointer("programs-"), Search: sdkgo.Pointer("example.com")}
	page, err := s.Vault.Consumers.List(ctx, nil, filter, nil, sdkgo.Pointer[int64](2))
	for page != nil && err == nil {
		for _, consumer := range page.GetConsumersResponse.Data {
			found = append(found, *consumer.ConsumerID)
		}
		page, err = page.Next()
	}
	if err != nil || len(found) != 3 {
		log.Fatal(found, err)
	}

	updated, err := s.Vault.Consumers.Update(ctx, "programs-1", components.UpdateConsumerRequest{
		Metadata: &components.ConsumerMetadata{UserName: sdkgo.Pointer("Ada")},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	got, err := s.Vault.Consumers.Get(ctx, "programs-1", nil)
	if err != nil {
		log.Fatal(err)
	}
	if *updated.GetUpdateConsumerResponse().Data.Metadata.UserName != "Ada" || *got.GetConsumerResponse.Data.Metadata.UserName != "Ada" {
		log.Fatal("the update has no effect")
	}

	for _, id := range found {
		deleted, err := s.Vault.Consumers.Delete(ctx, id, nil)
		if err != nil || *deleted.DeleteConsumerResponse.Data.ConsumerID != id {
			log.Fatal(err)
		}
	}
	var missing *apierrors.NotFoundResponse
	if _, err := s.Vault.Consumers.Get(ctx, "programs-1", nil); !errors.As(err, &missing) || *missing.StatusCode != 404 {
		log.Fatal(err)
	}
}

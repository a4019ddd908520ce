package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// netHTTPCall returns what a program without an SDK does: a request, and its body as maps.
func netHTTPCall(url, kind string) call {
	path := "/vault/connections?api=" + kind
	if kind == "get" {
		path = "/vault/connections/crm/pipedrive"
	} else if isError(kind) {
		path = "/vault/connections/crm/" + kind
	}
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Authorization", "Bearer key")
		request.Header.Set("x-apideck-consumer-id", "consumer")
		request.Header.Set("x-apideck-app-id", "app")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		var body map[string]any
		if err := json.Unmarshal(text, &body); err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%v: %v", body["message"], body["detail"])
		}
		if kind == "get" {
			if connection, _ := body["data"].(map[string]any); connection["id"] == nil {
				return errNoID
			}
			return nil
		}
		list, _ := body["data"].([]any)
		return expectLength(kind, len(list))
	}
}

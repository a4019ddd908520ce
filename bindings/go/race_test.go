package apideckvault_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

// This test needs -race, with which programs test their handlers. Only the call orders the writes of the two sides.
func TestACallOrdersTheWritesOfCallerAndHandler(t *testing.T) {
	var requested, handled int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handled = requested
		respond(200, empty)(w, r)
	}))
	defer server.Close()
	s := connect(t, server.URL)
	for requested = 1; requested <= 3; requested++ {
		if err := list(context.Background(), s); err != nil {
			t.Fatal(err)
		}
		if handled != requested {
			t.Errorf("%d, not %d", handled, requested)
		}
	}
}

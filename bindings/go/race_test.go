package apideckvault_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Run with -race, as a user's tests of their own handlers are: there is nothing here but the call itself
// that orders what the two sides do.
func TestWhatCallerAndHandlerWriteIsSeenByTheOtherWithoutARace(t *testing.T) {
	var asked, answered int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answered = asked
		respond(200, empty)(w, r)
	}))
	defer server.Close()
	s := connect(t, server.URL)
	for asked = 1; asked <= 3; asked++ {
		if err := list(context.Background(), s); err != nil {
			t.Fatal(err)
		}
		if answered != asked {
			t.Errorf("%d, not %d", answered, asked)
		}
	}
}

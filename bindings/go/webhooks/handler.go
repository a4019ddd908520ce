package webhooks

import (
	"context"
	"errors"
	"io"
	"net/http"
)

// Handler returns an http.Handler that verifies each webhook and passes its event to handle.
//
// It responds with 204 if handle returns nil, and with 500 if it returns an error, so that Apideck sends the event again.
// It does not call handle for a request that is not a POST (405), whose body has more than [MaxBody] bytes (413) or cannot
// be read (400), or that the key did not sign (401). If the key is empty, it responds with 500. No response has more than
// the status.
//
// The context of handle is that of the request. handle can be called more than once for the same event, and by several
// goroutines at the same time.
func Handler(apiKey string, handle func(context.Context, *Event) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := serve(w, r, apiKey, handle)
		if status == http.StatusNoContent {
			w.WriteHeader(status)
			return
		}
		http.Error(w, http.StatusText(status), status)
	})
}

// serve returns the status of the response.
func serve(w http.ResponseWriter, r *http.Request, apiKey string, handle func(context.Context, *Event) error) int {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return http.StatusMethodNotAllowed
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	event, err := Verify(body, r.Header.Get(SignatureHeader), apiKey)
	switch {
	case errors.Is(err, ErrInvalidSignature):
		return http.StatusUnauthorized
	case err != nil:
		return http.StatusInternalServerError
	}
	if err := handle(r.Context(), event); err != nil {
		return http.StatusInternalServerError
	}
	return http.StatusNoContent
}

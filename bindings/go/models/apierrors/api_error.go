package apierrors

import (
	"fmt"
	"net/http"
)

// APIError is a response with an HTTP status outside 2xx that has no type of its own: 409, 429, 500 and others. It is
// the error of a redirect too, because redirects are never followed.
type APIError struct {
	Failure
	Message    string
	StatusCode int
	// Body is the response body: its JSON, or the first 4 KiB of any other text.
	Body        string
	RawResponse *http.Response
}

// NewAPIError returns an APIError.
func NewAPIError(message string, statusCode int, body string, httpRes *http.Response) *APIError {
	return &APIError{Message: message, StatusCode: statusCode, Body: body, RawResponse: httpRes}
}

// Error returns the message and the HTTP status, without the body.
func (e *APIError) Error() string { return fmt.Sprintf("%s: Status %d", e.Message, e.StatusCode) }

// describe returns the library's message, or else the server's.
func describe(text string, message *string) string {
	switch {
	case text != "":
		return text
	case message != nil:
		return *message
	}
	return "unknown error"
}

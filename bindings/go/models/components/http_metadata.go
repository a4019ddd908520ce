package components

import "net/http"

// HTTPMetadata is the HTTP exchange of a call.
type HTTPMetadata struct {
	// Response has the status, the headers and the body of the response. It is made from what the library read, so that
	// TLS, Trailer and Uncompressed are not set.
	Response *http.Response `json:"-"`
	// Request has the method and the URL of the request. It has neither headers nor a body, because they contain secrets.
	Request *http.Request `json:"-"`
	// RawJSON is the response body, byte for byte. It is empty if there is none. An error body that is not JSON is here as
	// a JSON string with its first 4 KiB.
	RawJSON string `json:"-"`
	// Attempts is the number of times that the request was sent.
	Attempts int `json:"-"`
}

// Security has the API key of a request. Debug prints do not show the key.
type Security struct {
	APIKey *string
}

// GetResponse returns Response, or nil if h is nil.
func (h *HTTPMetadata) GetResponse() (value *http.Response) {
	if h != nil {
		value = h.Response
	}
	return value
}

// GetRequest returns Request, or nil if h is nil.
func (h *HTTPMetadata) GetRequest() (value *http.Request) {
	if h != nil {
		value = h.Request
	}
	return value
}

// GetRawJSON returns RawJSON, or an empty string if h is nil.
func (h *HTTPMetadata) GetRawJSON() (value string) {
	if h != nil {
		value = h.RawJSON
	}
	return value
}

// GetAttempts returns Attempts, or 0 if h is nil.
func (h *HTTPMetadata) GetAttempts() (value int) {
	if h != nil {
		value = h.Attempts
	}
	return value
}

// GetAPIKey returns APIKey, or nil if s is nil.
func (s *Security) GetAPIKey() (value *string) {
	if s != nil {
		value = s.APIKey
	}
	return value
}

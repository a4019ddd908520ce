package components

import "net/http"

// HTTPMetadata is the exchange behind a result.
type HTTPMetadata struct {
	// Response is the answer: its status, headers and body. It is made from what the library read, so
	// that connection-level fields (TLS, Trailer, Uncompressed) are not set.
	Response *http.Response `json:"-"`
	// Request is the request: its method and URL. Its headers and body, where secrets are, are not kept.
	Request *http.Request `json:"-"`
	// RawJSON is the body byte for byte as the server sent it; empty where there was none. The body of an
	// error that is not JSON is here as a string of JSON, its first 4 KiB.
	RawJSON string `json:"-"`
	// Attempts is how many times the request was sent.
	Attempts int `json:"-"`
}

// Security is how a request authenticates. It does not show in a print of the struct.
type Security struct {
	APIKey *string
}

// String says that there is a key, not what it is.
func (s Security) String() string { return "Security{…}" }

// GoString is what %#v prints.
func (s Security) GoString() string { return "components.Security{…}" }

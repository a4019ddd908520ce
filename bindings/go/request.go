package apideckvault

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonsend"
	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
)

// request is the text of a call while it is written: a JSON object, one member after the other.
type request struct {
	operation             native.Operation
	serviceID, unifiedAPI string
	consumerID, appID     *string
	query                 string
	text                  []byte
	err                   error
}

// newRequest begins a request about one connection.
func newRequest(operation native.Operation, serviceID, unifiedAPI string, consumerID, appID *string) *request {
	r := &request{operation: operation, serviceID: serviceID, unifiedAPI: unifiedAPI, consumerID: consumerID, appID: given(appID)}
	r.string("service_id", serviceID)
	r.string("unified_api", unifiedAPI)
	return r
}

func (r *request) key(key string) {
	separator := byte(',')
	if len(r.text) == 0 {
		r.text = make([]byte, 0, 256)
		separator = '{'
	}
	r.text = append(r.text, separator, '"')
	r.text = append(append(r.text, key...), '"', ':')
}

func (r *request) end() []byte {
	if len(r.text) == 0 {
		return []byte("{}")
	}
	return append(r.text, '}')
}

func (r *request) string(key, value string) {
	if err := jsonsend.CheckString(value, key); err != nil {
		r.fail(err)
		return
	}
	r.key(key)
	r.text = appendString(r.text, value)
}

func (r *request) optional(key string, value *string) {
	if value != nil {
		r.string(key, *value)
	}
}

func (r *request) int(key string, value int64) {
	r.key(key)
	r.text = strconv.AppendInt(r.text, value, 10)
}

func (r *request) bool(key string, value bool) {
	r.key(key)
	r.text = strconv.AppendBool(r.text, value)
}

// any writes a value as encoding/json does, but leaves <, > and & as they are.
func (r *request) any(key string, value any) {
	text, err := jsonsend.Encode(key, value)
	if err != nil {
		r.fail(err)
		return
	}
	r.key(key)
	r.text = append(r.text, text...)
}

// fail keeps the first error, which the call returns before it sends anything.
func (r *request) fail(err error) {
	if r.err == nil {
		r.err = invalidArgument(err.Error())
	}
}

// identify says whose connection it is, and the application: the call's own, or the client's consumer, or
// what the call sets as headers, which are sent in their place. Only a list may have an empty consumer,
// which is none; for another call to have the client's instead would be a mistake with consequences.
func (r *request) identify(consumerID *string, headers map[string]string) {
	if r.consumerID == nil {
		r.consumerID = consumerID
	}
	for name, value := range headers {
		switch strings.ToLower(name) {
		case "x-apideck-consumer-id":
			r.consumerID = &value
		case "x-apideck-app-id":
			r.appID = given(&value)
		}
	}
	if r.operation == native.List {
		r.consumerID = given(r.consumerID)
	}
	r.optional("consumer_id", r.consumerID)
	r.optional("app_id", r.appID)
}

func appendString(text []byte, value string) []byte {
	for i := 0; i < len(value); i++ {
		if c := value[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			quoted, _ := json.Marshal(value) // a string always encodes
			return append(text, quoted...)
		}
	}
	text = append(text, '"')
	return append(append(text, value...), '"')
}

// methods and suffixes of the operations, for HTTPMeta.Request alone: the C library has its own.
var (
	methods  = [...]string{"GET", "GET", "PATCH", "DELETE", "POST", "POST"}
	suffixes = [...]string{native.Imports: "/import", native.Token: "/token"}
)

// http is the request as HTTPMeta shows it, sent to a server; nil if that is none.
func (r *request) http(server *url.URL) *http.Request {
	if server == nil {
		return nil // cannot be: the C library has used it
	}
	path := func(base, api, service string) string {
		base = strings.TrimRight(base, "/")
		if r.operation == native.List {
			return base + "/vault/connections"
		}
		return base + "/vault/connections/" + api + "/" + service + suffixes[r.operation]
	}
	shown := new(struct {
		request http.Request
		url     url.URL
	})
	shown.url = *server
	shown.url.Path = path(server.Path, r.unifiedAPI, r.serviceID)
	if api, service := escape(r.unifiedAPI), escape(r.serviceID); server.RawPath != "" || api != r.unifiedAPI || service != r.serviceID {
		shown.url.RawPath = path(server.EscapedPath(), api, service)
	}
	shown.url.RawQuery = r.query
	shown.request = http.Request{
		Method: methods[r.operation], URL: &shown.url, Host: server.Host, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	return &shown.request
}

// escape encodes an id as the C library does: all but letters, digits and -._~
func escape(id string) string { return strings.ReplaceAll(url.QueryEscape(id), "+", "%20") }

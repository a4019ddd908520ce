package apideckvault_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
)

// sandbox returns the URL of a local Vault.
func sandbox() string { return os.Getenv("APIDECK_VAULT_TEST_SANDBOX_URL") }

// exchange is a request as a server read it.
type exchange struct {
	Method, URL string
	Header      http.Header
	Body        string
}

// recorder is a server that keeps the requests it has read.
type recorder struct {
	*httptest.Server
	mutex sync.Mutex
	read  []exchange
}

// record starts a server, which is stopped when the test ends.
func record(t testing.TB, handler http.HandlerFunc) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(r.wrap(handler))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) wrap(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		r.mutex.Lock()
		r.read = append(r.read, exchange{request.Method, request.URL.String(), request.Header.Clone(), string(body)})
		r.mutex.Unlock()
		handler(w, request)
	}
}

func (r *recorder) requests() []exchange {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]exchange(nil), r.read...)
}

func (r *recorder) last(t testing.TB) exchange {
	t.Helper()
	requests := r.requests()
	if len(requests) == 0 {
		t.Fatal("the server got no request")
	}
	return requests[len(requests)-1]
}

// respond returns a handler that always sends the same response.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

const (
	empty = `{"status_code":200,"status":"OK","data":[]}`
	one   = `{"status_code":200,"status":"OK","data":{"id":"crm+pipedrive","service_id":"pipedrive","state":"callable"}}`
)

// connect returns a client of a server. It is closed when the test ends.
func connect(t testing.TB, url string, options ...sdkgo.SDKOption) *sdkgo.Apideck {
	s := sdkgo.New(append([]sdkgo.SDKOption{
		sdkgo.WithServerURL(url), sdkgo.WithSecurity("the-api-key"), sdkgo.WithConsumerID("test-consumer"), sdkgo.WithAppID("test-app"),
	}, options...)...)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

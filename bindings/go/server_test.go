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

// sandbox is the URL of a local Vault.
func sandbox() string { return os.Getenv("APIDECK_VAULT_TEST_SANDBOX_URL") }

// exchange is a request as a server saw it.
type exchange struct {
	Method, URL string
	Header      http.Header
	Body        string
}

// recorder is a server that answers as it is told and keeps what it was asked.
type recorder struct {
	*httptest.Server
	mutex sync.Mutex
	seen  []exchange
}

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
		r.seen = append(r.seen, exchange{request.Method, request.URL.String(), request.Header.Clone(), string(body)})
		r.mutex.Unlock()
		handler(w, request)
	}
}

func (r *recorder) requests() []exchange {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return append([]exchange(nil), r.seen...)
}

func (r *recorder) last(t testing.TB) exchange {
	t.Helper()
	seen := r.requests()
	if len(seen) == 0 {
		t.Fatal("the server was asked nothing")
	}
	return seen[len(seen)-1]
}

// answer is a handler that always says the same.
func answer(status int, body string) http.HandlerFunc {
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

// connect is a client of a server, closed with the test.
func connect(t testing.TB, url string, options ...sdkgo.SDKOption) *sdkgo.Apideck {
	s := sdkgo.New(append([]sdkgo.SDKOption{
		sdkgo.WithServerURL(url), sdkgo.WithSecurity("the-api-key"), sdkgo.WithConsumerID("test-consumer"), sdkgo.WithAppID("test-app"),
	}, options...)...)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Package vaulttest starts the local Vault apideck-vault-sandbox for the time of a test, as httptest starts an HTTP server.
//
//	func TestConnect(t *testing.T) {
//		v := vaulttest.Start(t)
//		s := v.Client("acme")
//		res, err := s.Vault.Connections.List(t.Context(), nil, nil, sdkgo.String("crm"), nil)
//		…
//	}
//
// Each sandbox has its own port and state, so that tests can run in parallel. It starts in milliseconds and stops when
// the test ends. If the test process is killed, the sandbox stops too. If the test fails, what the sandbox printed is in
// the log of the test.
//
// [Sandbox.Fault] makes requests fail, [Sandbox.AdvanceClock] moves the clock of the sandbox, and [Sandbox.Requests]
// returns the requests that it got.
//
// # The program
//
// [Start] looks for the program apideck-vault-sandbox in this order:
//
//   - the path in the environment variable APIDECK_VAULT_SANDBOX
//   - the folders of PATH
//   - target/release and target/debug of a checkout of the library that contains this package or the working folder. The
//     newer program of the two is used. CARGO_TARGET_DIR replaces target
//   - the Python environment of VIRTUAL_ENV, or else of python3, where `pip install apideck-vault-sandbox` puts it
//
// If there is none, the test fails with one line that says what to do.
package vaulttest

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
)

// Key is the API key of clients if [WithAPIKey] sets no other.
const Key = "test-key"

// AppID is the application of clients.
const AppID = "test-app"

// Option sets an option of a sandbox.
type Option func(*settings)

type settings struct {
	key       string
	arguments []string
}

// WithAPIKey returns an option that sets the only API key that the sandbox accepts. Without it, the sandbox accepts any.
func WithAPIKey(key string) Option {
	return func(s *settings) { s.key = key }
}

// WithDatabase returns an option that sets the SQLite file of the state. It is created if it does not exist. Without it,
// the state is in memory and ends with the sandbox.
func WithDatabase(path string) Option {
	return func(s *settings) { s.arguments = append(s.arguments, "--database", path) }
}

// WithRequestLimit returns an option that sets the number of requests that each application may send. Later requests get
// the status 402.
func WithRequestLimit(requests uint64) Option {
	return func(s *settings) {
		s.arguments = append(s.arguments, "--request-limit", strconv.FormatUint(requests, 10))
	}
}

// WithRateLimit returns an option that sets the number of requests that each application may send in a second. More
// requests get the status 429.
func WithRateLimit(perSecond uint64) Option {
	return func(s *settings) {
		s.arguments = append(s.arguments, "--rate-limit", strconv.FormatUint(perSecond, 10)+"/s")
	}
}

// WithTokenLifetime returns an option that sets how long an access token is valid, in whole seconds. The default is an
// hour.
func WithTokenLifetime(lifetime time.Duration) Option {
	return func(s *settings) {
		seconds := int64((lifetime + time.Second - 1) / time.Second)
		s.arguments = append(s.arguments, "--token-lifetime", strconv.FormatInt(seconds, 10)+"s")
	}
}

// WithWebhook returns an option that sets a URL of plain http, such as that of an httptest.Server. The sandbox sends it an
// event for each change of a connection. The event is signed with the API key of the client that made the change.
func WithWebhook(url string) Option {
	return func(s *settings) { s.arguments = append(s.arguments, "--webhook", url) }
}

// Sandbox is a running local Vault. Its methods fail the test if they cannot do their work, so, like t.Fatal, they must be
// called from the goroutine of the test. [Sandbox.Client] can be called from any goroutine.
type Sandbox struct {
	// URL is the address, like http://127.0.0.1:38211.
	URL string

	t       testing.TB
	key     string
	process *process
	http    *http.Client
}

// Start starts a sandbox, which stops when the test ends. If it does not start, the test fails and ends.
func Start(t testing.TB, options ...Option) *Sandbox {
	t.Helper()
	set := settings{}
	for _, option := range options {
		option(&set)
	}
	path, err := findProgram()
	if err != nil {
		t.Fatalf("vaulttest: %v", err)
	}
	started, err := startProcess(path, set)
	if err != nil {
		t.Fatalf("vaulttest: %v", err)
	}
	key := set.key
	if key == "" {
		key = Key
	}
	// No proxy of the environment is between the test and the sandbox.
	v := &Sandbox{URL: started.url, t: t, key: key, process: started, http: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(func() {
		v.Close()
		if output := started.output.String(); t.Failed() && output != "" {
			t.Logf("apideck-vault-sandbox printed:\n%s", output)
		}
	})
	return v
}

// Close stops the sandbox before the test ends, for example to start another with the same database. Requests in progress
// have one second to finish.
func (v *Sandbox) Close() {
	v.http.CloseIdleConnections()
	v.process.stop()
}

// Client returns a client of the sandbox for a consumer. It is closed when the test ends. The options can change
// everything except the server.
func (v *Sandbox) Client(consumerID string, options ...sdkgo.SDKOption) *sdkgo.Apideck {
	all := append([]sdkgo.SDKOption{
		sdkgo.WithSecurity(v.key), sdkgo.WithAppID(AppID), sdkgo.WithConsumerID(consumerID),
	}, options...)
	s := sdkgo.New(append(all, sdkgo.WithServerURL(v.URL))...)
	v.t.Cleanup(func() { _ = s.Close() })
	return s
}

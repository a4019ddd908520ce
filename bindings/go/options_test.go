package apideckvault_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

func TestEveryOptionOfAClientHasItsEffect(t *testing.T) {
	server := record(t, respond(200, empty))
	ctx := context.Background()
	header := func(name string, options ...sdkgo.SDKOption) string {
		t.Helper()
		if err := list(ctx, connect(t, server.URL, options...)); err != nil {
			t.Fatal(err)
		}
		return server.last(t).Header.Get(name)
	}
	for got, want := range map[string]string{
		header("Authorization", sdkgo.WithSecurity("other")):                           "Bearer other",
		header("X-Apideck-Consumer-Id", sdkgo.WithConsumerID("c2")):                    "c2",
		header("X-Apideck-App-Id", sdkgo.WithAppID("a2")):                              "a2",
		header("X-Extra", sdkgo.WithHeaders(map[string]string{"x-extra": "1"})):        "1",
		header("Accept", sdkgo.WithHeaders(map[string]string{"accept": "text/plain"})): "text/plain",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if agent := header("User-Agent", sdkgo.WithUserAgent("acme/1.0")); !strings.HasPrefix(agent, "acme/1.0 apideck-vault/") {
		t.Errorf("User-Agent %q", agent)
	}
	if err := list(ctx, connect(t, "", sdkgo.WithTemplatedServerURL(server.URL+"/{tenant}/v1", map[string]string{"tenant": "acme"}))); err != nil || server.last(t).URL != "/acme/v1/vault/connections" {
		t.Errorf("%v, %s", err, server.last(t).URL)
	}
	if err := list(ctx, connect(t, server.URL, sdkgo.WithMaxResponseBytes(5))); !errors.As(err, new(*apierrors.InvalidResponseError)) {
		t.Errorf("%T: %v", err, err)
	}
	for name, option := range map[string]sdkgo.SDKOption{
		"connect timeout": sdkgo.WithConnectTimeout(5 * time.Second), "idle connections": sdkgo.WithMaxIdleConnections(0),
		"concurrent calls": sdkgo.WithMaxConcurrentCalls(-1), "no proxy": sdkgo.WithProxy(""), "no logger": sdkgo.WithLogger(nil),
	} {
		if err := list(ctx, connect(t, server.URL, option)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	anywhere := strings.Replace(server.URL, "127.0.0.1", "0.0.0.0", 1)
	if err := list(ctx, connect(t, anywhere)); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.Contains(err.Error(), "allow_insecure_http") {
		t.Errorf("%T: %v", err, err)
	}
	if err := list(ctx, connect(t, anywhere, sdkgo.WithInsecureHTTP())); err != nil {
		t.Error(err)
	}
}

func TestACertificateOfARootInTheCAFileIsTrusted(t *testing.T) {
	roots, certificate := authority(t)
	server := httptest.NewUnstartedServer(respond(200, empty))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	defer server.Close()
	ctx := context.Background()
	never := sdkgo.WithRetryConfig(retry.Config{})
	if err := list(ctx, connect(t, server.URL, never)); !errors.As(err, new(*apierrors.ConnectionError)) {
		t.Errorf("%T: %v", err, err)
	}
	if err := list(ctx, connect(t, server.URL, never, sdkgo.WithCAFile(roots))); err != nil {
		t.Error(err)
	}
}

// writeCertificate writes the certificate of a server to a file and returns its path.
func writeCertificate(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.pem")
	block := pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	if err := os.WriteFile(file, pem.EncodeToMemory(&block), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestTheCertificateOfAnHttptestServerInTheCAFileIsTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(respond(200, empty))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	ctx, file := context.Background(), writeCertificate(t, server)
	for name, option := range map[string]sdkgo.SDKOption{"bundled": sdkgo.WithTLSRoots("bundled"), "system": sdkgo.WithTLSRoots("system")} {
		var broken *apierrors.ConnectionError
		if err := list(ctx, connect(t, server.URL, option)); !errors.As(err, &broken) || broken.Retryable() || !strings.Contains(err.Error(), "is self-signed and not trusted") {
			t.Errorf("%s: %T: %v", name, err, err)
		}
		if err := list(ctx, connect(t, server.URL, option, sdkgo.WithCAFile(file))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := list(ctx, connect(t, server.URL, sdkgo.WithTLSRoots("native"))); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.Contains(err.Error(), "tls_roots") {
		t.Errorf("%T: %v", err, err)
	}
	t.Setenv("SSL_CERT_FILE", file)
	if err := list(ctx, connect(t, server.URL)); err != nil {
		t.Error(err)
	}
	t.Setenv("SSL_CERT_FILE", "/nonexistent")
	if err := list(ctx, connect(t, server.URL)); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.Contains(err.Error(), "SSL_CERT_FILE: cannot be read") {
		t.Errorf("%T: %v", err, err)
	}
}

func TestACertificateWithAP521KeyIsTrusted(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(respond(200, empty))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	defer server.Close()
	if err := list(context.Background(), connect(t, server.URL, sdkgo.WithCAFile(writeCertificate(t, server)))); err != nil {
		t.Error(err)
	}
}

func TestAServerURLGoesBeforeAServerIndexInAnyOrder(t *testing.T) {
	indexed, server := record(t, respond(200, empty)), record(t, respond(200, empty))
	known := sdkgo.ServerList
	sdkgo.ServerList = []string{"http://127.0.0.1:1", indexed.URL}
	t.Cleanup(func() { sdkgo.ServerList = known })
	for _, options := range [][]sdkgo.SDKOption{
		{sdkgo.WithServerURL(server.URL), sdkgo.WithServerIndex(1)}, {sdkgo.WithServerIndex(1), sdkgo.WithServerURL(server.URL)},
	} {
		if err := list(context.Background(), connect(t, "", options...)); err != nil || len(indexed.requests()) != 0 {
			t.Errorf("%d requests to the other server, %v", len(indexed.requests()), err)
		}
	}
	if err := list(context.Background(), connect(t, "", sdkgo.WithServerIndex(1))); err != nil || len(indexed.requests()) != 1 {
		t.Errorf("%d requests, %v", len(indexed.requests()), err)
	}
}

func TestNewPanicsForAServerIndexOutOfRange(t *testing.T) {
	sdkgo.New(sdkgo.WithServerIndex(0)).Close()
	for _, index := range []int{-1, len(sdkgo.ServerList)} {
		option := sdkgo.WithServerIndex(index)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%d: no panic", index)
				}
			}()
			sdkgo.New(option)
		}()
	}
}

func TestAnEmptyOptionIsNotSet(t *testing.T) {
	server := record(t, respond(200, empty))
	for name, value := range map[string]string{"APIDECK_SERVER_URL": server.URL, "APIDECK_APP_ID": "ea", "APIDECK_CONSUMER_ID": "ec"} {
		t.Setenv(name, value)
	}
	s := sdkgo.New(sdkgo.WithSecurity("k"), sdkgo.WithServerURL(""), sdkgo.WithConsumerID(""), sdkgo.WithAppID(""))
	defer s.Close()
	if err := list(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	if header := server.last(t).Header; header.Get("X-Apideck-App-Id") != "ea" || header.Get("X-Apideck-Consumer-Id") != "ec" {
		t.Errorf("%v", header)
	}
}

func TestACallWithAnEmptyConsumerNeverUsesTheClientsConsumer(t *testing.T) {
	t.Setenv("APIDECK_CONSUMER_ID", "")
	server := record(t, respond(200, empty))
	ctx, none := context.Background(), sdkgo.String("")
	for _, s := range []*sdkgo.Apideck{connect(t, server.URL), connect(t, server.URL, sdkgo.WithConsumerID(""))} {
		if _, err := s.Vault.Connections.List(ctx, none, none, nil, nil); err != nil {
			t.Fatal(err)
		}
		if header := server.last(t).Header; header.Values("X-Apideck-Consumer-Id") != nil || header.Get("X-Apideck-App-Id") != "test-app" {
			t.Errorf("%v", header)
		}
		sent := len(server.requests())
		if _, err := s.Vault.Connections.Delete(ctx, "pipedrive", "crm", none, nil); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), "consumer_id: ") {
			t.Errorf("%T: %v", err, err)
		}
		if len(server.requests()) != sent {
			t.Error("a request was sent")
		}
	}
}

func TestAHeaderOfACallCanNameTheConsumerAndTheApplication(t *testing.T) {
	t.Setenv("APIDECK_CONSUMER_ID", "")
	t.Setenv("APIDECK_APP_ID", "")
	server := record(t, respond(200, one))
	s := sdkgo.New(sdkgo.WithServerURL(server.URL), sdkgo.WithSecurity("k"))
	defer s.Close()
	headers := operations.WithSetHeaders(map[string]string{"X-Apideck-Consumer-ID": "hc", "x-apideck-app-id": "ha"})
	for _, consumer := range []*string{nil, sdkgo.String("c")} {
		if _, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", consumer, nil, headers); err != nil {
			t.Fatal(err)
		}
		if header := server.last(t).Header; header.Get("X-Apideck-Consumer-Id") != "hc" || header.Get("X-Apideck-App-Id") != "ha" {
			t.Errorf("%v", header)
		}
	}
}

func TestEveryOptionOfACallHasItsEffect(t *testing.T) {
	server, other := record(t, respond(200, empty)), record(t, respond(503, `{}`))
	s := connect(t, server.URL)
	ctx := context.Background()
	if err := list(ctx, s, operations.WithSetHeaders(map[string]string{"x-call": "7"})); err != nil || server.last(t).Header.Get("X-Call") != "7" {
		t.Errorf("%v, %v", err, server.last(t).Header)
	}
	once := operations.WithRetries(retry.Config{Strategy: "none"})
	for name, option := range map[string]operations.Option{
		"server URL":           operations.WithServerURL(other.URL + "/base/"),
		"templated server URL": operations.WithTemplatedServerURL(other.URL+"/{x}", map[string]string{"x": "base"}),
	} {
		var failed *apierrors.APIError
		if err := list(ctx, s, once, option); !errors.As(err, &failed) || failed.StatusCode != 503 || failed.HTTPMeta.Attempts != 1 {
			t.Errorf("%s: %T: %v", name, err, err)
		}
		if url := other.last(t).URL; url != "/base/vault/connections" {
			t.Errorf("%s: %s", name, url)
		}
	}
	thrice := operations.WithRetries(retry.Config{Strategy: "backoff", MaxAttempts: 3, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, MaxElapsedTime: 60000}})
	var failed *apierrors.APIError
	if err := list(ctx, s, operations.WithServerURL(other.URL), thrice); !errors.As(err, &failed) || failed.HTTPMeta.Attempts != 3 {
		t.Errorf("%T: %v", err, err)
	}
	for name, option := range map[string]operations.Option{
		"accept": operations.WithAcceptHeaderOverride(operations.AcceptHeaderEnumTextMarkdown), "URL": operations.WithURLOverride("http://127.0.0.1"),
	} {
		if err := list(ctx, s, option); !errors.Is(err, operations.ErrUnsupportedOption) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryRetryConfigurationOfTheOfficialSDKIsAccepted(t *testing.T) {
	server := record(t, respond(503, `{}`))
	outOfRange := retry.BackoffStrategy{InitialInterval: -5, MaxInterval: -1, Exponent: -2, MaxElapsedTime: math.MaxInt}
	for _, test := range []struct {
		config retry.Config
		want   int
	}{
		{retry.Config{}, 1}, {retry.Config{Strategy: "none", Backoff: &outOfRange, MaxAttempts: 2}, 1}, {retry.Config{Strategy: "linear", Backoff: &outOfRange, MaxAttempts: 2}, 1},
		{retry.Config{Strategy: "backoff", MaxAttempts: 2}, 1},
		{retry.Config{Strategy: "backoff", MaxAttempts: -1, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, MaxElapsedTime: -1}}, 1},
		{retry.Config{Strategy: "backoff", MaxAttempts: 2, Backoff: &outOfRange}, 2},
		{retry.Config{Strategy: "backoff", MaxAttempts: 2, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, Exponent: 0.5, MaxElapsedTime: 60000}}, 2},
		{retry.Config{Strategy: "backoff", MaxAttempts: 2, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, Exponent: 2, MaxElapsedTime: 60000}}, 2},
	} {
		for name, err := range map[string]error{
			"client": list(context.Background(), connect(t, server.URL, sdkgo.WithRetryConfig(test.config))),
			"call":   list(context.Background(), connect(t, server.URL), operations.WithRetries(test.config)),
		} {
			var failed *apierrors.APIError
			if !errors.As(err, &failed) || failed.HTTPMeta.Attempts != test.want {
				t.Errorf("%s, %+v: %T: %v", name, test.config, err, err)
			}
		}
	}
}

func TestASecuritySourceReturnsTheKeyOfEachCall(t *testing.T) {
	server := record(t, respond(200, empty))
	calls := 0
	source := func(context.Context) (components.Security, error) {
		calls++
		switch calls {
		case 3:
			return components.Security{}, nil
		case 4:
			return components.Security{}, errors.New("the key store is locked")
		}
		return components.Security{APIKey: sdkgo.String(strings.Repeat("k", calls))}, nil
	}
	s := sdkgo.New(sdkgo.WithServerURL(server.URL), sdkgo.WithAppID("a"), sdkgo.WithSecuritySource(source))
	defer s.Close()
	for _, key := range []string{"k", "kk"} {
		if err := list(context.Background(), s); err != nil || server.last(t).Header.Get("Authorization") != "Bearer "+key {
			t.Errorf("%v, %v", err, server.last(t).Header)
		}
	}
	if err := list(context.Background(), s); !errors.As(err, new(*apierrors.InvalidArgumentError)) {
		t.Errorf("%T: %v", err, err)
	}
	if err := list(context.Background(), s); err == nil || !strings.Contains(err.Error(), "the key store is locked") {
		t.Errorf("%v", err)
	}
}

func TestACallCanHaveItsOwnConsumerAndApplication(t *testing.T) {
	t.Setenv("APIDECK_APP_ID", "")
	server := record(t, respond(200, empty))
	s := sdkgo.New(sdkgo.WithServerURL(server.URL), sdkgo.WithSecurity("k"))
	defer s.Close()
	ctx := context.Background()
	for _, app := range []string{"first", "second"} {
		if _, err := s.Vault.Connections.List(ctx, sdkgo.String("c-"+app), &app, nil, nil); err != nil {
			t.Fatal(err)
		}
		if header := server.last(t).Header; header.Get("X-Apideck-App-Id") != app || header.Get("X-Apideck-Consumer-Id") != "c-"+app {
			t.Errorf("%v", header)
		}
	}
	if err := list(ctx, s); !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.HasPrefix(err.Error(), "app_id: ") {
		t.Errorf("%T: %v", err, err)
	}
}

func TestAnInvalidKeyOrApplicationFailsOnlyItsCall(t *testing.T) {
	t.Setenv("APIDECK_APP_ID", "")
	server := record(t, respond(200, empty))
	keys := []string{"bad\nkey", "", "good"}
	s := sdkgo.New(sdkgo.WithServerURL(server.URL), sdkgo.WithSecuritySource(func(context.Context) (components.Security, error) {
		return components.Security{APIKey: &keys[0]}, nil
	}))
	defer s.Close()
	for ; len(keys) > 0; keys = keys[1:] {
		for _, app := range []string{"bad\napp", "good"} {
			_, err := s.Vault.Connections.List(context.Background(), nil, &app, nil, nil)
			if good := keys[0] == "good" && app == "good"; good != (err == nil) || !good && !errors.As(err, new(*apierrors.InvalidArgumentError)) {
				t.Errorf("%q, %q: %T: %v", keys[0], app, err, err)
			}
		}
	}
}

func TestTheEnvironmentSetsWhatNoOptionSets(t *testing.T) {
	server := record(t, respond(200, empty))
	for name, value := range map[string]string{"APIDECK_SERVER_URL": server.URL, "APIDECK_API_KEY": "ek", "APIDECK_APP_ID": "ea", "APIDECK_CONSUMER_ID": "ec"} {
		t.Setenv(name, value)
	}
	s := sdkgo.New()
	defer s.Close()
	if err := list(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	if header := server.last(t).Header; header.Get("Authorization") != "Bearer ek" || header.Get("X-Apideck-App-Id") != "ea" || header.Get("X-Apideck-Consumer-Id") != "ec" {
		t.Errorf("%v", header)
	}
}

func TestEveryCallReturnsTheErrorOfAnInvalidConfiguration(t *testing.T) {
	for name, s := range map[string]*sdkgo.Apideck{
		"server URL": sdkgo.New(sdkgo.WithServerURL("gopher://x"), sdkgo.WithSecurity("k"), sdkgo.WithAppID("a")),
		"empty key":  sdkgo.New(sdkgo.WithSecurity(""), sdkgo.WithAppID("a")),
		"header":     sdkgo.New(sdkgo.WithSecurity("k"), sdkgo.WithAppID("a"), sdkgo.WithHeaders(map[string]string{"content-length": "1"})),
	} {
		for range 2 {
			var invalid *apierrors.InvalidArgumentError
			if err := list(context.Background(), s); !errors.As(err, &invalid) || invalid.Retryable() || strings.Contains(err.Error(), "\"k\"") {
				t.Errorf("%s: %T: %v", name, err, err)
			}
		}
	}
}

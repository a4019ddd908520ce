package apideckvault_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
)

// tunnel starts a proxy that connects every tunnel to one server.
func tunnel(t *testing.T, server string) *recorder {
	return record(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "only CONNECT is allowed", http.StatusMethodNotAllowed)
			return
		}
		to, err := net.Dial("tcp", strings.TrimPrefix(server, "https://"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		from, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			_ = to.Close()
			return
		}
		go func() { _, _ = io.Copy(to, buffered); _ = to.Close() }()
		go func() { _, _ = io.Copy(from, to); _ = from.Close() }()
	})
}

func TestAProxyGetsThePlainRequest(t *testing.T) {
	proxy := record(t, respond(200, empty))
	withCredentials := strings.Replace(proxy.URL, "http://", "http://user:secret@", 1)
	if err := list(context.Background(), connect(t, "http://127.0.0.1:1/base", sdkgo.WithProxy(withCredentials))); err != nil {
		t.Fatal(err)
	}
	request := proxy.last(t)
	if request.Method != "GET" || request.URL != "http://127.0.0.1:1/base/vault/connections" {
		t.Errorf("%s %s", request.Method, request.URL)
	}
	if credentials := request.Header.Get("Proxy-Authorization"); credentials != "Basic dXNlcjpzZWNyZXQ=" {
		t.Errorf("%q", credentials)
	}
}

func TestHTTPSUsesATunnelThroughTheProxy(t *testing.T) {
	roots, certificate := authority(t)
	server := httptest.NewUnstartedServer(respond(200, empty))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	defer server.Close()
	proxy := tunnel(t, server.URL)
	if err := list(context.Background(), connect(t, server.URL, sdkgo.WithCAFile(roots), sdkgo.WithProxy(proxy.URL))); err != nil {
		t.Fatal(err)
	}
	if request := proxy.last(t); request.Method != http.MethodConnect {
		t.Errorf("%s %s", request.Method, request.URL)
	}
}

func TestTheSchemeSelectsTheProxyOfTheEnvironment(t *testing.T) {
	plain, tunnels := record(t, respond(200, empty)), record(t, respond(403, ""))
	t.Setenv("HTTP_PROXY", plain.URL)
	t.Setenv("HTTPS_PROXY", tunnels.URL)
	t.Setenv("NO_PROXY", "direct.invalid")
	ctx := context.Background()
	if err := list(ctx, connect(t, "http://vault.invalid", sdkgo.WithInsecureHTTP())); err != nil || plain.last(t).URL != "http://vault.invalid/vault/connections" {
		t.Errorf("%v: %v", plain.requests(), err)
	}
	var broken *apierrors.ConnectionError
	if err := list(ctx, connect(t, "https://vault.invalid")); !errors.As(err, &broken) || !strings.Contains(err.Error(), "refused the tunnel with 403 Forbidden") {
		t.Errorf("%T: %v", err, err)
	}
	if err := list(ctx, connect(t, "https://direct.invalid")); !errors.As(err, &broken) || strings.Contains(err.Error(), "proxy") {
		t.Errorf("%T: %v", err, err)
	}
	server := record(t, respond(200, empty))
	if err := list(ctx, connect(t, server.URL)); err != nil || len(server.requests()) != 1 {
		t.Errorf("the proxy is used for a loopback address: %v", err)
	}
	if len(plain.requests()) != 1 {
		t.Errorf("%v", plain.requests())
	}
}

func TestTheErrorNamesTheVariableOfAnUnusableProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:1080")
	err := list(context.Background(), connect(t, "https://vault.invalid"))
	if !errors.As(err, new(*apierrors.InvalidArgumentError)) || !strings.Contains(err.Error(), "HTTPS_PROXY: SOCKS proxies are not supported") {
		t.Errorf("%T: %v", err, err)
	}
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

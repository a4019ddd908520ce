package apideckvault

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// SDKOption is a setting of a client.
type SDKOption func(*Apideck)

// WithSecurity sets the API key. Without it the key is that of APIDECK_API_KEY.
func WithSecurity(apiKey string) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.apiKey = &apiKey
		sdk.client.settings.security = nil
	}
}

// WithSecuritySource asks a function for the API key before each call. Its error is the call's.
func WithSecuritySource(security func(context.Context) (components.Security, error)) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.apiKey = nil
		sdk.client.settings.security = security
	}
}

// WithConsumerID sets whose connections calls are about, unless they say so themselves. Without it
// it, or with an empty one, it is APIDECK_CONSUMER_ID. Every operation but List needs one.
func WithConsumerID(consumerID string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.consumerID = given(&consumerID) }
}

// WithAppID sets the Unify application of calls that do not say so themselves. Without it, or with an
// empty one, it is APIDECK_APP_ID.
func WithAppID(appID string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.appID = given(&appID) }
}

// WithServerURL sets the server. Without it, or with an empty one, it is that of WithServerIndex, or
// APIDECK_SERVER_URL, or else the first of ServerList.
func WithServerURL(serverURL string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.serverURL = given(&serverURL) }
}

// WithTemplatedServerURL sets the server; each {name} in the URL is replaced by the parameter of that
// name.
func WithTemplatedServerURL(serverURL string, params map[string]string) SDKOption {
	for name, value := range params {
		serverURL = strings.ReplaceAll(serverURL, "{"+name+"}", value)
	}
	return WithServerURL(serverURL)
}

// WithServerIndex sets the server to one of ServerList. New panics if there is none of that number.
func WithServerIndex(serverIndex int) SDKOption {
	return func(sdk *Apideck) {
		if serverIndex < 0 || serverIndex >= len(ServerList) {
			panic(fmt.Errorf("server index %d out of range", serverIndex))
		}
		sdk.client.settings.listedURL = &ServerList[serverIndex]
	}
}

// WithRetryConfig sets whether and how calls are tried again. Without it a request is sent up to four
// times, with waits from half a second on.
func WithRetryConfig(retryConfig retry.Config) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.retries = &retryConfig }
}

// WithTimeout bounds each call as a whole: the wait for a slot (see WithMaxConcurrentCalls), all
// attempts, the waits between them and the reading of the body. It is 30 seconds without it. With 0 or
// less every call ends at once.
func WithTimeout(timeout time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.timeout = timeout }
}

// WithConnectTimeout bounds name lookup, connect and TLS handshake of one attempt. It is 10 seconds
// without it.
func WithConnectTimeout(timeout time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["connect_timeout_ms"] = milliseconds(timeout) }
}

// WithMaxConcurrentCalls bounds how many calls are in the C library at once, each on a thread of its
// own; further ones wait. It is 256 without it. Numbers below 1 count as 1.
func WithMaxConcurrentCalls(calls int) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.maxConcurrentCalls = max(calls, 1) }
}

// WithLogger logs each step of each call: requests and responses at level Debug, retries at Warn, failures
// at Error. No record has a secret in it. The handler is called on the goroutine that makes the call, with
// the context of the call. If it panics, the request is cancelled and the call panics with the same value.
// It must not end its goroutine. A nil logger logs nothing.
func WithLogger(logger *slog.Logger) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.logger = logger }
}

// WithHeaders adds headers to every request. They may replace the library's own.
func WithHeaders(headers map[string]string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["http_headers"] = headers }
}

// WithUserAgent puts a product before the library's own in the User-Agent header: "acme-crm/1.4".
func WithUserAgent(product string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["user_agent"] = product }
}

// WithProxy sends requests through a proxy: http://user:password@proxy.example:3128. An empty URL stands for
// none. Without the option it is the proxy of the environment, by the scheme of the server: that of https_proxy
// or HTTPS_PROXY, or of http_proxy or HTTP_PROXY, else of all_proxy or ALL_PROXY, but not for loopback
// addresses nor for what NO_PROXY names. One that cannot be used is an InvalidArgumentError of the calls.
func WithProxy(proxyURL string) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.more["proxy"] = nil
		if proxyURL != "" {
			sdk.client.settings.more["proxy"] = proxyURL
		}
	}
}

// WithTLSRoots sets whose certificates are trusted: "bundled", which is Mozilla's list and the default, or
// "system", which is the operating system's store. What SSL_CERT_FILE and SSL_CERT_DIR name is trusted too.
func WithTLSRoots(roots string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["tls_roots"] = roots }
}

// WithCAFile trusts the certificates in a PEM file besides the others: as roots, and from a server itself,
// like the one of an httptest.Server.
func WithCAFile(path string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["ca_file"] = path }
}

// WithInsecureHTTP allows plain http to servers that are not on this machine. It shows the API key to
// the network.
func WithInsecureHTTP() SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["allow_insecure_http"] = true }
}

// WithMaxResponseBytes bounds the size of a response, after decompression. It is 64 MiB without it.
func WithMaxResponseBytes(bytes int64) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_response_bytes"] = bytes }
}

// WithMaxConnectionAge bounds how long a connection is used: an older one is not used again, so that a changed DNS
// record is seen. It is five minutes without this option.
func WithMaxConnectionAge(age time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_connection_age_ms"] = age.Milliseconds() }
}

// WithMaxIdleConnections bounds how many connections are kept for later calls. It is 64 without it.
func WithMaxIdleConnections(connections int) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_idle_connections"] = connections }
}

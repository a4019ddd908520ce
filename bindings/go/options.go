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

// SDKOption sets an option of a client.
type SDKOption func(*Apideck)

// WithSecurity returns an option that sets the API key. The default is APIDECK_API_KEY of the environment.
func WithSecurity(apiKey string) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.apiKey = &apiKey
		sdk.client.settings.security = nil
	}
}

// WithSecuritySource returns an option with a function that returns the API key of each call. If it fails, the call
// returns its error.
func WithSecuritySource(security func(context.Context) (components.Security, error)) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.apiKey = nil
		sdk.client.settings.security = security
	}
}

// WithConsumerID returns an option that sets the consumer of calls that have none of their own. The default, also for an
// empty one, is APIDECK_CONSUMER_ID of the environment. Connections.List does not need a consumer, and Consumers ignores
// it.
func WithConsumerID(consumerID string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.consumerID = given(&consumerID) }
}

// WithAppID returns an option that sets the Unify application of calls that have none of their own. The default, also for
// an empty one, is APIDECK_APP_ID of the environment.
func WithAppID(appID string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.appID = given(&appID) }
}

// WithServerURL returns an option that sets the server. The default, also for an empty URL, is the server of
// WithServerIndex, or else APIDECK_SERVER_URL of the environment, or else the first of ServerList.
func WithServerURL(serverURL string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.serverURL = given(&serverURL) }
}

// WithTemplatedServerURL returns an option that sets the server. Each {name} in the URL is replaced by the parameter of
// that name.
func WithTemplatedServerURL(serverURL string, params map[string]string) SDKOption {
	for name, value := range params {
		serverURL = strings.ReplaceAll(serverURL, "{"+name+"}", value)
	}
	return WithServerURL(serverURL)
}

// WithServerIndex returns an option that sets the server to one of ServerList. New panics if the index is out of range.
func WithServerIndex(serverIndex int) SDKOption {
	return func(sdk *Apideck) {
		if serverIndex < 0 || serverIndex >= len(ServerList) {
			panic(fmt.Errorf("server index %d out of range", serverIndex))
		}
		sdk.client.settings.listedURL = &ServerList[serverIndex]
	}
}

// WithRetryConfig returns an option that sets whether and how often requests are sent again. By default a request is sent
// up to four times, and the first wait is about half a second.
func WithRetryConfig(retryConfig retry.Config) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.retries = &retryConfig }
}

// WithTimeout returns an option that bounds each call as a whole: the wait for a slot (see WithMaxConcurrentCalls), all
// attempts, the waits between them, and the reading of the body. The default is 30 seconds. With 0 or less every call
// fails at once.
func WithTimeout(timeout time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.timeout = timeout }
}

// WithConnectTimeout returns an option that bounds the name look-up, the connect and the TLS handshake of one attempt.
// The default is 10 seconds.
func WithConnectTimeout(timeout time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["connect_timeout_ms"] = milliseconds(timeout) }
}

// WithMaxConcurrentCalls returns an option that bounds how many calls are in the C library at the same time, each on a
// thread of its own. Further calls wait. The default is 256. A number below 1 counts as 1.
func WithMaxConcurrentCalls(calls int) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.maxConcurrentCalls = max(calls, 1) }
}

// WithLogger returns an option that logs each step of each call: requests and responses at level Debug, retries at Warn,
// failures at Error. No record contains a secret. The handler runs on the goroutine that makes the call, with the context
// of the call. If it panics, the request is cancelled and the call panics with the same value. It must not end its
// goroutine. A nil logger logs nothing.
func WithLogger(logger *slog.Logger) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.logger = logger }
}

// WithHeaders returns an option that adds headers to every request. They may replace the library's own headers.
func WithHeaders(headers map[string]string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["http_headers"] = headers }
}

// WithUserAgent returns an option that puts a product, like "acme-crm/1.4", before the library's own in the User-Agent
// header.
func WithUserAgent(product string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["user_agent"] = product }
}

// WithProxy returns an option that sends requests through a proxy, like http://user:password@proxy.example:3128. With an
// empty URL no proxy is used. The default is the proxy of the environment, by the scheme of the server: https_proxy or
// HTTPS_PROXY, or http_proxy or HTTP_PROXY, and else all_proxy or ALL_PROXY. Loopback addresses and the hosts of NO_PROXY
// are reached without a proxy. If the proxy cannot be used, calls fail with an InvalidArgumentError.
func WithProxy(proxyURL string) SDKOption {
	return func(sdk *Apideck) {
		sdk.client.settings.more["proxy"] = nil
		if proxyURL != "" {
			sdk.client.settings.more["proxy"] = proxyURL
		}
	}
}

// WithTLSRoots returns an option that sets which root certificates are trusted: "bundled", the default, are Mozilla's, and
// "system" are those of the operating system. The certificates in SSL_CERT_FILE and SSL_CERT_DIR are trusted too.
func WithTLSRoots(roots string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["tls_roots"] = roots }
}

// WithCAFile returns an option that trusts the certificates in a PEM file in addition to the others. They are trusted as
// roots, and as the certificate of the server itself, like that of an httptest.Server.
func WithCAFile(path string) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["ca_file"] = path }
}

// WithInsecureHTTP returns an option that allows plain http to servers that are not on this machine. Anyone on the network
// can read the API key then.
func WithInsecureHTTP() SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["allow_insecure_http"] = true }
}

// WithMaxResponseBytes returns an option that bounds the size of a response after decompression. The default is 64 MiB.
func WithMaxResponseBytes(bytes int64) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_response_bytes"] = bytes }
}

// WithMaxConnectionAge returns an option that bounds the age of connections. An older connection is not used again, so
// that a changed DNS record takes effect. The default is five minutes.
func WithMaxConnectionAge(age time.Duration) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_connection_age_ms"] = age.Milliseconds() }
}

// WithMaxIdleConnections returns an option that bounds how many idle connections are kept. The default is 64.
func WithMaxIdleConnections(connections int) SDKOption {
	return func(sdk *Apideck) { sdk.client.settings.more["max_idle_connections"] = connections }
}

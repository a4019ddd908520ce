package apideckvault

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonsend"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

const (
	defaultMaxConcurrentCalls = 256
	// defaultTimeout is the default of the C library. It is here because it bounds the wait for a slot too.
	defaultTimeout = 30 * time.Second
	// longest is the longest time that the C library accepts. Longer times are reduced to it.
	longest = 366 * 24 * time.Hour
)

// settings has the options of a client.
type settings struct {
	apiKey, consumerID, appID *string // nil if not set; only the key can be empty
	serverURL, listedURL      *string // listedURL is set by WithServerIndex
	security                  func(context.Context) (components.Security, error)
	retries                   *retry.Config
	timeout                   time.Duration
	maxConcurrentCalls        int
	logger                    *slog.Logger
	more                      map[string]any // configuration keys that only the C library reads
}

func defaults() settings {
	return settings{timeout: defaultTimeout, maxConcurrentCalls: defaultMaxConcurrentCalls, more: map[string]any{}}
}

// fill sets what no option has set from the environment. It reads the environment once, here, because the C library may
// be configured during a later call, when the environment has changed.
func (s *settings) fill() {
	if s.serverURL == nil {
		s.serverURL = s.listedURL
	}
	for name, into := range map[string]**string{
		"APIDECK_API_KEY": &s.apiKey, "APIDECK_APP_ID": &s.appID,
		"APIDECK_CONSUMER_ID": &s.consumerID, "APIDECK_SERVER_URL": &s.serverURL,
	} {
		if value := os.Getenv(name); value != "" && *into == nil && (into != &s.apiKey || s.security == nil) {
			*into = &value
		}
	}
	if s.serverURL == nil {
		s.serverURL = &ServerList[0]
	}
}

// isComplete returns whether the native client can be made before the first call. If not, each call has to bring the key
// or the application.
func (s *settings) isComplete() bool { return s.security == nil && s.appID != nil }

// config returns the configuration of the native client.
func (s *settings) config(apiKey, appID string) ([]byte, error) {
	config := map[string]any{"server_url": s.serverURL}
	if s.apiKey != nil {
		config["api_key"] = s.apiKey
	} else if apiKey != "" {
		config["api_key"] = apiKey
	}
	if s.appID != nil {
		config["app_id"] = s.appID
	} else if appID != "" {
		config["app_id"] = appID
	}
	if s.retries != nil {
		config["retries"] = retries(*s.retries)
	}
	for key, value := range s.more {
		config[key] = value
	}
	text, err := jsonsend.Encode("", config)
	if err != nil {
		return nil, invalidArgument(err.Error())
	}
	return text, nil
}

// retries returns a retry configuration for the C library. Every configuration that the official SDK accepts is accepted:
// a value out of range becomes the nearest one in range.
func retries(c retry.Config) any {
	if c.Strategy != "backoff" || c.Backoff == nil {
		return map[string]any{"strategy": "none"}
	}
	bounded := func(milliseconds int) int64 {
		return min(max(int64(milliseconds), 0), longest.Milliseconds())
	}
	exponent := 1.0 // if it is less or not a number
	if c.Backoff.Exponent > 1 {
		exponent = min(c.Backoff.Exponent, 1000)
	}
	config := map[string]any{
		"strategy": "backoff", "retry_connection_errors": c.RetryConnectionErrors,
		"backoff": map[string]any{
			"initial_interval": bounded(c.Backoff.InitialInterval),
			"max_interval":     bounded(c.Backoff.MaxInterval),
			"exponent":         exponent,
			"max_elapsed_time": bounded(c.Backoff.MaxElapsedTime),
		},
	}
	if c.MaxAttempts > 0 {
		config["max_attempts"] = min(c.MaxAttempts, 1_000_000)
	}
	return config
}

// milliseconds returns a time in milliseconds, rounded up, so that the C library does not end a call early.
func milliseconds(d time.Duration) int64 {
	d = min(d, longest)
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

// given returns text, or nil if it is empty, because an empty text means that none was given.
func given(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}

// invalidArgument returns the error of a configuration or a request that cannot be sent.
func invalidArgument(text string) error {
	return &apierrors.InvalidArgumentError{Failure: apierrors.Failure{Name: "INVALID_ARGUMENT", Text: text}}
}

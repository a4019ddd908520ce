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
	// defaultTimeout is that of the C library; it is here as the wait for a slot counts too.
	defaultTimeout = 30 * time.Second
	// longest is the longest time that the C library takes; more is as good as for ever.
	longest = 366 * 24 * time.Hour
)

// settings is what options add up to.
type settings struct {
	apiKey, consumerID, appID *string // nil where not given; never empty, but for the key
	serverURL, listedURL      *string // the latter by its index
	security                  func(context.Context) (components.Security, error)
	retries                   *retry.Config
	timeout                   time.Duration
	maxConcurrentCalls        int
	logger                    *slog.Logger
	more                      map[string]any // what only the C library looks at, by its keys
}

func defaults() settings {
	return settings{timeout: defaultTimeout, maxConcurrentCalls: defaultMaxConcurrentCalls, more: map[string]any{}}
}

// fill takes from the environment what options left out. It is read here, once, and not by the C
// library, since a call may come when it has changed.
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

// isComplete: if not, each call has to bring along what is missing.
func (s *settings) isComplete() bool { return s.security == nil && s.appID != nil }

// config is the configuration of the native client.
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

// retries is a retry configuration as the C library takes it. What the official SDK takes is never
// refused: what means nothing is brought to the nearest thing that does.
func retries(c retry.Config) any {
	if c.Strategy != "backoff" || c.Backoff == nil {
		return map[string]any{"strategy": "none"}
	}
	bounded := func(milliseconds int) int64 {
		return min(max(int64(milliseconds), 0), longest.Milliseconds())
	}
	exponent := 1.0 // for one that is less, or no number
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

// milliseconds rounds up: a call may end late, with its context gone, but not early.
func milliseconds(d time.Duration) int64 {
	d = min(d, longest)
	return int64((d + time.Millisecond - 1) / time.Millisecond)
}

// given is nil for a text that is empty, which stands for one that was not given.
func given(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}

func invalidArgument(text string) error {
	return &apierrors.InvalidArgumentError{Failure: apierrors.Failure{Name: "INVALID_ARGUMENT", Text: text}}
}

package apideckvault

import (
	"context"
	"fmt"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// supported has the names of the options that every operation supports.
var supported = []string{operations.SupportedOptionRetries, operations.SupportedOptionTimeout}

// decodable is a response body.
type decodable interface{ DecodeJSON(text string) error }

// call makes a call in this order: its options, its slot, its deadline, the C library, its response. The response body
// is decoded into body. A nil body is for an operation without one.
func (c *client) call(ctx context.Context, r *request, opts []operations.Option, body decodable) (components.HTTPMetadata, error) {
	var none components.HTTPMetadata
	if c == nil {
		return none, invalidArgument("client: must be made by New")
	}
	if ctx == nil {
		return none, invalidArgument("ctx: must not be nil")
	}
	var options operations.Options
	for _, option := range opts {
		if err := option(&options, supported...); err != nil {
			return none, fmt.Errorf("error applying option: %w", err)
		}
	}
	deadline, err := c.deadline(ctx, options.Timeout)
	if err != nil {
		return none, err
	}
	apiKey, err := c.prepare(ctx, deadline, r, &options)
	if err != nil {
		return none, err
	}

	if err := c.waitForSlot(ctx, deadline); err != nil {
		return none, err
	}
	defer func() { <-c.slots }()
	client, err := c.acquire(apiKey, value(r.appID))
	if err != nil {
		return none, err
	}
	remaining, err := remaining(ctx, deadline)
	if err != nil {
		return none, err
	}
	r.int("timeout_ms", milliseconds(remaining)) // the C library ends the call at the deadline too
	var listen func(event string)
	if c.settings.logger != nil {
		listen = logTo(ctx, c.settings.logger)
	}
	text, status := client.Call(ctx, r.operation.name, r.end(), listen)
	return finish(ctx, text, status, body)
}

// deadline returns when the call has to end: after its own timeout or the client's, or when its context ends.
func (c *client) deadline(ctx context.Context, timeout *time.Duration) (time.Time, error) {
	limit := c.settings.timeout
	if timeout != nil {
		limit = *timeout
	}
	if limit <= 0 {
		return time.Time{}, &apierrors.TimeoutError{Failure: apierrors.Failure{
			Name: native.Timeout.String(), Text: "the timeout must be longer than 0: it is " + limit.String(),
		}}
	}
	deadline := time.Now().Add(limit)
	if sooner, ok := ctx.Deadline(); ok && sooner.Before(deadline) {
		deadline = sooner
	}
	_, err := remaining(ctx, deadline)
	return deadline, err
}

// remaining returns the time until the deadline of a call that has not been sent yet.
func remaining(ctx context.Context, deadline time.Time) (time.Duration, error) {
	remaining := time.Until(deadline)
	switch {
	case ctx.Err() != nil:
		return 0, ended(ctx, apierrors.Failure{Text: "the context ended before the call"})
	case remaining <= 0:
		return 0, timedOut(ctx, apierrors.Failure{Text: "the deadline passed before the call"})
	}
	return remaining, nil
}

// prepare adds the options of the call and of the client to the request.
func (c *client) prepare(ctx context.Context, deadline time.Time, r *request, options *operations.Options) (apiKey string, err error) {
	r.identify(c.settings.consumerID, options.SetHeaders)
	if c.settings.appID == nil && r.appID == nil {
		return "", invalidArgument("app_id: is required: pass it to the call, use WithAppID, or set APIDECK_APP_ID")
	}
	if c.settings.security != nil {
		ctx, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		security, err := c.settings.security(ctx)
		if err != nil {
			return "", fmt.Errorf("security source: %w", err)
		}
		if security.APIKey == nil {
			return "", invalidArgument("api_key: the security source returned none")
		}
		apiKey = *security.APIKey
		r.string("api_key", apiKey)
	}
	r.optional("server_url", options.ServerURL)
	if options.Retries != nil {
		r.any("retries", retries(*options.Retries))
	}
	if len(options.SetHeaders) > 0 {
		r.any("http_headers", options.SetHeaders)
	}
	return apiKey, r.err
}

// waitForSlot takes a slot, and waits for one if there is none.
func (c *client) waitForSlot(ctx context.Context, deadline time.Time) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ended(ctx, apierrors.Failure{Text: "the context ended while the call waited for a slot"})
	case <-timer.C:
		return timedOut(ctx, apierrors.Failure{Text: "the deadline passed while the call waited for a slot"})
	}
}

// finish returns the result of a call from the text and the status that the C library returned.
func finish(ctx context.Context, text string, status native.Status, body decodable) (components.HTTPMetadata, error) {
	e := parseEnvelope(text)
	meta := e.meta()
	if status == native.OK && e.err == nil {
		if body == nil || meta.RawJSON == "" {
			return meta, nil
		}
		err := body.DecodeJSON(meta.RawJSON)
		if err == nil {
			return meta, nil
		}
		return meta, &apierrors.InvalidResponseError{Cause: err, Failure: apierrors.Failure{
			Name: native.InvalidResponse.String(), Text: "the response is not a JSON object: " + err.Error(), HTTPMeta: meta,
		}}
	}
	e.failure.HTTPMeta = meta
	if ctx.Err() != nil && (status == native.Cancelled || status == native.Timeout) {
		return meta, ended(ctx, e.failure)
	}
	return meta, e.toError(status)
}

// ended returns the error of a call whose context has ended.
func ended(ctx context.Context, failure apierrors.Failure) error {
	if ctx.Err() == context.DeadlineExceeded {
		return timedOut(ctx, failure)
	}
	failure.Name = native.Cancelled.String()
	failure.Text = withCause(failure.Text, ctx)
	return &apierrors.CanceledError{Failure: failure, Cause: context.Cause(ctx)}
}

// timedOut returns the error of a call whose deadline has passed.
func timedOut(ctx context.Context, failure apierrors.Failure) error {
	failure.Name, failure.CanRetry = native.Timeout.String(), true
	failure.Text = withCause(failure.Text, ctx)
	return &apierrors.TimeoutError{Failure: failure, Cause: context.Cause(ctx)}
}

// withCause adds why the context ended to a text.
func withCause(text string, ctx context.Context) string {
	if cause := context.Cause(ctx); cause != nil {
		return text + ": " + cause.Error()
	}
	return text
}

func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

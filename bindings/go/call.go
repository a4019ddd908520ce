package apideckvault

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
)

// supported is what the six operations support of the options that an operation may support.
var supported = []string{operations.SupportedOptionRetries, operations.SupportedOptionTimeout}

// decodable is a response body.
type decodable interface{ DecodeJSON(text string) error }

// call makes a call: its options, its slot, its time, the C library, and what comes back. A response
// is read into body, where the operation has one.
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
	server := c.server
	if options.ServerURL != nil {
		server, _ = url.Parse(*options.ServerURL)
	}
	apiKey, err := c.prepare(ctx, deadline, r, &options)
	if err != nil {
		return none, err
	}

	if err := c.wait(ctx, deadline); err != nil {
		return none, err
	}
	defer func() { <-c.slots }()
	client, err := c.acquire(apiKey, value(r.appID))
	if err != nil {
		return none, err
	}
	left, err := left(ctx, deadline)
	if err != nil {
		return none, err
	}
	r.int("timeout_ms", milliseconds(left)) // so that the C library stops by itself too
	var listen func(event string)
	if c.settings.logger != nil {
		listen = logTo(ctx, c.settings.logger)
	}
	text, status := client.Call(ctx, r.operation, r.end(), listen)
	return finish(ctx, text, status, r.http(server), body)
}

// deadline is when a call has to be over: after its own timeout or that of the client, or when its
// context says so.
func (c *client) deadline(ctx context.Context, given *time.Duration) (time.Time, error) {
	limit := c.settings.timeout
	if given != nil {
		limit = *given
	}
	if limit <= 0 {
		return time.Time{}, &apierrors.TimeoutError{Failure: apierrors.Failure{
			Name: native.Timeout.String(), Text: "the timeout leaves the call no time: it is " + limit.String(),
		}}
	}
	deadline := time.Now().Add(limit)
	if sooner, ok := ctx.Deadline(); ok && sooner.Before(deadline) {
		deadline = sooner
	}
	_, err := left(ctx, deadline)
	return deadline, err
}

// left is the time that a call has before it begins.
func left(ctx context.Context, deadline time.Time) (time.Duration, error) {
	left := time.Until(deadline)
	switch {
	case ctx.Err() != nil:
		return 0, ended(ctx, apierrors.Failure{Text: "the context ended before the call"})
	case left <= 0:
		return 0, timedOut(ctx, apierrors.Failure{Text: "the deadline passed before the call"})
	}
	return left, nil
}

// prepare adds what a call brings along to the request.
func (c *client) prepare(ctx context.Context, deadline time.Time, r *request, options *operations.Options) (apiKey string, err error) {
	r.identify(c.settings.consumerID, options.SetHeaders)
	if c.settings.appID == nil && r.appID == nil {
		return "", invalidArgument("app_id: is required: give it to the call, or WithAppID, or set APIDECK_APP_ID")
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

// wait takes a slot.
func (c *client) wait(ctx context.Context, deadline time.Time) error {
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

// finish is what a call comes to.
func finish(ctx context.Context, text string, status native.Status, request *http.Request, body decodable) (components.HTTPMetadata, error) {
	reply := parse(text)
	meta := reply.meta(request)
	if status == native.OK && reply.broken == nil {
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
	reply.failure.HTTPMeta = meta
	if ctx.Err() != nil && (status == native.Cancelled || status == native.Timeout) {
		return meta, ended(ctx, reply.failure)
	}
	return meta, reply.failed(status)
}

// ended is the error of a call whose context has ended.
func ended(ctx context.Context, failure apierrors.Failure) error {
	if ctx.Err() == context.DeadlineExceeded {
		return timedOut(ctx, failure)
	}
	failure.Name = native.Cancelled.String()
	failure.Text = describe(failure.Text, ctx)
	return &apierrors.CanceledError{Failure: failure, Cause: context.Cause(ctx)}
}

func timedOut(ctx context.Context, failure apierrors.Failure) error {
	failure.Name, failure.CanRetry = native.Timeout.String(), true
	failure.Text = describe(failure.Text, ctx)
	return &apierrors.TimeoutError{Failure: failure, Cause: context.Cause(ctx)}
}

// describe adds why the context ended.
func describe(text string, ctx context.Context) string {
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

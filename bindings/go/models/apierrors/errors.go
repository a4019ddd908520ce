// Package apierrors holds what a call can fail with.
//
// Answers of the server have a type by their status, as in the reference: [BadRequestResponse] (400),
// [UnauthorizedResponse] (401), [PaymentRequiredResponse] (402), [NotFoundResponse] (404),
// [UnprocessableResponse] (422), and [APIError] for every other. A call that got no answer fails with
// [InvalidArgumentError], [ConnectionError], [TimeoutError], [CanceledError], [InvalidResponseError] or
// [InternalError]. All of them are pointers, for errors.As:
//
//	var notFound *apierrors.NotFoundResponse
//	if errors.As(err, &notFound) { … }
//
// All of them are a [CallError] too, which says whether trying again may help.
package apierrors

import (
	"context"
	"errors"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// CallError is what all errors of this package can tell:
//
//	var failed apierrors.CallError
//	if errors.As(err, &failed) && failed.Retryable() { … }
type CallError interface {
	error
	// Status is the name of what happened, the same in every language: NOT_FOUND, TIMEOUT, …
	Status() string
	// Retryable says whether the same call may succeed later.
	Retryable() bool
	// RetryAfter is how long the server asked to wait, or 0.
	RetryAfter() time.Duration
	// GetHTTPMeta is the exchange. Its Response is nil where no answer was read.
	GetHTTPMeta() components.HTTPMetadata
}

// Failure is what the library says about a failed call. It is part of every error of this package and
// is not made by users.
type Failure struct {
	// Name is the status: NOT_FOUND.
	Name string
	// Text is what went wrong, in a sentence. It has what the server said, and no secrets.
	Text string
	// CanRetry says whether the same call may succeed later.
	CanRetry bool
	// Wait is how long the server asked to wait, or 0.
	Wait time.Duration
	// HTTPMeta is the exchange, where a response was read.
	HTTPMeta components.HTTPMetadata
}

// Status is the name of what happened: NOT_FOUND, TIMEOUT, …
func (f Failure) Status() string { return f.Name }

// Retryable says whether the same call may succeed later.
func (f Failure) Retryable() bool { return f.CanRetry }

// RetryAfter is how long the server asked to wait, or 0.
func (f Failure) RetryAfter() time.Duration { return f.Wait }

// GetHTTPMeta is the exchange. Its Response is nil where no answer was read.
func (f Failure) GetHTTPMeta() components.HTTPMetadata { return f.HTTPMeta }

// InvalidArgumentError is a configuration or request that cannot be sent; nothing was.
type InvalidArgumentError struct {
	Failure `json:"-"`
}

func (e *InvalidArgumentError) Error() string { return e.Text }

// ConnectionError is a failed name lookup, connect or TLS handshake, or a connection that broke. It is a
// net.Error.
type ConnectionError struct {
	Failure `json:"-"`
}

func (e *ConnectionError) Error() string { return e.Text }

// Timeout is false: a call whose time is over fails with a [TimeoutError].
func (e *ConnectionError) Timeout() bool { return false }

// Temporary says whether the same call may succeed later.
func (e *ConnectionError) Temporary() bool { return e.CanRetry }

// TimeoutError is a call whose deadline passed, be it the context's or that of WithTimeout. It is a
// context.DeadlineExceeded to errors.Is, and a net.Error.
type TimeoutError struct {
	Failure `json:"-"`
	// Cause is why the context ended, where that is another error.
	Cause error `json:"-"`
}

func (e *TimeoutError) Error() string { return e.Text }

// Timeout is true.
func (e *TimeoutError) Timeout() bool { return true }

// Temporary says whether the same call may succeed later.
func (e *TimeoutError) Temporary() bool { return e.CanRetry }

func (e *TimeoutError) Unwrap() []error { return causes(context.DeadlineExceeded, e.Cause) }

// CanceledError is a call whose context was cancelled. It is a context.Canceled to errors.Is.
type CanceledError struct {
	Failure `json:"-"`
	// Cause is why the context ended, where that is another error.
	Cause error `json:"-"`
}

func (e *CanceledError) Error() string { return e.Text }

func (e *CanceledError) Unwrap() []error { return causes(context.Canceled, e.Cause) }

func causes(known, cause error) []error {
	if cause == nil || errors.Is(cause, known) {
		return []error{known}
	}
	return []error{known, cause}
}

// InvalidResponseError is a success whose body cannot be read: it is not a JSON object, is cut short or
// too large. The request may have taken effect; HTTPMeta has the body if it is JSON.
type InvalidResponseError struct {
	Failure `json:"-"`
	Cause   error `json:"-"`
}

func (e *InvalidResponseError) Error() string { return e.Text }

func (e *InvalidResponseError) Unwrap() error { return e.Cause }

// InternalError is a defect in the library.
type InternalError struct {
	Failure `json:"-"`
}

func (e *InternalError) Error() string { return e.Text }

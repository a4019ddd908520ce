// Package apierrors has the errors of calls.
//
// A response with an HTTP status outside 2xx is an error of the type that the status has: [BadRequestResponse] (400),
// [UnauthorizedResponse] (401), [PaymentRequiredResponse] (402), [NotFoundResponse] (404), [UnprocessableResponse]
// (422), and [APIError] for every other status. A call without a response fails with [InvalidArgumentError],
// [ConnectionError], [TimeoutError], [CanceledError], [InvalidResponseError] or [InternalError]. Each error is a
// pointer, for errors.As:
//
//	var notFound *apierrors.NotFoundResponse
//	if errors.As(err, &notFound) { … }
//
// Each error is a [CallError] too, which says whether the same call may succeed later.
package apierrors

import (
	"context"
	"errors"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// CallError is what the errors of this package have in common:
//
//	var failed apierrors.CallError
//	if errors.As(err, &failed) && failed.Retryable() { … }
type CallError interface {
	error
	// Status returns the name of the status, which is the same in every language: NOT_FOUND, TIMEOUT and others.
	Status() string
	// Retryable returns whether the same call may succeed later.
	Retryable() bool
	// RetryAfter returns how long the server asked to wait, or 0.
	RetryAfter() time.Duration
	// GetHTTPMeta returns the request and the response. It is empty if no response was read.
	GetHTTPMeta() components.HTTPMetadata
}

// Failure is what every error of this package has in common. Programs do not make one.
type Failure struct {
	// Name is the name of the status: NOT_FOUND.
	Name string
	// Text is a sentence that says what went wrong. It contains the server's message and no secrets.
	Text string
	// CanRetry says whether the same call may succeed later.
	CanRetry bool
	// Wait is how long the server asked to wait, or 0.
	Wait time.Duration
	// HTTPMeta is the request and the response. It is empty if no response was read.
	HTTPMeta components.HTTPMetadata
}

// Status returns the name of the status: NOT_FOUND, TIMEOUT and others.
func (f Failure) Status() string { return f.Name }

// Retryable returns whether the same call may succeed later.
func (f Failure) Retryable() bool { return f.CanRetry }

// RetryAfter returns how long the server asked to wait, or 0.
func (f Failure) RetryAfter() time.Duration { return f.Wait }

// GetHTTPMeta returns the request and the response. It is empty if no response was read.
func (f Failure) GetHTTPMeta() components.HTTPMetadata { return f.HTTPMeta }

// InvalidArgumentError is a configuration or a request that cannot be sent. Nothing was sent.
type InvalidArgumentError struct {
	Failure `json:"-"`
}

// Error returns what is wrong, and where.
func (e *InvalidArgumentError) Error() string { return e.Text }

// ConnectionError is a name look-up, a connect or a TLS handshake that failed, or a connection that broke. It is a
// net.Error.
type ConnectionError struct {
	Failure `json:"-"`
}

// Error returns what went wrong.
func (e *ConnectionError) Error() string { return e.Text }

// Timeout returns false, because a call whose deadline passes fails with a [TimeoutError].
func (e *ConnectionError) Timeout() bool { return false }

// Temporary returns whether the same call may succeed later.
func (e *ConnectionError) Temporary() bool { return e.CanRetry }

// TimeoutError is a call whose deadline passed, whether that of the context or that of WithTimeout. errors.Is finds
// context.DeadlineExceeded in it. It is a net.Error.
type TimeoutError struct {
	Failure `json:"-"`
	// Cause is why the context ended, if that is another error.
	Cause error `json:"-"`
}

// Error returns what the call did when its deadline passed.
func (e *TimeoutError) Error() string { return e.Text }

// Timeout returns true.
func (e *TimeoutError) Timeout() bool { return true }

// Temporary returns whether the same call may succeed later.
func (e *TimeoutError) Temporary() bool { return e.CanRetry }

// Unwrap returns context.DeadlineExceeded and the cause.
func (e *TimeoutError) Unwrap() []error { return causes(context.DeadlineExceeded, e.Cause) }

// CanceledError is a call whose context was cancelled. errors.Is finds context.Canceled in it.
type CanceledError struct {
	Failure `json:"-"`
	// Cause is why the context ended, if that is another error.
	Cause error `json:"-"`
}

// Error returns what the call did when its context ended.
func (e *CanceledError) Error() string { return e.Text }

// Unwrap returns context.Canceled and the cause.
func (e *CanceledError) Unwrap() []error { return causes(context.Canceled, e.Cause) }

func causes(known, cause error) []error {
	if cause == nil || errors.Is(cause, known) {
		return []error{known}
	}
	return []error{known, cause}
}

// InvalidResponseError is a response with a status of 2xx whose body cannot be read: it is not a JSON object, is cut
// short, or is too large. The request may have had its effect. HTTPMeta has the body if it is JSON.
type InvalidResponseError struct {
	Failure `json:"-"`
	Cause   error `json:"-"`
}

// Error returns what is wrong with the response.
func (e *InvalidResponseError) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *InvalidResponseError) Unwrap() error { return e.Cause }

// InternalError is a defect in the library.
type InternalError struct {
	Failure `json:"-"`
}

// Error returns what went wrong.
func (e *InternalError) Error() string { return e.Text }

package operations

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// ErrUnsupportedOption is the error of a call with an option that its operation does not support.
var ErrUnsupportedOption = errors.New("unsupported option")

// The options that an operation may support. Every operation here supports retries and timeout.
const (
	SupportedOptionRetries              = "retries"
	SupportedOptionTimeout              = "timeout"
	SupportedOptionAcceptHeaderOverride = "acceptHeaderOverride"
	SupportedOptionURLOverride          = "urlOverride"
)

// AcceptHeaderEnum is a media type of a response.
type AcceptHeaderEnum string

const (
	AcceptHeaderEnumApplicationJson      AcceptHeaderEnum = "application/json"
	AcceptHeaderEnumWildcardRootWildcard AcceptHeaderEnum = "*/*"
	AcceptHeaderEnumTextMarkdown         AcceptHeaderEnum = "text/markdown"
)

// ToPointer returns the address of a copy of e, for optional fields.
func (e AcceptHeaderEnum) ToPointer() *AcceptHeaderEnum { return &e }

// IsExact returns whether e is a value that this version knows.
func (e *AcceptHeaderEnum) IsExact() bool {
	if e == nil {
		return false
	}
	switch *e {
	case AcceptHeaderEnumApplicationJson, AcceptHeaderEnumWildcardRootWildcard, AcceptHeaderEnumTextMarkdown:
		return true
	}
	return false
}

// Options has the options of one call.
type Options struct {
	ServerURL            *string
	Retries              *retry.Config
	Timeout              *time.Duration
	AcceptHeaderOverride *AcceptHeaderEnum
	URLOverride          *string
	SetHeaders           map[string]string
}

// Option sets an option of one call. Its second parameter has the options that the operation supports.
type Option func(*Options, ...string) error

// WithServerURL returns an option that sends the call to another server.
func WithServerURL(serverURL string) Option {
	return func(opts *Options, _ ...string) error {
		opts.ServerURL = &serverURL
		return nil
	}
}

// WithTemplatedServerURL returns an option that sends the call to another server. Each {name} in the URL is replaced by
// the parameter of that name.
func WithTemplatedServerURL(serverURL string, params map[string]string) Option {
	for name, value := range params {
		serverURL = strings.ReplaceAll(serverURL, "{"+name+"}", value)
	}
	return WithServerURL(serverURL)
}

// WithRetries returns an option that replaces the client's retry configuration.
func WithRetries(config retry.Config) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionRetries) {
			return ErrUnsupportedOption
		}
		opts.Retries = &config
		return nil
	}
}

// WithOperationTimeout returns an option that replaces the client's timeout. It bounds the wait for a slot, all
// attempts, the waits between them and the reading of the body.
func WithOperationTimeout(timeout time.Duration) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionTimeout) {
			return ErrUnsupportedOption
		}
		opts.Timeout = &timeout
		return nil
	}
}

// WithAcceptHeaderOverride returns an option for operations with several media types. Every operation here has one, so
// that a call returns ErrUnsupportedOption.
func WithAcceptHeaderOverride(acceptHeaderOverride AcceptHeaderEnum) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionAcceptHeaderOverride) {
			return ErrUnsupportedOption
		}
		opts.AcceptHeaderOverride = &acceptHeaderOverride
		return nil
	}
}

// WithURLOverride returns an option for operations whose whole URL can be replaced. No operation here is one, so that a
// call returns ErrUnsupportedOption. Use WithServerURL.
func WithURLOverride(urlOverride string) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionURLOverride) {
			return ErrUnsupportedOption
		}
		opts.URLOverride = &urlOverride
		return nil
	}
}

// WithSetHeaders returns an option that adds headers to the request or replaces them.
func WithSetHeaders(hdrs map[string]string) Option {
	return func(opts *Options, _ ...string) error {
		opts.SetHeaders = hdrs
		return nil
	}
}

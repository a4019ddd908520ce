package operations

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// ErrUnsupportedOption is returned by a call for an option that it has no use for.
var ErrUnsupportedOption = errors.New("unsupported option")

// What an operation may support. Those on connections support retries and timeout.
const (
	SupportedOptionRetries              = "retries"
	SupportedOptionTimeout              = "timeout"
	SupportedOptionAcceptHeaderOverride = "acceptHeaderOverride"
	SupportedOptionURLOverride          = "urlOverride"
)

// AcceptHeaderEnum is a media type to ask for.
type AcceptHeaderEnum string

const (
	AcceptHeaderEnumApplicationJson      AcceptHeaderEnum = "application/json"
	AcceptHeaderEnumWildcardRootWildcard AcceptHeaderEnum = "*/*"
	AcceptHeaderEnumTextMarkdown         AcceptHeaderEnum = "text/markdown"
)

// Options is what the options of one call add up to.
type Options struct {
	ServerURL            *string
	Retries              *retry.Config
	Timeout              *time.Duration
	AcceptHeaderOverride *AcceptHeaderEnum
	URLOverride          *string
	SetHeaders           map[string]string
}

// Option is a setting for one call. Its second parameter is what the operation supports.
type Option func(*Options, ...string) error

// WithServerURL sends this call to another server.
func WithServerURL(serverURL string) Option {
	return func(opts *Options, _ ...string) error {
		opts.ServerURL = &serverURL
		return nil
	}
}

// WithTemplatedServerURL sends this call to another server; each {name} in the URL is replaced by the
// parameter of that name.
func WithTemplatedServerURL(serverURL string, params map[string]string) Option {
	for name, value := range params {
		serverURL = strings.ReplaceAll(serverURL, "{"+name+"}", value)
	}
	return WithServerURL(serverURL)
}

// WithRetries replaces the client's retry configuration for this call.
func WithRetries(config retry.Config) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionRetries) {
			return ErrUnsupportedOption
		}
		opts.Retries = &config
		return nil
	}
}

// WithOperationTimeout replaces the client's timeout for this call: the wait for a slot, all attempts,
// the waits between them and the reading of the body.
func WithOperationTimeout(timeout time.Duration) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionTimeout) {
			return ErrUnsupportedOption
		}
		opts.Timeout = &timeout
		return nil
	}
}

// WithAcceptHeaderOverride is for operations with several media types. The six here have one: a call
// returns ErrUnsupportedOption.
func WithAcceptHeaderOverride(acceptHeaderOverride AcceptHeaderEnum) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionAcceptHeaderOverride) {
			return ErrUnsupportedOption
		}
		opts.AcceptHeaderOverride = &acceptHeaderOverride
		return nil
	}
}

// WithURLOverride is for operations whose whole URL can be given. The six here are not: a call returns
// ErrUnsupportedOption. See WithServerURL.
func WithURLOverride(urlOverride string) Option {
	return func(opts *Options, supported ...string) error {
		if !slices.Contains(supported, SupportedOptionURLOverride) {
			return ErrUnsupportedOption
		}
		opts.URLOverride = &urlOverride
		return nil
	}
}

// WithSetHeaders adds headers to the request, or replaces those that it has.
func WithSetHeaders(hdrs map[string]string) Option {
	return func(opts *Options, _ ...string) error {
		opts.SetHeaders = hdrs
		return nil
	}
}

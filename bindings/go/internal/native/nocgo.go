//go:build !cgo

// Package native needs cgo.
package native

import "context"

// Without cgo the build stops at this name, which says what to do. What follows it only keeps the
// compiler from adding to the message.
var _ = this_package_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler

type (
	Operation int
	Status    int32
	Client    struct{}
)

const (
	List Operation = iota
	Get
	Update
	Delete
	Imports
	Token
)

const (
	OK Status = iota
	InvalidArgument
	InvalidHandle
	BadRequest
	Unauthorized
	PaymentRequired
	NotFound
	Unprocessable
	RateLimited
	APIError
	Connection
	Timeout
	Cancelled
	InvalidResponse
	Internal
	Conflict
)

func (Status) String() string             { return "" }
func Version() string                     { return "" }
func Open([]byte, bool) (*Client, string) { return nil, "" }
func (*Client) Close()                    {}
func (*Client) Call(context.Context, Operation, []byte, func(string)) (string, Status) {
	return "", 0
}

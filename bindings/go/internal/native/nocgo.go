//go:build !cgo

// Package native needs cgo.
package native

import "context"

// The build without cgo stops at this name, which says what to do. The declarations below prevent further messages.
var _ = this_package_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler

type (
	Operation struct{}
	Client    struct{}
)

func NewOperation(string) Operation                         { return Operation{} }
func (Status) String() string                               { return "" }
func Version() string                                       { return "" }
func ConnectionHealth([]byte) (string, Status)              { return "", OK }
func WebhookSign([]byte, string) (string, Status)           { return "", OK }
func WebhookVerify([]byte, string, string) (string, Status) { return "", OK }
func Open([]byte, bool) (*Client, string)                   { return nil, "" }
func (*Client) Close()                                      {}
func (*Client) Call(context.Context, Operation, []byte, func(string)) (string, Status) {
	return "", OK
}

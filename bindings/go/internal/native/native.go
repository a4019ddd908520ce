//go:build cgo

// Package native calls the C library: clients, calls and events. It passes text in both directions and does not parse
// it.
//
// Text for C is NUL-terminated Go memory that C uses during one call only. Text from C is copied into one Go string
// and freed at once, in this package and nowhere else.
package native

/*
#include <stdint.h>
#include <apideck_vault.h>

extern void apideckVaultGoEvent(char *event, uintptr_t call);

// The call that this thread is making, or 0 for a call without a listener. The number is a cgo.Handle.
static _Thread_local uintptr_t apideck_vault_go_current_call;

static void apideck_vault_go_event(const char *event, void *unused) {
	(void)unused;
	if (apideck_vault_go_current_call != 0) {
		apideckVaultGoEvent((char *)event, apideck_vault_go_current_call);
	}
}

typedef struct {
	char *text;
	size_t length;
	apideck_vault_status status;
} apideck_vault_go_result;

static apideck_vault_go_result apideck_vault_go_connection_health(const char *connection) {
	apideck_vault_go_result result;
	result.text = apideck_vault_connection_health(connection, &result.status);
	result.length = apideck_vault_string_length(result.text);
	return result;
}

static apideck_vault_go_result apideck_vault_go_webhook_verify(const char *body, size_t length, const char *signature,
		const char *api_key) {
	apideck_vault_go_result result;
	result.text = apideck_vault_webhook_verify(body, length, signature, api_key, &result.status);
	result.length = apideck_vault_string_length(result.text);
	return result;
}

static apideck_vault_go_result apideck_vault_go_webhook_sign(const char *body, size_t length, const char *api_key) {
	apideck_vault_go_result result;
	result.text = apideck_vault_webhook_sign(body, length, api_key, &result.status);
	result.length = apideck_vault_string_length(result.text);
	return result;
}

static apideck_vault_status apideck_vault_go_enable_events(apideck_vault_client client) {
	return apideck_vault_client_set_event_callback(client, apideck_vault_go_event, 0);
}

// Returns the status by value. A callback may grow the stack of the goroutine, which moves it, so that a pointer into
// it would become invalid.
static apideck_vault_go_result apideck_vault_go_call(apideck_vault_client client, const char *operation,
		const char *request, apideck_vault_cancellation cancellation, uintptr_t call) {
	apideck_vault_go_result result;
	uintptr_t outer = apideck_vault_go_current_call; // of a call whose listener makes this one
	apideck_vault_go_current_call = call;
	result.text = apideck_vault_call(client, operation, request, cancellation, &result.status);
	result.length = apideck_vault_string_length(result.text);
	apideck_vault_go_current_call = outer;
	return result;
}
*/
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync/atomic"
	"unsafe"
)

// Operation is the name of an operation as a C string.
type Operation struct{ name string }

// NewOperation returns the operation with a name: connections.list.
func NewOperation(name string) Operation { return Operation{name + "\x00"} }

func (o Operation) chars() *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(o.name))) }

// String returns the name of a status: NOT_FOUND.
func (s Status) String() string {
	return C.GoString(C.apideck_vault_status_name(C.apideck_vault_status(s)))
}

// Version returns the library's version.
func Version() string { return C.GoString(C.apideck_vault_version()) }

// ConnectionHealth returns the report of a connection, which is JSON. If the status is not OK, it returns the failure as
// JSON.
func ConnectionHealth(connection []byte) (text string, status Status) {
	result := C.apideck_vault_go_connection_health(lend(connection))
	return take(result.text, result.length), Status(result.status)
}

// WebhookVerify returns the event of a webhook, which is JSON. If the status is not OK, it returns the failure as JSON.
// The signature and the key have no NUL.
func WebhookVerify(body []byte, signature, apiKey string) (text string, status Status) {
	start, length := lendBytes(body)
	result := C.apideck_vault_go_webhook_verify(start, length, lend([]byte(signature)), lend([]byte(apiKey)))
	return take(result.text, result.length), Status(result.status)
}

// WebhookSign returns the signature of a webhook. If the status is not OK, it returns the failure as JSON. The key has no
// NUL.
func WebhookSign(body []byte, apiKey string) (text string, status Status) {
	start, length := lendBytes(body)
	result := C.apideck_vault_go_webhook_sign(start, length, lend([]byte(apiKey)))
	return take(result.text, result.length), Status(result.status)
}

// Client owns a client of the library. No other value has its handle. Close frees the client. The garbage collector
// frees it too, if nothing refers to it.
type Client struct {
	handle  C.apideck_vault_client
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

// Open returns a new client. If events is true, Call passes events to its listener. If the client cannot be made, Open
// returns nil and the failure as JSON.
func Open(config []byte, events bool) (client *Client, failure string) {
	var message *C.char
	handle := C.apideck_vault_client_new(lend(config), &message)
	if handle == 0 {
		return nil, take(message, C.apideck_vault_string_length(message))
	}
	if events {
		enableEvents(handle)
	}
	client = &Client{handle: handle}
	client.cleanup = runtime.AddCleanup(client, free, handle)
	return client, ""
}

// Close frees the client. Active calls finish; calls after that end with InvalidHandle.
func (c *Client) Close() {
	if !c.closed.Swap(true) {
		c.cleanup.Stop()
		free(c.handle)
	}
}

func free(handle C.apideck_vault_client) { C.apideck_vault_client_free(handle) }

// enableEvents lets the client report events. The library refuses that on a thread that is inside a callback, even for
// another client, so that a new goroutine does it then: it runs on another thread.
func enableEvents(handle C.apideck_vault_client) {
	if C.apideck_vault_go_enable_events(handle) == C.APIDECK_VAULT_OK {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		C.apideck_vault_go_enable_events(handle)
	}()
	<-done
}

// Call makes a call and returns the envelope as JSON with the status. The call ends early if ctx ends. If listen is not
// nil and the client has events, Call passes the JSON of each event of this call to listen, on this goroutine. If
// listen panics, the request is cancelled and Call panics with the same value.
func (c *Client) Call(ctx context.Context, operation Operation, request []byte, listen func(event string)) (text string, status Status) {
	var cancellation C.apideck_vault_cancellation // 0: the call cannot be cancelled
	var cancel func()
	if ctx.Done() != nil || listen != nil {
		number := C.apideck_vault_cancellation_new()
		defer C.apideck_vault_cancellation_free(number)
		// After the cancellation is freed, its number is invalid and cancelling it has no effect.
		cancel = func() { C.apideck_vault_cancellation_cancel(number) }
		cancellation = number
	}
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, cancel)()
	}
	var current *call
	var number cgo.Handle // 0: no listener
	if listen != nil {
		current = &call{listen: listen, cancel: cancel}
		number = cgo.NewHandle(current)
		defer number.Delete()
	}
	raceSend()
	result := C.apideck_vault_go_call(c.handle, operation.chars(), lend(request), cancellation, C.uintptr_t(number))
	raceReceive()
	// C has only the handle, which does not keep the Client alive. Without this line the garbage collector could free
	// the client after the handle is read and before it is used.
	runtime.KeepAlive(c)
	text = take(result.text, result.length)
	if current != nil && current.panicked {
		panic(current.value)
	}
	return text, Status(result.status)
}

// take returns a copy of a text of the library and frees the text.
func take(text *C.char, length C.size_t) string {
	defer C.apideck_vault_string_free(text)
	return string(unsafe.Slice((*byte)(unsafe.Pointer(text)), length))
}

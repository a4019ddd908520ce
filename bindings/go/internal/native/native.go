//go:build cgo

// Package native is the C library as Go sees it: clients, calls, events. Text goes in and comes out;
// what it means is no concern of this package.
//
// Memory: text for C is Go memory, NUL-terminated, lent for the length of one C call. Text from C is
// copied into one Go string and freed at once, here and nowhere else.
package native

/*
#include <stdint.h>
#include <apideck_vault.h>

extern void apideckVaultGoEvent(char *event, uintptr_t call);

// The call that this thread is making, or 0 for one without a listener. It is a number, which Go resolves.
static _Thread_local uintptr_t apideck_vault_go_current_call;

static void apideck_vault_go_event(const char *event, void *unused) {
	(void)unused;
	if (apideck_vault_go_current_call != 0) {
		apideckVaultGoEvent((char *)event, apideck_vault_go_current_call);
	}
}

static apideck_vault_status apideck_vault_go_enable_events(apideck_vault_client client) {
	return apideck_vault_client_set_event_callback(client, apideck_vault_go_event, 0);
}

typedef struct {
	char *text;
	apideck_vault_status status;
} apideck_vault_go_reply;

// The status comes back by value: a callback may grow the stack of the goroutine, and so move what C
// would have a pointer to.
static apideck_vault_go_reply apideck_vault_go_call(int operation, apideck_vault_client client,
		const char *request, apideck_vault_cancellation cancellation, uintptr_t call) {
	static char *(*const operations[])(apideck_vault_client, const char *,
			apideck_vault_cancellation, apideck_vault_status *) = {
		apideck_vault_connections_list, apideck_vault_connections_get, apideck_vault_connections_update,
		apideck_vault_connections_delete, apideck_vault_connections_imports, apideck_vault_connections_token,
	};
	apideck_vault_go_reply reply;
	uintptr_t outer = apideck_vault_go_current_call; // of a call whose listener makes this one
	apideck_vault_go_current_call = call;
	reply.text = operations[operation](client, request, cancellation, &reply.status);
	apideck_vault_go_current_call = outer;
	return reply;
}
*/
import "C"

import (
	"context"
	"runtime"
	"runtime/cgo"
	"sync/atomic"
)

// Operation is one of the six, in the order of the table above.
type Operation int

const (
	List Operation = iota
	Get
	Update
	Delete
	Imports
	Token
)

// Status is how a call ended.
type Status int32

const (
	OK              Status = C.APIDECK_VAULT_OK
	InvalidArgument Status = C.APIDECK_VAULT_INVALID_ARGUMENT
	InvalidHandle   Status = C.APIDECK_VAULT_INVALID_HANDLE
	BadRequest      Status = C.APIDECK_VAULT_BAD_REQUEST
	Unauthorized    Status = C.APIDECK_VAULT_UNAUTHORIZED
	PaymentRequired Status = C.APIDECK_VAULT_PAYMENT_REQUIRED
	NotFound        Status = C.APIDECK_VAULT_NOT_FOUND
	Unprocessable   Status = C.APIDECK_VAULT_UNPROCESSABLE
	RateLimited     Status = C.APIDECK_VAULT_RATE_LIMITED
	APIError        Status = C.APIDECK_VAULT_API_ERROR
	Connection      Status = C.APIDECK_VAULT_CONNECTION
	Timeout         Status = C.APIDECK_VAULT_TIMEOUT
	Cancelled       Status = C.APIDECK_VAULT_CANCELLED
	InvalidResponse Status = C.APIDECK_VAULT_INVALID_RESPONSE
	Internal        Status = C.APIDECK_VAULT_INTERNAL
	Conflict        Status = C.APIDECK_VAULT_CONFLICT
)

// String is the name of a status: NOT_FOUND.
func (s Status) String() string {
	return C.GoString(C.apideck_vault_status_name(C.apideck_vault_status(s)))
}

// Version is the library's version.
func Version() string { return C.GoString(C.apideck_vault_version()) }

// Client owns a client of the library. Its handle is in no other value. Close frees the client; so does
// the garbage collector when nothing refers to it.
type Client struct {
	handle  C.apideck_vault_client
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

// Open makes a client. With events, Call reports them to its listener. If the client cannot be made, Open
// returns nil and the library's failure.
func Open(config []byte, events bool) (client *Client, failure string) {
	var message *C.char
	handle := C.apideck_vault_client_new(lend(config), &message)
	if handle == 0 {
		return nil, take(message)
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

// enableEvents has events reported. The library refuses that on the thread of an event, even for another
// client; a new goroutine runs on another thread.
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

// Call makes a call and waits for it. The call ends early when ctx does. If listen is not nil and the
// client has events, listen is called with the text of each event of this call, on this goroutine. If
// listen panics, the request is cancelled and Call panics with the same value.
func (c *Client) Call(ctx context.Context, operation Operation, request []byte, listen func(event string)) (reply string, status Status) {
	var cancellation C.apideck_vault_cancellation // 0: nothing cancels this call
	var cancel func()
	if ctx.Done() != nil || listen != nil {
		number := C.apideck_vault_cancellation_new()
		defer C.apideck_vault_cancellation_free(number)
		// Once the cancellation is freed its number names nothing, and cancelling it has no effect.
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
	ended := C.apideck_vault_go_call(C.int(operation), c.handle, lend(request), cancellation, C.uintptr_t(number))
	raceReceive()
	// C was given a number, in which the garbage collector sees no Client: without this line it could
	// free the client between the reading of the number and its use.
	runtime.KeepAlive(c)
	reply = take(ended.text)
	if current != nil && current.panicked {
		panic(current.value)
	}
	return reply, Status(ended.status)
}

// take copies a text of C and frees it.
func take(text *C.char) string {
	defer C.apideck_vault_string_free(text)
	return C.GoString(text)
}

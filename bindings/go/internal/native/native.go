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

extern void apideckVaultGoEvent(char *event, uintptr_t sink);

// A sink is a number that travels as a pointer. Go must not see it as one: it would be a bad pointer.
static void apideck_vault_go_event(const char *event, void *sink) {
	apideckVaultGoEvent((char *)event, (uintptr_t)sink);
}

static apideck_vault_status apideck_vault_go_watch(apideck_vault_client client, uintptr_t sink) {
	return apideck_vault_client_set_event_callback(client, sink ? apideck_vault_go_event : 0, (void *)sink);
}

typedef struct {
	char *text;
	apideck_vault_status status;
} apideck_vault_go_reply;

// The status comes back by value: a callback may grow the stack of the goroutine, and so move what C
// would have a pointer to.
static apideck_vault_go_reply apideck_vault_go_call(int operation, apideck_vault_client client,
		const char *request, apideck_vault_cancellation cancellation) {
	static char *(*const operations[])(apideck_vault_client, const char *,
			apideck_vault_cancellation, apideck_vault_status *) = {
		apideck_vault_connections_list, apideck_vault_connections_get, apideck_vault_connections_update,
		apideck_vault_connections_delete, apideck_vault_connections_imports, apideck_vault_connections_token,
	};
	apideck_vault_go_reply reply;
	reply.text = operations[operation](client, request, cancellation, &reply.status);
	return reply;
}
*/
import "C"

import (
	"context"
	"runtime"
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
)

// String is the name of a status: NOT_FOUND.
func (s Status) String() string {
	return C.GoString(C.apideck_vault_status_name(C.apideck_vault_status(s)))
}

// Version is the library's version.
func Version() string { return C.GoString(C.apideck_vault_version()) }

// Client owns a client of the library. Close frees it; so does the garbage collector when nobody has
// it any more.
type Client struct {
	owned   owned
	closed  atomic.Bool
	cleanup runtime.Cleanup
}

// owned is what has to be given back.
type owned struct {
	handle C.apideck_vault_client
	sink   uint64 // its number, or 0
}

// Open makes a client; sink, if there is one, is called with the text of every event. A client that
// cannot be made is nil, and the text says why.
func Open(config []byte, sink func(event string)) (client *Client, failure string) {
	var message *C.char
	handle := C.apideck_vault_client_new(lend(config), &message)
	if handle == 0 {
		return nil, take(message)
	}
	client = &Client{owned: owned{handle: handle}}
	if sink != nil {
		client.owned.sink = newSink(sink)
		client.owned.watch()
	}
	client.cleanup = runtime.AddCleanup(client, owned.free, client.owned)
	return client, ""
}

// Close frees the client. Calls that are under way finish; later ones end with InvalidHandle.
func (c *Client) Close() {
	if !c.closed.Swap(true) {
		c.cleanup.Stop()
		c.owned.free()
	}
}

// watch has events sent to the sink. On the thread of an event the library refuses that, be the event
// another client's; a goroutine begun there runs on another thread.
func (o owned) watch() {
	if C.apideck_vault_go_watch(o.handle, C.uintptr_t(o.sink)) == C.APIDECK_VAULT_OK {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		C.apideck_vault_go_watch(o.handle, C.uintptr_t(o.sink))
	}()
	<-done
}

func (o owned) free() {
	if o.sink != 0 {
		// Waits for events that are being told. Inside of one it is refused, as it would wait for itself.
		C.apideck_vault_go_watch(o.handle, 0)
		sinks.Delete(o.sink)
	}
	C.apideck_vault_client_free(o.handle)
}

// Call makes a call and waits for it. It ends early when ctx does.
func (c *Client) Call(ctx context.Context, operation Operation, request []byte) (reply string, status Status) {
	var cancellation C.apideck_vault_cancellation // 0: a context that never ends needs none
	if ctx.Done() != nil {
		cancellation = C.apideck_vault_cancellation_new()
		defer C.apideck_vault_cancellation_free(cancellation)
		// Should this run late, the cancellation is freed already: then it names nothing, and nothing happens.
		defer context.AfterFunc(ctx, func() { C.apideck_vault_cancellation_cancel(cancellation) })()
	}
	raceSend()
	ended := C.apideck_vault_go_call(C.int(operation), c.owned.handle, lend(request), cancellation)
	raceReceive()
	// C was given a number, in which the garbage collector sees no Client: without this line it could
	// free the client between the reading of the number and its use.
	runtime.KeepAlive(c)
	return take(ended.text), Status(ended.status)
}

// take copies a text of C and frees it.
func take(text *C.char) string {
	defer C.apideck_vault_string_free(text)
	return C.GoString(text)
}

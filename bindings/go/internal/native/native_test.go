package native

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Client {
	client, failure := Open([]byte(`{"api_key":"k","app_id":"a","server_url":"http://127.0.0.1:1","retries":null}`), nil)
	if client == nil {
		t.Fatal(failure)
	}
	return client
}

// use calls with the handle of a client that may be gone.
func use(handle owned) Status {
	_, status := (&Client{owned: handle}).Call(context.Background(), List, []byte(`{}`))
	return status
}

func TestAClientThatNobodyHasAnyMoreIsFreed(t *testing.T) {
	client := open(t)
	handle := client.owned
	if status := use(handle); status != Connection {
		t.Fatalf("%v", status)
	}
	client = nil
	for begin := time.Now(); use(handle) != InvalidHandle; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatal("the client is still there")
		}
		runtime.GC()
	}
}

func TestAClosedClientIsFreedAtOnceAndOnce(t *testing.T) {
	client := open(t)
	client.Close()
	client.Close()
	if _, status := client.Call(context.Background(), Get, nil); status != InvalidHandle {
		t.Errorf("%v", status)
	}
}

func TestAClientMadeOrClosedInsideAnEventIsWatchedAndLeavesNoSink(t *testing.T) {
	config := []byte(`{"api_key":"k","app_id":"a","server_url":"http://127.0.0.1:1","retries":null}`)
	events := 0 // of the inner one
	var outer *Client
	outer, _ = Open(config, func(string) {
		inner, _ := Open(config, func(string) { events++ })
		done := make(chan struct{})
		go func() { // on another thread: inside an event, calls are not told of
			defer close(done)
			inner.Call(context.Background(), List, []byte(`{}`))
		}()
		<-done
		inner.Close()
		outer.Close()
	})
	outer.Call(context.Background(), List, []byte(`{}`))
	if events == 0 {
		t.Error("nothing is told of the inner client")
	}
	sinks.Range(func(number, _ any) bool {
		t.Errorf("sink %v is left", number)
		return true
	})
}

func TestAClientThatCannotBeMadeSaysWhy(t *testing.T) {
	client, failure := Open([]byte(`{"api_kye":"k"}`), nil)
	if client != nil || !strings.Contains(failure, "api_key") {
		t.Errorf("%v, %s", client, failure)
	}
}

func TestTheStatusesHaveTheNamesOfTheLibrary(t *testing.T) {
	names := "OK INVALID_ARGUMENT INVALID_HANDLE BAD_REQUEST UNAUTHORIZED PAYMENT_REQUIRED NOT_FOUND UNPROCESSABLE RATE_LIMITED API_ERROR CONNECTION TIMEOUT CANCELLED INVALID_RESPONSE INTERNAL"
	for i, name := range strings.Fields(names) {
		if got := Status(i).String(); got != name {
			t.Errorf("%d is %s, not %s", i, got, name)
		}
	}
	if status := []Status{OK, InvalidArgument, InvalidHandle, BadRequest, Unauthorized, PaymentRequired, NotFound, Unprocessable, RateLimited, APIError, Connection, Timeout, Cancelled, InvalidResponse, Internal}; fmt.Sprint([]Status(status)) != "["+names+"]" {
		t.Errorf("%v", status)
	}
	if Version() == "" {
		t.Error("no version")
	}
}

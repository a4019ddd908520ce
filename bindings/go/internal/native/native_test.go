package native

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"
)

// unreachable is the configuration of a client whose calls cannot connect.
const unreachable = `{"api_key":"k","app_id":"a","server_url":"http://127.0.0.1:1","retries":null}`

// open returns a client whose calls cannot connect.
func open(t *testing.T) *Client {
	client, failure := Open([]byte(unreachable), false)
	if client == nil {
		t.Fatal(failure)
	}
	return client
}

// use makes a call with the handle of a client, which may be freed, and returns the status.
func use(client *Client) Status {
	_, status := client.Call(context.Background(), NewOperation("connections.list"), []byte(`{}`), nil)
	return status
}

func TestAClientThatNothingRefersToIsFreed(t *testing.T) {
	client := open(t)
	handle := &Client{handle: client.handle}
	if status := use(handle); status != Connection {
		t.Fatalf("%v", status)
	}
	client = nil
	for begin := time.Now(); use(handle) != InvalidHandle; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatal("the client is not freed")
		}
		runtime.GC()
	}
}

func TestCloseFreesAClientOnce(t *testing.T) {
	client := open(t)
	client.Close()
	client.Close()
	if _, status := client.Call(context.Background(), NewOperation("connections.get"), nil, nil); status != InvalidHandle {
		t.Errorf("%v", status)
	}
}

// eventsOfCall makes a call that cannot connect and returns its events.
func eventsOfCall(client *Client) (events []string) {
	client.Call(context.Background(), NewOperation("connections.list"), []byte(`{}`), func(event string) { events = append(events, event) })
	return events
}

func TestAClientMadeOrClosedInsideAnEventHasEvents(t *testing.T) {
	var inner []string
	outer, _ := Open([]byte(unreachable), true)
	outer.Call(context.Background(), NewOperation("connections.list"), []byte(`{}`), func(string) {
		client, _ := Open([]byte(unreachable), true)
		done := make(chan struct{})
		go func() { // on another thread: the library reports no event of a call made inside an event
			defer close(done)
			inner = eventsOfCall(client)
		}()
		<-done
		client.Close()
		outer.Close()
	})
	if len(inner) == 0 {
		t.Error("no event of the inner client")
	}
}

func TestAPanicInAListenerCancelsTheCallAndReachesItsCaller(t *testing.T) {
	client, _ := Open([]byte(unreachable), true)
	defer client.Close()
	for range 3 {
		events := 0
		func() {
			defer func() {
				if value := recover(); value != "the value" {
					t.Errorf("recovered %v", value)
				}
			}()
			client.Call(context.Background(), NewOperation("connections.list"), []byte(`{}`), func(string) { events++; panic("the value") })
			t.Error("the call returned")
		}()
		if events != 1 {
			t.Errorf("%d events reached a listener that had panicked at the first one", events)
		}
	}
	if events := eventsOfCall(client); len(events) < 2 {
		t.Errorf("events of the next call: %q", events)
	}
}

func TestOpenReturnsWhyAClientCannotBeMade(t *testing.T) {
	client, failure := Open([]byte(`{"api_kye":"k"}`), false)
	if client != nil || !strings.Contains(failure, "api_key") {
		t.Errorf("%v, %s", client, failure)
	}
}

func TestTheStatusesHaveTheNamesOfTheLibrary(t *testing.T) {
	for status, name := range statusNames {
		if status.String() != name {
			t.Errorf("%d is %s, not %s", int(status), status, name)
		}
	}
	if name := Status(len(statusNames)).String(); name != "UNKNOWN" {
		t.Errorf("the library has a further status, %s", name)
	}
	if Version() == "" {
		t.Error("no version")
	}
}

func TestCheckVersionRefusesALibraryWithAnotherInterfaceInOneLine(t *testing.T) {
	for _, version := range []string{"0.1.0", "0.1.1", "0.1.20", "0.1.0+build", Version()} {
		if err := CheckVersion(version); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
	for _, version := range []string{"0.0.1", "0.0.99", "0.2.0", "1.0.0", "1.1.0", "2.0.0", "", "0.1", "0.1.x", "garbage\n"} {
		if err := CheckVersion(version); err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "0.1.0") {
			t.Errorf("%s: %v", version, err)
		}
	}
}

package apideckvault_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// hanging starts a server that does not respond while its client is connected.
func hanging(t *testing.T) *recorder {
	return record(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

// list lists connections and returns the error.
func list(ctx context.Context, s *sdkgo.Apideck, opts ...operations.Option) error {
	_, err := s.Vault.Connections.List(ctx, nil, nil, nil, nil, opts...)
	return err
}

// endsPromptly cancels a call and requires that it ends within 100 ms. A busy machine may delay a call, so that one of
// five has to. waitUntilBegun returns when the call is where it should be cancelled.
func endsPromptly(t *testing.T, s *sdkgo.Apideck, waitUntilBegun func()) {
	t.Helper()
	var elapsed time.Duration
	for range 5 {
		ctx, cancel := context.WithCancelCause(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- list(ctx, s) }()
		waitUntilBegun()
		reason := errors.New("the user went away")
		cancelled := time.Now()
		cancel(reason)
		err := <-ended
		elapsed = time.Since(cancelled)
		var canceled *apierrors.CanceledError
		if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || !errors.As(err, &canceled) || canceled.Status() != "CANCELLED" {
			t.Fatalf("%T: %v", err, err)
		}
		if elapsed <= 100*time.Millisecond {
			return
		}
	}
	t.Fatalf("the call ended %v after it was cancelled", elapsed)
}

// eventually waits until a condition is true.
func eventually(t *testing.T, description string, condition func() bool) {
	t.Helper()
	for begin := time.Now(); !condition(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("not true within 20 seconds: %s", description)
		}
	}
}

func TestACancelledContextEndsAHangingCall(t *testing.T) {
	server := hanging(t)
	s := connect(t, server.URL)
	tries := 0
	endsPromptly(t, s, func() {
		tries++
		eventually(t, "the server has the request", func() bool { return len(server.requests()) == tries })
	})
}

func TestACancelledContextEndsAWaitBetweenAttempts(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "20")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	s := connect(t, server.URL)
	tries := 0
	endsPromptly(t, s, func() {
		tries++
		eventually(t, "the server has responded", func() bool { return len(server.requests()) == tries })
		time.Sleep(20 * time.Millisecond) // until the response has arrived and the wait has begun
	})
}

func TestACancelledContextEndsTheWaitForASlot(t *testing.T) {
	server := hanging(t)
	s := connect(t, server.URL, sdkgo.WithMaxConcurrentCalls(1))
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error, 1)
	go func() { first <- list(ctx, s) }()
	eventually(t, "the only slot is taken", func() bool { return len(server.requests()) == 1 })

	endsPromptly(t, s, func() { time.Sleep(10 * time.Millisecond) })
	short, cancelShort := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancelShort()
	if err := list(short, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%T: %v", err, err)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("%T: %v", err, err)
	}
	if requests := len(server.requests()); requests != 1 {
		t.Errorf("%d requests, but only one call had a slot", requests)
	}
}

func TestAContextThatHasEndedSendsNothing(t *testing.T) {
	server := record(t, respond(200, empty))
	s := connect(t, server.URL)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := list(cancelled, s); !errors.Is(err, context.Canceled) {
		t.Errorf("%T: %v", err, err)
	}
	passed, cancelPassed := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancelPassed()
	if err := list(passed, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%T: %v", err, err)
	}
	if requests := len(server.requests()); requests != 0 {
		t.Errorf("%d requests", requests)
	}
}

func TestADeadlineEndsACall(t *testing.T) {
	s := connect(t, hanging(t).URL)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := list(ctx, s)
	var timeout *apierrors.TimeoutError
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || !timeout.Retryable() {
		t.Errorf("%T: %v", err, err)
	}
	if elapsed := time.Since(begin); elapsed > 2*time.Second {
		t.Errorf("took %v", elapsed)
	}
}

// deadlineOnly is a context that has a deadline and whose Done channel is never closed.
type deadlineOnly struct {
	context.Context
	deadline time.Time
}

func (c deadlineOnly) Deadline() (time.Time, bool) { return c.deadline, true }

func TestTheLibraryEndsACallAtItsDeadline(t *testing.T) {
	s := connect(t, hanging(t).URL)
	err := list(deadlineOnly{context.Background(), time.Now().Add(50 * time.Millisecond)}, s)
	var timeout *apierrors.TimeoutError
	if !errors.As(err, &timeout) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%T: %v", err, err)
	}
}

func TestTheEarlierOfTimeoutAndDeadlineEndsACall(t *testing.T) {
	server := hanging(t)
	hour, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	for name, call := range map[string]func() error{
		"the client's timeout": func() error {
			return list(hour, connect(t, server.URL, sdkgo.WithTimeout(30*time.Millisecond)))
		},
		"the call's timeout": func() error {
			return list(hour, connect(t, server.URL, sdkgo.WithTimeout(time.Hour)), operations.WithOperationTimeout(30*time.Millisecond))
		},
		"a context without a deadline": func() error {
			return list(context.Background(), connect(t, server.URL), operations.WithOperationTimeout(30*time.Millisecond))
		},
	} {
		begin := time.Now()
		err := call()
		var timeout *apierrors.TimeoutError
		if !errors.As(err, &timeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %T: %v", name, err, err)
		}
		if elapsed := time.Since(begin); elapsed > 5*time.Second {
			t.Errorf("%s: took %v", name, elapsed)
		}
	}
}

func TestADeadlineBoundsTheAttemptsTogether(t *testing.T) {
	server := record(t, respond(503, `{}`))
	s := connect(t, server.URL, sdkgo.WithRetryConfig(retry.Config{
		Strategy: "backoff", Backoff: &retry.BackoffStrategy{InitialInterval: 5, MaxInterval: 10, Exponent: 1, MaxElapsedTime: 900000}, RetryConnectionErrors: true,
	}))
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if err := list(ctx, s); err == nil {
		t.Error("no error")
	}
	if requests := len(server.requests()); requests < 2 {
		t.Errorf("%d attempts", requests)
	}
}

// occupied returns a client whose only slot is taken until the test ends.
func occupied(t *testing.T, options ...sdkgo.SDKOption) *sdkgo.Apideck {
	t.Helper()
	server := hanging(t)
	s := connect(t, server.URL, append(options, sdkgo.WithMaxConcurrentCalls(1))...)
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error, 1)
	go func() { first <- list(ctx, s, operations.WithOperationTimeout(time.Hour)) }()
	eventually(t, "the only slot is taken", func() bool { return len(server.requests()) == 1 })
	t.Cleanup(func() {
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) || len(server.requests()) != 1 {
			t.Errorf("%d requests, %T: %v", len(server.requests()), err, err)
		}
	})
	return s
}

func TestTheTimeoutBoundsTheWaitForASlot(t *testing.T) {
	const brief = 30 * time.Millisecond
	for name, call := range map[string]func() error{
		"the client's timeout": func() error { return list(context.Background(), occupied(t, sdkgo.WithTimeout(brief))) },
		"the call's timeout": func() error {
			return list(context.Background(), occupied(t, sdkgo.WithTimeout(time.Hour)), operations.WithOperationTimeout(brief))
		},
		"a deadline without a Done channel": func() error {
			return list(deadlineOnly{context.Background(), time.Now().Add(brief)}, occupied(t))
		},
	} {
		err := call()
		var timeout *apierrors.TimeoutError
		if !errors.As(err, &timeout) || !errors.Is(err, context.DeadlineExceeded) || timeout.Status() != "TIMEOUT" || !timeout.Retryable() {
			t.Errorf("%s: %T: %v", name, err, err)
		}
	}
}

func TestACallThatWaitedForASlotHasTheRemainingTime(t *testing.T) {
	const limit = 500 * time.Millisecond
	var first atomic.Bool
	release := make(chan struct{})
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if first.CompareAndSwap(false, true) {
			<-release
			respond(200, empty)(w, r)
			return
		}
		<-r.Context().Done()
	})
	s := connect(t, server.URL, sdkgo.WithMaxConcurrentCalls(1), sdkgo.WithSecuritySource(func(context.Context) (components.Security, error) {
		if first.Load() { // this is the second call, and its time has begun
			time.AfterFunc(limit/2, func() { close(release) })
		}
		return components.Security{APIKey: sdkgo.String("k")}, nil
	}))
	ended := make(chan error, 1)
	go func() { ended <- list(context.Background(), s) }()
	eventually(t, "the only slot is taken", first.Load)
	err := list(context.Background(), s, operations.WithOperationTimeout(limit))
	var timeout *apierrors.TimeoutError
	var limitInC int64 // in milliseconds
	if !errors.As(err, &timeout) {
		t.Fatalf("%T: %v", err, err)
	}
	if _, scan := fmt.Sscanf(timeout.Text, "the call took longer than %d ms", &limitInC); scan != nil || limitInC > limit.Milliseconds()/2 {
		t.Errorf("%v: %v", scan, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestATimeoutOfZeroOrLessIsADeadlineThatHasPassed(t *testing.T) {
	server := record(t, respond(200, empty))
	for _, timeLimit := range []time.Duration{0, -1, math.MinInt64} {
		for name, err := range map[string]error{
			"client": list(context.Background(), connect(t, server.URL, sdkgo.WithTimeout(timeLimit))),
			"call":   list(context.Background(), connect(t, server.URL), operations.WithOperationTimeout(timeLimit)),
		} {
			var timeout *apierrors.TimeoutError
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &timeout) || timeout.Retryable() {
				t.Errorf("%s, %d: %T: %v", name, timeLimit, err, err)
			}
		}
	}
	if requests := len(server.requests()); requests != 0 {
		t.Errorf("%d requests", requests)
	}
}

func TestATimeoutCanBeTheLongestDuration(t *testing.T) {
	server := record(t, respond(200, empty))
	far, cancel := context.WithDeadline(context.Background(), time.Now().Add(400*24*time.Hour))
	defer cancel()
	for _, long := range []time.Duration{math.MaxInt64, 400 * 24 * time.Hour} {
		s := connect(t, server.URL, sdkgo.WithTimeout(long), sdkgo.WithConnectTimeout(long))
		for _, ctx := range []context.Context{context.Background(), far} {
			if err := errors.Join(list(ctx, s), list(ctx, s, operations.WithOperationTimeout(long))); err != nil {
				t.Errorf("%v: %v", long, err)
			}
		}
	}
}

func TestTheTimeoutBoundsTheSecuritySource(t *testing.T) {
	s := sdkgo.New(sdkgo.WithAppID("a"), sdkgo.WithTimeout(30*time.Millisecond), sdkgo.WithSecuritySource(func(ctx context.Context) (components.Security, error) {
		<-ctx.Done()
		return components.Security{}, ctx.Err()
	}))
	defer s.Close()
	if err := list(context.Background(), s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%T: %v", err, err)
	}
}

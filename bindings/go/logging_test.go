package apideckvault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// lines collects the output of a logger.
type lines struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.buffer.Write(p)
}

func (l *lines) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.buffer.String()
}

func TestALoggerGetsEveryStepAndNoSecret(t *testing.T) {
	var attempts atomic.Int64
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if attempts.Add(1) == 1 {
			respond(503, `{}`)(w, r)
			return
		}
		respond(200, one)(w, r)
	})
	quick := sdkgo.WithRetryConfig(retry.Config{Strategy: "backoff", MaxAttempts: 2, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, MaxElapsedTime: 60000}})
	update := operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", Connection: components.ConnectionInput{Settings: map[string]any{"password": "the-password"}}}

	var output lines
	s := connect(t, server.URL, quick, sdkgo.WithLogger(slog.New(slog.NewTextHandler(&output, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if _, err := s.Vault.Connections.Update(context.Background(), update); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`level=DEBUG msg="apideck vault request" call_id=`, ` consumer_id=test-consumer operation=connections.update method=PATCH path=/vault/connections/crm/pipedrive attempt=1`,
		`level=DEBUG msg="apideck vault response"`, `level=WARN msg="apideck vault retry"`, `status=503`, `attempt=2`, `status=200`,
	} {
		if !strings.Contains(output.String(), want) {
			t.Errorf("not logged: %s:\n%s", want, output.String())
		}
	}
	for _, secret := range []string{"the-api-key", "the-password"} {
		if strings.Contains(output.String(), secret) {
			t.Errorf("logged a secret:\n%s", output.String())
		}
	}

	var few lines
	attempts.Store(0)
	s = connect(t, server.URL, quick, sdkgo.WithLogger(slog.New(slog.NewTextHandler(&few, &slog.HandlerOptions{Level: slog.LevelWarn}))))
	if _, err := s.Vault.Connections.Update(context.Background(), update); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(few.String(), "DEBUG") || !strings.Contains(few.String(), "WARN") {
		t.Errorf("%s", few.String())
	}
}

// handler passes each record with its context to a function.
type handler func(context.Context, slog.Record)

func (handler) Enabled(context.Context, slog.Level) bool               { return true }
func (h handler) Handle(ctx context.Context, record slog.Record) error { h(ctx, record); return nil }
func (h handler) WithAttrs([]slog.Attr) slog.Handler                   { return h }
func (h handler) WithGroup(string) slog.Handler                        { return h }

// logTo returns an option that logs to a function.
func logTo(h handler) sdkgo.SDKOption { return sdkgo.WithLogger(slog.New(h)) }

// traceKey is the key of a trace id in a context.
type traceKey struct{}

// goroutine returns the id of this goroutine, as a stack trace shows it.
func goroutine() string {
	return strings.Fields(string(debug.Stack()))[1]
}

func TestARecordHasTheContextAndTheGoroutineOfItsCall(t *testing.T) {
	server := record(t, respond(200, empty))
	records := map[string]map[string]int{} // by trace id, by goroutine and call id
	var mutex sync.Mutex
	s := connect(t, server.URL, logTo(func(ctx context.Context, record slog.Record) {
		trace, _ := ctx.Value(traceKey{}).(string)
		callID := "none"
		record.Attrs(func(attribute slog.Attr) bool {
			if attribute.Key == "call_id" && attribute.Value.Kind() == slog.KindInt64 {
				callID = attribute.Value.String()
			}
			return true
		})
		mutex.Lock()
		defer mutex.Unlock()
		if records[trace] == nil {
			records[trace] = map[string]int{}
		}
		records[trace][goroutine()+" "+callID]++
	}))
	base, cancel := context.WithCancel(context.Background())
	defer cancel()
	ids := map[string]string{}
	var done sync.WaitGroup
	for i := range 50 {
		trace := fmt.Sprint("trace-", i)
		ctx := context.WithValue(base, traceKey{}, trace)
		if i%2 == 0 {
			ctx = context.WithValue(context.Background(), traceKey{}, trace) // a context that is never cancelled
		}
		done.Add(1)
		go func() {
			defer done.Done()
			mutex.Lock()
			ids[trace] = goroutine()
			mutex.Unlock()
			if err := list(ctx, s); err != nil {
				t.Error(err)
			}
		}()
	}
	done.Wait()
	if len(records) != 50 {
		t.Errorf("records of %d traces", len(records))
	}
	calls := map[string]bool{}
	for trace, places := range records {
		if len(places) != 1 {
			t.Errorf("%s: %v", trace, places)
		}
		for place, count := range places {
			id, call, _ := strings.Cut(place, " ")
			if count != 2 || id != ids[trace] || call == "none" || calls[call] { // a request and a response
				t.Errorf("%s: %d records on goroutine %s with call id %s, called on %s", trace, count, id, call, ids[trace])
			}
			calls[call] = true
		}
	}
}

func TestARecordNamesTheConsumerOfItsCall(t *testing.T) {
	t.Setenv("APIDECK_CONSUMER_ID", "")
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/connections") {
			respond(200, empty)(w, r)
			return
		}
		respond(200, one)(w, r)
	})
	consumers := map[string]int{}
	s := connect(t, server.URL, logTo(func(_ context.Context, record slog.Record) {
		consumer := "none"
		record.Attrs(func(attribute slog.Attr) bool {
			if attribute.Key == "consumer_id" {
				consumer = attribute.Value.String()
			}
			return true
		})
		consumers[consumer]++
	}))
	for _, consumer := range []*string{nil, sdkgo.String("another"), sdkgo.String("another")} {
		if _, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", consumer, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Vault.Connections.List(context.Background(), sdkgo.String(""), nil, nil, nil); err != nil { // without a consumer
		t.Fatal(err)
	}
	if want := map[string]int{"test-consumer": 2, "another": 4, "none": 2}; !maps.Equal(consumers, want) {
		t.Errorf("%v, not %v", consumers, want)
	}
}

func TestAPanicInAHandlerReachesTheCallerOfThatCall(t *testing.T) {
	held := make(chan struct{})
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("api") == "hangs" {
			<-held
		}
		respond(200, empty)(w, r)
	})
	defer close(held)
	failure := errors.New("the handler failed")
	s := connect(t, server.URL, sdkgo.WithMaxConcurrentCalls(2), logTo(func(ctx context.Context, record slog.Record) {
		if ctx.Value(traceKey{}) == record.Message {
			panic(failure)
		}
	}))
	call := func(message, api string) (value any, err error) {
		defer func() { value = recover() }()
		_, err = s.Vault.Connections.List(context.WithValue(context.Background(), traceKey{}, message), nil, nil, &api, nil)
		return nil, err
	}
	var done sync.WaitGroup
	for range 4 {
		done.Add(1)
		go func() {
			defer done.Done()
			for range 10 { // more calls than slots: each call releases its slot
				for _, message := range []string{"apideck vault request", "apideck vault response"} {
					if value, _ := call(message, "crm"); value != failure {
						t.Errorf("%s: recovered %v", message, value)
					}
				}
				if value, err := call("none", "crm"); value != nil || err != nil {
					t.Errorf("a call without a panic: recovered %v, %v", value, err)
				}
			}
		}()
	}
	done.Wait()
	begin := time.Now()
	if value, _ := call("apideck vault request", "hangs"); value != failure || time.Since(begin) > 20*time.Second {
		t.Errorf("recovered %v after %v, from a call whose server does not respond", value, time.Since(begin))
	}
}

func TestAHandlerCanCloseTheClientAndMakeCalls(t *testing.T) {
	server := record(t, respond(200, empty))
	var closing *sdkgo.Apideck
	closing = connect(t, server.URL, logTo(func(context.Context, slog.Record) { _ = closing.Close() }))
	if err := list(context.Background(), closing); err != nil {
		t.Error(err)
	}
	traces := map[any]int{} // of the outer call
	var calling *sdkgo.Apideck
	inner := false
	calling = connect(t, server.URL, logTo(func(ctx context.Context, _ slog.Record) {
		if trace := ctx.Value(traceKey{}); trace == "outer" {
			traces[trace]++
			if !inner {
				inner = true
				if err := list(context.WithValue(context.Background(), traceKey{}, "inner"), calling); err != nil {
					t.Error(err)
				}
			}
		}
	}))
	if err := list(context.WithValue(context.Background(), traceKey{}, "outer"), calling); err != nil || traces["outer"] != 2 {
		t.Errorf("%d records of the outer call, %v", traces["outer"], err)
	}
}

func TestAClientMadeInsideAHandlerHasItsLogger(t *testing.T) {
	server := record(t, respond(200, empty))
	var messages []string
	var inner *sdkgo.Apideck
	outer := connect(t, server.URL, logTo(func(context.Context, slog.Record) {
		if inner == nil {
			inner = connect(t, server.URL, logTo(func(_ context.Context, record slog.Record) { messages = append(messages, record.Message) }))
		}
	}))
	if err := list(context.Background(), outer); err != nil {
		t.Fatal(err)
	}
	if err := list(context.Background(), inner); err != nil || len(messages) != 2 {
		t.Errorf("records %q, %v", messages, err)
	}
}

// deep uses most of a megabyte of stack.
func deep(n int) int {
	var page [1024]byte
	if n > 0 {
		page[n%len(page)] = byte(deep(n - 1))
	}
	return int(page[n%len(page)])
}

func TestAHandlerCanMoveTheStackOfTheCall(t *testing.T) {
	server := record(t, respond(404, `{"message":"m"}`))
	s := connect(t, server.URL, logTo(func(context.Context, slog.Record) { deep(700) }))
	for range 50 {
		ended := make(chan error)
		go func() { // a new goroutine has a small stack
			ended <- list(context.Background(), s)
		}()
		if err := <-ended; !errors.As(err, new(*apierrors.NotFoundResponse)) {
			t.Fatalf("%T: %v", err, err)
		}
	}
}

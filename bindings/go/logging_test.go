package apideckvault_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// lines is what a logger has written.
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

func TestALoggerIsToldOfEveryStepAndOfNoSecret(t *testing.T) {
	var attempts atomic.Int64
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		if attempts.Add(1) == 1 {
			answer(503, `{}`)(w, r)
			return
		}
		answer(200, one)(w, r)
	})
	quick := sdkgo.WithRetryConfig(retry.Config{Strategy: "backoff", MaxAttempts: 2, Backoff: &retry.BackoffStrategy{InitialInterval: 1, MaxInterval: 1, MaxElapsedTime: 60000}})
	update := operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm", Connection: components.ConnectionInput{Settings: map[string]any{"password": "the-password"}}}

	var told lines
	s := connect(t, server.URL, quick, sdkgo.WithLogger(slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if _, err := s.Vault.Connections.Update(context.Background(), update); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`level=DEBUG msg="apideck vault request" operation=connections.update method=PATCH path=/vault/connections/crm/pipedrive attempt=1`,
		`level=DEBUG msg="apideck vault response"`, `level=WARN msg="apideck vault retry"`, `status=503`, `attempt=2`, `status=200`,
	} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("not told %s:\n%s", want, told.String())
		}
	}
	for _, secret := range []string{"the-api-key", "the-password"} {
		if strings.Contains(told.String(), secret) {
			t.Errorf("told a secret:\n%s", told.String())
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

// awkward is a handler that does what a handler should not.
type awkward struct {
	slog.Handler
	do func()
}

func (a awkward) Handle(context.Context, slog.Record) error { a.do(); return nil }

func TestAHandlerThatPanicsOrClosesTheClientHarmsNoCall(t *testing.T) {
	server := record(t, answer(200, empty))
	all := slog.NewTextHandler(new(lines), &slog.HandlerOptions{Level: slog.LevelDebug})
	s := connect(t, server.URL, sdkgo.WithLogger(slog.New(awkward{all, func() { panic("no") }})))
	if err := list(context.Background(), s); err != nil {
		t.Error(err)
	}
	var closing *sdkgo.Apideck
	closing = connect(t, server.URL, sdkgo.WithLogger(slog.New(awkward{all, func() { _ = closing.Close() }})))
	if err := list(context.Background(), closing); err != nil {
		t.Error(err)
	}
}

func TestAClientMadeInsideAHandlerHasItsLogger(t *testing.T) {
	server := record(t, answer(200, empty))
	var told lines
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	var once sync.Once
	var inner *sdkgo.Apideck
	outer := connect(t, server.URL, sdkgo.WithLogger(slog.New(awkward{slog.NewTextHandler(new(lines), level), func() {
		once.Do(func() { inner = connect(t, server.URL, sdkgo.WithLogger(slog.New(slog.NewTextHandler(&told, level)))) })
	}})))
	if err := list(context.Background(), outer); err != nil {
		t.Fatal(err)
	}
	if err := list(context.Background(), inner); err != nil || !strings.Contains(told.String(), "apideck vault response") {
		t.Errorf("told %q, %v", told.String(), err)
	}
}

// deep uses a good part of a megabyte of stack.
func deep(n int) int {
	var page [1024]byte
	if n > 0 {
		page[n%len(page)] = byte(deep(n - 1))
	}
	return int(page[n%len(page)])
}

func TestAHandlerMayMoveTheStackOfTheCall(t *testing.T) {
	server := record(t, answer(404, `{"message":"m"}`))
	all := slog.NewTextHandler(new(lines), &slog.HandlerOptions{Level: slog.LevelDebug})
	s := connect(t, server.URL, sdkgo.WithLogger(slog.New(awkward{all, func() { deep(700) }})))
	for range 50 {
		ended := make(chan error)
		go func() { // whose stack is small yet
			ended <- list(context.Background(), s)
		}()
		if err := <-ended; !errors.As(err, new(*apierrors.NotFoundResponse)) {
			t.Fatalf("%T: %v", err, err)
		}
	}
}

package apideckvault_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
)

func TestTenThousandGoroutinesCallAtTheSameTime(t *testing.T) {
	var active, most atomic.Int64
	server := record(t, func(w http.ResponseWriter, _ *http.Request) {
		n := active.Add(1)
		defer active.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		respond(200, one)(w, nil)
	})
	s := connect(t, server.URL, sdkgo.WithTimeout(5*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var done sync.WaitGroup
	start := make(chan struct{})
	failures := make(chan error, 10_000)
	for i := range 10_000 {
		done.Add(1)
		go func() {
			defer done.Done()
			<-start
			res, err := s.Vault.Connections.Get(ctx, fmt.Sprint("service-", i), "crm", nil, nil)
			if err == nil && *res.GetConnectionResponse.Data.ID != "crm+pipedrive" {
				err = errors.New("the response has another connection")
			}
			if err != nil {
				failures <- err
			}
		}()
	}
	threads := threadCount(t)
	close(start)
	done.Wait()
	close(failures)
	for err := range failures {
		t.Fatal(err)
	}
	if m := most.Load(); m > 256 {
		t.Errorf("%d calls at the same time", m)
	}
	if now := threadCount(t); now > threads+300 {
		t.Errorf("%d threads, %d before", now, threads)
	}
	if requests := len(server.requests()); requests != 10_000 {
		t.Errorf("%d requests", requests)
	}
}

func TestActiveCallsFinishAfterTheirClientIsClosed(t *testing.T) {
	release := make(chan struct{})
	server := record(t, func(w http.ResponseWriter, _ *http.Request) {
		<-release
		respond(200, empty)(w, nil)
	})
	s := connect(t, server.URL)
	ended := make(chan error, 20)
	for range cap(ended) {
		go func() { ended <- list(context.Background(), s) }()
	}
	eventually(t, "all calls have arrived", func() bool { return len(server.requests()) == cap(ended) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := list(context.Background(), s); !errors.Is(err, sdkgo.ErrClosed) {
		t.Errorf("%T: %v", err, err)
	}
	close(release)
	for range cap(ended) {
		if err := <-ended; err != nil {
			t.Errorf("%T: %v", err, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestACallThatBeginsWhileItsClientIsClosedSucceedsOrReturnsErrClosed(t *testing.T) {
	server := record(t, respond(200, empty))
	for range 20 {
		s := connect(t, server.URL)
		var done sync.WaitGroup
		for range 20 {
			done.Add(1)
			go func() {
				defer done.Done()
				if err := list(context.Background(), s); err != nil && !errors.Is(err, sdkgo.ErrClosed) {
					t.Errorf("%T: %v", err, err)
				}
			}()
		}
		runtime.Gosched()
		_ = s.Close()
		done.Wait()
	}
}

func TestAGroupOfOperationsKeepsItsClientAlive(t *testing.T) {
	server := record(t, respond(200, empty))
	connections := sdkgo.New(sdkgo.WithServerURL(server.URL), sdkgo.WithSecurity("k"), sdkgo.WithAppID("a")).Vault.Connections
	for range 5 {
		runtime.GC()
		if _, err := connections.List(context.Background(), nil, nil, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCopiesOfAClientCloseItOnceAndNeverAnother(t *testing.T) {
	first, second := record(t, respond(200, empty)), record(t, respond(200, empty))
	original := connect(t, first.URL)
	whole, vault, connections := *original, *original.Vault, *original.Vault.Connections
	if err := list(context.Background(), &whole); err != nil {
		t.Fatal(err)
	}
	_ = whole.Close()
	others := make([]*sdkgo.Apideck, 50) // one of them may get the handle slot of the closed client
	for i := range others {
		others[i] = connect(t, second.URL)
	}
	_ = whole.Close()
	_ = original.Close()
	for name, err := range map[string]error{
		"original": list(context.Background(), original), "copy": list(context.Background(), &whole),
		"vault":       func() error { _, err := vault.Connections.List(context.Background(), nil, nil, nil, nil); return err }(),
		"connections": func() error { _, err := connections.List(context.Background(), nil, nil, nil, nil); return err }(),
	} {
		if !errors.Is(err, sdkgo.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a, b := len(first.requests()), len(second.requests()); a != 1 || b != 0 {
		t.Errorf("%d requests of the closed client, %d of another client", a, b)
	}
	for _, other := range others {
		if err := list(context.Background(), other); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClientThatNewHasNotMadeReturnsAnError(t *testing.T) {
	if _, err := new(sdkgo.Connections).List(context.Background(), nil, nil, nil, nil); !errors.As(err, new(*apierrors.InvalidArgumentError)) {
		t.Errorf("%T: %v", err, err)
	}
	if err := new(sdkgo.Apideck).Close(); err != nil {
		t.Error(err)
	}
}

//go:build linux && !race

package apideckvault_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
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

// soakCalls is the default of APIDECK_VAULT_SOAK_CALLS, the number of calls that a soak makes. It shows that the soak
// works. 200,000 calls show a leak.
const soakCalls = 10_000

// unsteady starts a server on which each service fails in its own way.
func unsteady(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/vault/connections":
			respond(200, `{"status_code":200,"status":"OK","data":[{"id":"crm+a","settings":{"a":[1,"b"]}},{"id":"crm+b"}]}`)(w, r)
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case hasService(r, "missing"):
			respond(404, `{"status_code":404,"message":"no such connection","detail":{"a":[1]}}`)(w, r)
		case hasService(r, "refused"):
			respond(422, `{"status_code":422,"message":"no such setting","detail":"api_key"}`)(w, r)
		case hasService(r, "busy"):
			respond(503, `<html>busy</html>`)(w, r)
		case hasService(r, "garbled"):
			respond(200, `{"data":`)(w, r)
		case hasService(r, "broken"):
			panic(http.ErrAbortHandler)
		case hasService(r, "hanging"):
			<-r.Context().Done()
		default:
			respond(200, one)(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func hasService(r *http.Request, service string) bool {
	return strings.HasSuffix(r.URL.Path, "/"+service)
}

// soakCall makes one call. Its number selects a successful operation or a way to fail.
func soakCall(s *sdkgo.Apideck, number int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := s.Vault.Connections
	get := func(service string) error {
		_, err := c.Get(ctx, service, "crm", nil, nil)
		return err
	}
	switch number % 20 {
	case 0, 1, 2, 3:
		return list(ctx, s)
	case 4:
		_, err := c.Update(ctx, operations.VaultConnectionsUpdateRequest{ServiceID: "a", UnifiedAPI: "crm", Connection: components.ConnectionInput{Settings: map[string]any{"a": number}}})
		return err
	case 5:
		_, err := c.Imports(ctx, operations.VaultConnectionsImportRequest{ServiceID: "a", UnifiedAPI: "crm", ConnectionImportData: components.ConnectionImportData{Settings: map[string]any{"a": number}}})
		return err
	case 6:
		_, err := c.Token(ctx, operations.VaultConnectionsTokenRequest{ServiceID: "a", UnifiedAPI: "crm"})
		return err
	case 7:
		_, err := c.Delete(ctx, "a", "crm", nil, nil)
		return err
	case 8:
		return failsWith[*apierrors.NotFoundResponse](get("missing"))
	case 9:
		return failsWith[*apierrors.UnprocessableResponse](get("refused"))
	case 10:
		return failsWith[*apierrors.APIError](get("busy"))
	case 11:
		return failsWith[*apierrors.InvalidResponseError](get("garbled"))
	case 12:
		return failsWith[*apierrors.ConnectionError](get("broken"))
	case 13:
		return failsWith[*apierrors.InvalidArgumentError](get(".."))
	case 14:
		time.AfterFunc(time.Millisecond, cancel)
		return failsWith[*apierrors.CanceledError](get("hanging"))
	case 15:
		brief, cancel := context.WithTimeout(ctx, 2*time.Millisecond)
		defer cancel()
		_, err := c.Get(brief, "hanging", "crm", nil, nil)
		return failsWith[*apierrors.TimeoutError](err)
	case 16:
		cancel()
		return failsWith[*apierrors.CanceledError](get("a"))
	}
	return get("a")
}

// failsWith returns nil if err is the expected error.
func failsWith[T error](err error) error {
	var expected T
	if errors.As(err, &expected) {
		return nil
	}
	return fmt.Errorf("expected a %T, got a %T: %w", expected, err, err)
}

// resources are the resources that a process can leak.
type resources struct{ kilobytes, descriptors, threads int }

// usedResources returns the resources of this process.
func usedResources(t *testing.T) resources {
	t.Helper()
	descriptors, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return resources{resident(t), len(descriptors), threadCount(t)}
}

func TestASoakOfCallsFailuresAndCancellationsLeaksNothing(t *testing.T) {
	calls := soakCalls
	if text := os.Getenv("APIDECK_VAULT_SOAK_CALLS"); text != "" {
		var err error
		if calls, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	url := unsteady(t)
	var next atomic.Int64
	soak := func(upTo int) {
		const workers = 16
		var done sync.WaitGroup
		// There are fewer slots than workers, so that some calls always wait. Each part has its own client.
		s := connect(t, url, sdkgo.WithMaxConcurrentCalls(workers/2), sdkgo.WithRetryConfig(retry.Config{}))
		defer s.Close()
		for range workers {
			done.Add(1)
			go func() {
				defer done.Done()
				for number := int(next.Add(1)) - 1; number < upTo; number = int(next.Add(1)) - 1 {
					if err := soakCall(s, number); err != nil {
						t.Errorf("call %d: %v", number, err)
						return
					}
				}
			}()
		}
		done.Wait()
		next.Store(int64(upTo))
	}
	soak(calls / 10)
	before := usedResources(t)
	t.Logf("after %7d calls: %+v", calls/10, before)
	for part := 1; part <= 3; part++ {
		soak(calls/10 + calls*part*3/10)
		t.Logf("after %7d calls: %+v", next.Load(), usedResources(t))
	}
	eventually(t, "the server has closed its connections", func() bool { return usedResources(t).descriptors <= before.descriptors+2 })
	after := usedResources(t)
	if after.kilobytes > before.kilobytes+4096 || after.threads > before.threads+4 {
		t.Errorf("before %+v, after %+v: resources are not released", before, after)
	}
}

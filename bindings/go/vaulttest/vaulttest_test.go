package vaulttest_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/vaulttest"
)

// enable adds a connection, so that its state is no longer "available".
func enable(t *testing.T, s *sdkgo.Apideck) {
	t.Helper()
	_, err := s.Vault.Connections.Update(t.Context(), operations.VaultConnectionsUpdateRequest{
		ServiceID: "hubspot", UnifiedAPI: "crm", Connection: components.ConnectionInput{Enabled: sdkgo.Bool(true)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// state returns the state of the connection.
func state(t *testing.T, s *sdkgo.Apideck) components.ConnectionState {
	t.Helper()
	res, err := s.Vault.Connections.Get(t.Context(), "hubspot", "crm", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return *res.GetConnectionResponse.Data.State
}

// waitUntilStopped returns when no server listens at a URL.
func waitUntilStopped(t *testing.T, url string) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if response, err := http.Get(url); err != nil {
			return
		} else if _ = response.Body.Close(); time.Since(begun) > 20*time.Second {
			t.Fatalf("%s still responds", url)
		}
	}
}

func TestAClientOfAConsumerCallsTheSandbox(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	acme := v.Client("acme")
	enable(t, acme)
	if now := state(t, acme); now != components.ConnectionStateAdded {
		t.Errorf("%v", now)
	}
	if now := state(t, v.Client("other")); now != components.ConnectionStateAvailable {
		t.Errorf("%v", now)
	}
}

func TestParallelTestsHaveSandboxesOfTheirOwn(t *testing.T) {
	var mutex sync.Mutex
	urls := map[string]bool{}
	t.Run("group", func(t *testing.T) {
		for number := range 4 {
			t.Run(fmt.Sprint(number), func(t *testing.T) {
				t.Parallel()
				v := vaulttest.Start(t)
				s := v.Client("acme")
				if now := state(t, s); now != components.ConnectionStateAvailable {
					t.Errorf("the state of another test: %v", now)
				}
				enable(t, s)
				mutex.Lock()
				defer mutex.Unlock()
				urls[v.URL] = true
			})
		}
	})
	if len(urls) != 4 {
		t.Errorf("%v", urls)
	}
	for url := range urls {
		waitUntilStopped(t, url)
	}
}

func TestOnlyTheGivenKeyIsAccepted(t *testing.T) {
	t.Setenv("APIDECK_VAULT_SANDBOX_API_KEY", "key-of-the-environment")
	v := vaulttest.Start(t, vaulttest.WithAPIKey("the-key"))
	state(t, v.Client("acme"))
	var unauthorized *apierrors.UnauthorizedResponse
	for _, key := range []string{"another-key", "key-of-the-environment"} {
		_, err := v.Client("acme", sdkgo.WithSecurity(key)).Vault.Connections.List(t.Context(), nil, nil, nil, nil)
		if !errors.As(err, &unauthorized) {
			t.Errorf("%s: %v", key, err)
		}
	}
	state(t, vaulttest.Start(t).Client("acme", sdkgo.WithSecurity("any-key")))
}

func TestRequestsAfterTheLimitGetPaymentRequired(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t, vaulttest.WithRequestLimit(1)).Client("acme")
	state(t, s)
	_, err := s.Vault.Connections.List(t.Context(), nil, nil, nil, nil)
	if !errors.As(err, new(*apierrors.PaymentRequiredResponse)) {
		t.Errorf("%v", err)
	}
}

func TestADatabaseKeepsTheStateForTheNextSandbox(t *testing.T) {
	t.Parallel()
	database := vaulttest.WithDatabase(filepath.Join(t.TempDir(), "vault.db"))
	v := vaulttest.Start(t, database)
	enable(t, v.Client("acme"))
	v.Close()
	v.Close()
	waitUntilStopped(t, v.URL)
	if now := state(t, vaulttest.Start(t, database).Client("acme")); now != components.ConnectionStateAdded {
		t.Errorf("%v", now)
	}
}

// recorder is a test that keeps what it reports.
type recorder struct {
	testing.TB
	failed   bool
	logged   string
	cleanups []func()
}

func (r *recorder) Helper()                      {}
func (r *recorder) Failed() bool                 { return r.failed }
func (r *recorder) Cleanup(f func())             { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Logf(format string, a ...any) { r.logged += fmt.Sprintf(format, a...) + "\n" }
func (r *recorder) Fatalf(format string, a ...any) {
	r.Logf(format, a...)
	r.failed = true
	runtime.Goexit()
}

// record runs a test and returns what it reported.
func record(test func(t *recorder)) *recorder {
	r, done := &recorder{}, make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			for len(r.cleanups) > 0 {
				last := len(r.cleanups) - 1
				cleanup := r.cleanups[last]
				r.cleanups = r.cleanups[:last]
				cleanup()
			}
		}()
		test(r)
	}()
	<-done
	return r
}

func TestASandboxThatDoesNotStartFailsTheTestWithTheCauseInOneLine(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nowhere", "vault.db")
	r := record(func(r *recorder) { vaulttest.Start(r, vaulttest.WithDatabase(missing)) })
	if !r.failed || !strings.Contains(r.logged, missing) || strings.Count(r.logged, "\n") != 1 {
		t.Errorf("%q", r.logged)
	}
}

// script returns a program in a new folder.
func script(t *testing.T, text string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	path := filepath.Join(t.TempDir(), "apideck-vault-sandbox")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheOutputIsInTheLogOfATestThatFailsOnly(t *testing.T) {
	t.Setenv("APIDECK_VAULT_SANDBOX", script(t, "echo early >&2; echo listening on http://127.0.0.1:1; echo late >&2; exec cat\n"))
	failing := record(func(r *recorder) {
		if v := vaulttest.Start(r); v.URL != "http://127.0.0.1:1" {
			t.Errorf("%q", v.URL)
		}
		r.Fatalf("a failure")
	})
	if !strings.HasSuffix(failing.logged, "apideck-vault-sandbox printed:\nearly\nlate\n\n") {
		t.Errorf("%q", failing.logged)
	}
	if passing := record(func(r *recorder) { vaulttest.Start(r) }); passing.logged != "" {
		t.Errorf("%q", passing.logged)
	}
}

// TestEnd is a test that ends in the way that the environment names. The tests below run it in a process of its own.
func TestEnd(t *testing.T) {
	way := os.Getenv("VAULTTEST_END")
	if way == "" {
		t.Skip("run by the other tests")
	}
	fmt.Printf("url=%s\n", vaulttest.Start(t).URL)
	switch way {
	case "panic":
		panic("a panic")
	case "exit":
		os.Exit(3)
	case "fatal":
		t.Fatal("a failure")
	case "hang":
		select {}
	}
}

func TestTheSandboxStopsHoweverTheTestEnds(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"pass", "panic", "exit", "fatal", "timeout", "kill"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			arguments, end := []string{"-test.run=^TestEnd$"}, way
			if way == "timeout" {
				arguments, end = append(arguments, "-test.timeout=500ms"), "hang"
			} else if way == "kill" {
				end = "hang"
			}
			command := exec.Command(os.Args[0], arguments...)
			command.Env = append(os.Environ(), "VAULTTEST_END="+end)
			out, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			var url string
			if _, err := fmt.Fscanf(out, "url=%s\n", &url); err != nil || !strings.HasPrefix(url, "http://127.0.0.1:") {
				t.Errorf("%q: %v", url, err)
			}
			if way == "kill" {
				if err := command.Process.Kill(); err != nil {
					t.Error(err)
				}
			}
			if err := command.Wait(); (err == nil) != (way == "pass") {
				t.Error(err)
			}
			waitUntilStopped(t, url)
		})
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		vaulttest.Start(b).Close()
	}
}

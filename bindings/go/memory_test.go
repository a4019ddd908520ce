//go:build linux && !race

package apideckvault_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
)

// plain starts a server that sends the same bytes for every request. It is so fast that the client takes most of the time.
func plain(t *testing.T, body string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	status := "200 OK"
	if strings.Contains(body, "404") {
		status = "404 Not Found"
	}
	response := []byte("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				in := bufio.NewReader(connection)
				for {
					request, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, request.Body)
					if _, err := connection.Write(response); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// resident returns the resident memory of this process in kilobytes.
func resident(t *testing.T) int {
	t.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes
}

func TestAHundredThousandCallsLeakNoMemory(t *testing.T) {
	present := connect(t, plain(t, one))
	missing := connect(t, plain(t, `{"status_code":404,"message":"no such connection"}`))
	calls := func(n int) {
		for i := range n {
			ctx, cancel := context.WithCancel(context.Background()) // such a call has a cancellation to free
			_, err := present.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
			if err == nil && i%10 == 0 {
				_, err = missing.Vault.Connections.Get(ctx, "pipedrive", "crm", nil, nil)
				if _, ok := err.(*apierrors.NotFoundResponse); ok {
					err = nil
				}
			}
			cancel()
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	clients := func(n int) { // with a valid and an invalid configuration
		for range n {
			_ = sdkgo.New(sdkgo.WithServerURL("http://127.0.0.1:1"), sdkgo.WithSecurity("k"), sdkgo.WithAppID("a")).Close()
			_ = sdkgo.New(sdkgo.WithServerURL("gopher://nowhere"), sdkgo.WithSecurity("k"), sdkgo.WithAppID("a")).Close()
		}
	}
	calls(10_000)
	clients(200)
	before := resident(t)
	calls(91_000)
	clients(1000)
	after := resident(t)
	t.Logf("%d kB before, %d kB after", before, after)
	if after > before+4096 {
		t.Errorf("%d kB before, %d kB after: memory is not freed", before, after)
	}
}

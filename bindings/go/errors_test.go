package apideckvault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// get returns the error of a call to a server that sends one response.
func get(t *testing.T, status int, body string) error {
	t.Helper()
	s := connect(t, record(t, respond(status, body)).URL, sdkgo.WithRetryConfig(retry.Config{}))
	_, err := s.Vault.Connections.Get(context.Background(), "pipedrive", "crm", nil, nil)
	if err == nil {
		t.Fatalf("status %d: no error", status)
	}
	return err
}

func TestEveryErrorStatusHasItsType(t *testing.T) {
	const body = `{"status_code":%d,"error":"In Words","type_name":"SomeError","message":"the server's message","detail":{"missing":["x"]},"ref":"https://docs.example/errors#x","downstream_errors":[{"message":"archived","code":"X"},{"detail":null}],"new":1}`
	bodyOf := func(status int) string { return fmt.Sprintf(body, status) }

	var bad *apierrors.BadRequestResponse
	var unauthorized *apierrors.UnauthorizedResponse
	var payment *apierrors.PaymentRequiredResponse
	var missing *apierrors.NotFoundResponse
	var unprocessable *apierrors.UnprocessableResponse
	for status, target := range map[int]any{400: &bad, 401: &unauthorized, 402: &payment, 404: &missing, 422: &unprocessable} {
		err := get(t, status, bodyOf(status))
		if !errors.As(err, target) {
			t.Fatalf("%d: %T: %v", status, err, err)
		}
		if text := err.Error(); !strings.Contains(text, "the server's message") {
			t.Errorf("%d: %s", status, text)
		}
		var failed apierrors.CallError
		if !errors.As(err, &failed) || failed.Retryable() || failed.RetryAfter() != 0 || failed.Status() == "" {
			t.Errorf("%d: %+v", status, failed)
		}
	}
	if *bad.StatusCode != 400 || *bad.Error_ != "In Words" || *bad.TypeName != "SomeError" || *bad.Message != "the server's message" || *bad.Ref != "https://docs.example/errors#x" ||
		bad.Detail.Type != apierrors.DetailTypeMapOfAny || bad.Detail.MapOfAny["missing"] == nil {
		t.Errorf("%+v", bad)
	}
	if d := bad.DownstreamErrors; len(d) != 2 || *d[0].Message != "archived" || *d[0].Code != "X" || d[1].Detail != nil {
		t.Errorf("%+v", d)
	}
	if *missing.StatusCode != 404 || missing.Status() != "NOT_FOUND" || missing.HTTPMeta.RawJSON != bodyOf(404) || missing.HTTPMeta.Response.StatusCode != 404 {
		t.Errorf("%+v", missing)
	}
	if *unauthorized.StatusCode != 401 || *unprocessable.StatusCode != 422 || *payment.StatusCode != 402 || payment.Detail != nil {
		t.Errorf("%+v %+v %+v", unauthorized, unprocessable, payment)
	}
	errors.As(get(t, 402, `{"message":"m","detail":"some text"}`), &payment)
	if *payment.Detail != "some text" {
		t.Errorf("%+v", payment)
	}

	for _, status := range []int{302, 403, 405, 409, 418, 429, 500, 502, 503, 504} {
		var failed *apierrors.APIError
		err := get(t, status, `{"message":"m"}`)
		if !errors.As(err, &failed) || failed.StatusCode != status || failed.Body != `{"message":"m"}` || failed.RawResponse.StatusCode != status || failed.Message == "" {
			t.Errorf("%d: %T: %v", status, err, err)
		}
	}
}

func TestAnErrorWithAnUnexpectedBodyStillHasItsType(t *testing.T) {
	for _, body := range []string{``, `<html>no</html>`, `[]`, `"text"`, `null`, `{"status_code":"404","message":["x"],"detail":7,"downstream_errors":{}}`} {
		var missing *apierrors.NotFoundResponse
		if err := get(t, 404, body); !errors.As(err, &missing) || err.Error() == "" {
			t.Errorf("%q: %T: %v", body, err, err)
		}
	}
	var failed *apierrors.APIError
	if err := get(t, 500, "<html>\n\"no\"</html>"); !errors.As(err, &failed) || failed.Body != "<html>\n\"no\"</html>" {
		t.Errorf("%+v", failed)
	}
}

func TestAnErrorHasTheRetryAfterOfTheServer(t *testing.T) {
	server := record(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		respond(429, `{}`)(w, r)
	})
	err := list(context.Background(), connect(t, server.URL, sdkgo.WithRetryConfig(retry.Config{})))
	var failed apierrors.CallError
	if !errors.As(err, &failed) || !failed.Retryable() || failed.RetryAfter() != 7*time.Second || failed.Status() != "RATE_LIMITED" {
		t.Errorf("%T: %v", err, err)
	}
}

// scripted starts a server that sends the same bytes on each connection and closes it.
func scripted(t *testing.T, text string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = connection.Read(make([]byte, 4096))
				_, _ = io.WriteString(connection, text)
				_ = connection.Close()
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

func TestTheErrorOfACallWithoutAResponseHasTheTypeOfItsCause(t *testing.T) {
	once := sdkgo.WithRetryConfig(retry.Config{})
	for name, test := range map[string]struct {
		url    string
		target any
	}{
		"refused connection": {"http://127.0.0.1:1", new(*apierrors.ConnectionError)},
		"broken connection":  {scripted(t, ""), new(*apierrors.ConnectionError)},
		"not HTTP":           {scripted(t, "SSH-2.0-OpenSSH\r\n\r\n"), new(*apierrors.InvalidResponseError)},
		"not JSON":           {record(t, respond(200, "hello")).URL, new(*apierrors.InvalidResponseError)},
		"no body":            {record(t, respond(200, "")).URL, new(*apierrors.InvalidResponseError)},
		"cut short":          {scripted(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":["), new(*apierrors.InvalidResponseError)},
	} {
		err := list(context.Background(), connect(t, test.url, once))
		if !errors.As(err, test.target) || err.Error() == "" {
			t.Errorf("%s: %T: %v", name, err, err)
		}
	}
	for _, err := range []error{new(apierrors.ConnectionError), new(apierrors.TimeoutError)} {
		if !errors.As(err, new(net.Error)) {
			t.Errorf("%T is no net.Error", err)
		}
	}
}

func TestTheErrorOfARequestThatCannotBeSentNamesTheProblem(t *testing.T) {
	s := connect(t, "http://127.0.0.1:1")
	ctx := context.Background()
	for want, call := range map[string]func() error{
		"service_id: ": func() error { _, err := s.Vault.Connections.Get(ctx, "", "crm", nil, nil); return err },
		"unified_api: ": func() error {
			_, err := s.Vault.Connections.Delete(ctx, "pipedrive", "..", nil, nil)
			return err
		},
		"ctx: ": func() error { var none context.Context; return list(none, s) },
		"connection.configuration[0].defaults[0].value: ": func() error {
			_, err := s.Vault.Connections.Update(ctx, operations.VaultConnectionsUpdateRequest{ServiceID: "a", UnifiedAPI: "b", Connection: components.ConnectionInput{
				Configuration: []components.ConnectionConfiguration{{Defaults: []components.ConnectionDefaults{{Value: &components.ConnectionValue{}}}}},
			}})
			return err
		},
		"http_headers": func() error {
			return list(ctx, s, operations.WithSetHeaders(map[string]string{"x": "a\nb"}))
		},
	} {
		var invalid *apierrors.InvalidArgumentError
		if err := call(); !errors.As(err, &invalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %T: %v", want, err, err)
		}
	}
}

func TestNoErrorContainsTheKey(t *testing.T) {
	for _, status := range []int{400, 401, 500} {
		if err := get(t, status, `{}`); strings.Contains(fmt.Sprintf("%v %+v", err, err), "the-api-key") {
			t.Errorf("the error of %d contains the key", status)
		}
	}
}

func TestAFieldOfAnUnexpectedTypeIsNilAndTheCallSucceeds(t *testing.T) {
	const body = `{"status_code":200,"status":"OK","data":{"id":7,"settings":"{}","name":"Pipedrive","state":["callable"],"enabled":true}}`
	s := connect(t, record(t, respond(200, body)).URL)
	res, err := s.Vault.Connections.Update(context.Background(), operations.VaultConnectionsUpdateRequest{ServiceID: "pipedrive", UnifiedAPI: "crm"})
	if err != nil {
		t.Fatal(err)
	}
	if c := res.UpdateConnectionResponse.Data; c.ID != nil || c.Settings != nil || c.State != nil || *c.Name != "Pipedrive" || !*c.Enabled || res.HTTPMeta.RawJSON != body {
		t.Errorf("%+v", c)
	}
	s = connect(t, record(t, respond(200, `{"status_code":200,"status":"OK","data":[{"id":"crm+a"},{"id":7,"name":"B"},"c",{"id":"crm+d"}]}`)).URL)
	list, err := s.Vault.Connections.List(context.Background(), nil, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if data := list.GetConnectionsResponse.Data; len(data) != 4 || data[1].ID != nil || *data[1].Name != "B" || data[2].Name != nil || *data[3].ID != "crm+d" {
		t.Errorf("%+v", data)
	}

	var bad *apierrors.BadRequestResponse
	errors.As(get(t, 400, `{"status_code":"400","message":["m"],"ref":"r","downstream_errors":[{"message":7,"code":"X"},"odd",{"message":"archived"}]}`), &bad)
	if d := bad.DownstreamErrors; bad.StatusCode != nil || bad.Message != nil || *bad.Ref != "r" || len(d) != 3 || d[0].Message != nil || *d[0].Code != "X" || *d[2].Message != "archived" {
		t.Errorf("%v %v %v %+v", bad.StatusCode, bad.Message, bad.Ref, d)
	}
}

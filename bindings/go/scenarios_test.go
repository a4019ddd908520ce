package apideckvault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/operations"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
)

// scenario is a row of the table that the tests of every language share. tests/scenarios/README.md in the repository
// explains its fields.
type scenario struct {
	Name         string                     `json:"name"`
	Operation    string                     `json:"operation"`
	Request      map[string]json.RawMessage `json:"request"`
	Config       map[string]json.RawMessage `json:"config"`
	Calls        int                        `json:"calls"`
	WaitForClose bool                       `json:"wait_for_close"`
	Expected     struct {
		Status          string          `json:"status"`
		HTTPStatus      *int            `json:"http_status"`
		Attempts        *int            `json:"attempts"`
		Requests        int             `json:"requests"`
		MinMS           int             `json:"min_ms"`
		MaxMS           *int            `json:"max_ms"`
		Body            json.RawMessage `json:"body"`
		RetryAfterMS    []int64         `json:"retry_after_ms"`
		Retryable       *bool           `json:"retryable"`
		Sent            *sent           `json:"sent"`
		MessageContains []string        `json:"message_contains"`
		MustNotContain  []string        `json:"must_not_contain"`
	} `json:"expected"`
}

// sent is what each request of a row must be.
type sent struct {
	Method   string          `json:"method"`
	Path     string          `json:"path"`
	Body     json.RawMessage `json:"body"`
	Consumer bool            `json:"consumer"`
}

func TestEveryOperationHasARowInTheSharedTable(t *testing.T) {
	rows := map[string]bool{}
	for _, row := range scenarios(t) {
		rows[row.Operation] = true
	}
	for operation := range exampleRequests {
		if !rows[operation] {
			t.Errorf("no row calls %s", operation)
		}
	}
}

// scenarios returns the rows of the table.
func scenarios(t *testing.T) (table []scenario) {
	text, err := os.ReadFile(os.Getenv("APIDECK_VAULT_TEST_SCENARIOS_TABLE"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &table); err != nil || len(table) == 0 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	return table
}

// timeoutInMessage finds the timeout of a message.
var timeoutInMessage = regexp.MustCompile(`(\d+) ms \(timeout_ms\)`)

// namesShorterTimeout reports whether a message names nearly the timeout that a row expects, such as 397 ms for 400 ms. The
// C library gets the time that remains of the call, which is less if the machine is loaded.
func namesShorterTimeout(message, part string) bool {
	found := timeoutInMessage.FindStringSubmatch(message)
	digits, isTimeout := strings.CutSuffix(part, " ms")
	if found == nil || !isTimeout {
		return false
	}
	named, _ := strconv.Atoi(found[1])
	wanted, err := strconv.Atoi(digits)
	return err == nil && named <= wanted && named >= wanted/2
}

func TestEveryScenarioOfTheSharedTableEndsAsItExpects(t *testing.T) {
	base := os.Getenv("APIDECK_VAULT_TEST_SCENARIOS_URL")
	run := fmt.Sprintf("go-%d-%d", os.Getpid(), time.Now().UnixNano())
	var done sync.WaitGroup
	slots := make(chan struct{}, 8)
	for _, row := range scenarios(t) {
		done.Add(1)
		go func() {
			defer done.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, problem := range row.run(base, run) {
				t.Errorf("%s: %s", row.Name, problem)
			}
		}()
	}
	done.Wait()
	if other := count(base, "other-host"); other.Requests != 0 {
		t.Errorf("%d requests went to another host", other.Requests)
	}
}

// run makes the calls of a row and returns every difference from what the row expects.
func (s *scenario) run(base, run string) (problems []string) {
	problem := func(format string, arguments ...any) { problems = append(problems, fmt.Sprintf(format, arguments...)) }
	options, err := s.options(base + "/s/" + s.Name + "/" + run)
	if err != nil {
		return []string{err.Error()}
	}
	client := sdkgo.New(options...)
	defer client.Close()
	record := func() tally { return count(base, s.Name+"/"+run) }

	var meta components.HTTPMetadata
	var elapsed time.Duration
	calls := max(s.Calls, 1)
	for n := range calls {
		for begin := time.Now(); n > 0 && s.WaitForClose && record().Open > 0 && time.Since(begin) < 20*time.Second; {
			time.Sleep(5 * time.Millisecond)
		}
		begin := time.Now()
		meta, err = s.call(client)
		elapsed = time.Since(begin)
		if n < calls-1 && err != nil {
			problem("call %d: %v", n+1, err)
		}
	}

	want := s.Expected
	status, message := "OK", ""
	var failed apierrors.CallError
	if errors.As(err, &failed) {
		status, message, meta = failed.Status(), failed.Error(), failed.GetHTTPMeta()
		if want.Retryable != nil && failed.Retryable() != *want.Retryable {
			problem("retryable is %t", failed.Retryable())
		}
		after := failed.RetryAfter().Milliseconds()
		if len(want.RetryAfterMS) == 2 && (after < want.RetryAfterMS[0] || after > want.RetryAfterMS[1]) || len(want.RetryAfterMS) == 0 && after != 0 {
			problem("retry after %d ms", after)
		}
	} else if err != nil {
		status, message = fmt.Sprintf("%T", err), err.Error()
	}
	if status != want.Status {
		problem("ended with %s (%s), not %s", status, message, want.Status)
	}
	if want.HTTPStatus == nil {
		if meta.Response != nil {
			problem("there is a response, %d", meta.Response.StatusCode)
		}
	} else if meta.Response == nil || meta.Response.StatusCode != *want.HTTPStatus {
		problem("the response is %+v, not %d", meta.Response, *want.HTTPStatus)
	}
	if want.Attempts != nil && meta.Attempts != *want.Attempts {
		problem("%d attempts, not %d", meta.Attempts, *want.Attempts)
	}
	got := record().Requests
	for begin := time.Now(); got < want.Requests && time.Since(begin) < 20*time.Second; got = record().Requests {
		time.Sleep(5 * time.Millisecond) // a call may time out before the server has read its request
	}
	if got != want.Requests {
		problem("%d requests, not %d", got, want.Requests)
	}
	if elapsed < time.Duration(want.MinMS)*time.Millisecond || want.MaxMS != nil && elapsed > time.Duration(*want.MaxMS)*time.Millisecond {
		problem("took %v", elapsed)
	}
	for _, part := range want.MessageContains {
		if !strings.Contains(message, part) && !namesShorterTimeout(message, part) {
			problem("%q does not contain %q", message, part)
		}
	}
	for _, part := range want.MustNotContain {
		if strings.Contains(fmt.Sprintf("%s %+v", message, err), part) {
			problem("%q contains %q", message, part)
		}
	}
	if text := checkBody(want.Body, meta); text != "" {
		problem("%s", text)
	}
	if want.Sent != nil {
		for _, request := range record().Log {
			if text := want.Sent.check(request); text != "" {
				problem("%s", text)
			}
		}
	}
	return problems
}

// check compares a request with what a row expects of it and returns the difference.
func (s *sent) check(request request) string {
	_, consumer := request.Headers["x-apideck-consumer-id"]
	if request.Method != s.Method || request.Path != s.Path || consumer != s.Consumer {
		return fmt.Sprintf("sent %+v, not %+v", request, *s)
	}
	var got, want any
	if request.Body != "" {
		if err := json.Unmarshal([]byte(request.Body), &got); err != nil {
			return err.Error()
		}
	}
	if len(s.Body) > 0 {
		if err := json.Unmarshal(s.Body, &want); err != nil {
			return err.Error()
		}
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Sprintf("sent the body %s, not %s", request.Body, s.Body)
	}
	return ""
}

// checkBody compares a body with what a row expects of it and returns the difference.
func checkBody(expected json.RawMessage, meta components.HTTPMetadata) string {
	var absent string
	if len(expected) == 0 {
		return ""
	}
	if json.Unmarshal(expected, &absent) == nil {
		if absent == "absent" && meta.Response == nil && meta.RawJSON == "" {
			return ""
		}
		return "there is a body: " + meta.RawJSON
	}
	var want struct {
		JSON   *json.RawMessage `json:"json"`
		Text   *string          `json:"text"`
		Length *int             `json:"length"`
		Starts *string          `json:"starts"`
	}
	if err := json.Unmarshal(expected, &want); err != nil {
		return err.Error()
	}
	raw := meta.RawJSON
	switch {
	case want.Text != nil && raw != *want.Text:
		return fmt.Sprintf("the body is %.200s, not %.200s", raw, *want.Text)
	case want.Length != nil && len(raw) != *want.Length:
		return fmt.Sprintf("the body has %d bytes, not %d", len(raw), *want.Length)
	case want.Starts != nil:
		var text string
		if err := json.Unmarshal([]byte(raw), &text); err != nil || !strings.HasPrefix(text, *want.Starts) || len(text) > 4096 {
			return fmt.Sprintf("the body is %.200s", raw)
		}
	case want.JSON == nil && strings.Contains(string(expected), `"json"`): // null: a body without anything in it
		if meta.Response == nil || raw != "" {
			return "there is a body: " + raw
		}
	case want.JSON != nil:
		var got, should any
		if json.Unmarshal([]byte(raw), &got) != nil || json.Unmarshal(*want.JSON, &should) != nil || !reflect.DeepEqual(got, should) {
			return fmt.Sprintf("the body is %.200s, not %.200s", raw, *want.JSON)
		}
	}
	return ""
}

// options returns the configuration of a row as options.
func (s *scenario) options(url string) ([]sdkgo.SDKOption, error) {
	options := []sdkgo.SDKOption{
		sdkgo.WithServerURL(url), sdkgo.WithSecurity("scenario-key"), sdkgo.WithAppID("scenario-app"),
		sdkgo.WithConsumerID("scenario-consumer"), sdkgo.WithProxy(""),
	}
	for key, value := range s.Config {
		var number int64
		var text string
		_ = json.Unmarshal(value, &number)
		_ = json.Unmarshal(value, &text)
		switch key {
		case "api_key":
			options = append(options, sdkgo.WithSecurity(text))
		case "app_id":
			options = append(options, sdkgo.WithAppID(text))
		case "consumer_id":
			options = append(options, sdkgo.WithConsumerID(text))
		case "timeout_ms":
			options = append(options, sdkgo.WithTimeout(time.Duration(number)*time.Millisecond))
		case "connect_timeout_ms":
			options = append(options, sdkgo.WithConnectTimeout(time.Duration(number)*time.Millisecond))
		case "max_response_bytes":
			options = append(options, sdkgo.WithMaxResponseBytes(number))
		case "max_connection_age_ms":
			options = append(options, sdkgo.WithMaxConnectionAge(time.Duration(number)*time.Millisecond))
		case "max_idle_connections":
			options = append(options, sdkgo.WithMaxIdleConnections(int(number)))
		case "http_headers":
			var headers map[string]string
			if err := json.Unmarshal(value, &headers); err != nil {
				return nil, err
			}
			options = append(options, sdkgo.WithHeaders(headers))
		case "user_agent":
			options = append(options, sdkgo.WithUserAgent(text))
		case "retries":
			config, err := retries(value)
			if err != nil {
				return nil, err
			}
			options = append(options, sdkgo.WithRetryConfig(config))
		default:
			return nil, fmt.Errorf("this runner does not know the configuration key %s", key)
		}
	}
	return options, nil
}

// retries returns the retry configuration of a row.
func retries(text json.RawMessage) (config retry.Config, err error) {
	given := struct {
		Strategy string
		Backoff  *struct {
			Initial  int     `json:"initial_interval"`
			Max      int     `json:"max_interval"`
			Exponent float64 `json:"exponent"`
			Elapsed  int     `json:"max_elapsed_time"`
		}
		MaxAttempts           int   `json:"max_attempts"`
		RetryConnectionErrors *bool `json:"retry_connection_errors"`
	}{Strategy: "backoff"}
	if string(text) == "null" {
		return retry.Config{}, nil
	}
	if err := json.Unmarshal(text, &given); err != nil {
		return config, err
	}
	config = retry.Config{Strategy: given.Strategy, MaxAttempts: given.MaxAttempts, RetryConnectionErrors: given.RetryConnectionErrors == nil || *given.RetryConnectionErrors}
	config.Backoff = &retry.BackoffStrategy{InitialInterval: 500, MaxInterval: 60000, Exponent: 1.5, MaxElapsedTime: 900000} // the defaults of the table
	if b := given.Backoff; b != nil {
		config.Backoff = &retry.BackoffStrategy{InitialInterval: b.Initial, MaxInterval: b.Max, Exponent: b.Exponent, MaxElapsedTime: b.Elapsed}
	}
	return config, nil
}

// call makes the call of a row.
func (s *scenario) call(client *sdkgo.Apideck) (components.HTTPMetadata, error) {
	values := map[string]json.RawMessage{}
	var opts []operations.Option
	for key, value := range s.Request {
		switch key {
		case "timeout_ms":
			opts = append(opts, operations.WithOperationTimeout(time.Duration(decode[int64](value))*time.Millisecond))
		case "retries":
			config, err := retries(value)
			if err != nil {
				return components.HTTPMetadata{}, err
			}
			opts = append(opts, operations.WithRetries(config))
		case "http_headers":
			opts = append(opts, operations.WithSetHeaders(decode[map[string]string](value)))
		default:
			values[key] = value
		}
	}
	meta, err := callOperation(context.Background(), client, s.Operation, values, opts...)
	for key := range values {
		return meta, fmt.Errorf("this runner does not know the request key %s", key)
	}
	return meta, err
}

// argument removes a key and returns its value, or the zero value if the request does not have the key.
func argument[T any](values map[string]json.RawMessage, key string) (value T) {
	if text, ok := values[key]; ok {
		delete(values, key)
		value = decode[T](text)
	}
	return value
}

func decode[T any](text json.RawMessage) (value T) {
	if err := json.Unmarshal(text, &value); err != nil {
		panic(fmt.Sprintf("%s: %v", text, err))
	}
	return value
}

// tally has the requests that the server has counted and recorded.
type tally struct {
	Requests, Open int
	Log            []request
}

// request is a request as the server has read it.
type request struct {
	Method, Path, Body string
	Headers            map[string]string
}

// count returns what the server has counted for a scenario.
func count(base, what string) (t tally) {
	response, err := http.Get(base + "/count/" + what)
	if err != nil {
		return tally{Requests: -1}
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if json.Unmarshal(text, &t) != nil {
		return tally{Requests: -1}
	}
	return t
}

package apideckvault

import (
	"math"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// envelope is the text that a call of the C library returns, parsed.
type envelope struct {
	failure  apierrors.Failure
	method   string // of the request
	url      string
	status   int // of HTTP; 0 if there was no response
	headers  http.Header
	attempts int
	body     string // the server's JSON, or a JSON string
	err      error  // why the envelope cannot be read
}

func parseEnvelope(text string) (e envelope) {
	s := jsonscan.New(text)
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "error":
			e.readFailure(&s)
		case "http":
			e.readHTTP(&s)
		case "body":
			// The body is the last member, so its end is known. It is not scanned here, only when it is decoded.
			if e.body = strings.TrimSuffix(text[s.Offset():], "}"); e.body == "" {
				e.body = "null"
			}
			return e
		default:
			s.Skip()
		}
	}
	e.err = s.Err()
	return e
}

func (e *envelope) readFailure(s *jsonscan.Scanner) {
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "status":
			e.failure.Name = s.String()
		case "message":
			e.failure.Text = s.String()
		case "retryable":
			e.failure.CanRetry = s.Bool()
		case "retry_after_ms":
			e.failure.Wait = time.Duration(min(s.Int64(), math.MaxInt64/int64(time.Millisecond))) * time.Millisecond
		default:
			s.Skip()
		}
	}
}

func (e *envelope) readHTTP(s *jsonscan.Scanner) {
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "method":
			e.method = s.String()
		case "url":
			e.url = s.String()
		case "status":
			e.status = int(s.Int64())
		case "attempts":
			e.attempts = int(s.Int64())
		case "headers":
			e.readHeaders(s)
		default:
			s.Skip()
		}
	}
}

func (e *envelope) readHeaders(s *jsonscan.Scanner) {
	e.headers = make(http.Header, 8)
	values := make([]string, 0, 8) // each header has one value: a slice of these
	s.BeginObject()
	for name, ok := s.NextKey(); ok; name, ok = s.NextKey() {
		values = append(values, s.String())
		e.headers[textproto.CanonicalMIMEHeaderKey(name)] = values[len(values)-1 : len(values) : len(values)]
	}
}

// meta returns the request and the response. It is empty if there was no response.
func (e *envelope) meta() components.HTTPMetadata {
	if e.status == 0 {
		return components.HTTPMetadata{}
	}
	body, raw := e.text(), e.body
	if body == "" && raw == "null" {
		raw = ""
	}
	exchange := new(struct {
		request  http.Request
		response http.Response
		body     bodyReader
	})
	exchange.request = http.Request{
		Method: e.method, Header: http.Header{}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if address, err := url.Parse(e.url); err == nil {
		exchange.request.URL, exchange.request.Host = address, address.Host
	}
	exchange.body.Reset(body)
	exchange.response = http.Response{
		Status: statusLine(e.status), StatusCode: e.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: e.headers, Body: &exchange.body, ContentLength: int64(len(body)), Request: &exchange.request,
	}
	return components.HTTPMetadata{Request: &exchange.request, Response: &exchange.response, RawJSON: raw, Attempts: e.attempts}
}

// bodyReader is a body whose Close does nothing.
type bodyReader struct{ strings.Reader }

func (*bodyReader) Close() error { return nil }

func statusLine(status int) string {
	if status == http.StatusOK {
		return "200 OK"
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// toError returns the error of a call that ended with a status.
func (e *envelope) toError(status native.Status) error {
	if status == native.OK { // with a text that cannot be read
		status = native.Internal
	}
	f := e.failure
	if f.Name == "" {
		f.Name, f.Text = status.String(), "the text that the C library returned cannot be read"
		if e.err != nil {
			f.Text += ": " + e.err.Error()
		}
	}
	switch status {
	case native.InvalidHandle:
		return ErrClosed
	case native.InvalidArgument:
		return &apierrors.InvalidArgumentError{Failure: f}
	case native.Connection:
		return &apierrors.ConnectionError{Failure: f}
	case native.Timeout:
		return &apierrors.TimeoutError{Failure: f}
	case native.Cancelled:
		return &apierrors.CanceledError{Failure: f}
	case native.InvalidResponse:
		return &apierrors.InvalidResponseError{Failure: f}
	case native.Internal:
		return &apierrors.InternalError{Failure: f}
	}
	if err := responseError(status, f, e.body); err != nil {
		return err
	}
	return &apierrors.APIError{
		Failure: f, Message: f.Text, StatusCode: e.status, Body: e.text(), RawResponse: f.HTTPMeta.Response,
	}
}

// readMembers passes each member of the object in a body to read, which returns whether it has read the value. A body
// that is no object has no members.
func readMembers(body string, read func(key string, s *jsonscan.Scanner) bool) {
	s := jsonscan.New(body)
	s.Lenient = true
	if !s.Enters('{', "an object") {
		return
	}
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		if !read(key, &s) {
			s.Skip()
		}
	}
}

// readDetail returns a detail, or nil for null.
func readDetail(s *jsonscan.Scanner) *components.Detail {
	start, isNull := s.Offset(), s.Kind() == 'n'
	s.Skip()
	detail := new(components.Detail)
	if isNull || detail.UnmarshalJSON([]byte(s.Raw(start, s.Offset()))) != nil {
		return nil
	}
	return detail
}

// text returns the body as the server sent it: JSON as it is, and any other text without its quotes.
func (e *envelope) text() string {
	switch s := jsonscan.New(e.body); s.Kind() {
	case '"':
		return s.String()
	case 'n':
		return ""
	}
	return e.body
}

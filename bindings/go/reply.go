package apideckvault

import (
	"math"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// reply is what a call of the C library returned, taken apart.
type reply struct {
	failure  apierrors.Failure
	status   int // of HTTP; 0 where there was no response
	headers  http.Header
	attempts int
	body     string // the server's JSON, or a string in JSON
	broken   error  // if the reply itself cannot be read
}

func parse(text string) (r reply) {
	s := jsonscan.New(text)
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "error":
			r.readFailure(&s)
		case "http":
			r.readHTTP(&s)
		case "body":
			// The last member, whose end is therefore known: whoever decodes it is the first to read it.
			if r.body = strings.TrimSuffix(text[s.Offset():], "}"); r.body == "" {
				r.body = "null"
			}
			return r
		default:
			s.Skip()
		}
	}
	r.broken = s.Err()
	return r
}

func (r *reply) readFailure(s *jsonscan.Scanner) {
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "status":
			r.failure.Name = s.String()
		case "message":
			r.failure.Text = s.String()
		case "retryable":
			r.failure.CanRetry = s.Bool()
		case "retry_after_ms":
			r.failure.Wait = time.Duration(min(s.Int64(), math.MaxInt64/int64(time.Millisecond))) * time.Millisecond
		default:
			s.Skip()
		}
	}
}

func (r *reply) readHTTP(s *jsonscan.Scanner) {
	s.BeginObject()
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		switch key {
		case "status":
			r.status = int(s.Int64())
		case "attempts":
			r.attempts = int(s.Int64())
		case "headers":
			r.readHeaders(s)
		default:
			s.Skip()
		}
	}
}

func (r *reply) readHeaders(s *jsonscan.Scanner) {
	r.headers = make(http.Header, 8)
	values := make([]string, 0, 8) // the lists of the header have one value each: these
	s.BeginObject()
	for name, ok := s.NextKey(); ok; name, ok = s.NextKey() {
		values = append(values, s.String())
		r.headers[textproto.CanonicalMIMEHeaderKey(name)] = values[len(values)-1 : len(values) : len(values)]
	}
}

// meta is the exchange as users see it.
func (r *reply) meta(request *http.Request) components.HTTPMetadata {
	if r.status == 0 {
		return components.HTTPMetadata{Request: request}
	}
	body, raw := r.text(), r.body
	if body == "" && raw == "null" {
		raw = ""
	}
	shown := new(struct {
		response http.Response
		body     reader
	})
	shown.body.Reset(body)
	shown.response = http.Response{
		Status: statusLine(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.headers, Body: &shown.body, ContentLength: int64(len(body)), Request: request,
	}
	return components.HTTPMetadata{Request: request, Response: &shown.response, RawJSON: raw, Attempts: r.attempts}
}

// reader is a body that needs no closing.
type reader struct{ strings.Reader }

func (*reader) Close() error { return nil }

func statusLine(status int) string {
	if status == http.StatusOK {
		return "200 OK"
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// failed is the error that a status stands for.
func (r *reply) failed(status native.Status) error {
	f := r.failure
	if f.Name == "" {
		f.Name, f.Text = status.String(), "the answer of the C library cannot be read"
		if r.broken != nil {
			f.Text += ": " + r.broken.Error()
		}
	}
	switch status {
	case native.InvalidHandle:
		return ErrClosed
	case native.InvalidArgument:
		return &apierrors.InvalidArgumentError{Failure: f}
	case native.BadRequest, native.Unauthorized, native.PaymentRequired, native.NotFound, native.Unprocessable:
		return r.described(status, f)
	case native.RateLimited, native.APIError, native.Conflict:
		return &apierrors.APIError{
			Failure: f, Message: f.Text, StatusCode: r.status, Body: r.text(), RawResponse: f.HTTPMeta.Response,
		}
	case native.Connection:
		return &apierrors.ConnectionError{Failure: f}
	case native.Timeout:
		return &apierrors.TimeoutError{Failure: f}
	case native.Cancelled:
		return &apierrors.CanceledError{Failure: f}
	case native.InvalidResponse:
		return &apierrors.InvalidResponseError{Failure: f}
	}
	return &apierrors.InternalError{Failure: f}
}

// described returns an error of a type of its own, with the fields that the server sent. A value of
// another type than its field has is left out.
func (r *reply) described(status native.Status, f apierrors.Failure) error {
	var code *float64
	var words, name, message, ref *string
	var detail *components.Detail
	var downstream []apierrors.DownstreamErrors
	s := jsonscan.New(r.body)
	s.Lenient = true
	if s.Enters('{', "an object") {
		s.BeginObject()
		for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
			switch key {
			case "status_code":
				code = s.Float64Pointer()
			case "error":
				words = s.StringPointer()
			case "type_name":
				name = s.StringPointer()
			case "message":
				message = s.StringPointer()
			case "ref":
				ref = s.StringPointer()
			case "detail":
				from, null := s.Offset(), s.Kind() == 'n'
				s.Skip()
				if found := new(components.Detail); !null && found.UnmarshalJSON([]byte(s.Raw(from, s.Offset()))) == nil {
					detail = found
				}
			case "downstream_errors":
				downstream = readDownstreamErrors(&s)
			default:
				s.Skip()
			}
		}
	}
	switch status {
	case native.BadRequest:
		return &apierrors.BadRequestResponse{Failure: f, StatusCode: code, Error_: words, TypeName: name, Message: message, Detail: detail, Ref: ref, DownstreamErrors: downstream}
	case native.Unauthorized:
		return &apierrors.UnauthorizedResponse{Failure: f, StatusCode: code, Error_: words, TypeName: name, Message: message, Detail: detail, Ref: ref}
	case native.PaymentRequired:
		failed := &apierrors.PaymentRequiredResponse{Failure: f, StatusCode: code, Error_: words, TypeName: name, Message: message, Ref: ref}
		if detail != nil {
			failed.Detail = detail.Str
		}
		return failed
	case native.NotFound:
		return &apierrors.NotFoundResponse{Failure: f, StatusCode: code, Error_: words, TypeName: name, Message: message, Detail: detail, Ref: ref}
	}
	return &apierrors.UnprocessableResponse{Failure: f, StatusCode: code, Error_: words, TypeName: name, Message: message, Detail: detail, Ref: ref}
}

func readDownstreamErrors(s *jsonscan.Scanner) (found []apierrors.DownstreamErrors) {
	if !s.BeginArray() {
		return nil
	}
	for s.NextElement() {
		var e apierrors.DownstreamErrors
		if s.BeginObject() {
			for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
				switch key {
				case "message":
					e.Message = s.StringPointer()
				case "detail":
					e.Detail = s.StringPointer()
				case "code":
					e.Code = s.StringPointer()
				default:
					s.Skip()
				}
			}
		}
		found = append(found, e)
	}
	return found
}

// text is the body as the server sent it: JSON as it is, and anything else out of its quotes.
func (r *reply) text() string {
	switch s := jsonscan.New(r.body); s.Kind() {
	case '"':
		return s.String()
	case 'n':
		return ""
	}
	return r.body
}

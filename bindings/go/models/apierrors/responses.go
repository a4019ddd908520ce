package apierrors

import (
	"fmt"
	"net/http"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// BadRequestResponse is a 400: the request is not what the API takes.
type BadRequestResponse struct {
	Failure    `json:"-"`
	StatusCode *float64 `json:"status_code,omitempty"`
	// Error_ is the status in words.
	Error_   *string `json:"error,omitempty"`
	TypeName *string `json:"type_name,omitempty"`
	Message  *string `json:"message,omitempty"`
	Detail   *Detail `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
	// DownstreamErrors are what the service behind Vault said.
	DownstreamErrors []DownstreamErrors `json:"downstream_errors,omitempty"`
}

// DownstreamErrors is one error of the service behind Vault.
type DownstreamErrors struct {
	Message *string `json:"message,omitempty"`
	Detail  *string `json:"detail,omitempty"`
	Code    *string `json:"code,omitempty"`
}

func (e *BadRequestResponse) Error() string { return describe(e.Text, e.Message) }

// UnauthorizedResponse is a 401: the API key is missing or wrong.
type UnauthorizedResponse struct {
	Failure    `json:"-"`
	StatusCode *float64 `json:"status_code,omitempty"`
	// Error_ is the status in words.
	Error_   *string                     `json:"error,omitempty"`
	TypeName *string                     `json:"type_name,omitempty"`
	Message  *string                     `json:"message,omitempty"`
	Detail   *UnauthorizedResponseDetail `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
}

func (e *UnauthorizedResponse) Error() string { return describe(e.Text, e.Message) }

// PaymentRequiredResponse is a 402: the plan's requests are used up.
type PaymentRequiredResponse struct {
	Failure    `json:"-"`
	StatusCode *float64 `json:"status_code,omitempty"`
	// Error_ is the status in words.
	Error_   *string `json:"error,omitempty"`
	TypeName *string `json:"type_name,omitempty"`
	Message  *string `json:"message,omitempty"`
	Detail   *string `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
}

func (e *PaymentRequiredResponse) Error() string { return describe(e.Text, e.Message) }

// NotFoundResponse is a 404: there is no such service or connection.
type NotFoundResponse struct {
	Failure    `json:"-"`
	StatusCode *float64 `json:"status_code,omitempty"`
	// Error_ is the status in words.
	Error_   *string                 `json:"error,omitempty"`
	TypeName *string                 `json:"type_name,omitempty"`
	Message  *string                 `json:"message,omitempty"`
	Detail   *NotFoundResponseDetail `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
}

func (e *NotFoundResponse) Error() string { return describe(e.Text, e.Message) }

// UnprocessableResponse is a 422: the request is understood and cannot be done.
type UnprocessableResponse struct {
	Failure    `json:"-"`
	StatusCode *float64 `json:"status_code,omitempty"`
	// Error_ is the status in words.
	Error_   *string                      `json:"error,omitempty"`
	TypeName *string                      `json:"type_name,omitempty"`
	Message  *string                      `json:"message,omitempty"`
	Detail   *UnprocessableResponseDetail `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
}

func (e *UnprocessableResponse) Error() string { return describe(e.Text, e.Message) }

// describe prefers what the library says, which has the server's words in it.
func describe(text string, message *string) string {
	switch {
	case text != "":
		return text
	case message != nil:
		return *message
	}
	return "unknown error"
}

// APIError is an answer with any other status outside 2xx: 409, 429, 500, … Redirects too, which are
// never followed.
type APIError struct {
	Failure
	Message    string
	StatusCode int
	// Body is what the server sent: its JSON, or the first 4 KiB of anything else.
	Body        string
	RawResponse *http.Response
}

// NewAPIError makes one.
func NewAPIError(message string, statusCode int, body string, httpRes *http.Response) *APIError {
	return &APIError{Message: message, StatusCode: statusCode, Body: body, RawResponse: httpRes}
}

// Error is the message and the status. It leaves the body out: read Body for it.
func (e *APIError) Error() string { return fmt.Sprintf("%s: Status %d", e.Message, e.StatusCode) }

// The detail of each error is a sentence or an object; one type serves them all.
type (
	// Detail is the detail of a [BadRequestResponse].
	Detail = components.Detail
	// DetailType says which field of a [Detail] is set.
	DetailType = components.DetailType
	// UnauthorizedResponseDetail is the detail of an [UnauthorizedResponse].
	UnauthorizedResponseDetail = components.Detail
	// UnauthorizedResponseDetailType says which field is set.
	UnauthorizedResponseDetailType = components.DetailType
	// NotFoundResponseDetail is the detail of a [NotFoundResponse].
	NotFoundResponseDetail = components.Detail
	// NotFoundResponseDetailType says which field is set.
	NotFoundResponseDetailType = components.DetailType
	// UnprocessableResponseDetail is the detail of an [UnprocessableResponse].
	UnprocessableResponseDetail = components.Detail
	// UnprocessableResponseDetailType says which field is set.
	UnprocessableResponseDetailType = components.DetailType
)

const (
	DetailTypeStr                           = components.DetailTypeStr
	DetailTypeMapOfAny                      = components.DetailTypeMapOfAny
	UnauthorizedResponseDetailTypeStr       = components.DetailTypeStr
	UnauthorizedResponseDetailTypeMapOfAny  = components.DetailTypeMapOfAny
	NotFoundResponseDetailTypeStr           = components.DetailTypeStr
	NotFoundResponseDetailTypeMapOfAny      = components.DetailTypeMapOfAny
	UnprocessableResponseDetailTypeStr      = components.DetailTypeStr
	UnprocessableResponseDetailTypeMapOfAny = components.DetailTypeMapOfAny
)

// CreateDetailStr makes a detail that is a sentence.
func CreateDetailStr(str string) Detail { return components.CreateDetailStr(str) }

// CreateDetailMapOfAny makes a detail that is an object.
func CreateDetailMapOfAny(object map[string]any) Detail {
	return components.CreateDetailMapOfAny(object)
}

// CreateUnauthorizedResponseDetailStr makes a detail that is a sentence.
func CreateUnauthorizedResponseDetailStr(str string) UnauthorizedResponseDetail {
	return components.CreateDetailStr(str)
}

// CreateUnauthorizedResponseDetailMapOfAny makes a detail that is an object.
func CreateUnauthorizedResponseDetailMapOfAny(object map[string]any) UnauthorizedResponseDetail {
	return components.CreateDetailMapOfAny(object)
}

// CreateNotFoundResponseDetailStr makes a detail that is a sentence.
func CreateNotFoundResponseDetailStr(str string) NotFoundResponseDetail {
	return components.CreateDetailStr(str)
}

// CreateNotFoundResponseDetailMapOfAny makes a detail that is an object.
func CreateNotFoundResponseDetailMapOfAny(object map[string]any) NotFoundResponseDetail {
	return components.CreateDetailMapOfAny(object)
}

// CreateUnprocessableResponseDetailStr makes a detail that is a sentence.
func CreateUnprocessableResponseDetailStr(str string) UnprocessableResponseDetail {
	return components.CreateDetailStr(str)
}

// CreateUnprocessableResponseDetailMapOfAny makes a detail that is an object.
func CreateUnprocessableResponseDetailMapOfAny(object map[string]any) UnprocessableResponseDetail {
	return components.CreateDetailMapOfAny(object)
}

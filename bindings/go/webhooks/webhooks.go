// Package webhooks checks that Apideck signed an event, and reads the event.
//
//	event, err := webhooks.Verify(body, r.Header.Get("x-apideck-signature"), apiKey)
//	if err != nil { // errors.Is(err, webhooks.ErrInvalidSignature)
//		…
//	}
//	switch e := event.Data.(type) {
//	case *webhooks.ConnectionCallable:
//		fmt.Println(*e.Entity.ServiceID, "is ready")
//	}
//
// [Handler] does this for net/http.
package webhooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// SignatureHeader is the header that has the signature.
const SignatureHeader = "x-apideck-signature"

// MaxBody is the number of bytes of the largest body that is read.
const MaxBody = 1 << 20

// ErrInvalidSignature is in every error of a webhook that the key did not sign, or whose body is not an event.
var ErrInvalidSignature = errors.New("invalid signature")

// Event is an event that Apideck signed.
type Event struct {
	// ID is the id of the event. Apideck may send an event more than once, with the same id.
	ID string
	// Type is what the event reports, such as [components.EventTypeVaultConnectionCallable].
	Type components.EventType
	// Data is the event in the type of its own: *[ConnectionCallable] and so on. An event of a type that this version does
	// not know is an *[UnknownEvent].
	Data any
	// Raw is the event as Apideck sent it, byte for byte.
	Raw json.RawMessage
}

// String returns the type and the id. The event itself may have secrets.
func (e Event) String() string { return fmt.Sprintf("Event{Type: %q, ID: %q}", e.Type, e.ID) }

// GoString returns what the format %#v prints.
func (e Event) GoString() string { return "webhooks." + e.String() }

// LogValue returns what log/slog writes.
func (e Event) LogValue() slog.Value { return slog.StringValue(e.String()) }

// UnknownEvent is an event of a type that this version does not know.
type UnknownEvent struct{ components.UnknownEvent }

// Verify checks that the API key signed a webhook, and returns its event.
//
// The body is that of the request as it was received: its bytes, not JSON that was parsed and written again. The signature
// is the value of the header [SignatureHeader], or "" if the request has none. Signatures are compared in constant time.
//
// errors.Is(err, [ErrInvalidSignature]) reports that the key did not sign the body, or that the body is not an event: not a
// JSON object, larger than [MaxBody], nested too deep, without an event, or with two members of the same name in one
// object. The message says which, and has neither the key nor the signature. Any other error is a mistake of the program:
// the key is empty.
func Verify(body []byte, signature, apiKey string) (*Event, error) {
	if err := checkKey(apiKey); err != nil {
		return nil, err
	}
	// A C string ends at its first NUL.
	text, status := native.WebhookVerify(body, strings.ReplaceAll(signature, "\x00", "?"), apiKey)
	if status != native.OK {
		return nil, failure(text, status)
	}
	var result struct {
		Event json.RawMessage `json:"event"`
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		return nil, fmt.Errorf("webhooks: %w: body: %w", ErrInvalidSignature, err)
	}
	return read(result.Event)
}

func read(raw json.RawMessage) (*Event, error) {
	var common components.UnknownEvent
	if err := common.UnmarshalJSON(raw); err != nil {
		return nil, fmt.Errorf("webhooks: %w: body: %w", ErrInvalidSignature, err)
	}
	event := &Event{Raw: raw}
	if common.EventID != nil {
		event.ID = *common.EventID
	}
	if common.EventType != nil {
		event.Type = *common.EventType
	}
	data, decode := dataOf(string(event.Type))
	if err := decode(raw); err != nil {
		return nil, fmt.Errorf("webhooks: %w: body: %w", ErrInvalidSignature, err)
	}
	event.Data = data
	return event, nil
}

// Sign returns the signature that Apideck would send for a body, for your own tests: 64 hexadecimal digits, over the body
// with the members of all objects sorted. It returns an error if the key is empty, or if [Verify] would refuse the body.
func Sign(body []byte, apiKey string) (string, error) {
	if err := checkKey(apiKey); err != nil {
		return "", err
	}
	text, status := native.WebhookSign(body, apiKey)
	if status != native.OK {
		return "", failure(text, status)
	}
	return text, nil
}

func checkKey(apiKey string) error {
	if strings.Contains(apiKey, "\x00") {
		return errors.New("webhooks: api_key: has characters that no API key has")
	}
	return nil
}

// failure returns the error of a failure of the library.
func failure(text string, status native.Status) error {
	var result struct {
		Error struct{ Message string }
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		return fmt.Errorf("webhooks: %w", err)
	}
	if status == native.InvalidSignature {
		return fmt.Errorf("webhooks: %w: %s", ErrInvalidSignature, result.Error.Message)
	}
	return errors.New("webhooks: " + result.Error.Message)
}

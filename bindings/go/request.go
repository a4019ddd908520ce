package apideckvault

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonsend"
	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
)

// operation is an operation of the C library.
type operation struct {
	name     native.Operation
	consumer consumerUse
}

func newOperation(name string, consumer consumerUse) operation {
	return operation{name: native.NewOperation(name), consumer: consumer}
}

// consumerUse says whether the requests of an operation have the header x-apideck-consumer-id.
type consumerUse int

const (
	consumerRequired consumerUse = iota
	consumerOptional
	consumerNone
)

// request is the request of a call as JSON. Its methods append one member each.
type request struct {
	operation         operation
	consumerID, appID *string
	text              []byte
	err               error
}

func newRequest(operation operation, consumerID, appID *string) *request {
	return &request{operation: operation, consumerID: consumerID, appID: given(appID)}
}

func (r *request) key(key string) {
	separator := byte(',')
	if len(r.text) == 0 {
		r.text = make([]byte, 0, 256)
		separator = '{'
	}
	r.text = append(r.text, separator, '"')
	r.text = append(append(r.text, key...), '"', ':')
}

// end returns the whole text.
func (r *request) end() []byte {
	if len(r.text) == 0 {
		return []byte("{}")
	}
	return append(r.text, '}')
}

func (r *request) string(key, value string) {
	if err := jsonsend.CheckString(value, key); err != nil {
		r.fail(err)
		return
	}
	r.key(key)
	r.text = appendString(r.text, value)
}

// optional writes the value if it is not nil.
func (r *request) optional(key string, value *string) {
	if value != nil {
		r.string(key, *value)
	}
}

func (r *request) int(key string, value int64) {
	r.key(key)
	r.text = strconv.AppendInt(r.text, value, 10)
}

func (r *request) bool(key string, value bool) {
	r.key(key)
	r.text = strconv.AppendBool(r.text, value)
}

// any writes the value as encoding/json does, without its escapes of <, > and &.
func (r *request) any(key string, value any) {
	text, err := jsonsend.Encode(key, value)
	if err != nil {
		r.fail(err)
		return
	}
	r.key(key)
	r.text = append(r.text, text...)
}

// fail keeps the first error. The call returns it and sends nothing.
func (r *request) fail(err error) {
	if r.err == nil {
		r.err = invalidArgument(err.Error())
	}
}

// identify writes the consumer and the application. A header of the call goes before an argument of the call, and an
// argument before the client's own value. An empty consumer is refused, because the client's own consumer in its place
// would be the wrong one. Only where the consumer is optional does an empty one mean that there is none.
func (r *request) identify(consumerID *string, headers map[string]string) {
	if r.consumerID == nil {
		r.consumerID = consumerID
	}
	for name, value := range headers {
		switch strings.ToLower(name) {
		case "x-apideck-consumer-id":
			r.consumerID = &value
		case "x-apideck-app-id":
			r.appID = given(&value)
		}
	}
	switch r.operation.consumer {
	case consumerOptional:
		r.optional("consumer_id", given(r.consumerID))
	case consumerRequired:
		r.optional("consumer_id", r.consumerID)
	}
	r.optional("app_id", r.appID)
}

func appendString(text []byte, value string) []byte {
	for i := 0; i < len(value); i++ {
		if c := value[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			quoted, _ := json.Marshal(value) // cannot fail for a string
			return append(text, quoted...)
		}
	}
	text = append(text, '"')
	return append(append(text, value...), '"')
}

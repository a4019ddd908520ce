package components_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// FuzzUnions checks the decoders of all types with any text. No text makes one panic or hang. Each union of simple values
// reads valid JSON of any kind and is encoded to the same value. Each type of a response reads any object.
func FuzzUnions(f *testing.F) {
	for _, seed := range []string{
		`"a"`, `1`, `-1.5e3`, `123456789012345678901234567890`, `true`, `null`, `[]`, `["a",1,2.5,null,{}]`, `{"a":[{"b":"}"}]}`,
		`{"label":"a","value":["x"],"option_type":"simple","new":1}`, `{"options":[{"label":"b","value":true}],"option_type":"group"}`,
		`{"options":[{"option_type":"group","label":"G","options":[{"label":"A","value":"a","options":[]},{"label":"B","id":5,"options":[{"label":"X"}]}]}]}`,
		`{"label":"A","options":null,"id":5,"value":1,"option_type":null}`, `{"option_type":5,"options":{}}`,
		`{"option_type":"tree"}`, `{"crm.leads":{"id":{"read":true}}}`, `"*"`, `"\u00e4\ud83d\ude00\\\""`, `{"a"`, `[1,`, `"\`, `-`, `tru`, `[1E700 ,1.50]`, connection,
		`{"data":[{"id":7,"settings":"{}","consents":[{}],"form_fields":[7,{"options":[null,[]]}]}]}`, `{"data":{"consents":[null],"created_at":1e999}}`, "{\"name\":\"\xff\",\"\xff\":1}",
		`{"data":[{"metadata":7,"request_counts":[],"services":[null,"a"]},8],"links":{"next":7},"meta":[]}`, `{"data":{"connections":[{"settings":[],"health":1},null]}}`, `{"data":{"session_uri":1,"session_token":null}}`,
		"{\"\":\"\xff\",\"\xff\":\"\xff\",\"\xf7\":1}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		valid := json.Valid([]byte(text))
		for _, union := range unions() {
			switch union.(type) {
			case *components.FormFieldOption, *components.DataScopesResources:
				checkResponse(t, union, text, valid) // a variant of these has defaults and optional fields
			default:
				checkSame(t, union, text, valid)
			}
		}
		for _, value := range responseTypes() {
			checkResponse(t, value, text, valid)
		}
		for _, value := range requestTypes() {
			_ = value.UnmarshalJSON([]byte(text)) // an error is fine
		}
		for _, body := range responseBodies() {
			_ = body.DecodeJSON(text)
		}
	})
}

// checkResponse reads a value from any object. The value is encoded without an error, and read again as the same value.
func checkResponse(t *testing.T, read model, text string, valid bool) {
	err := read.UnmarshalJSON([]byte(text))
	if !valid || err != nil && !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return
	}
	if err != nil && !strings.Contains(err.Error(), "nested too deep") {
		t.Fatalf("%T: %q: %v", read, text, err)
	}
	var texts [3][]byte // the first still lacks defaults, and has text that is not UTF-8 as it was read
	for i := range texts {
		if texts[i], err = json.Marshal(read); err != nil {
			t.Fatalf("%T: %q: %v", read, text, err)
		}
		read = reflect.New(reflect.TypeOf(read).Elem()).Interface().(model)
		if err := read.UnmarshalJSON(texts[i]); err != nil {
			t.Fatalf("%T: %q became %q: %v", read, text, texts[i], err)
		}
	}
	if !bytes.Equal(texts[1], texts[2]) {
		t.Fatalf("%T: %q became %q and then %q", read, text, texts[1], texts[2])
	}
}

// checkSame reads a union from any JSON. The union is encoded to the same JSON.
func checkSame(t *testing.T, union model, text string, valid bool) {
	err := union.UnmarshalJSON([]byte(text))
	if !valid {
		return
	}
	if err != nil {
		t.Fatalf("%T: %q: %v", union, text, err)
	}
	encoded, err := json.Marshal(union)
	if err != nil {
		t.Fatalf("%T: %q: %v", union, text, err)
	}
	if got, want := parsed(t, encoded), parsed(t, []byte(text)); !reflect.DeepEqual(got, want) {
		t.Fatalf("%T: %q became %q", union, text, encoded)
	}
}

// parsed returns a text as a value.
func parsed(t *testing.T, text []byte) (value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return respelled(value)
}

// respelled returns a value whose numbers are of type float64. A number beyond a float64 stays as it is.
func respelled(value any) any {
	switch value := value.(type) {
	case json.Number:
		if number, err := value.Float64(); err == nil {
			return number
		}
	case []any:
		for i := range value {
			value[i] = respelled(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = respelled(value[key])
		}
	}
	return value
}

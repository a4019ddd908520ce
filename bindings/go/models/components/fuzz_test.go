package components_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// FuzzUnions: no text makes a decoder panic or hang; what is valid JSON is read by every union, and
// encoded again to the same value.
func FuzzUnions(f *testing.F) {
	for _, seed := range []string{
		`"a"`, `1`, `-1.5e3`, `123456789012345678901234567890`, `true`, `null`, `[]`, `["a",1,2.5,null,{}]`, `{"a":[{"b":"}"}]}`,
		`{"label":"a","value":["x"],"option_type":"simple","new":1}`, `{"options":[{"label":"b","value":true}],"option_type":"group"}`,
		`{"options":[{"option_type":"group","label":"G","options":[{"label":"A","value":"a","options":[]},{"label":"B","id":5,"options":[{"label":"X"}]}]}]}`,
		`{"label":"A","options":null,"id":5,"value":1,"option_type":null}`, `{"option_type":5,"options":{}}`,
		`{"option_type":"tree"}`, `{"crm.leads":{"id":{"read":true}}}`, `"*"`, `"\u00e4\ud83d\ude00\\\""`, `{"a"`, `[1,`, `"\`, `-`, `tru`, `[1E700 ,1.50]`, connection,
		`{"data":[{"id":7,"settings":"{}","consents":[{}],"form_fields":[7,{"options":[null,[]]}]}]}`, `{"data":{"consents":[null],"created_at":1e999}}`, "{\"name\":\"\xff\",\"\xff\":1}",
		"{\"\":\"\xff\",\"\xff\":\"\xff\",\"\xf7\":1}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		valid := json.Valid([]byte(text))
		check[components.Five](t, text, valid)
		check[components.Value5](t, text, valid)
		check[components.ConnectionValue](t, text, valid)
		check[components.SimpleFormFieldOptionValue](t, text, valid)
		check[components.Detail](t, text, valid)

		checkResponse[components.Connection](t, text, valid)
		checkResponse[components.FormField](t, text, valid)
		checkResponse[components.GetConnectionResponse](t, text, valid)
		checkResponse[components.GetConnectionsResponse](t, text, valid)
		checkResponse[components.FormFieldOption](t, text, valid)
		checkResponse[components.DataScopesResources](t, text, valid)

		// Any text may be refused; none may do more.
		_ = new(components.ConnectionInput).UnmarshalJSON([]byte(text))
		_ = json.Unmarshal([]byte(text), new(components.FormFieldOption))
		_ = json.Unmarshal([]byte(text), new(components.DataScopesResources))
		_ = new(components.FormFieldOption).UnmarshalJSON([]byte(text))
		_ = new(components.FormField).UnmarshalJSON([]byte(text))
		_ = new(components.DataScopesResources).UnmarshalJSON([]byte(text))
		_ = new(components.Connection).UnmarshalJSON([]byte(text))
		_ = new(components.GetConnectionsResponse).DecodeJSON(text)
	})
}

// checkResponse reads a part of a response: an object with anything in it, and whatever a union is. It is
// encoded without an error, and read again as the same value.
func checkResponse[T any, P interface {
	*T
	json.Unmarshaler
}](t *testing.T, text string, valid bool) {
	var read T
	err := P(&read).UnmarshalJSON([]byte(text))
	if !valid || err != nil && !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return
	}
	if err != nil && !strings.Contains(err.Error(), "nested too deep") {
		t.Fatalf("%T: %q: %v", read, text, err)
	}
	var texts [3][]byte // the first still lacks defaults, and has text that was not UTF-8 as it came
	for i := range texts {
		if texts[i], err = json.Marshal(read); err != nil {
			t.Fatalf("%T: %q: %v", read, text, err)
		}
		read = *new(T)
		if err := P(&read).UnmarshalJSON(texts[i]); err != nil {
			t.Fatalf("%T: %q became %q: %v", read, text, texts[i], err)
		}
	}
	if !bytes.Equal(texts[1], texts[2]) {
		t.Fatalf("%T: %q became %q and then %q", read, text, texts[1], texts[2])
	}
}

func check[T any, P interface {
	*T
	json.Unmarshaler
}](t *testing.T, text string, valid bool) {
	var union T
	err := P(&union).UnmarshalJSON([]byte(text))
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

// parsed is a text as a value.
func parsed(t *testing.T, text []byte) (value any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return respelled(value)
}

// respelled is a value without the spelling of its numbers. One beyond a float64 stands for itself.
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

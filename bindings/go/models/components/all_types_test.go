package components_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// The tests here hold for every type of the description. They know the types from types_gen_test.go.

// secret is the text in the secret fields of a filled value.
const secret = "s3cr3t"

// unionSamples has a value of each alternative of each union.
var unionSamples = map[reflect.Type][]string{
	reflect.TypeFor[components.Five]():                       {`"a"`, `1`, `1.5`},
	reflect.TypeFor[components.Value5]():                     {`"a"`, `1`, `1.5`},
	reflect.TypeFor[components.SimpleFormFieldOptionValue](): {`["a",1,1.5]`, `"a"`, `1`, `1.5`, `true`},
	reflect.TypeFor[components.ConnectionValue]():            {`["a",1,1.5]`, `"a"`, `1`, `1.5`, `true`},
	reflect.TypeFor[components.FormFieldOption](): {
		`{"id":"g","label":"G","options":[{"label":"A","value":["a",1],"option_type":"simple"}],"option_type":"group"}`,
		`{"label":"B","value":true,"option_type":"simple"}`,
	},
	reflect.TypeFor[components.DataScopesResources](): {`{"crm.leads":{"id":{"read":true,"write":false}}}`, `"*"`},
	reflect.TypeFor[components.Detail]():              {`{"missing":["a"]}`, `"a"`},
}

func isUnion(t reflect.Type) bool {
	return unionSamples[t] != nil
}

// fill sets every field of a struct, and every field of the structs in it. Strings are text, those in secret fields are
// secret.
func fill(t *testing.T, v reflect.Value, text string) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), text)
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Slice:
		samples := unionSamples[v.Type().Elem()]
		v.Set(reflect.MakeSlice(v.Type(), max(2, len(samples)), max(2, len(samples))))
		for i := range v.Len() {
			fill(t, v.Index(i), text)
			if samples != nil {
				unmarshal(t, v.Index(i).Addr().Interface(), samples[i%len(samples)])
			}
		}
	case reflect.Map: // of any
		v.Set(reflect.ValueOf(map[string]any{"a": text, "b": []any{1.5, text, nil}}))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)))
			return
		}
		if isUnion(v.Type()) {
			unmarshal(t, v.Addr().Interface(), unionSamples[v.Type()][0])
			return
		}
		for i, field := range jsonFields(v.Type()) {
			switch key := keyOf(field); {
			case key == "option_type": // filled in by the encoder
			case secretFields[v.Type().Name()+"."+key]:
				fill(t, v.Field(i), secret)
			default:
				fill(t, v.Field(i), text)
			}
		}
	default:
		t.Fatalf("no rule to fill a %s", v.Type())
	}
}

// filled returns a value of the type of empty with every field set.
func filled(t *testing.T, empty any) any {
	t.Helper()
	value := reflect.New(reflect.TypeOf(empty).Elem())
	fill(t, value.Elem(), "text")
	return value.Interface()
}

func unmarshal(t *testing.T, into any, text string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%T from %s: %v", into, text, err)
	}
}

func marshal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("%T: %v", value, err)
	}
	return string(text)
}

// jsonFields returns the fields that a struct has in JSON, by their index.
func jsonFields(t reflect.Type) map[int]reflect.StructField {
	found := map[int]reflect.StructField{}
	for i := range t.NumField() {
		if field := t.Field(i); field.IsExported() && keyOf(field) != "" && keyOf(field) != "-" {
			found[i] = field
		}
	}
	return found
}

func keyOf(field reflect.StructField) string {
	key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return key
}

// everyType returns a new value of each struct of the description.
func everyType() []model {
	found := responseTypes()
	for _, request := range requestTypes() {
		if !slices.ContainsFunc(found, func(other model) bool { return reflect.TypeOf(other) == reflect.TypeOf(request) }) {
			found = append(found, request)
		}
	}
	return found
}

func TestEveryUnionHasSamples(t *testing.T) {
	for _, union := range unions() {
		if !isUnion(reflect.TypeOf(union).Elem()) {
			t.Errorf("unionSamples has no value of %T", union)
		}
	}
}

func TestEveryFieldIsReadAndWritten(t *testing.T) {
	if types := everyType(); len(types) < 40 {
		t.Errorf("only %d types", len(types))
	}
	for _, empty := range everyType() {
		value := filled(t, empty)
		text := marshal(t, value)
		read := reflect.New(reflect.TypeOf(empty).Elem())
		unmarshal(t, read.Interface(), text)
		for i, field := range jsonFields(read.Elem().Type()) {
			if read.Elem().Field(i).IsZero() {
				t.Errorf("%T.%s is empty after reading %s", empty, field.Name, text)
			}
		}
		sameJSON(t, marshal(t, read.Interface()), text)
	}
}

func TestEveryGetterReturnsItsFieldAndAcceptsNil(t *testing.T) {
	getters := 0
	for _, empty := range append(everyType(), unions()...) {
		value := reflect.ValueOf(empty)
		for i := range value.Elem().NumField() {
			if field := value.Elem().Field(i); field.CanSet() && field.Kind() != reflect.Struct && field.Type() != reflect.TypeFor[map[string]map[string]components.DataScopesResources1]() {
				fill(t, field, fmt.Sprint("text ", i)) // no two fields have the same value
			}
		}
		none := reflect.Zero(value.Type())
		for i := range value.Elem().NumField() {
			name := value.Elem().Type().Field(i).Name
			getter := value.MethodByName("Get" + name)
			if !value.Elem().Type().Field(i).IsExported() || name == "ForceSendFields" || name == "NullFields" {
				continue
			}
			if !getter.IsValid() {
				t.Errorf("%T has no getter of %s", empty, name)
				continue
			}
			if got := getter.Call(nil)[0]; !isSame(got, value.Elem().Field(i)) {
				t.Errorf("%T.Get%s returns %v", empty, name, got)
			}
			if got := none.MethodByName("Get" + name).Call(nil)[0]; !got.IsZero() {
				t.Errorf("%T.Get%s of nil returns %v", empty, name, got)
			}
			getters++
		}
	}
	if getters < 250 {
		t.Errorf("only %d getters", getters)
	}
}

// isSame reports whether two values are the same pointer, slice or map, or else equal.
func isSame(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return a.Pointer() == b.Pointer()
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// jsonValues has values of every kind of JSON. The name of a kind is the name that error messages use.
var jsonValues = map[string][]string{
	"a string":  {`"odd"`, `""`},
	"a number":  {`7`, `-1.5`, `1e999`},
	"a boolean": {`true`, `false`},
	"an object": {`{}`, `{"id":[7],"deep":{"x":[{}]}}`},
	"an array":  {`[]`, `["a",null,{"id":7}]`},
}

// kindOf returns the kind of JSON that a field accepts, and an empty string for a union.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "a boolean"
	case reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "an array"
	case reflect.Struct:
		switch {
		case t == reflect.TypeFor[time.Time]():
			return "a string"
		case isUnion(t):
			return ""
		}
	}
	return "an object"
}

// isEmpty reports whether a field is as if the response did not have it.
func isEmpty(v reflect.Value, field reflect.StructField) bool {
	if wanted := field.Tag.Get("default"); wanted != "" {
		return !v.IsNil() && fmt.Sprint(v.Elem()) == wanted
	}
	if v.Kind() == reflect.Struct { // a required struct, perhaps with fields of its own that have a default
		return reflect.DeepEqual(v.Interface(), reflect.Zero(v.Type()).Interface())
	}
	return v.IsZero()
}

func TestAFieldOfAResponseIsEmptyIfItsValueIsNullOrOfAnotherType(t *testing.T) {
	kinds := map[string]int{}
	for _, empty := range responseTypes() {
		structure := reflect.TypeOf(empty).Elem()
		for i, field := range jsonFields(structure) {
			kind := kindOf(field.Type)
			if kind == "" {
				continue // a union has every kind
			}
			for other, values := range jsonValues {
				if other == kind {
					continue
				}
				for _, value := range append([]string{"null"}, values...) {
					read := reflect.New(structure)
					unmarshal(t, read.Interface(), `{"before":1,"`+keyOf(field)+`":`+value+`,"after":[]}`)
					if got := read.Elem().Field(i); !isEmpty(got, field) {
						t.Errorf("%s.%s of %s is %v", structure, field.Name, value, got)
					}
				}
			}
			kinds[kind]++
		}
	}
	if len(kinds) != len(jsonValues) {
		t.Errorf("not every kind of field: %v", kinds)
	}
}

func TestAFieldOfARequestRefusesAValueOfAnotherType(t *testing.T) {
	refused := 0
	for _, empty := range requestTypes() {
		structure := reflect.TypeOf(empty).Elem()
		if slices.ContainsFunc(responseTypes(), func(other model) bool { return reflect.TypeOf(other).Elem() == structure }) {
			continue
		}
		for i, field := range jsonFields(structure) {
			kind := kindOf(field.Type)
			for other, values := range jsonValues {
				if kind == "" || other == kind {
					continue
				}
				for _, value := range values {
					read := reflect.New(structure)
					err := json.Unmarshal([]byte(`{"`+keyOf(field)+`":`+value+`}`), read.Interface())
					if want := keyOf(field) + ": expected " + kind + ", found " + other; err == nil || err.Error() != want {
						t.Errorf("%s of %s: %v, not %q", structure, value, err, want)
					}
					refused++
				}
			}
			read := reflect.New(structure)
			unmarshal(t, read.Interface(), `{"`+keyOf(field)+`":null}`)
			if kind != "" && !read.Elem().Field(i).IsZero() {
				t.Errorf("%s.%s of null is %v", structure, field.Name, read.Elem().Field(i))
			}
		}
	}
	if refused < 300 {
		t.Errorf("only %d values were refused", refused)
	}
}

func TestAnOddValueInAnyResponseBodyLeavesOutItsOwnFieldOnly(t *testing.T) {
	bodies := 0
	for _, body := range responseBodies() {
		data, _ := reflect.TypeOf(body).Elem().FieldByName("Data")
		if data.Type == reflect.TypeFor[components.Connection]() || data.Type == reflect.TypeFor[[]components.Connection]() {
			continue // odd_values_test.go has a connection with more in it
		}
		checkOddValues(t, func() response { return reflect.New(reflect.TypeOf(body).Elem()).Interface().(response) }, marshal(t, filled(t, body)))
		bodies++
	}
	if bodies < 7 {
		t.Errorf("only %d bodies", bodies)
	}
}

func TestEveryRequestSendsEmptyFieldsAndNullOnRequest(t *testing.T) {
	empties := map[string]string{"a string": `""`, "a number": `0`, "a boolean": `false`, "an object": `{}`, "an array": `[]`}
	sent := 0
	for _, empty := range requestTypes() {
		structure := reflect.TypeOf(empty).Elem()
		without := func(force, null []string) (map[string]json.RawMessage, error) {
			value := reflect.New(structure)
			for i, field := range jsonFields(structure) { // a required union has no empty value
				if isUnion(field.Type) {
					fill(t, value.Elem().Field(i), "text")
				}
			}
			value.Elem().FieldByName("ForceSendFields").Set(reflect.ValueOf(force))
			value.Elem().FieldByName("NullFields").Set(reflect.ValueOf(null))
			text, err := json.Marshal(value.Interface())
			members := map[string]json.RawMessage{}
			if err == nil {
				unmarshal(t, &members, string(text))
			}
			return members, err
		}
		for _, field := range jsonFields(structure) {
			key := keyOf(field)
			if !strings.Contains(field.Tag.Get("json"), ",omitempty") {
				continue
			}
			if members, err := without(nil, nil); err != nil || members[key] != nil {
				t.Errorf("%s: %s is sent without a value: %s, %v", structure, key, members[key], err)
			}
			if members, err := without(nil, []string{field.Name}); err != nil || string(members[key]) != "null" {
				t.Errorf("%s: %s is %s, not null: %v", structure, key, members[key], err)
			}
			members, err := without([]string{field.Name}, nil)
			switch of := field.Type; {
			case of == reflect.TypeFor[*time.Time](), kindOf(of) == "", hasRequired(of):
				if err == nil {
					t.Errorf("%s: %s has no empty value, but %s is sent", structure, key, members[key])
				}
			case err != nil || string(members[key]) != empties[kindOf(of)]:
				t.Errorf("%s: %s is %s, not %s: %v", structure, key, members[key], empties[kindOf(of)], err)
			}
			value := filled(t, empty)
			reflect.ValueOf(value).Elem().FieldByName("NullFields").Set(reflect.ValueOf([]string{field.Name}))
			if _, err := json.Marshal(value); err == nil || !strings.Contains(err.Error(), key+": the field is in NullFields and has a value") {
				t.Errorf("%s: %s has a value and is in NullFields: %v", structure, key, err)
			}
			sent++
		}
		if _, err := without([]string{"Metdata"}, nil); err == nil || !strings.Contains(err.Error(), `ForceSendFields: there is no field "Metdata"; did you mean`) {
			t.Errorf("%s: %v", structure, err)
		}
	}
	if sent < 50 {
		t.Errorf("only %d fields", sent)
	}
}

// hasRequired reports whether a struct has a required union, without which it cannot be sent.
func hasRequired(t reflect.Type) bool {
	if t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct {
		return false
	}
	for _, field := range jsonFields(t.Elem()) {
		if isUnion(field.Type) {
			return true
		}
	}
	return false
}

func TestNoPrintShowsASecret(t *testing.T) {
	withSecrets := 0
	for _, empty := range everyType() {
		value := filled(t, empty)
		if !strings.Contains(marshal(t, value), secret) {
			continue
		}
		withSecrets++
		for _, value := range []any{value, reflect.ValueOf(value).Elem().Interface()} {
			for way, got := range printed(value) {
				if strings.Contains(got, secret) {
					t.Errorf("%s of %T: %s", way, value, got)
				}
			}
		}
	}
	if withSecrets < 10 {
		t.Errorf("only %d types have a secret", withSecrets)
	}
}

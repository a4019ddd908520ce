package jsonsend

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Fields returns a struct as JSON. A field in force is sent even if it is empty, and a field in null is sent as null. Both
// have names of Go fields. value must not have a MarshalJSON method.
func Fields(value any, force, null []string) ([]byte, error) {
	if len(force) == 0 && len(null) == 0 {
		return Plain(value)
	}
	v := reflect.ValueOf(value)
	for list, names := range map[string][]string{"ForceSendFields": force, "NullFields": null} {
		for _, name := range names {
			if _, found := jsonName(v.Type(), name); !found {
				return nil, &Error{Path: list, Problem: fmt.Sprintf("there is no field %q; did you mean %q?", name, nearest(v.Type(), name))}
			}
		}
	}
	text := []byte{'{'}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		key, ok := jsonName(v.Type(), field.Name)
		if !ok {
			continue
		}
		member, err := member(v.Field(i), field, slices.Contains(force, field.Name), slices.Contains(null, field.Name))
		if err != nil {
			return nil, problem(key, err)
		}
		if member == nil {
			continue
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(append(text, '"'), key...)
		text = append(append(text, `":`...), member...)
	}
	return append(text, '}'), nil
}

// member returns a field as JSON, or nil if the field is left out.
func member(v reflect.Value, field reflect.StructField, force, null bool) ([]byte, error) {
	switch {
	case null && !isEmpty(v):
		return nil, &Error{Path: "", Problem: "the field is in NullFields and has a value"}
	case null:
		return []byte("null"), nil
	case !isEmpty(v) || !strings.Contains(field.Tag.Get("json"), ",omitempty"):
		return Plain(v.Interface())
	case !force:
		return nil, nil
	}
	switch v.Kind() {
	case reflect.Map:
		return []byte("{}"), nil
	case reflect.Slice:
		return []byte("[]"), nil
	case reflect.Pointer: // to the empty value
		t := v.Type().Elem()
		if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return nil, &Error{Problem: "the field is in ForceSendFields and has no empty value; set it, or use NullFields"}
		}
		if text, err := Plain(reflect.Zero(t).Interface()); err == nil {
			return text, nil
		}
		return nil, &Error{Problem: "the field is in ForceSendFields and has no empty value; set it, or use NullFields"}
	}
	return Plain(v.Interface())
}

// isEmpty reports whether a value is the empty value of its type. No field of a struct type has the option omitempty.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice:
		return v.Len() == 0
	}
	return v.IsZero()
}

// jsonName returns the JSON key of a field.
func jsonName(t reflect.Type, name string) (key string, ok bool) {
	field, ok := t.FieldByName(name)
	if !ok || !field.IsExported() {
		return "", false
	}
	key, _, _ = strings.Cut(field.Tag.Get("json"), ",")
	return key, key != "" && key != "-"
}

// nearest returns the field whose name, in Go or in JSON, is most similar to the given one.
func nearest(t reflect.Type, name string) (found string) {
	fewest := -1
	for i := range t.NumField() {
		field := t.Field(i).Name
		key, ok := jsonName(t, field)
		if !ok {
			continue
		}
		d := min(distance(strings.ToLower(name), strings.ToLower(field)), distance(strings.ToLower(name), key))
		if fewest < 0 || d < fewest {
			found, fewest = field, d
		}
	}
	return found
}

// distance returns the Levenshtein distance.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

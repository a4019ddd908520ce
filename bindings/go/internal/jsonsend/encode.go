// Package jsonsend encodes requests. Unlike encoding/json it refuses text that is not UTF-8, names the path of a value that
// cannot be sent, and can send empty fields and null.
package jsonsend

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error says that a value cannot be sent.
type Error struct {
	Path    string // for example settings.plan.seats[2]
	Problem string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

// Encode returns value as JSON. name begins the paths of errors, which are of type *Error.
func Encode(name string, value any) ([]byte, error) {
	w := walk{text: true}
	if err := w.check(reflect.ValueOf(value), name); err != nil {
		return nil, err
	}
	text, err := Plain(value)
	if err == nil && utf8.Valid(text) {
		return text, nil
	}
	if err == nil {
		err = errors.New("is not UTF-8")
	}
	w = walk{encode: true}
	if located := w.check(reflect.ValueOf(value), name); located != nil {
		return nil, located
	}
	return nil, problem(name, err)
}

// Plain returns a value as JSON. Unlike json.Marshal it does not escape characters of HTML.
func Plain(value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// CheckString returns an error with the path if a text is not UTF-8.
func CheckString(text, path string) error {
	if utf8.ValidString(text) {
		return nil
	}
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return &Error{Path: path, Problem: "is not UTF-8 at byte " + strconv.Itoa(at)}
}

// CheckCycles returns an error with the path if a value contains itself. encoding/json does not detect a cycle through a
// MarshalJSON method.
func CheckCycles(path string, value any) error {
	w := walk{}
	return w.check(reflect.ValueOf(value), path)
}

// deepest is how deeply nested a value may be. The library refuses requests nested deeper than 128.
const deepest = 1000

// walk visits the parts of a value that encoding/json would encode.
type walk struct {
	text   bool // whether text must be UTF-8
	encode bool // whether to encode each value that contains no other value
	above  []place
}

// place is a pointer, map or slice that contains the visited value.
type place struct {
	kind    reflect.Kind
	pointer uintptr
	length  int
}

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// isOpaque reports whether a type encodes itself. The walk visits the fields of this module's models nevertheless.
func isOpaque(t reflect.Type) bool {
	if strings.HasSuffix(t.PkgPath(), "/bindings/go/models/components") && t.Kind() == reflect.Struct {
		return false
	}
	return t.Implements(marshaler) || t.Implements(textMarshaler)
}

func (w *walk) check(v reflect.Value, path string) error {
	if !v.IsValid() {
		return nil
	}
	if len(w.above) > deepest {
		return &Error{Path: path, Problem: fmt.Sprintf("is nested more than %d deep", deepest)}
	}
	if isOpaque(v.Type()) && v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface {
		return w.leaf(v, path)
	}
	switch v.Kind() {
	case reflect.String:
		if w.text {
			if err := CheckString(v.String(), path); err != nil {
				return err
			}
		}
		return w.leaf(v, path)
	case reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return w.check(v.Elem(), path)
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if isOpaque(v.Type()) && !isModel(v.Type().Elem()) {
			return w.leaf(v, path)
		}
		return w.inside(v, 0, path, func() error { return w.check(v.Elem(), path) })
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		return w.inside(v, 0, path, func() error { return w.members(v, path) })
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return w.leaf(v, path)
		}
		return w.inside(v, v.Len(), path, func() error { return w.elements(v, path) })
	case reflect.Array:
		return w.elements(v, path)
	case reflect.Struct:
		return w.fields(v, path)
	}
	return w.leaf(v, path)
}

func isModel(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && strings.HasSuffix(t.PkgPath(), "/bindings/go/models/components")
}

// inside visits the content of a pointer, map or slice.
func (w *walk) inside(v reflect.Value, length int, path string, next func() error) error {
	here := place{v.Kind(), v.Pointer(), length}
	for _, above := range w.above {
		if above == here && (length > 0 || v.Kind() != reflect.Slice) {
			return &Error{Path: path, Problem: "contains itself"}
		}
	}
	w.above = append(w.above, here)
	defer func() { w.above = w.above[:len(w.above)-1] }()
	return next()
}

func (w *walk) members(v reflect.Value, path string) error {
	for member := v.MapRange(); member.Next(); {
		key := member.Key()
		name := fmt.Sprint(key)
		if key.Kind() == reflect.String {
			name = key.String()
			if w.text {
				if err := CheckString(name, join(path, strconv.Quote(name))); err != nil {
					return err
				}
			}
		}
		if err := w.check(member.Value(), join(path, name)); err != nil {
			return err
		}
	}
	if w.encode { // keys may be of a type that JSON cannot have as a key
		if _, err := Plain(reflect.MakeMap(v.Type()).Interface()); err != nil {
			return problem(path, err)
		}
	}
	return nil
}

func (w *walk) elements(v reflect.Value, path string) error {
	for i := range v.Len() {
		if err := w.check(v.Index(i), path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) fields(v reflect.Value, path string) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		tag := field.Tag.Get("json")
		if tag == "-" || !field.IsExported() && !field.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		at := path
		switch {
		case name != "":
			at = join(path, name)
		case !isModel(v.Type()) && !field.Anonymous:
			at = join(path, field.Name)
		}
		value := v.Field(i)
		if !field.IsExported() && value.Kind() != reflect.Struct || strings.Contains(options, "omitempty") && value.IsZero() {
			continue
		}
		if err := w.check(value, at); err != nil {
			return err
		}
	}
	if w.encode && isModel(v.Type()) && v.CanInterface() { // a union may have no field that is set
		if _, err := Plain(v.Interface()); err != nil {
			return problem(path, err)
		}
	}
	return nil
}

// leaf encodes a value that contains no other value.
func (w *walk) leaf(v reflect.Value, path string) error {
	if !w.encode || !v.CanInterface() {
		return nil
	}
	text, err := Plain(v.Interface())
	if err != nil {
		return problem(path, err)
	}
	if !utf8.Valid(text) {
		return &Error{Path: path, Problem: "is not UTF-8"}
	}
	return nil
}

// problem returns an error of encoding/json as an error with a path.
func problem(path string, err error) error {
	var located *Error
	if errors.As(err, &located) {
		return &Error{Path: join(path, located.Path), Problem: located.Problem}
	}
	var failed *json.MarshalerError
	if errors.As(err, &failed) {
		err = failed.Unwrap()
	}
	var kind *json.UnsupportedTypeError
	if errors.As(err, &kind) {
		return &Error{Path: path, Problem: "a " + kind.Type.String() + " cannot be sent as JSON"}
	}
	var value *json.UnsupportedValueError
	if errors.As(err, &value) {
		return &Error{Path: path, Problem: value.Str + " cannot be sent as JSON"}
	}
	return &Error{Path: path, Problem: strings.TrimPrefix(err.Error(), "json: ")}
}

func join(path, name string) string {
	switch {
	case path == "":
		return name
	case name == "" || name[0] == '[':
		return path + name
	}
	return path + "." + name
}

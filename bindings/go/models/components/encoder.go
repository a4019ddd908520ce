package components

import (
	"errors"
	"strconv"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonsend"
)

// encode returns a value as JSON. Unlike json.Marshal it does not escape characters of HTML.
func encode(value any) ([]byte, error) { return jsonsend.Plain(value) }

// encodeNumber returns a number of a union as JSON. It returns the text that was read if the number is still the same.
func encodeNumber(value float64, raw string) ([]byte, error) {
	if raw != "" {
		if read, _ := strconv.ParseFloat(raw, 64); read == value {
			return []byte(raw), nil
		}
	}
	return encode(value)
}

// encodeUnion returns a union of which no field is set as the JSON text that was read.
func encodeUnion(union, raw string) ([]byte, error) {
	if raw == "" {
		return nil, errors.New("components." + union + ": no field is set; use one of its Create functions")
	}
	return []byte(raw), nil
}

// encodeVariant returns a struct as JSON, with the members that have no field.
func encodeVariant(value any, force, null []string, unknown string) ([]byte, error) {
	text, err := jsonsend.Fields(value, force, null)
	if err != nil || unknown == "" {
		return text, err
	}
	text = append(text[:len(text)-1], ',')
	return append(append(text, unknown...), '}'), nil
}

func quote(key string) string {
	text, _ := encode(key) // a string always encodes
	return string(text)
}

// Error returns the detail as JSON.
func (u Detail) Error() string {
	text, err := u.MarshalJSON()
	if err != nil {
		return "unknown error"
	}
	return string(text)
}

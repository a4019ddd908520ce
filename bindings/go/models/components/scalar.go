package components

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonsend"
)

// scalar is what the unions of simple values have in common.
type scalar struct {
	str     *string
	integer *int64
	number  *float64
	boolean *bool
	kind    string // the union's Type; empty for a kind that it does not have
	raw     string // the JSON, where the fields do not hold all of it
}

// scalar reads a simple value by its first byte; what the union does not have is kept as it came.
func (d *decoder) scalar(booleans bool) (s scalar) {
	from := d.Offset()
	switch c := d.Kind(); {
	case c == '"':
		return scalar{str: d.PointTo(d.String()), kind: "str"}
	case booleans && (c == 't' || c == 'f'):
		return scalar{boolean: d.PointToBool(d.Bool()), kind: "boolean"}
	case c == '-' || c >= '0' && c <= '9':
		return d.number(d.Number())
	}
	d.Skip()
	return scalar{raw: d.Raw(from, d.Offset())}
}

// number keeps the spelling of a number that a float64 may not hold to the last digit.
func (d *decoder) number(text string) scalar {
	if integer, err := strconv.ParseInt(text, 10, 64); err == nil {
		return scalar{integer: d.PointToInt64(integer), kind: "integer"}
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(number, 0) {
		return scalar{raw: text}
	}
	s := scalar{number: d.PointToFloat64(number), kind: "number"}
	if len(text) > 15 || math.IsInf(number, 0) {
		s.raw = text
	}
	return s
}

// encodeScalar writes whichever field is set. The spelling of a number is used as long as the number
// is still the one that was read.
func encodeScalar(union string, s scalar) ([]byte, error) {
	switch {
	case s.str != nil:
		return encode(*s.str)
	case s.integer != nil:
		return strconv.AppendInt(nil, *s.integer, 10), nil
	case s.number != nil:
		if s.raw != "" {
			if number, _ := strconv.ParseFloat(s.raw, 64); number == *s.number {
				return []byte(s.raw), nil
			}
		}
		return encode(*s.number)
	case s.boolean != nil:
		return strconv.AppendBool(nil, *s.boolean), nil
	}
	return encodeUnion(union, s.raw)
}

// encodeUnion writes a union of which no field is set: the JSON it came as, if it came from JSON.
func encodeUnion(union, raw string) ([]byte, error) {
	if raw == "" {
		return nil, errors.New("components." + union + ": no field is set; use one of its Create functions")
	}
	return []byte(raw), nil
}

// encode is json.Marshal without its escapes for HTML, so that what is sent reads as it was written.
func encode(value any) ([]byte, error) { return jsonsend.Plain(value) }

// encodeWith writes a struct and members that it has no fields for.
func encodeWith(value any, force, null []string, members string) ([]byte, error) {
	text, err := jsonsend.Fields(value, force, null)
	if err != nil || members == "" {
		return text, err
	}
	text = append(text[:len(text)-1], ',')
	return append(append(text, members...), '}'), nil
}

func quote(key string) string {
	text, _ := encode(key) // a string always encodes
	return string(text)
}

// pointToTime reads a date and time of RFC 3339, or null.
func (d *decoder) pointToTime() *time.Time {
	from := d.Offset()
	if !d.Enters('"', "a string") {
		return nil
	}
	value, err := time.Parse(time.RFC3339, d.String())
	if err != nil {
		d.Unfit(from, "expected a date and time of RFC 3339")
		return nil
	}
	return &value
}

// sliceOfConnection reads the big list: after the first element its length can be guessed.
func (d *decoder) sliceOfConnection() []Connection {
	if !d.BeginArray() {
		return nil
	}
	first := 0 // its length in bytes
	d.connectionPool.Begin()
	d.connectionPool.Expect(1)
	for d.NextElement() {
		if d.connectionPool.Full() && first > 0 {
			d.connectionPool.Expect(min(d.Remaining()/first+1, 4096))
		}
		before := d.Remaining()
		d.readConnection(d.connectionPool.Add())
		if first == 0 {
			first = before - d.Remaining()
		}
	}
	return d.connectionPool.Take()
}

// finish ends every decoding. Text after the value is an error.
func (d *decoder) finish() error {
	d.End()
	return d.Err()
}

package components

import (
	"math"
	"strconv"
	"time"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
)

// decoder is a scanner with memory for the types that are read often.
type decoder struct {
	jsonscan.Scanner
	pools
}

// decode reads a response from JSON text without a copy of it.
func decode[T any](text string, into *T, read func(*decoder, *T)) error {
	d := &decoder{Scanner: jsonscan.New(text)}
	d.Lenient = true
	d.Expect('{', "an object")
	read(d, into)
	return d.finish()
}

// unmarshalResponse reads an object. A value of another type than its field is left out.
func unmarshalResponse[T any](data []byte, into *T, read func(*decoder, *T)) error {
	return decode(jsonscan.Text(data), into, read)
}

// unmarshalRequest reads an object that only requests have. A program that decodes a request of its own gets an error
// for a value of another type than its field.
func unmarshalRequest[T any](data []byte, into *T, read func(*decoder, *T)) error {
	d := &decoder{Scanner: jsonscan.New(jsonscan.Text(data))}
	d.Expect('{', "an object")
	read(d, into)
	return d.finish()
}

// unmarshalUnion reads a value of any type.
func unmarshalUnion[T any](data []byte, into *T, read func(*decoder, *T)) error {
	d := &decoder{Scanner: jsonscan.New(jsonscan.Text(data))}
	d.Lenient = true
	read(d, into)
	return d.finish()
}

// finish ends every decoding. Text after the value is an error.
func (d *decoder) finish() error {
	d.End()
	return d.Err()
}

// readPointer reads an object. It returns nil for null and, if the decoder is lenient, for a value of another type.
func readPointer[T any](d *decoder, pool *jsonscan.Pool[T], read func(*decoder, *T)) *T {
	if !d.Enters('{', "an object") {
		return nil
	}
	var empty T
	into := pool.New(empty)
	read(d, into)
	return into
}

// readUnionPointer reads a value of any type. It returns nil for null.
func readUnionPointer[T any](d *decoder, pool *jsonscan.Pool[T], read func(*decoder, *T)) *T {
	if d.Null() {
		return nil
	}
	var empty T
	into := pool.New(empty)
	read(d, into)
	return into
}

// readSlice reads an array.
func readSlice[T any](d *decoder, pool *jsonscan.Pool[T], read func(*decoder, *T)) []T {
	if !d.BeginArray() {
		return nil
	}
	pool.Begin()
	for d.NextElement() {
		read(d, pool.Add())
	}
	return pool.Take()
}

// readLongSlice reads an array that is most of the text. From the length of the first element it estimates the number of
// elements, so that large elements are not copied while the slice grows.
func readLongSlice[T any](d *decoder, pool *jsonscan.Pool[T], read func(*decoder, *T)) []T {
	if !d.BeginArray() {
		return nil
	}
	first := 0 // its length in bytes
	pool.Begin()
	pool.Expect(1)
	for d.NextElement() {
		if pool.Full() && first > 0 {
			pool.Expect(min(d.Remaining()/first+1, 4096))
		}
		before := d.Remaining()
		read(d, pool.Add())
		if first == 0 {
			first = before - d.Remaining()
		}
	}
	return pool.Take()
}

// readMapOfMaps reads an object whose members are objects.
func readMapOfMaps[T any](d *decoder, read func(*decoder, *T)) map[string]map[string]T {
	outer := make(map[string]map[string]T)
	d.BeginObject()
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		if !d.BeginObject() {
			outer[key] = nil
			continue
		}
		inner := make(map[string]T)
		for name, ok := d.NextKey(); ok; name, ok = d.NextKey() {
			var value T
			read(d, &value)
			inner[name] = value
		}
		outer[key] = inner
	}
	return outer
}

// enums returns strings as values of an enum.
func enums[T ~string](values []string) []T {
	if values == nil {
		return nil
	}
	found := make([]T, len(values))
	for i, value := range values {
		found[i] = T(value)
	}
	return found
}

// timePointer reads a date and time of RFC 3339, or null.
func (d *decoder) timePointer() *time.Time {
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

// number is a number of a union. Its kind is the Type of the union, or empty if the text is not a number.
type number struct {
	integer *int64
	number  *float64
	kind    string
	raw     string // the text, if a float64 may not hold all of its digits
}

func (d *decoder) number(text string) number {
	if integer, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number{integer: d.PointToInt64(integer), kind: "integer"}
	}
	float, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(float, 0) {
		return number{raw: text}
	}
	n := number{number: d.PointToFloat64(float), kind: "number"}
	if len(text) > 15 || math.IsInf(float, 0) {
		n.raw = text
	}
	return n
}

// skipped skips a value and returns its text.
func (d *decoder) skipped() string {
	from := d.Offset()
	d.Skip()
	return d.Raw(from, d.Offset())
}

// mark is how the decoder recognizes a variant of a union: by the value of the discriminator, or by a member that only
// this variant requires.
type mark struct{ value, member string }

// variant returns the value of the discriminator of the next object, without reading the object. An object without a
// discriminator is the first variant, or a later one whose own member it has. variant returns an empty string for a
// value that is not an object, and for a discriminator that is not a string.
func (d *decoder) variant(discriminator string, marks ...mark) string {
	if d.Kind() != '{' {
		return ""
	}
	defer d.Return(d.Offset())
	d.BeginObject()
	found := marks[0].value
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		if kind := d.Kind(); kind != 'n' {
			if key == discriminator {
				if kind == '"' {
					return d.String()
				}
				return ""
			}
			for _, mark := range marks[1:] {
				if key == mark.member {
					found = mark.value
				}
			}
		}
		d.Skip()
	}
	return found
}

// appendUnknown reads the value of a member that has no field, and appends the member to others.
func (d *decoder) appendUnknown(members []byte, key string) []byte {
	if len(members) > 0 {
		members = append(members, ',')
	}
	members = append(append(members, quote(key)...), ':')
	return append(members, d.skipped()...)
}

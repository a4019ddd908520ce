package jsonscan

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// StringPointer reads a string into a pool. It returns nil for null and, if the scanner is lenient, for a value of another
// type. The other functions for pointers do the same.
func (s *Scanner) StringPointer() *string {
	if !s.Enters('"', "a string") {
		return nil
	}
	return s.strings.New(s.quoted())
}

// BoolPointer reads a boolean, as StringPointer reads a string.
func (s *Scanner) BoolPointer() *bool {
	if c := s.peek(); c != 't' && c != 'f' {
		s.other("a boolean")
		return nil
	}
	return s.bools.New(s.Bool())
}

// Int64Pointer reads a whole number, as StringPointer reads a string.
func (s *Scanner) Int64Pointer() *int64 {
	value, ok := s.int64()
	if !ok {
		return nil
	}
	return s.ints.New(value)
}

// Float64Pointer reads a number, as StringPointer reads a string.
func (s *Scanner) Float64Pointer() *float64 {
	value, ok := s.float64()
	if !ok {
		return nil
	}
	return s.floats.New(value)
}

// PointTo stores a string in a pool and returns its address.
func (s *Scanner) PointTo(value string) *string { return s.strings.New(value) }

// PointToBool stores a boolean in a pool and returns its address.
func (s *Scanner) PointToBool(value bool) *bool { return s.bools.New(value) }

// PointToInt64 stores a whole number in a pool and returns its address.
func (s *Scanner) PointToInt64(value int64) *int64 { return s.ints.New(value) }

// PointToFloat64 stores a number in a pool and returns its address.
func (s *Scanner) PointToFloat64(value float64) *float64 { return s.floats.New(value) }

// Strings reads an array of strings. It returns nil for null. A lenient scanner reads an element of another type as "".
func (s *Scanner) Strings() []string {
	if !s.BeginArray() {
		return nil
	}
	s.strings.Begin()
	for s.NextElement() {
		value := s.String()
		*s.strings.Add() = value
	}
	return s.strings.Take()
}

// deepest is how deeply nested a value of Any may be. The library refuses responses nested deeper than 128.
const deepest = 512

// Map reads an object with members of any type. It returns nil for null.
func (s *Scanner) Map() map[string]any { return s.mapAt(0) }

func (s *Scanner) mapAt(depth int) map[string]any {
	if !s.BeginObject() {
		return nil
	}
	found := make(map[string]any)
	for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
		found[key] = s.anyAt(depth + 1)
	}
	return found
}

// Any reads any value as encoding/json does. A number is a float64. It is a json.Number if it is a whole number that a
// float64 cannot hold exactly, or if it is beyond the range of a float64.
func (s *Scanner) Any() any { return s.anyAt(0) }

func (s *Scanner) anyAt(depth int) any {
	if depth > deepest {
		s.fail("nested too deep")
		return nil
	}
	switch s.peek() {
	case '"':
		return s.quoted()
	case '{':
		return s.mapAt(depth)
	case '[':
		s.pos++
		found := []any{}
		for s.NextElement() {
			found = append(found, s.anyAt(depth+1))
		}
		return found
	case 't', 'f':
		return s.Bool()
	case 'n':
		s.literal("null")
		return nil
	}
	from := s.pos
	text := s.Number()
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case s.err != nil:
		return nil
	case err != nil && !math.IsInf(value, 0):
		s.failAt(from, "expected a number")
		return nil
	case exact(text, value):
		return value
	}
	return json.Number(text)
}

// exact reports whether a float64 has the value of text. A number with a fraction or an exponent may be rounded, as in
// encoding/json.
func exact(text string, value float64) bool {
	if len(text) <= 15 || strings.ContainsAny(text, ".eE") {
		return !math.IsInf(value, 0)
	}
	return strconv.FormatFloat(value, 'f', 0, 64) == text
}

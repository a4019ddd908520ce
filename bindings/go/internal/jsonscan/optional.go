package jsonscan

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// What follows reads values that may be null or absent: a pointer out of a pool, or nil for null and, if
// the scanner is lenient, for a value of another type.

func (s *Scanner) StringPointer() *string {
	if !s.Enters('"', "a string") {
		return nil
	}
	return s.strings.New(s.quoted())
}

func (s *Scanner) BoolPointer() *bool {
	if c := s.peek(); c != 't' && c != 'f' {
		s.other("a boolean")
		return nil
	}
	return s.bools.New(s.Bool())
}

func (s *Scanner) Int64Pointer() *int64 {
	value, ok := s.int64()
	if !ok {
		return nil
	}
	return s.ints.New(value)
}

func (s *Scanner) Float64Pointer() *float64 {
	value, ok := s.float64()
	if !ok {
		return nil
	}
	return s.floats.New(value)
}

// PointTo gives a value that was read already a place of its own.
func (s *Scanner) PointTo(value string) *string { return s.strings.New(value) }

// PointToBool is PointTo for a truth value.
func (s *Scanner) PointToBool(value bool) *bool { return s.bools.New(value) }

// PointToInt64 is PointTo for a whole number.
func (s *Scanner) PointToInt64(value int64) *int64 { return s.ints.New(value) }

// PointToFloat64 is PointTo for a number.
func (s *Scanner) PointToFloat64(value float64) *float64 { return s.floats.New(value) }

// Strings reads an array of strings; null is nil. A lenient scanner reads an element of another type as "".
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

// deepest is how far Any follows nested values; the core admits no more than 128.
const deepest = 512

// Map reads an object whose members may be anything; null is nil.
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

// Any reads any value as encoding/json does: a number is a float64. A whole number that a float64 does not
// hold exactly, and one beyond its range, is a json.Number.
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

// exact says whether a float64 holds what text says. One with a fraction or exponent is taken as
// encoding/json takes it, rounded.
func exact(text string, value float64) bool {
	if len(text) <= 15 || strings.ContainsAny(text, ".eE") {
		return !math.IsInf(value, 0)
	}
	return strconv.FormatFloat(value, 'f', 0, 64) == text
}

// Package jsonscan reads JSON text in one pass and without a copy of it: the strings that it returns are parts of the text.
// The library has validated every response that it returns, so that this package is not a validator. For any text it
// returns, without a panic, a value or an error.
package jsonscan

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Scanner reads the values of a text one after the other. After the first error every value is empty and every loop ends,
// so that a caller checks Err only once, at the end.
//
// Its pools have the memory for optional values. A value in a pool keeps the other values of the pool in memory. They all
// belong to the same response.
type Scanner struct {
	// Lenient makes the scanner skip a value of another type than the expected one, as if it were null. Text that is not
	// JSON is still an error.
	Lenient bool

	text string
	pos  int
	err  *Error

	strings Pool[string]
	bools   Pool[bool]
	ints    Pool[int64]
	floats  Pool[float64]
}

// Text returns data as a string. Like encoding/json, it replaces each byte that is not part of UTF-8 by U+FFFD, so that
// two keys that become the same are one key of a map.
func Text(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	return string([]rune(string(data)))
}

// New returns a scanner at the beginning of text.
func New(text string) Scanner { return Scanner{text: text} }

// Err returns the first error, or nil.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil // not a nil *Error in a non-nil error
	}
	return s.err
}

// End fails if there is more than white space after the value.
func (s *Scanner) End() {
	if s.err == nil && s.peek() != 0 {
		s.fail("expected the end of the text")
	}
}

// Offset returns the number of bytes that were read.
func (s *Scanner) Offset() int { return s.pos }

// Return goes back to an offset, to read a value again. After an error it does nothing.
func (s *Scanner) Return(offset int) {
	if s.err == nil {
		s.pos = offset
	}
}

// Remaining returns the number of bytes that were not read yet.
func (s *Scanner) Remaining() int { return len(s.text) - s.pos }

// Raw returns the text from one offset to another, without the white space around it.
func (s *Scanner) Raw(from, to int) string { return strings.TrimSpace(s.text[from:to]) }

// Kind returns the first byte of the next value: one of {["tfn, a minus sign or a digit. At the end it returns 0.
func (s *Scanner) Kind() byte { return s.peek() }

func (s *Scanner) peek() byte {
	for s.pos < len(s.text) {
		if c := s.text[s.pos]; c > ' ' {
			return c
		}
		s.pos++
	}
	return 0
}

// Null reads null and returns true, or returns false if the next value is not null.
func (s *Scanner) Null() bool {
	if s.peek() == 'n' {
		s.literal("null")
		return true
	}
	return false
}

// Expect fails if the next value is neither null nor of a kind (see Kind), even if the scanner is lenient.
func (s *Scanner) Expect(kind byte, what string) {
	if c := s.peek(); c != kind && c != 'n' {
		s.failKind(what)
	}
}

// Enters reports whether the next value is of a kind (see Kind). It skips null, and treats any other value as one of an
// unexpected type.
func (s *Scanner) Enters(kind byte, what string) bool {
	if s.peek() == kind {
		return true
	}
	s.other(what)
	return false
}

// other skips null, and treats any other value as one of an unexpected type.
func (s *Scanner) other(expected string) {
	if !s.Null() {
		s.mismatch(expected)
	}
}

// BeginObject enters an object. It returns false if the next value is not an object.
func (s *Scanner) BeginObject() bool { return s.begin('{', "an object") }

// BeginArray enters an array. It returns false if the next value is not an array.
func (s *Scanner) BeginArray() bool { return s.begin('[', "an array") }

func (s *Scanner) begin(open byte, what string) bool {
	if !s.Enters(open, what) {
		return false
	}
	s.pos++
	return true
}

// NextKey returns the key of the next member. At the end of the object it leaves the object and returns false.
func (s *Scanner) NextKey() (string, bool) {
	c := s.peek()
	if c == ',' {
		s.pos++
		c = s.peek()
	}
	switch c {
	case '"':
		key := s.quoted()
		if s.peek() != ':' {
			s.fail("expected a colon")
			return "", false
		}
		s.pos++
		return key, true
	case '}':
		s.pos++
	default:
		s.fail("expected a key or the end of an object")
	}
	return "", false
}

// NextElement returns true if there is another element. At the end of the array it leaves the array and returns false.
func (s *Scanner) NextElement() bool {
	c := s.peek()
	if c == ',' {
		s.pos++
		c = s.peek()
	}
	switch c {
	case ']':
		s.pos++
		return false
	case 0, '}', ':', ',':
		s.fail("expected a value or the end of an array")
		return false
	}
	return true
}

// String reads a string. It returns an empty string for null.
func (s *Scanner) String() string {
	if s.Enters('"', "a string") {
		return s.quoted()
	}
	return ""
}

// quoted reads a string. Its opening quote is the next byte.
func (s *Scanner) quoted() string {
	rest := s.text[s.pos+1:]
	end := strings.IndexByte(rest, '"')
	if end < 0 {
		s.fail("expected the end of a string")
		return ""
	}
	if found := rest[:end]; strings.IndexByte(found, '\\') < 0 {
		s.pos += end + 2
		return found
	}
	return s.escaped()
}

// escaped reads a string that contains a backslash. Only such a string is a copy.
func (s *Scanner) escaped() string {
	begin, end := s.pos+1, s.pos+1
	unicode := false
	for end < len(s.text) && s.text[end] != '"' {
		if s.text[end] == '\\' {
			end++
			unicode = unicode || end < len(s.text) && s.text[end] == 'u'
		}
		end++
	}
	if end >= len(s.text) {
		s.fail("expected the end of a string")
		return ""
	}
	s.pos = end + 1
	if !unicode {
		if value, ok := unescape(s.text[begin:end]); ok {
			return value
		}
	}
	var value string // encoding/json reads the rare cases: \u, surrogates and invalid escapes
	if json.Unmarshal([]byte(s.text[begin-1:end+1]), &value) != nil {
		s.failAt(begin-1, "expected a string")
	}
	return value
}

func unescape(text string) (string, bool) {
	value := make([]byte, 0, len(text))
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 || i+1 >= len(text) {
			return string(append(value, text...)), i < 0
		}
		value = append(value, text[:i]...)
		c := text[i+1]
		switch c {
		case '"', '\\', '/':
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		default:
			return "", false
		}
		value, text = append(value, c), text[i+2:]
	}
}

// Bool reads a boolean. It returns false for null.
func (s *Scanner) Bool() bool {
	switch s.peek() {
	case 't':
		return s.literal("true")
	case 'f':
		s.literal("false")
	default:
		s.other("a boolean")
	}
	return false
}

func (s *Scanner) literal(word string) bool {
	if !strings.HasPrefix(s.text[s.pos:], word) {
		s.fail("expected " + word)
		return false
	}
	s.pos += len(word)
	return true
}

// Number reads a number and returns its text.
func (s *Scanner) Number() string {
	if c := s.peek(); c != '-' && (c < '0' || c > '9') {
		s.mismatch("a number")
		return ""
	}
	from := s.pos
	for s.pos++; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default:
			return s.text[from:s.pos]
		}
	}
	return s.text[from:]
}

// Float64 reads a number. It returns 0 for null.
func (s *Scanner) Float64() float64 {
	value, _ := s.float64()
	return value
}

// float64 reads a number. ok is false if there is none, or none that fits.
func (s *Scanner) float64() (value float64, ok bool) {
	if !s.isNumber() {
		s.other("a number")
		return 0, false
	}
	from := s.pos
	text := s.Number()
	if value, ok := small(text); ok {
		return float64(value), true
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		s.unfit(from, "expected a number that fits a float64")
		return 0, false
	}
	return value, true
}

// Int64 reads a whole number. It returns 0 for null.
func (s *Scanner) Int64() int64 {
	value, _ := s.int64()
	return value
}

// int64 reads a whole number. ok is false if there is none, or none that fits.
func (s *Scanner) int64() (value int64, ok bool) {
	if !s.isNumber() {
		s.other("a number")
		return 0, false
	}
	from := s.pos
	text := s.Number()
	if value, ok := small(text); ok {
		return value, true
	}
	if value, ok = Whole(text); !ok {
		s.unfit(from, "expected a whole number that fits an int64")
	}
	return value, ok
}

func (s *Scanner) isNumber() bool {
	c := s.peek()
	return c == '-' || c >= '0' && c <= '9'
}

// unfit fails, unless the scanner is lenient, because a value of the right type cannot be used.
func (s *Scanner) unfit(offset int, problem string) {
	if !s.Lenient {
		s.failAt(offset, problem)
	}
}

// small reads a whole number of at most 15 digits, as most numbers are. A float64 holds such a number exactly.
func small(text string) (int64, bool) {
	if len(text) == 0 || len(text) > 15 {
		return 0, false
	}
	var value int64
	for i := 0; i < len(text); i++ {
		digit := text[i] - '0'
		if digit > 9 {
			return 0, false
		}
		value = value*10 + int64(digit)
	}
	return value, true
}

// Whole returns the value of a whole number in any spelling: 10, 10.0 and 1e1 are the same number.
func Whole(text string) (int64, bool) {
	value, err := strconv.ParseInt(text, 10, 64)
	if err == nil {
		return value, true
	}
	float, err := strconv.ParseFloat(text, 64)
	if err != nil || float != float64(int64(float)) || float >= 1<<53 || float <= -1<<53 {
		return 0, false
	}
	return int64(float), true
}

// Skip skips a value of any type.
func (s *Scanner) Skip() {
	switch c := s.peek(); c {
	case '"':
		s.skipString()
	case '{', '[':
		s.skipNested()
	case 't':
		s.literal("true")
	case 'f':
		s.literal("false")
	case 'n':
		s.literal("null")
	default:
		s.Number()
	}
}

func (s *Scanner) skipString() {
	rest := s.text[s.pos+1:]
	end := strings.IndexByte(rest, '"')
	if end >= 0 && strings.IndexByte(rest[:end], '\\') < 0 {
		s.pos += end + 2
		return
	}
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			s.pos += i + 2
			return
		}
	}
	s.fail("expected the end of a string")
}

// skipNested skips an object or an array. It counts brackets, so that deep nesting does not exhaust the stack.
func (s *Scanner) skipNested() {
	for depth := 0; s.pos < len(s.text); {
		switch s.text[s.pos] {
		case '"':
			s.skipString()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.pos++
		if depth == 0 {
			return
		}
	}
	s.fail("expected the end of an object or array")
}

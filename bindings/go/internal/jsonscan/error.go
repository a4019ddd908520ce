package jsonscan

import "strconv"

// An Error names a place in the text and says what was expected there.
type Error struct {
	Path    string // for example data[3].form_fields[0].label; empty for the whole text
	Offset  int
	Problem string
}

func (e *Error) Error() string {
	place := e.Path
	if place == "" {
		place = "offset " + strconv.Itoa(e.Offset)
	}
	return place + ": " + e.Problem
}

func (s *Scanner) fail(problem string) { s.failAt(s.pos, problem) }

func (s *Scanner) failAt(offset int, problem string) {
	if s.err == nil {
		s.err = &Error{Path: pathTo(s.text, offset), Offset: offset, Problem: problem}
	}
	s.pos = len(s.text) // this ends every loop
}

// Unfit reports that a value is of the right type but cannot be used. A lenient scanner ignores this.
func (s *Scanner) Unfit(offset int, problem string) { s.unfit(offset, problem) }

// mismatch skips a value of another type than the expected one. A scanner that is not lenient reports the value.
func (s *Scanner) mismatch(expected string) {
	switch c := s.peek(); {
	case !s.Lenient:
	case c == '"', c == '{', c == '[', c == 't', c == 'f', s.isNumber():
		s.Skip()
		return
	}
	s.failKind(expected)
}

// failKind reports the kind of the next value, but not the value, which may be secret.
func (s *Scanner) failKind(expected string) {
	found := "something that is not JSON"
	switch c := s.peek(); {
	case c == 0:
		found = "the end of the text"
	case c == '"':
		found = "a string"
	case c == '{':
		found = "an object"
	case c == '[':
		found = "an array"
	case c == 't', c == 'f':
		found = "a boolean"
	case c == 'n':
		found = "null"
	case c == '-', c >= '0' && c <= '9':
		found = "a number"
	}
	s.fail("expected " + expected + ", found " + found)
}

// pathTo returns the path to an offset. It reads the text again, so that a text without errors has no cost.
func pathTo(text string, offset int) string {
	type level struct {
		array bool
		index int
		key   string
	}
	var levels []level
	for i := 0; i < offset && i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			levels = append(levels, level{array: text[i] == '['})
		case '}', ']':
			if len(levels) > 0 {
				levels = levels[:len(levels)-1]
			}
		case ',':
			if len(levels) > 0 {
				levels[len(levels)-1].index++
			}
		case '"':
			from := i + 1
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i < offset && i+1 < len(text) && text[i+1] == ':' && len(levels) > 0 {
				levels[len(levels)-1].key = text[from:i]
			}
		}
	}
	var path []byte
	for _, level := range levels {
		if level.array {
			path = append(path, '[')
			path = strconv.AppendInt(path, int64(level.index), 10)
			path = append(path, ']')
			continue
		}
		if len(path) > 0 {
			path = append(path, '.')
		}
		path = append(path, level.key...)
	}
	return string(path)
}

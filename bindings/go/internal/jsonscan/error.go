package jsonscan

import "strconv"

// An Error says where in the text what was expected.
type Error struct {
	Path    string // data[3].form_fields[0].label; empty for the whole text
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
	s.pos = len(s.text) // every loop ends here
}

// Fail reports a problem with the value that begins at an offset.
func (s *Scanner) Fail(offset int, problem string) { s.failAt(offset, problem) }

// mismatch reports the kind of the next value, never the value.
func (s *Scanner) mismatch(expected string) {
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

// pathTo walks the text again, up to the offset, to name the place. It costs nothing while all is well.
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

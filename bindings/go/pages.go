package apideckvault

import (
	"strings"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
)

// nextCursor returns meta.cursors.next of a response body, or nil if there is no next page. A cursor that is a number
// is sent back as it is written.
func nextCursor(body string) *string {
	next := member(member(member(body, "meta"), "cursors"), "next")
	switch s := jsonscan.New(next); s.Kind() {
	case '"':
		next = s.String()
	case '{', '[', 't', 'f', 'n':
		return nil
	}
	if strings.TrimSpace(next) == "" {
		return nil
	}
	return &next
}

// member returns the JSON text of a member of an object, or an empty string if there is none.
func member(object, name string) (value string) {
	readMembers(object, func(key string, s *jsonscan.Scanner) bool {
		if key != name {
			return false
		}
		start := s.Offset()
		s.Skip()
		value = s.Raw(start, s.Offset())
		return true
	})
	return value
}

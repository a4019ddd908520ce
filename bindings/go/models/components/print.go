package components

import (
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
)

// longest is the number of characters of a string that a debug print shows.
const longest = 24

// summary returns names and values in braces. It leaves out values that are nil or 0.
func summary(pairs ...any) string {
	var fields []string
	for i := 0; i < len(pairs); i += 2 {
		v := reflect.ValueOf(pairs[i+1])
		if v.IsZero() {
			continue
		}
		v = reflect.Indirect(v)
		text := fmt.Sprint(v.Interface())
		if v.Kind() == reflect.String {
			if runes := []rune(text); len(runes) > longest {
				text = string(runes[:longest]) + "…"
			}
			text = strconv.Quote(text)
		}
		fields = append(fields, fmt.Sprint(pairs[i], ":", text))
	}
	return "{" + strings.Join(fields, " ") + "}"
}

// String returns the status, the number of attempts and the length of the body.
func (h HTTPMetadata) String() string {
	var status *int
	if h.Response != nil {
		status = &h.Response.StatusCode
	}
	return "HTTPMetadata" + summary("Status", status, "Attempts", h.Attempts, "RawJSON", strconv.Itoa(len(h.RawJSON))+" bytes")
}

// GoString returns what the format %#v prints.
func (h HTTPMetadata) GoString() string { return "components." + h.String() }

// LogValue returns what log/slog writes, without the body.
func (h HTTPMetadata) LogValue() slog.Value { return slog.StringValue(h.String()) }

// String returns the name of the type, without the key.
func (s Security) String() string { return "Security{…}" }

// GoString returns what the format %#v prints.
func (s Security) GoString() string { return "components." + s.String() }

// LogValue returns what log/slog writes, without the key.
func (s Security) LogValue() slog.Value { return slog.StringValue(s.String()) }

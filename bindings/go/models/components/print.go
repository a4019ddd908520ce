package components

import (
	"fmt"
	"log/slog"
	"reflect"
	"strconv"
	"strings"
)

// What follows is how models print: in one or two lines, without URLs, images, credentials and the values
// of settings.

// String returns what tells the connection from others and how it is. It fits in two lines of a terminal.
func (c Connection) String() string { return "Connection" + c.summary() }

// GoString returns what %#v prints.
func (c Connection) GoString() string { return "components." + c.String() }

// LogValue returns what log/slog writes.
func (c Connection) LogValue() slog.Value { return slog.StringValue(c.String()) }

func (c Connection) summary() string {
	return summary("ID", c.ID, "Name", c.Name, "State", c.State, "Health", c.Health, "Enabled", c.Enabled, "AuthType", c.AuthType, "Settings", len(c.Settings))
}

// String returns what changes, without the values of settings.
func (c ConnectionInput) String() string {
	return "ConnectionInput" + summary("Enabled", c.Enabled, "Settings", len(c.Settings), "Metadata", len(c.Metadata),
		"Configuration", len(c.Configuration), "CustomMappings", len(c.CustomMappings), "ConsentState", c.ConsentState)
}

// GoString returns what %#v prints.
func (c ConnectionInput) GoString() string { return "components." + c.String() }

// LogValue returns what log/slog writes.
func (c ConnectionInput) LogValue() slog.Value { return slog.StringValue(c.String()) }

// String returns how much is imported, without credentials and the values of settings.
func (c ConnectionImportData) String() string {
	return "ConnectionImportData" + summary("Settings", len(c.Settings), "Metadata", len(c.Metadata))
}

// GoString returns what %#v prints.
func (c ConnectionImportData) GoString() string { return "components." + c.String() }

// LogValue returns what log/slog writes.
func (c ConnectionImportData) LogValue() slog.Value { return slog.StringValue(c.String()) }

// LogValue returns what log/slog writes: not the credentials.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// LogValue returns what log/slog writes: not the key.
func (s Security) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String returns the status and the number of attempts, without the body.
func (h HTTPMetadata) String() string {
	var status *int
	if h.Response != nil {
		status = &h.Response.StatusCode
	}
	return "HTTPMetadata" + summary("Status", status, "Attempts", h.Attempts, "RawJSON", strconv.Itoa(len(h.RawJSON))+" bytes")
}

// GoString returns what %#v prints.
func (h HTTPMetadata) GoString() string { return "components." + h.String() }

// longest is how many characters of a text are printed.
const longest = 24

// summary writes names and values. Those that are nil or 0 are left out.
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

package apideckvault

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
)

// logTo returns a listener that passes the events of one call to a logger, with the call's context.
func logTo(ctx context.Context, logger *slog.Logger) func(event string) {
	return func(event string) {
		s := jsonscan.New(event)
		level, name := slog.LevelDebug, ""
		attrs := make([]slog.Attr, 0, 8)
		s.BeginObject()
		for key, ok := s.NextKey(); ok; key, ok = s.NextKey() {
			if key != "event" {
				attrs = append(attrs, attribute(key, &s))
				continue
			}
			name = s.String()
			switch name {
			case "retry":
				level = slog.LevelWarn
			case "error":
				level = slog.LevelError
			}
			if !logger.Enabled(ctx, level) {
				return
			}
		}
		logger.LogAttrs(ctx, level, "apideck vault "+name, attrs...)
	}
}

// attribute returns a member of an event. A whole number becomes an Int64.
func attribute(key string, s *jsonscan.Scanner) slog.Attr {
	from := s.Offset()
	value := s.Any()
	switch value := value.(type) {
	case string:
		return slog.String(key, value)
	case float64, json.Number:
		if number, ok := jsonscan.Whole(s.Raw(from, s.Offset())); ok {
			return slog.Int64(key, number)
		}
	}
	return slog.Any(key, value)
}

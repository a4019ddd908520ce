package apideckvault

import (
	"context"
	"log/slog"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/jsonscan"
)

// logTo is the sink that hands the library's events to a logger.
func logTo(logger *slog.Logger) func(event string) {
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
			if !logger.Enabled(context.Background(), level) {
				return
			}
		}
		logger.LogAttrs(context.Background(), level, "apideck vault "+name, attrs...)
	}
}

func attribute(key string, s *jsonscan.Scanner) slog.Attr {
	switch s.Kind() {
	case '"':
		return slog.String(key, s.String())
	case '{', '[', 't', 'f', 'n':
		return slog.Any(key, s.Any())
	}
	return slog.Int64(key, s.Int64())
}

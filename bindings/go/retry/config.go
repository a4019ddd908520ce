// Package retry configures whether and how often a request is sent again.
package retry

// BackoffStrategy configures the waits between attempts. The wait after attempt n+1 is a random time between half and all
// of InitialInterval * Exponent^n, or of MaxInterval if that is shorter.
type BackoffStrategy struct {
	// InitialInterval is the first wait, in milliseconds.
	InitialInterval int
	// MaxInterval is the longest wait, in milliseconds.
	MaxInterval int
	// Exponent is the factor from one wait to the next. A factor less than 1 counts as 1.
	Exponent float64
	// MaxElapsedTime is the time after which there is no further attempt, in milliseconds since the call began. With 0
	// there is no second attempt. The timeout of the call bounds the attempts too.
	MaxElapsedTime int
}

// Config is a retry policy. A request is sent again after the statuses 408, 429, 500, 502, 503 and 504, and after a
// connection that broke if the request has no further effect when it is sent twice. An import is sent again only after
// 429 and 503, or if no byte of it was sent. Retry-After makes a wait longer, never shorter.
type Config struct {
	// Strategy is "backoff". Any other value means that there is no second attempt.
	Strategy string
	// Backoff configures the waits. Nil means that there is no second attempt.
	Backoff *BackoffStrategy
	// RetryConnectionErrors says whether a request is sent again after a connection that broke.
	RetryConnectionErrors bool
	// MaxAttempts is the maximum number of attempts. 0 means that there is no maximum.
	MaxAttempts int
}

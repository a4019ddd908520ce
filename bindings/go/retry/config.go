// Package retry says whether and how often a call is tried again.
package retry

// BackoffStrategy is how long to wait between attempts. A wait is a random part (half to all) of the
// smaller of MaxInterval and InitialInterval * Exponent^n.
type BackoffStrategy struct {
	// InitialInterval is the first wait, in milliseconds.
	InitialInterval int
	// MaxInterval is the longest wait, in milliseconds.
	MaxInterval int
	// Exponent is what a wait is multiplied by for the next one. Less than 1 counts as 1: all are alike.
	Exponent float64
	// MaxElapsedTime is when to stop trying, in milliseconds since the call began; with 0 there is no
	// second attempt. The timeout of the call ends it too.
	MaxElapsedTime int
}

// Config is a retry policy. A request is sent again after the statuses 408, 429, 500, 502, 503 and 504,
// and after broken connections where sending it again can do no harm; an import only after 429 and 503,
// or if no byte of it was sent. Retry-After makes a wait longer, never shorter.
type Config struct {
	// Strategy is "backoff"; anything else is for no second attempt.
	Strategy string
	// Backoff is how long to wait; nil for no second attempt.
	Backoff *BackoffStrategy
	// RetryConnectionErrors says whether to try again after broken connections too.
	RetryConnectionErrors bool
	// MaxAttempts is how often a request is sent at most; 0 for no such bound.
	MaxAttempts int
}

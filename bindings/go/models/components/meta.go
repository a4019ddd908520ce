package components

// Meta is what a [GetConnectionResponse] says about itself.
type Meta struct {
	// ItemsOnPage is how many items Data has.
	ItemsOnPage *int64   `json:"items_on_page,omitempty"`
	Cursors     *Cursors `json:"cursors,omitempty"`
	// TotalCount is how many items there are on all pages.
	TotalCount *int64     `json:"total_count,omitempty"`
	Warnings   []Warnings `json:"warnings,omitempty"`
}

// Cursors name the pages around an answer.
type Cursors struct {
	Previous *string `json:"previous,omitempty"`
	Current  *string `json:"current,omitempty"`
	Next     *string `json:"next,omitempty"`
}

// Warnings is one step behind Vault that failed and that the answer could do without.
type Warnings struct {
	// Type is the kind of warning: downstream_request_failed.
	Type *string `json:"type,omitempty"`
	// StatusCode is the HTTP status of the service.
	StatusCode *int64 `json:"status_code,omitempty"`
	// Error is what the service said, in a few words.
	Error *string `json:"error,omitempty"`
	// Operation names the step.
	Operation *string `json:"operation,omitempty"`
	// Message is what the service said at length.
	Message *string `json:"message,omitempty"`
}

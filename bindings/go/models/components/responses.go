package components

// GetConnectionsResponse is the body of a list.
type GetConnectionsResponse struct {
	// StatusCode is the HTTP status.
	StatusCode int64 `json:"status_code"`
	// Status is the HTTP status in words.
	Status string       `json:"status"`
	Data   []Connection `json:"data"`
	// Raw is the answer of the service behind Vault, where it was asked for.
	Raw map[string]any `json:"_raw,omitempty"`
}

// GetConnectionResponse is the body that Get and Token return.
type GetConnectionResponse struct {
	// StatusCode is the HTTP status.
	StatusCode int64 `json:"status_code"`
	// Status is the HTTP status in words.
	Status string     `json:"status"`
	Data   Connection `json:"data"`
	Meta   *Meta      `json:"meta,omitempty"`
	// Raw is the answer of the service behind Vault, where it was asked for.
	Raw map[string]any `json:"_raw,omitempty"`
}

// UpdateConnectionResponse is the body that Update returns.
type UpdateConnectionResponse struct {
	// StatusCode is the HTTP status.
	StatusCode int64 `json:"status_code"`
	// Status is the HTTP status in words.
	Status string     `json:"status"`
	Data   Connection `json:"data"`
	// Raw is the answer of the service behind Vault, where it was asked for.
	Raw map[string]any `json:"_raw,omitempty"`
}

// CreateConnectionResponse is the body that Imports returns.
type CreateConnectionResponse struct {
	// StatusCode is the HTTP status.
	StatusCode int64 `json:"status_code"`
	// Status is the HTTP status in words.
	Status string     `json:"status"`
	Data   Connection `json:"data"`
	// Raw is the answer of the service behind Vault, where it was asked for.
	Raw map[string]any `json:"_raw,omitempty"`
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are
// parts of text. A value of another type than its field has is left out. It returns an error if text is
// not a JSON object.
func (g *GetConnectionsResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readGetConnectionsResponse(g)
	return d.finish()
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are
// parts of text. A value of another type than its field has is left out. It returns an error if text is
// not a JSON object.
func (g *GetConnectionResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readGetConnectionResponse(g)
	return d.finish()
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are
// parts of text. A value of another type than its field has is left out. It returns an error if text is
// not a JSON object.
func (u *UpdateConnectionResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readUpdateConnectionResponse(u)
	return d.finish()
}

// DecodeJSON reads the response from JSON text without copying it: the strings of the response are
// parts of text. A value of another type than its field has is left out. It returns an error if text is
// not a JSON object.
func (c *CreateConnectionResponse) DecodeJSON(text string) error {
	d := newDecoder(text)
	d.Expect('{', "an object")
	d.readCreateConnectionResponse(c)
	return d.finish()
}

// UnexpectedErrorResponse is an error whose status the API does not describe. Calls never return it:
// such an answer is an *apierrors.APIError.
type UnexpectedErrorResponse struct {
	StatusCode *float64 `json:"status_code,omitempty"`
	Error      *string  `json:"error,omitempty"`
	TypeName   *string  `json:"type_name,omitempty"`
	Message    *string  `json:"message,omitempty"`
	Detail     *Detail  `json:"detail,omitempty"`
	// Ref is where the documentation describes the error.
	Ref *string `json:"ref,omitempty"`
}

// DetailType says which field of a [Detail] is set.
type DetailType string

const (
	DetailTypeStr      DetailType = "str"
	DetailTypeMapOfAny DetailType = "mapOfAny"
)

// Detail is what an error says about its cause: a sentence or an object. A value of another kind has an
// empty Type, and is encoded again as it came.
type Detail struct {
	Str      *string
	MapOfAny map[string]any

	Type DetailType
	raw  string
}

// CreateDetailStr makes a sentence.
func CreateDetailStr(str string) Detail { return Detail{Str: &str, Type: DetailTypeStr} }

// CreateDetailMapOfAny makes an object.
func CreateDetailMapOfAny(mapOfAny map[string]any) Detail {
	return Detail{MapOfAny: mapOfAny, Type: DetailTypeMapOfAny}
}

func (u Detail) MarshalJSON() ([]byte, error) {
	switch {
	case u.Str != nil:
		return encode(*u.Str)
	case u.MapOfAny != nil:
		return encode(u.MapOfAny)
	}
	return encodeUnion("Detail", u.raw)
}

// Error is the detail as JSON.
func (u Detail) Error() string {
	text, err := u.MarshalJSON()
	if err != nil {
		return "unknown error"
	}
	return string(text)
}

func (d *decoder) readDetail(u *Detail) {
	switch from := d.Offset(); d.Kind() {
	case '"':
		*u = Detail{Str: d.PointTo(d.String()), Type: DetailTypeStr}
	case '{':
		*u = CreateDetailMapOfAny(d.Map())
	default:
		d.Skip()
		*u = Detail{raw: d.Raw(from, d.Offset())}
	}
}

// Package components holds the types of the Vault API: connections, what they are made of, and the
// bodies of requests and responses.
//
// Optional fields are pointers; nil means that the field was absent or null. A field or an enum value
// that this version does not know is no error: enum types are strings and keep what was sent, and the
// untouched JSON of a response is in [HTTPMetadata].
//
// In maps of any, a number is a float64; a whole number that a float64 does not hold exactly is a
// json.Number.
//
// The values of one response share memory: a string kept from it keeps the whole response. Where a
// program keeps little of a big response for long, strings.Clone cuts it loose.
package components

//go:generate go run ../../internal/generate

// Package components holds the types of the Vault API: connections, consumers, sessions, and the bodies of requests and
// responses.
//
// An optional field is a pointer, a map or a slice. It is nil if the response has no such field, if the field is null, and
// if its value is of another type. A field or an enum value that this version does not know is not an error: an enum is a
// string and keeps what the server sent, and the response body is in [HTTPMetadata] as text.
//
// In a map of any, a number is a float64. A whole number that a float64 cannot hold exactly is a json.Number.
//
// The values of one response share memory, so that a string of a response keeps the whole response in memory. To keep a
// small part of a large response for a long time, copy its strings with strings.Clone.
package components

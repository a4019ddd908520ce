// Package types makes pointers for optional fields, as the root package does too.
package types

// String is the address of a copy of s.
func String(s string) *string { return &s }

// Bool is the address of a copy of b.
func Bool(b bool) *bool { return &b }

// Int is the address of a copy of i.
func Int(i int) *int { return &i }

// Int64 is the address of a copy of i.
func Int64(i int64) *int64 { return &i }

// Float32 is the address of a copy of f.
func Float32(f float32) *float32 { return &f }

// Float64 is the address of a copy of f.
func Float64(f float64) *float64 { return &f }

// Pointer is the address of a copy of v.
func Pointer[T any](v T) *T { return &v }

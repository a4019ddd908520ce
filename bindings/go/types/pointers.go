// Package types has functions that return pointers for optional fields. The root package has them too.
package types

// String returns the address of a copy of s, for optional fields.
func String(s string) *string { return &s }

// Bool returns the address of a copy of b, for optional fields.
func Bool(b bool) *bool { return &b }

// Int returns the address of a copy of i, for optional fields.
func Int(i int) *int { return &i }

// Int64 returns the address of a copy of i, for optional fields.
func Int64(i int64) *int64 { return &i }

// Float32 returns the address of a copy of f, for optional fields.
func Float32(f float32) *float32 { return &f }

// Float64 returns the address of a copy of f, for optional fields.
func Float64(f float64) *float64 { return &f }

// Pointer returns the address of a copy of v, for optional fields.
func Pointer[T any](v T) *T { return &v }

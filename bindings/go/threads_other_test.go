//go:build !linux

package apideckvault_test

import "testing"

// threadCount returns 0, because the number is not available here.
func threadCount(*testing.T) int { return 0 }

package apideckvault_test

import (
	"os"
	"testing"
)

// threadCount is how many threads this process has.
func threadCount(t *testing.T) int {
	t.Helper()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(threads)
}

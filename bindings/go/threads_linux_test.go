package apideckvault_test

import (
	"os"
	"testing"
)

// threadCount returns the number of threads of this process.
func threadCount(t *testing.T) int {
	t.Helper()
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	return len(threads)
}

package main

import (
	"bytes"
	"os"
	"testing"
)

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for name, text := range files(root()) {
		if present, err := os.ReadFile(name); err != nil || !bytes.Equal(present, text) {
			t.Errorf("%s is out of date: run go generate ./...", name)
		}
	}
}

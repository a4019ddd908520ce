package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for name, text := range files(root()) {
		if present, err := os.ReadFile(name); err != nil || !bytes.Equal(present, text) {
			t.Errorf("%s is out of date: run go generate ./...", name)
		}
	}
}

func TestATypeThatHasItselfInItIsRefused(t *testing.T) {
	for source, want := range map[string]string{
		"type A struct { B []A }": "A has itself in it, by way of A.B",
		"type A struct { B *A }":  "A has itself in it, by way of A.B",
		"type A struct { S string; B []B }; type B struct { C map[string]C }; type C struct { D *D }; type D struct { A, E []B }": "B has itself in it, by way of B.C.D.A",
		"type A struct { B []B; C *B; D map[string][]B }; type B struct { C string }":                                             "",
		"type A struct { B, C []B }; type B struct { D []D }; type D struct{}":                                                    "",
	} {
		p := newPkg()
		file, err := parser.ParseFile(token.NewFileSet(), "models.go", "package models; "+source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.add(file)
		switch err := p.checkNesting(); {
		case err == nil && want != "", err != nil && (want == "" || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%s: %v, not %q", source, err, want)
		}
	}
}

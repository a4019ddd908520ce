package vaulttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// place writes an executable file.
func place(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// write writes a file.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// isolate hides every program that this machine has. It keeps python3 and returns a folder for the test's own files, which
// has no program, and is the folder of cargo's builds.
func isolate(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	// The file in PATH may be a script that starts the interpreter.
	python, err := exec.Command("python3", "-c", "import os, sys; print(os.path.realpath(sys.executable))").Output()
	if err != nil {
		t.Skip("no python3 in PATH: wheels are not looked for")
	}
	t.Setenv(pathVariable, "")
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv("PYTHONPATH", "")
	t.Setenv("PYTHONNOUSERSITE", "1")
	t.Setenv("CARGO_TARGET_DIR", filepath.Join(folder, "target"))
	bin := filepath.Join(folder, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(strings.TrimSpace(string(python)), filepath.Join(bin, "python3")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	return folder
}

func expect(t *testing.T, wanted string) {
	t.Helper()
	if found, err := findProgram(); err != nil || filepath.Clean(found) != wanted {
		t.Errorf("%q and %v, not %q", found, err, wanted)
	}
}

func TestTheProgramIsFoundInEachPlaceInTheDocumentedOrder(t *testing.T) {
	folder := isolate(t)
	name := executable(programName)

	packages := filepath.Join(folder, "environment", "lib")
	write(t, filepath.Join(packages, "apideck_vault_sandbox-0.1.0.dist-info", "METADATA"), "Name: apideck-vault-sandbox\nVersion: 0.1.0\n")
	t.Setenv("PYTHONPATH", packages)
	target := place(t, filepath.Join(packages, "bin", name)) // of `pip install --target`
	expect(t, target)

	wheel := place(t, filepath.Join(folder, "environment", "bin", name))
	write(t, filepath.Join(packages, "apideck_vault_sandbox-0.1.0.dist-info", "RECORD"), "../bin/"+name+",,\n")
	expect(t, wheel)

	release := place(t, filepath.Join(folder, "target", "release", name))
	expect(t, release)
	debug := place(t, filepath.Join(folder, "target", "debug", name))
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(debug, later, later); err != nil {
		t.Fatal(err)
	}
	expect(t, debug)

	onPath := place(t, filepath.Join(folder, "bin", name))
	expect(t, onPath)

	own := place(t, filepath.Join(folder, "own", "sandbox"))
	t.Setenv(pathVariable, own)
	expect(t, own)
}

func TestAVirtualEnvironmentIsAskedBeforeThePythonOfThePath(t *testing.T) {
	folder := isolate(t)
	environment := filepath.Join(folder, "venv")
	if output, err := exec.Command("python3", "-m", "venv", "--without-pip", environment).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	found, err := filepath.Glob(filepath.Join(environment, "lib", "python*", "site-packages"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	information := filepath.Join(found[0], "apideck_vault_sandbox-0.1.0.dist-info")
	write(t, filepath.Join(information, "METADATA"), "Name: apideck-vault-sandbox\nVersion: 0.1.0\n")
	write(t, filepath.Join(information, "RECORD"), "../../../bin/apideck-vault-sandbox,,\n")
	program := place(t, filepath.Join(environment, "bin", "apideck-vault-sandbox"))
	t.Setenv("VIRTUAL_ENV", environment)
	expect(t, program)
}

func TestWithoutAProgramOneLineSaysWhatToDo(t *testing.T) {
	isolate(t)
	_, err := findProgram()
	checkout := findCheckout()
	if err == nil || checkout == "" || !strings.Contains(err.Error(), "`cargo build -p apideck-vault-sandbox` in "+checkout) {
		t.Errorf("in %q: %v", checkout, err)
	}
	if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), pathVariable) {
		t.Error(err)
	}
}

func TestAVariableThatNamesNoProgramIsAnErrorThatNamesTheVariable(t *testing.T) {
	folder := isolate(t)
	path := filepath.Join(folder, "missing")
	t.Setenv(pathVariable, path)
	if _, err := findProgram(); err == nil || !strings.Contains(err.Error(), pathVariable+" is "+path) {
		t.Errorf("%v", err)
	}
}

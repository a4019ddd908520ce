package vaulttest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	// programName is the name of the program and of the wheel that contains it.
	programName = "apideck-vault-sandbox"
	// pathVariable has the path of the program to use.
	pathVariable = "APIDECK_VAULT_SANDBOX"
)

// inPython prints the paths where an installed wheel may have its program: those that it recorded, and the place below the
// folder of `pip install --target`.
const inPython = `
from importlib.metadata import PackageNotFoundError, distribution
try:
    wheel = distribution("` + programName + `")
except PackageNotFoundError:
    raise SystemExit
for file in wheel.files or []:
    if file.stem == "` + programName + `":
        print(wheel.locate_file(file))
print(wheel.locate_file("bin/` + programName + `"))
`

// findProgram returns the path of the program.
func findProgram() (string, error) {
	if path := os.Getenv(pathVariable); path != "" {
		if _, err := exec.LookPath(path); err != nil {
			return "", fmt.Errorf("%s is %s, which is not a program: %w", pathVariable, path, errors.Unwrap(err))
		}
		return path, nil
	}
	if path, err := exec.LookPath(programName); err == nil {
		return path, nil
	}
	checkout := findCheckout()
	if path := newest(builds(checkout)); path != "" {
		return path, nil
	}
	if path := installedByPip(); path != "" {
		return path, nil
	}
	remedy := "run `pip install " + programName + "`"
	if checkout != "" {
		remedy = fmt.Sprintf("run `cargo build -p %s` in %s", programName, checkout)
	}
	return "", fmt.Errorf("there is no program %s on PATH, in a checkout or in a Python environment: %s, or set %s to its path",
		programName, remedy, pathVariable)
}

// executable returns the name of a program's file.
func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// findCheckout returns the root of the checkout that contains this file or the working folder, or "".
func findCheckout() string {
	var starts []string
	// With -trimpath the path of this file is not a path of this machine.
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		starts = append(starts, filepath.Dir(file))
	}
	if folder, err := os.Getwd(); err == nil {
		starts = append(starts, folder)
	}
	for _, start := range starts {
		for folder := start; ; folder = filepath.Dir(folder) {
			if isCheckout(folder) {
				return folder
			}
			if folder == filepath.Dir(folder) {
				break
			}
		}
	}
	return ""
}

// isCheckout returns whether a folder has the source of the program.
func isCheckout(folder string) bool {
	manifest, err := os.ReadFile(filepath.Join(folder, "sandbox", "Cargo.toml"))
	return err == nil && strings.Contains(string(manifest), `name = "`+programName+`"`)
}

// builds returns where cargo puts the program of a checkout.
func builds(checkout string) []string {
	if checkout == "" {
		return nil
	}
	target := os.Getenv("CARGO_TARGET_DIR")
	if target == "" {
		target = "target"
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(checkout, target)
	}
	name := executable(programName)
	return []string{filepath.Join(target, "release", name), filepath.Join(target, "debug", name)}
}

// newest returns the file that was changed last, or "" if there is none.
func newest(paths []string) string {
	found, changed := "", int64(0)
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.ModTime().UnixNano() > changed {
			found, changed = path, info.ModTime().UnixNano()
		}
	}
	return found
}

// installedByPip returns the program of the wheel in a Python environment, or "".
func installedByPip() string {
	pythons := []string{"python3", "python"}
	if environment := os.Getenv("VIRTUAL_ENV"); environment != "" {
		folder := "bin"
		if runtime.GOOS == "windows" {
			folder = "Scripts"
		}
		pythons = append([]string{filepath.Join(environment, folder, executable("python"))}, pythons...)
	}
	for _, python := range pythons {
		printed, err := exec.Command(python, "-c", inPython).Output()
		if err != nil {
			continue
		}
		for _, path := range strings.Split(string(printed), "\n") {
			if path, err := exec.LookPath(strings.TrimSpace(path)); err == nil {
				return path
			}
		}
	}
	return ""
}

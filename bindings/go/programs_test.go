package apideckvault_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	officialPath = "github.com/apideck-libraries/sdk-go"
	ownPath      = "github.com/apideck-vault/apideck-vault/bindings/go"
)

// programs is programs for the official SDK, in the order in which they have to run: those of testdata,
// the README's, and those of a text with sample programs in it, if there is one to try them with.
func programs(t *testing.T) (names []string, sources map[string]string) {
	t.Helper()
	sources = map[string]string{}
	for _, name := range []string{"imports", "list", "get", "update", "token", "delete"} {
		text, err := os.ReadFile(filepath.Join("testdata", "programs", name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		names, sources[name] = append(names, name), string(text)
	}
	for _, path := range []string{"README.md", os.Getenv("APIDECK_VAULT_TEST_SAMPLES")} {
		if path == "" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		samples := regexp.MustCompile(`(?m)^package main$`).FindAllStringIndex(string(text), -1)
		if len(samples) == 0 {
			t.Fatalf("%s: no sample programs", path)
		}
		for i, sample := range samples {
			name := fmt.Sprintf("%s-%d", strings.ToLower(strings.SplitN(filepath.Base(path), ".", 2)[0]), i+1)
			names, sources[name] = append(names, name), program(string(text)[sample[0]:])
		}
	}
	return names, sources
}

// program is text up to the brace that closes its main function, for the texts whose indentation is lost.
func program(text string) string {
	depth := 0
	for i := strings.Index(text, "func main()"); i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:i+1] + "\n"
			}
		}
	}
	return text
}

func TestProgramsForTheOfficialSDKRunWithOnlyTheirImportPathsChanged(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	names, sources := programs(t)
	for name, text := range sources {
		write(filepath.Join(name, "main.go"), strings.ReplaceAll(text, officialPath, ownPath))
	}
	write("go.mod", "module programs\n\ngo 1.24.0\n\nrequire "+ownPath+" v0.0.0\n\nreplace "+ownPath+" => "+here+"\n")
	write(filepath.Join("bin", ".keep"), "")
	build := exec.Command("go", "build", "-o", "bin", "./...")
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log("programs: ", strings.Join(names, ", "))
	for _, name := range names {
		command := exec.Command(filepath.Join(folder, "bin", name))
		command.Env = append(os.Environ(), "APIDECK_SERVER_URL="+sandbox(), "APIDECK_API_KEY=programs-key")
		if said, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
}

package apideckvault_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// packages has the packages that snippets use by their names there.
var packages = map[string]string{
	"sdkgo": ownPath, "components": ownPath + "/models/components", "operations": ownPath + "/models/operations",
	"apierrors": ownPath + "/models/apierrors", "retry": ownPath + "/retry", "errors": "errors", "fmt": "fmt", "log": "log", "time": "time",
	"context": "context", "os": "os", "slog": "log/slog", "json": "encoding/json", "strings": "strings", "testing": "testing", "vaulttest": ownPath + "/vaulttest",
}

// snippet returns a program or a part of a program as a file that compiles.
func snippet(text string) string {
	if strings.HasPrefix(text, "package ") {
		return text
	}
	body := text
	if !regexp.MustCompile(`(?m)^func `).MatchString(text) {
		// A snippet can use ctx, s and err without declaring them.
		body = "func use(ctx context.Context, s *sdkgo.Apideck, err error) {\n" + text + "\n}\n"
		if regexp.MustCompile(`(?m)^_, err := `).MatchString(text) {
			body = "func use(ctx context.Context, s *sdkgo.Apideck) error {\n" + text + "\nreturn err\n}\n"
		}
		body = regexp.MustCompile(`(?m)^(sdkgo\.With\w+|operations\.With\w+)\(`).ReplaceAllString(body, "_ = $1(")
	}
	var imports []string
	for name, path := range packages {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(body) {
			imports = append(imports, name+` "`+path+`"`)
		}
	}
	sort.Strings(imports)
	return "package snippet\n\nimport (\n" + strings.Join(imports, "\n") + "\n)\n\n" + body
}

func TestEveryGoSnippetOfEveryReadmePassesVetAndEveryTestPasses(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder, found, tests := t.TempDir(), 0, []string{}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tracked, err := exec.Command("git", "-C", root, "ls-files", "*.md").Output()
	if err != nil { // not in a checkout
		tracked = []byte("bindings/go/README.md\nsandbox/README.md\nREADME.md")
	}
	for _, path := range strings.Fields(string(tracked)) {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for i, block := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			name := filepath.Join(strings.NewReplacer("/", "_", ".", "_").Replace(path), string(rune('a'+i)))
			if strings.Contains(block[1], "\nfunc Test") || strings.HasPrefix(block[1], "func Test") {
				tests = append(tests, "./"+filepath.ToSlash(name))
				write(filepath.Join(name, "snippet_test.go"), snippet(block[1]))
			} else {
				write(filepath.Join(name, "snippet.go"), snippet(block[1]))
			}
			found++
		}
	}
	if found < 6 || len(tests) < 2 {
		t.Errorf("%d snippets, of which %d are tests", found, len(tests))
	}
	write("go.mod", "module snippets\n\ngo 1.24.0\n\nrequire "+ownPath+" v0.0.0\n\nreplace "+ownPath+" => "+filepath.Join(root, "bindings", "go")+"\n")
	vet := exec.Command("go", "vet", "./...")
	vet.Dir = folder
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	run := exec.Command("go", append([]string{"test", "-count=1"}, tests...)...)
	run.Dir = folder
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

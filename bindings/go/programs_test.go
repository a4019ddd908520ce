package apideckvault_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

const (
	officialPath = "github.com/apideck-libraries/sdk-go"
	ownPath      = "github.com/apideck-vault/apideck-vault/bindings/go"
)

// programs returns programs for the official SDK by name, and the names in the order in which they have to run. They
// are those of testdata, those of the README, and the samples in the files of APIDECK_VAULT_TEST_SAMPLES, a list of
// paths like PATH.
func programs(t *testing.T) (names []string, sources map[string]string) {
	t.Helper()
	sources = map[string]string{}
	for _, name := range []string{"imports", "list", "get", "update", "token", "settings", "validate", "session", "consumers", "delete"} {
		text, err := os.ReadFile(filepath.Join("testdata", "programs", name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		names, sources[name] = append(names, name), string(text)
	}
	for _, path := range append([]string{"README.md"}, filepath.SplitList(os.Getenv("APIDECK_VAULT_TEST_SAMPLES"))...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		samples := regexp.MustCompile(`(?m)^package main$`).FindAllStringIndex(string(text), -1)
		if len(samples) == 0 {
			t.Fatalf("%s: no sample programs", path)
		}
		for i, sample := range samples {
			source := program(string(text)[sample[0]:])
			if !strings.Contains(source, officialPath+`"`) && !strings.Contains(source, ownPath+`"`) {
				continue // without a client it is not a program for the SDK, such as a server for webhooks, which never ends
			}
			name := fmt.Sprintf("%s-%d", strings.ToLower(strings.SplitN(filepath.Base(path), ".", 2)[0]), i+1)
			names, sources[name] = append(names, name), complete(t, name, source)
		}
	}
	return names, sources
}

// program returns text up to the brace that closes its main function, for texts that have lost their indentation.
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

// complete returns a sample that compiles. Older documentation of the official SDK leaves out consumerID and appID, which
// the methods have as parameters, so that its samples do not compile with the official SDK either. They get nil there:
// after ctx and the required parameters. It also has labels that are no pointers; in newer documentation they are.
func complete(t *testing.T, name, text string) string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	client := sdkgo.New()
	defer client.Close()
	vault := reflect.ValueOf(client.Vault).Elem()
	type insertion struct {
		offset, nils int
	}
	var insertions []insertion
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		path := strings.Split(text[files.Position(call.Fun.Pos()).Offset:files.Position(call.Fun.End()).Offset], ".")
		if len(path) != 4 || path[0] != "s" || path[1] != "Vault" {
			return true
		}
		method := vault.FieldByName(path[2]).MethodByName(path[3]).Type()
		required := 0
		for required < method.NumIn()-1 && method.In(required).Kind() != reflect.Pointer {
			required++
		}
		if missing := method.NumIn() - 1 - len(call.Args); missing > 0 {
			insertions = append(insertions, insertion{files.Position(call.Args[required-1].End()).Offset, missing})
		}
		return true
	})
	slices.Reverse(insertions)
	for _, at := range insertions {
		text = text[:at.offset] + strings.Repeat(", nil", at.nils) + text[at.offset:]
	}
	return regexp.MustCompile(`\bLabel: ("[^"]*")`).ReplaceAllString(text, "Label: sdkgo.String($1)")
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
	// The samples read, change and delete this consumer.
	client := connect(t, sandbox(), sdkgo.WithSecurity("programs-key"), sdkgo.WithAppID("dSBdXd2H6Mqwfg0atXHXYcysLJE9qyn1VwBtXHX"))
	if _, err := client.Vault.Consumers.Create(t.Context(), components.CreateConsumerRequest{ConsumerID: "test_user_id"}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		command := exec.Command(filepath.Join(folder, "bin", name))
		command.Env = append(os.Environ(), "APIDECK_SERVER_URL="+sandbox(), "APIDECK_API_KEY=programs-key")
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, output)
		}
	}
}

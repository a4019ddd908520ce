// Package exported holds a test that the exported names of the module stay.
package exported

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// update adds the names of new declarations to the list.
var update = flag.Bool("update", false, "add new exported names to testdata/exported.txt")

// list has a line for each exported declaration that must stay.
const list = "testdata/exported.txt"

func TestExportedDeclarationsStayAsTheyAre(t *testing.T) {
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(listed) < 900 {
		t.Fatalf("%s has only %d lines", list, len(listed))
	}
	present := map[string]bool{}
	for _, folder := range []string{".", "models/apierrors", "models/components", "models/operations", "retry", "types"} {
		declarations, err := exported(filepath.Join("../..", folder), folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range declarations {
			present[declaration] = true
		}
	}
	for _, declaration := range listed {
		if !present[declaration] {
			t.Errorf("not exported any more, or of another type: %s", declaration)
		}
		present[declaration] = true
	}
	if *update {
		lines := slices.Sorted(maps.Keys(present))
		if err := os.WriteFile(list, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADeclarationThatChangesIsFound(t *testing.T) {
	const before = `package p
		type A struct { B *Other; C int }
		type Other = D
		type D string
		const E D = "e"
		func (a *A) F(x, y int) error { return nil }
		func G(...string) {}
		var H = 1`
	for change, wanted := range map[string]string{
		"B *Other; C int -> C int":      "p: field A.B *D",
		"C int -> C int64":              "p: field A.C int",
		`D string -> D int`:             "p: type D string",
		`"e" -> "f"`:                    `p: const E D = "e"`,
		"x, y int -> x int":             "p: method (*A) F(int, int) error",
		"...string -> []string":         "p: func G(...string)",
		"var H -> var h":                "p: var H",
		"*Other -> *D":                  "",
		"x, y int -> left int, top int": "",
		"var H -> var I = 2; var H":     "",
	} {
		old, replacement, _ := strings.Cut(change, " -> ")
		after := declarationsOf(t, strings.Replace(before, old, replacement, 1))
		var missing []string
		for _, declaration := range declarationsOf(t, before) {
			if !slices.Contains(after, declaration) {
				missing = append(missing, declaration)
			}
		}
		if strings.Join(missing, "; ") != wanted {
			t.Errorf("%s: missing %q, not %q", change, missing, wanted)
		}
	}
}

func declarationsOf(t *testing.T, source string) []string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "p.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	found, err := exported(folder, "p")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// pkg is what the files of a package declare.
type pkg struct {
	name    string
	aliases map[string]string   // the type that each alias stands for
	values  map[string]ast.Expr // the value of each constant
	kinds   map[string]ast.Expr // the type of each constant
	found   []string
}

// exported returns a line for each exported declaration of the package in a folder.
func exported(folder, name string) ([]string, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	p := &pkg{name: name, aliases: map[string]string{}, values: map[string]ast.Expr{}, kinds: map[string]ast.Expr{}}
	var declarations []ast.Decl
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		declarations = append(declarations, file.Decls...)
	}
	for _, declaration := range declarations {
		p.index(declaration)
	}
	for _, declaration := range declarations {
		p.add(declaration)
	}
	return p.found, nil
}

// index notes the aliases and constants that a declaration has.
func (p *pkg) index(declaration ast.Decl) {
	general, ok := declaration.(*ast.GenDecl)
	if !ok {
		return
	}
	for _, spec := range general.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Assign.IsValid() {
				p.aliases[spec.Name.Name] = types.ExprString(spec.Type)
			}
		case *ast.ValueSpec:
			for i, name := range spec.Names {
				p.kinds[name.Name] = spec.Type
				if i < len(spec.Values) {
					p.values[name.Name] = spec.Values[i]
				}
			}
		}
	}
}

func (p *pkg) add(declaration ast.Decl) {
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		p.addFunc(declaration)
	case *ast.GenDecl:
		for _, spec := range declaration.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				p.addType(spec)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					p.addValue(name, declaration.Tok)
				}
			}
		}
	}
}

func (p *pkg) line(exported bool, format string, arguments ...any) {
	if exported {
		p.found = append(p.found, p.name+": "+fmt.Sprintf(format, arguments...))
	}
}

func (p *pkg) addFunc(function *ast.FuncDecl) {
	signature := strings.TrimPrefix(p.text(function.Type), "func")
	if function.Recv == nil {
		p.line(function.Name.IsExported(), "func %s%s", function.Name, signature)
		return
	}
	receiver := p.text(function.Recv.List[0].Type)
	p.line(function.Name.IsExported() && ast.IsExported(strings.TrimPrefix(receiver, "*")), "method (%s) %s%s", receiver, function.Name, signature)
}

func (p *pkg) addType(spec *ast.TypeSpec) {
	name := spec.Name.Name
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		p.line(spec.Name.IsExported(), "type %s %s", name, p.text(spec.Type))
		return
	}
	p.line(spec.Name.IsExported(), "type %s struct", name)
	for _, field := range structure.Fields.List {
		var tag string
		if field.Tag != nil {
			tag = " " + field.Tag.Value
		}
		if field.Names == nil {
			p.line(spec.Name.IsExported(), "embedded %s.%s%s", name, p.text(field.Type), tag)
		}
		for _, id := range field.Names {
			p.line(spec.Name.IsExported() && id.IsExported(), "field %s.%s %s%s", name, id, p.text(field.Type), tag)
		}
	}
}

// addValue adds a constant with its type and value, which may be those of another constant.
func (p *pkg) addValue(name *ast.Ident, kind token.Token) {
	if kind == token.VAR {
		p.line(name.IsExported(), "var %s", name)
		return
	}
	declared, value := p.kinds[name.Name], p.values[name.Name]
	for {
		other, ok := value.(*ast.Ident)
		if !ok || p.values[other.Name] == nil {
			break
		}
		declared, value = cmp.Or(declared, p.kinds[other.Name]), p.values[other.Name]
	}
	var text []string
	for _, part := range []ast.Expr{declared, value} {
		if part != nil {
			text = append(text, p.text(part))
		}
	}
	p.line(name.IsExported(), "const %s %s", name, strings.Join(text, " = "))
}

// text returns a type without the names of parameters, in which each alias is the type that it stands for.
func (p *pkg) text(expression ast.Expr) string {
	switch expression := expression.(type) {
	case *ast.Ident:
		if of, ok := p.aliases[expression.Name]; ok {
			return of
		}
		return expression.Name
	case *ast.StarExpr:
		return "*" + p.text(expression.X)
	case *ast.ArrayType:
		return "[]" + p.text(expression.Elt)
	case *ast.Ellipsis:
		return "..." + p.text(expression.Elt)
	case *ast.MapType:
		return "map[" + p.text(expression.Key) + "]" + p.text(expression.Value)
	case *ast.FuncType:
		results := p.list(expression.Results)
		if expression.Results.NumFields() > 1 {
			results = "(" + results + ")"
		}
		return strings.TrimSpace("func(" + p.list(expression.Params) + ") " + results)
	}
	return types.ExprString(expression)
}

func (p *pkg) list(fields *ast.FieldList) string {
	if fields == nil {
		return ""
	}
	var parts []string
	for _, field := range fields.List {
		parts = append(parts, slices.Repeat([]string{p.text(field.Type)}, max(len(field.Names), 1))...)
	}
	return strings.Join(parts, ", ")
}

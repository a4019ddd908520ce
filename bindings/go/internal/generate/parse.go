package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"path/filepath"
)

// pkg is the declarations of a package, as far as they matter here.
type pkg struct {
	name    string
	structs map[string]*ast.StructType
	enums   map[string]*[]string // string types and the names of their constants
	funcs   map[string]bool      // methods of the decoder that are written by hand
	imports map[string]bool
}

type field struct {
	name, text, key, defaults string
}

func newPkg() *pkg {
	return &pkg{structs: map[string]*ast.StructType{}, enums: map[string]*[]string{}, funcs: map[string]bool{}, imports: map[string]bool{}}
}

func parse(folder string) *pkg {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 {
		log.Fatalf("no Go files in %s", folder)
	}
	p := newPkg()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			log.Fatal(err)
		}
		p.add(file)
	}
	return p
}

func (p *pkg) add(file *ast.File) {
	p.name = file.Name.Name
	for _, path := range file.Imports {
		p.imports[path.Path.Value] = true
	}
	for _, declaration := range file.Decls {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			p.funcs[declaration.Name.Name] = true
			if declaration.Recv != nil {
				p.funcs[strings.TrimPrefix(types.ExprString(declaration.Recv.List[0].Type), "*")+"."+declaration.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range declaration.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					p.addType(spec)
				case *ast.ValueSpec:
					if of, ok := spec.Type.(*ast.Ident); ok {
						values := p.enum(of.Name)
						for _, name := range spec.Names {
							*values = append(*values, name.Name)
						}
					}
				}
			}
		}
	}
}

func (p *pkg) addType(spec *ast.TypeSpec) {
	if !spec.Name.IsExported() || spec.Assign.IsValid() {
		return
	}
	switch of := spec.Type.(type) {
	case *ast.StructType:
		p.structs[spec.Name.Name] = of
	case *ast.Ident:
		if of.Name == "string" {
			p.enum(spec.Name.Name)
		}
	}
}

func (p *pkg) enum(name string) *[]string {
	if p.enums[name] == nil {
		p.enums[name] = new([]string)
	}
	return p.enums[name]
}

func (p *pkg) has(function string) bool { return p.funcs[function] }

func (p *pkg) structNames() []string { return sorted(p.structs) }

func (p *pkg) fields(name string) (found []field) {
	for _, f := range p.structs[name].Fields.List {
		for _, id := range f.Names {
			next := field{name: id.Name, text: types.ExprString(f.Type)}
			if f.Tag != nil {
				text, _ := strconv.Unquote(f.Tag.Value)
				tag := reflect.StructTag(text)
				next.key, _, _ = strings.Cut(strings.TrimPrefix(tag.Get("json"), "-"), ",")
				next.defaults = tag.Get("default")
			}
			found = append(found, next)
		}
	}
	return found
}

func (p *pkg) hasField(name, wanted string) bool {
	return slices.ContainsFunc(p.fields(name), func(f field) bool { return f.name == wanted })
}

func (p *pkg) hasJSON(name string) bool {
	return slices.ContainsFunc(p.fields(name), func(f field) bool { return f.key != "" })
}

// isUnion: a union has no JSON fields of its own, but a Type that says which field is set.
func (p *pkg) isUnion(name string) bool {
	return p.structs[name] != nil && !p.hasJSON(name) && slices.ContainsFunc(p.fields(name), func(f field) bool { return f.name == "Type" && f.text == name+"Type" })
}

// inResponses returns the names of the structs that a response has in it, at any depth.
func (p *pkg) inResponses() map[string]bool {
	found := map[string]bool{}
	for name := range p.structs {
		if strings.HasSuffix(name, "Response") {
			found[name] = true
			for part := range p.parts(name) {
				found[part] = true
			}
		}
	}
	return found
}

// parts returns the names of the structs that a struct has in it, at any depth, each with the path of
// fields that leads to it: Data.FormFields.
func (p *pkg) parts(name string) map[string]string {
	found := map[string]string{}
	p.addParts(name, "", found)
	return found
}

func (p *pkg) addParts(name, path string, found map[string]string) {
	for _, f := range p.structs[name].Fields.List {
		ast.Inspect(f.Type, func(node ast.Node) bool {
			id, ok := node.(*ast.Ident)
			if !ok || p.structs[id.Name] == nil || found[id.Name] != "" || len(f.Names) == 0 {
				return true
			}
			found[id.Name] = strings.TrimPrefix(path+"."+f.Names[0].Name, ".")
			p.addParts(id.Name, found[id.Name], found)
			return true
		})
	}
}

// checkNesting returns an error if a struct has itself in it. The decoder collects the elements of a list in a pool
// of their type, so that the elements of an inner list of that type would end up in the outer one.
func (p *pkg) checkNesting() error {
	for _, name := range p.structNames() {
		if path := p.parts(name)[name]; path != "" {
			return fmt.Errorf("%s has itself in it, by way of %s.%s: the decoder cannot read such a type", name, name, path)
		}
	}
	return nil
}

func sliceOf(name string) string { return "sliceOf" + name }

func lower(name string) string {
	return string(unicode.ToLower(rune(name[0]))) + name[1:]
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

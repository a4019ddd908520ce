// Command modzip packs a folder as a module zip, which is what module proxies serve. It fails if the folder breaks a rule
// of module zips: their size, the names of their files, their go.mod.
//
// Usage: modzip FOLDER VERSION OUT.zip
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: modzip FOLDER VERSION OUT.zip")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(folder, version, out string) error {
	text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return err
	}
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	name := module.Version{Path: modfile.ModulePath(text), Version: version}
	if err := zip.CreateFromDir(file, name, folder); err != nil {
		return err
	}
	return file.Close()
}

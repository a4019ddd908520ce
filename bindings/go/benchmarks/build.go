package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	official        = "github.com/apideck-libraries/sdk-go"
	officialVersion = "v0.27.23"
)

// build is what could be built.
type build struct {
	client    string
	libraries []string // that the client can be asked for
	flags     []string // it was built with
	leftOut   error    // why the official SDK is not among them
}

// prepare builds the client into a folder, with the official SDK if it can be had.
func prepare(folder string) build {
	folder, err := filepath.Abs(folder)
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err != nil {
		log.Fatal(err)
	}
	b := build{client: filepath.Join(folder, "client")}
	b.flags = []string{"-tags=apideck_vault_checkout,official", "-mod=mod", "-modfile=" + filepath.Join(folder, "go.mod")}
	if b.leftOut = describe(filepath.Join(folder, "go.mod")); b.leftOut == nil {
		b.leftOut = b.compile("./client", b.client)
	}
	if b.leftOut == nil {
		b.libraries = []string{"official", "vault", "nethttp"}
		return b
	}
	b.libraries = []string{"vault", "nethttp"}
	b.flags = []string{"-tags=apideck_vault_checkout"}
	if err := b.compile("./client", b.client); err != nil {
		log.Fatal(err)
	}
	return b
}

func (b build) say(out io.Writer) {
	fmt.Fprintf(out, "%s: %s\n", b.client, strings.Join(b.libraries, ", "))
	if b.leftOut != nil {
		fmt.Fprintf(out, "the official SDK is left out; APIDECK_SDK_GO may name a checkout of it: %v\n", b.leftOut)
	}
}

// describe writes a go.mod that has the official SDK too. It is in none that is committed: where the
// proxy does not have it, nothing here could be built.
func describe(path string) error {
	text, err := os.ReadFile("go.mod")
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return err
	}
	edit := []string{"mod", "edit", "-require=" + official + "@" + officialVersion}
	if checkout := os.Getenv("APIDECK_SDK_GO"); checkout != "" {
		edit = append(edit, "-replace="+official+"="+checkout)
	}
	return run("go", append(edit, path)...)
}

func (b build) compile(program, out string, more ...string) error {
	return run("go", append(append(append([]string{"build", "-o", out}, b.flags...), more...), program)...)
}

// size builds the smallest program with a library, without what was built before.
func (b build) size(folder, library string) {
	if err := os.Setenv("GOCACHE", filepath.Join(folder, library)); err != nil {
		log.Fatal(err)
	}
	program := filepath.Join(folder, "program")
	var sizes []float64
	var took time.Duration
	for _, flags := range []string{"-ldflags=", "-ldflags=-s -w"} {
		begin := time.Now()
		if err := b.compile("./programs/"+library, program, flags); err != nil {
			log.Fatal(err)
		}
		if took == 0 {
			took = time.Since(begin)
		}
		info, err := os.Stat(program)
		if err != nil {
			log.Fatal(err)
		}
		sizes = append(sizes, float64(info.Size())/1e6)
	}
	fmt.Printf("| %s | %.1f | %.1f | %.1f |\n", library, took.Seconds(), sizes[0], sizes[1])
}

func run(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return errors.New(strings.TrimSpace(string(out)))
	}
	return nil
}

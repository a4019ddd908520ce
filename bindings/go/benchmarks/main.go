// Command benchmarks compares this module with the official SDK: the same calls, one after the other,
// to the same local server, each library and kind of call in a process of its own.
//
//	go mod tidy    # fetches the official SDK
//	go run -tags apideck_vault_checkout .
//
// CPU is user and system time of the whole process, C included, divided by the calls. Allocations and
// bytes are those of Go; what C allocates shows in the resident memory.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

var (
	lengths   = []int{1, 100, 1000}
	libraries = []string{"official", "vault"}
)

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1:])
		return
	}
	rounds := 3
	url, stop := start()
	defer stop()
	fmt.Printf("| call | library | CPU µs | wall µs | allocations | kB | peak RSS MB |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, kind := range []string{"one", "1", "100", "1000"} {
		best := map[string]result{}
		for range rounds {
			for _, library := range libraries { // in turns, so that a busy moment hits both
				if r := measure(library, url, kind); best[library].CPU == 0 || r.CPU < best[library].CPU {
					best[library] = r
				}
			}
		}
		name := "list of " + kind
		if kind == "one" {
			name = "get"
		}
		for _, library := range libraries {
			r := best[library]
			fmt.Printf("| %s | %s | %.0f | %.0f | %.0f | %.1f | %.1f |\n", name, library, r.CPU, r.Wall, r.Allocations, r.Bytes/1000, r.RSS)
		}
		o, v := best["official"], best["vault"]
		fmt.Printf("| %s | **ratio** | %.2f | %.2f | %.3f | %.2f | %.2f |\n", name, v.CPU/o.CPU, v.Wall/o.Wall, v.Allocations/o.Allocations, v.Bytes/o.Bytes, v.RSS/o.RSS)
	}
	fmt.Printf("\n| library | build from nothing s | binary MB | stripped MB |\n|---|--:|--:|--:|\n")
	for _, library := range libraries {
		build(library)
	}
}

// start runs the server as a process of its own.
func start() (url string, stop func()) {
	command := exec.Command(self(), "server")
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		log.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		log.Fatal("the server said nothing: ", err)
	}
	return strings.TrimSpace(line), func() { _ = command.Process.Kill(); _ = command.Wait() }
}

func measure(library, url, kind string) (r result) {
	command := exec.Command(self(), "client", library, url, kind)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		log.Fatalf("%s, %s: %v", library, kind, err)
	}
	return r
}

// build builds the smallest program with a library, without what was built before.
func build(library string) {
	folder, err := os.MkdirTemp("", "benchmark")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	sizes := make([]float64, 0, 2)
	var took time.Duration
	for _, flags := range []string{"", "-s -w"} {
		out := filepath.Join(folder, "program")
		command := exec.Command("go", "build", "-ldflags="+flags, "-o", out, "./programs/"+library)
		command.Env = append(os.Environ(), "GOCACHE="+filepath.Join(folder, "cache"))
		command.Stderr = os.Stderr
		begin := time.Now()
		if err := command.Run(); err != nil {
			log.Fatal(err)
		}
		if took == 0 {
			took = time.Since(begin)
		}
		info, err := os.Stat(out)
		if err != nil {
			log.Fatal(err)
		}
		sizes = append(sizes, float64(info.Size())/1e6)
	}
	fmt.Printf("| %s | %.1f | %.1f | %.1f |\n", library, took.Seconds(), sizes[0], sizes[1])
}

func self() string {
	path, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	return path
}

func child(args []string) {
	var err error
	switch args[0] {
	case "server":
		err = serve()
	case "client":
		err = run(args[1], args[2], args[3])
	default:
		err = fmt.Errorf("unknown command %s", strconv.Quote(args[0]))
	}
	if err != nil {
		log.Fatal(err)
	}
}

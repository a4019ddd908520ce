// Command benchmarks compares this module with the official SDK and with plain net/http: the same calls,
// one after the other, to the same local server, each library and kind of call in a process of its own.
//
//	go run .                        # the table
//	go run . build FOLDER           # FOLDER/client, for measurements one by one: see ./client
//
// It wants `cargo build --release` in the root of the repository first. The official SDK comes from the
// module proxy, or from a checkout of it that APIDECK_SDK_GO names; where there is neither it is left
// out, and the table says so.
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
	"strings"
)

// rounds is how often each measurement is made; the best counts, as a busy machine only ever adds.
const rounds = 5

// figures is what one call takes, as ./client prints it.
type figures struct {
	CPU         float64 `json:"cpu_us"`
	Wall        float64 `json:"wall_us"`
	Allocations float64 `json:"allocations"`
	Bytes       float64 `json:"bytes"`
	Peak        float64 `json:"peak_kb"`
}

func main() {
	log.SetFlags(0)
	switch args := os.Args[1:]; {
	case len(args) == 0:
		compare()
	case len(args) == 1 && args[0] == "server":
		log.Fatal(serve())
	case len(args) == 2 && args[0] == "build":
		prepare(args[1]).say(os.Stderr)
	default:
		log.Fatal("usage: benchmarks [build FOLDER]")
	}
}

func compare() {
	folder, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	built := prepare(folder)
	built.say(os.Stderr)
	url, stop := start()
	defer stop()

	fmt.Printf("| call | library | CPU µs | wall µs | allocations | kB | peak RSS MB |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, kind := range []string{"get", "1", "10", "100", "1000"} {
		name := "list of " + kind
		if kind == "get" {
			name = kind
		}
		best := map[string]figures{}
		for range rounds {
			for _, library := range built.libraries { // in turns, so that a busy moment hits all
				f := measure(built.client, library, url, kind)
				if b, ok := best[library]; !ok || f.CPU < b.CPU {
					best[library] = f
				}
			}
		}
		for _, library := range built.libraries {
			f := best[library]
			fmt.Printf("| %s | %s | %.0f | %.0f | %.0f | %.1f | %.1f |\n", name, library, f.CPU, f.Wall, f.Allocations, f.Bytes/1000, f.Peak/1000)
		}
		if o, ok := best["official"]; ok {
			v := best["vault"]
			fmt.Printf("| %s | **vault / official** | %.2f | %.2f | %.3f | %.2f | %.2f |\n", name, v.CPU/o.CPU, v.Wall/o.Wall, v.Allocations/o.Allocations, v.Bytes/o.Bytes, v.Peak/o.Peak)
		}
	}
	fmt.Printf("\n| library | build from nothing s | binary MB | stripped MB |\n|---|--:|--:|--:|\n")
	for _, library := range built.libraries {
		if library != "nethttp" {
			built.size(filepath.Join(folder, "size"), library)
		}
	}
}

// start runs the server as a process of its own.
func start() (url string, stop func()) {
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	command := exec.Command(self, "server")
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

func measure(client, library, url, kind string) (f figures) {
	command := exec.Command(client, library, url, kind)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err == nil {
		err = json.Unmarshal(out, &f)
	}
	if err != nil {
		log.Fatalf("%s, %s: %v", library, kind, err)
	}
	return f
}

// Command client makes calls with one library and prints what one of them takes, as a line of JSON:
//
//	client official|vault|nethttp URL get|1|10|100|1000 [CALLS]
//	client official|vault|nethttp URL goroutines GOROUTINES
//
// get asks for one connection, a number for a list of so many. Without CALLS it makes as many as a second
// or two has room for. The second form prints how many times a second so many goroutines get one
// connection with one client.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// call makes one call.
type call func(ctx context.Context) error

// libraries make a call of a kind.
var libraries = map[string]func(url, kind string) call{"vault": vaultCall, "nethttp": netHTTPCall}

// figures is what one call takes: microseconds, numbers and bytes. The peak is that of the process.
type figures struct {
	CPU         float64 `json:"cpu_us"`
	Wall        float64 `json:"wall_us"`
	Allocations float64 `json:"allocations"`
	Bytes       float64 `json:"bytes"`
	Peak        float64 `json:"peak_kb"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: client official|vault|nethttp URL get|1|10|100|1000 [CALLS]")
	}
	library, ok := libraries[os.Args[1]]
	if !ok {
		log.Fatalf("%s: not in this build", os.Args[1])
	}
	calls := 0
	if len(os.Args) > 4 {
		var err error
		if calls, err = strconv.Atoi(os.Args[4]); err != nil || calls < 1 {
			log.Fatalf("%s: not a number of calls", os.Args[4])
		}
	}
	if os.Args[3] == "goroutines" {
		rate, err := throughput(library(os.Args[2], "get"), calls)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.0f\n", rate)
		return
	}
	f, err := measure(library(os.Args[2], os.Args[3]), calls)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(f)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func measure(one call, calls int) (f figures, err error) {
	ctx, cancel := context.WithCancel(context.Background()) // as servers have: one that can end
	defer cancel()
	begin, warm := time.Now(), 0
	for ; warm < 5 || time.Since(begin) < 300*time.Millisecond; warm++ {
		if err := one(ctx); err != nil {
			return f, err
		}
	}
	if calls == 0 {
		calls = max(int(float64(warm)*float64(1500*time.Millisecond)/float64(time.Since(begin))), 10)
	}

	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, begin := usage(), time.Now()
	for range calls {
		if err := one(ctx); err != nil {
			return f, err
		}
	}
	wall := time.Since(begin)
	cpu = usage() - cpu
	runtime.ReadMemStats(&after)
	n := float64(calls)
	return figures{
		CPU: float64(cpu.Nanoseconds()) / n / 1000, Wall: float64(wall.Nanoseconds()) / n / 1000,
		Allocations: float64(after.Mallocs-before.Mallocs) / n, Bytes: float64(after.TotalAlloc-before.TotalAlloc) / n,
		Peak: peak(),
	}, nil
}

// throughput is how many calls a second so many goroutines make, over two seconds.
func throughput(one call, goroutines int) (float64, error) {
	var calls atomic.Int64
	failed := make(chan error, goroutines)
	begin := time.Now()
	for range goroutines {
		go func() {
			for time.Since(begin) < 2*time.Second {
				if err := one(context.Background()); err != nil {
					failed <- err
					return
				}
				calls.Add(1)
			}
			failed <- nil
		}()
	}
	for range goroutines {
		if err := <-failed; err != nil {
			return 0, err
		}
	}
	return float64(calls.Load()) / time.Since(begin).Seconds(), nil
}

// usage is the CPU time of this process, all threads.
func usage() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory that this process had, in kilobytes; 0 where the system does not tell.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _ := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(rest, "kB", 2)[0]), 64)
	return kilobytes
}

// expect says if a list has not the length that was asked for.
func expect(kind string, got int) error {
	if strconv.Itoa(got) != kind {
		return fmt.Errorf("%d connections, not %s", got, kind)
	}
	return nil
}

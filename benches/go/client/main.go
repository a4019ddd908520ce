// Command client makes calls with one library and prints the cost of one call as a line of JSON:
//
//	client official|vault|nethttp URL KIND CALLS
//	client official|vault|nethttp URL goroutines GOROUTINES
//
// KIND is get for one connection, the length of a list, or the status of an error response, 400 or greater.
// The second form prints how many calls per second the goroutines make with one client.
package main

import (
	"context"
	"encoding/json"
	"errors"
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

// libraries returns, for each library, the call of a kind.
var libraries = map[string]func(url, kind string) call{"vault": vaultCall, "nethttp": netHTTPCall}

// figures is the cost of one call, in microseconds, allocations and bytes, and the peak memory of the process.
type figures struct {
	CPU         float64 `json:"cpu_us"`
	Wall        float64 `json:"wall_us"`
	Allocations float64 `json:"allocations"`
	Bytes       float64 `json:"bytes"`
	Peak        float64 `json:"peak_kb"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: client official|vault|nethttp URL get|LENGTH|STATUS|goroutines COUNT")
	}
	library, ok := libraries[os.Args[1]]
	if !ok {
		log.Fatalf("%s: not in this build", os.Args[1])
	}
	count, err := strconv.Atoi(os.Args[4])
	if err != nil || count < 1 {
		log.Fatalf("%s: not a count", os.Args[4])
	}
	if os.Args[3] == "goroutines" {
		rate, err := throughput(library(os.Args[2], "get"), count)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.0f\n", rate)
		return
	}
	one := library(os.Args[2], os.Args[3])
	if isError(os.Args[3]) {
		one = failing(one)
	}
	f, err := measure(one, count)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(f)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func measure(one call, count int) (f figures, err error) {
	ctx, cancel := context.WithCancel(context.Background()) // servers have a context that can end
	defer cancel()
	for begin, warm := time.Now(), 0; warm < 5 || time.Since(begin) < 300*time.Millisecond; warm++ {
		if err := one(ctx); err != nil {
			return f, err
		}
	}

	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, begin := usage(), time.Now()
	for range count {
		if err := one(ctx); err != nil {
			return f, err
		}
	}
	wall := time.Since(begin)
	cpu = usage() - cpu
	runtime.ReadMemStats(&after)
	n := float64(count)
	return figures{
		CPU: float64(cpu.Nanoseconds()) / n / 1000, Wall: float64(wall.Nanoseconds()) / n / 1000,
		Allocations: float64(after.Mallocs-before.Mallocs) / n, Bytes: float64(after.TotalAlloc-before.TotalAlloc) / n,
		Peak: peak(),
	}, nil
}

// throughput returns how many calls per second the goroutines make, over two seconds.
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

// usage returns the CPU time of all threads of this process.
func usage() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak returns the peak memory of this process in kilobytes, or 0 if the system does not report it.
func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kilobytes, _ := strconv.ParseFloat(strings.TrimSpace(strings.SplitN(rest, "kB", 2)[0]), 64)
	return kilobytes
}

// isError reports whether a kind is the status of an error response. No list has such a length.
func isError(kind string) bool {
	return len(kind) == 3 && kind >= "400" && kind <= "599"
}

// service returns the service to request. The server returns an error for a service that is named like a status.
func service(kind string) string {
	if isError(kind) {
		return kind
	}
	return "pipedrive"
}

// failing returns a call that must fail with the error of the response.
func failing(one call) call {
	return func(ctx context.Context) error {
		switch err := one(ctx); {
		case err == nil:
			return errors.New("no error")
		case err == errUnexpected || strings.Contains(err.Error(), "It failed.") || strings.Contains(err.Error(), "On purpose."):
			return nil
		default:
			return err
		}
	}
}

var (
	errNoID       = errors.New("the connection has no id")
	errUnexpected = errors.New("another status than the operation names")
)

// expectLength returns an error if a list does not have the requested length.
func expectLength(kind string, got int) error {
	if strconv.Itoa(got) != kind {
		return fmt.Errorf("%d connections, not %s", got, kind)
	}
	return nil
}

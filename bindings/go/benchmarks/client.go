package main

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// result is what one call takes: microseconds, numbers and bytes. RSS is the process's peak, in MB.
type result struct{ CPU, Wall, Allocations, Bytes, RSS float64 }

// run makes calls for a second or two and prints a result.
func run(library, url, kind string) error {
	one := vaultCall(url, kind)
	if library == "official" {
		one = officialCall(url, kind)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	begin := time.Now()
	calls := 0
	for ; calls < 5 || time.Since(begin) < 300*time.Millisecond; calls++ { // warm, and to know how many to make
		if err := one(ctx); err != nil {
			return err
		}
	}
	calls = max(int(float64(calls)*1500/float64(time.Since(begin).Milliseconds()+1)), 10)

	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, begin := usage(), time.Now()
	for range calls {
		if err := one(ctx); err != nil {
			return err
		}
	}
	wall := time.Since(begin)
	cpu = usage() - cpu
	runtime.ReadMemStats(&after)
	n := float64(calls)
	return json.NewEncoder(os.Stdout).Encode(result{
		CPU: float64(cpu.Microseconds()) / n, Wall: float64(wall.Microseconds()) / n,
		Allocations: float64(after.Mallocs-before.Mallocs) / n, Bytes: float64(after.TotalAlloc-before.TotalAlloc) / n,
		RSS: peak(),
	})
}

// usage is the CPU time of this process, all threads.
func usage() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func peak() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, _ := strconv.ParseFloat(fields[1], 64)
			return kilobytes / 1000
		}
	}
	return 0
}

package vaulttest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// startTimeout bounds the time until the program listens. It starts in milliseconds.
	startTimeout = 30 * time.Second
	// stopTimeout bounds the time until the program has ended. It gives requests in progress one second.
	stopTimeout = 10 * time.Second
	// keyVariable has a key that the program accepts. A key there is not in the list of processes.
	keyVariable = "APIDECK_VAULT_SANDBOX_API_KEY"
)

// process is a running program. The program ends when its standard input ends, also if this process is killed.
type process struct {
	url    string
	output *output
	input  io.Closer
	kill   func() error
	ended  <-chan struct{}
}

// startProcess starts a program and waits until it listens.
func startProcess(path string, set settings) (*process, error) {
	command := exec.Command(path, append([]string{"--listen", "127.0.0.1:0", "--stop-with-stdin"}, set.arguments...)...)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, keyVariable+"=") {
			command.Env = append(command.Env, variable)
		}
	}
	if set.key != "" {
		command.Env = append(command.Env, keyVariable+"="+set.key)
	}
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	printed := newOutput()
	command.Stdout, command.Stderr = printed, printed
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", path, cause(err))
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	started := &process{output: printed, input: input, kill: command.Process.Kill, ended: ended}
	timeout := time.NewTimer(startTimeout)
	defer timeout.Stop()
	select {
	case started.url = <-printed.listening:
		return started, nil
	case <-ended:
		return nil, fmt.Errorf("%s did not start: %s", path, strings.TrimSpace(printed.String()))
	case <-timeout.C:
		_ = started.kill()
		<-ended
		return nil, fmt.Errorf("%s did not listen within %v: %s", path, startTimeout, strings.TrimSpace(printed.String()))
	}
}

// cause returns an error without the path of the program.
func cause(err error) error {
	var failed *os.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// stop ends the program and waits until it has ended. A second call does nothing.
func (p *process) stop() {
	_ = p.input.Close()
	timeout := time.NewTimer(stopTimeout)
	defer timeout.Stop()
	select {
	case <-p.ended:
	case <-timeout.C:
		_ = p.kill()
		<-p.ended
	}
}

// announcement begins the line that the program prints when it accepts requests.
const announcement = "listening on "

// kept is how much of the output is kept.
const kept = 64 << 10

// output keeps the latest output of a program and finds the URL in it.
type output struct {
	listening chan string // receives the URL once

	mutex     sync.Mutex
	text      []byte
	announced bool
}

func newOutput() *output { return &output{listening: make(chan string, 1)} }

// Write implements io.Writer.
func (o *output) Write(text []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.text = append(o.text, text...)
	if !o.announced {
		o.announce()
	}
	if excess := len(o.text) - kept; excess > kept { // rarely, so that it costs little
		o.text = append(o.text[:0], o.text[excess:]...)
	}
	return len(text), nil
}

// announce removes the line with the URL from the text and sends the URL, if the line is complete.
func (o *output) announce() {
	for start := 0; ; {
		length := bytes.IndexByte(o.text[start:], '\n')
		if length < 0 {
			return
		}
		if url, found := strings.CutPrefix(string(o.text[start:start+length]), announcement); found {
			o.text = append(o.text[:start], o.text[start+length+1:]...)
			o.announced = true
			o.listening <- strings.TrimSpace(url)
			return
		}
		start += length + 1
	}
}

// String returns the latest output, without the line with the URL.
func (o *output) String() string {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return string(o.text[max(0, len(o.text)-kept):])
}

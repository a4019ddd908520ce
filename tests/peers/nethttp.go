// Command nethttp makes the calls of unusual rows with net/http; see tests/peers.rs.
//
// It reads a JSON array of {"name", "method", "url", "calls"} and writes an array of {"name", "status", "body"} or
// {"name", "error"}. The calls of a row share one client; the last one is reported.
package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

type row struct {
	Name   string `json:"name"`
	Method string `json:"method"`
	URL    string `json:"url"`
	Calls  int    `json:"calls"`
}

type outcome struct {
	Name   string `json:"name"`
	Status int    `json:"status"`
	Body   string `json:"body"`
	Error  string `json:"error,omitempty"`
}

func main() {
	var rows []row
	if err := json.NewDecoder(os.Stdin).Decode(&rows); err != nil {
		panic(err)
	}
	outcomes := make([]outcome, len(rows))
	slots := make(chan struct{}, 8)
	var done sync.WaitGroup
	for i, row := range rows {
		done.Add(1)
		go func() {
			defer done.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			outcomes[i] = row.run()
		}()
	}
	done.Wait()
	if err := json.NewEncoder(os.Stdout).Encode(outcomes); err != nil {
		panic(err)
	}
}

func (r row) run() outcome {
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       20 * time.Second,
	}
	defer client.CloseIdleConnections()
	last := outcome{Name: r.Name}
	for range r.Calls {
		status, body, err := r.call(client)
		if err != nil {
			return outcome{Name: r.Name, Error: err.Error()}
		}
		last.Status, last.Body = status, body
	}
	return last
}

func (r row) call(client *http.Client) (int, string, error) {
	request, err := http.NewRequest(r.Method, r.URL, nil)
	if err != nil {
		return 0, "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

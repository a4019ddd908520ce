// Command nethttp makes the calls of unusual rows with net/http; see tests/peers.rs.
//
// It reads a JSON array of {"name", "method", "url", "calls"} and writes an array of {"name", "responses"} or
// {"name", "error"}, where a response is {"status", "body"}. The calls of a row share one client.
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

type response struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

type outcome struct {
	Name      string     `json:"name"`
	Responses []response `json:"responses"`
	Error     string     `json:"error,omitempty"`
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
	responses := make([]response, r.Calls)
	for i := range responses {
		var err error
		if responses[i], err = r.call(client); err != nil {
			return outcome{Name: r.Name, Responses: []response{}, Error: err.Error()}
		}
	}
	return outcome{Name: r.Name, Responses: responses}
}

func (r row) call(client *http.Client) (response, error) {
	request, err := http.NewRequest(r.Method, r.URL, nil)
	if err != nil {
		return response{}, err
	}
	reply, err := client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return response{reply.StatusCode, string(body)}, err
}

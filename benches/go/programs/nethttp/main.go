// Command nethttp is the smallest program without an SDK. Its size and the time of one call are measured.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	response, err := http.Get(os.Args[1] + "/vault/connections/crm/pipedrive")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	var body map[string]any
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		log.Fatal(err)
	}
}

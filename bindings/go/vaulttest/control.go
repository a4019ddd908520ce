package vaulttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Fault is a rule that makes requests fail.
type Fault struct {
	// ID is the number of the rule. The sandbox sets it.
	ID int `json:"id,omitempty"`
	// Operation is the operation to fail, like "connections.list". Empty stands for every operation.
	Operation string `json:"operation,omitempty"`
	// ConsumerID is the consumer whose requests fail. Empty stands for every consumer.
	ConsumerID string `json:"consumer_id,omitempty"`
	// Fault is how the requests fail: the text of the header x-sandbox-fault, like "status=503;retry-after=1", "reset",
	// "truncate", "garbage" or "delay=500". The README of the sandbox describes it.
	Fault string `json:"fault"`
	// Times is how many requests fail. With 0, requests fail until the rule is removed.
	Times int `json:"times,omitempty"`
	// Remaining is how many requests will still fail, or nil without Times. The sandbox sets it.
	Remaining *int `json:"remaining,omitempty"`
}

// Fault adds a rule that makes requests fail, and returns it with its ID. Of the rules, the first one that matches a
// request applies.
func (v *Sandbox) Fault(fault Fault) Fault {
	v.t.Helper()
	var rule Fault
	v.control(http.MethodPost, "/faults", Fault{
		Operation: fault.Operation, ConsumerID: fault.ConsumerID, Fault: fault.Fault, Times: fault.Times,
	}, &rule)
	return rule
}

// Faults returns the rules in the order in which they were added. A rule that no longer applies is among them.
func (v *Sandbox) Faults() []Fault {
	v.t.Helper()
	var rules struct{ Data []Fault }
	v.control(http.MethodGet, "/faults", nil, &rules)
	return rules.Data
}

// RemoveFault removes a rule.
func (v *Sandbox) RemoveFault(fault Fault) {
	v.t.Helper()
	v.control(http.MethodDelete, "/faults/"+strconv.Itoa(fault.ID), nil, nil)
}

// ClearFaults removes every rule.
func (v *Sandbox) ClearFaults() {
	v.t.Helper()
	v.control(http.MethodDelete, "/faults", nil, nil)
}

// Now returns the time of the sandbox's clock. It begins with the time of the system.
func (v *Sandbox) Now() time.Time {
	v.t.Helper()
	return v.clock(http.MethodGet, nil)
}

// AdvanceClock moves the sandbox's clock forwards and returns its time. What falls due until then has happened when
// AdvanceClock returns.
func (v *Sandbox) AdvanceClock(by time.Duration) time.Time {
	v.t.Helper()
	return v.clock(http.MethodPost, map[string]any{"advance_ms": by.Milliseconds()})
}

// SetClock moves the sandbox's clock forwards to a time and returns it.
func (v *Sandbox) SetClock(to time.Time) time.Time {
	v.t.Helper()
	return v.clock(http.MethodPost, map[string]any{"now": to.UTC().Format("2006-01-02T15:04:05.000Z")})
}

// ResetClock sets the sandbox's clock to the time of the system and returns it.
func (v *Sandbox) ResetClock() time.Time {
	v.t.Helper()
	return v.clock(http.MethodPost, map[string]any{"reset": true})
}

func (v *Sandbox) clock(method string, change any) time.Time {
	v.t.Helper()
	var clock struct{ Now time.Time }
	v.control(method, "/clock", change, &clock)
	return clock.Now
}

// Refresh is how the refreshes of a connection's access token go.
type Refresh string

const (
	// RefreshFails stands for a provider that cannot be reached. The connection stays callable.
	RefreshFails Refresh = "fail"
	// RefreshFailsForGood stands for a provider that refuses the credentials. The connection becomes invalid, and its
	// credentials are deleted after 48 hours.
	RefreshFailsForGood Refresh = "fail_for_good"
	// RefreshRecovers makes refreshes succeed again. A refresh that failed is tried again at once.
	RefreshRecovers Refresh = "recover"
)

// SetRefresh sets how the refreshes of a connection go. A refresh happens when the access token expires.
func (v *Sandbox) SetRefresh(consumerID, unifiedAPI, serviceID string, refresh Refresh) {
	v.t.Helper()
	v.connection(unifiedAPI, serviceID, map[string]any{"consumer_id": consumerID, "refresh": refresh})
}

// SetDegraded sets whether the service behind a connection cannot be reached.
func (v *Sandbox) SetDegraded(consumerID, unifiedAPI, serviceID string, degraded bool) {
	v.t.Helper()
	v.connection(unifiedAPI, serviceID, map[string]any{"consumer_id": consumerID, "degraded": degraded})
}

func (v *Sandbox) connection(unifiedAPI, serviceID string, change any) {
	v.t.Helper()
	v.control(http.MethodPost, "/connections/"+url.PathEscape(unifiedAPI)+"/"+url.PathEscape(serviceID), change, nil)
}

// control sends a request to the control interface of the sandbox and decodes the response, if into is not nil.
func (v *Sandbox) control(method, path string, body, into any) {
	v.t.Helper()
	if err := v.send(method, path, body, into); err != nil {
		v.t.Fatalf("vaulttest: %s /sandbox%s: %v", method, path, err)
	}
}

func (v *Sandbox) send(method, path string, body, into any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, v.URL+"/sandbox"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	response, err := v.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		var failure struct{ Message string }
		if json.Unmarshal(text, &failure) != nil || failure.Message == "" {
			return fmt.Errorf("status %d", response.StatusCode)
		}
		return fmt.Errorf("status %d: %s", response.StatusCode, failure.Message)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

package vaulttest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/apierrors"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
	"github.com/apideck-vault/apideck-vault/bindings/go/retry"
	"github.com/apideck-vault/apideck-vault/bindings/go/vaulttest"
)

// list lists the connections with one attempt, and returns the status of the failure, or 0.
func list(t *testing.T, v *vaulttest.Sandbox, consumerID string) int {
	t.Helper()
	s := v.Client(consumerID, sdkgo.WithRetryConfig(retry.Config{Strategy: "none"}))
	_, err := s.Vault.Connections.List(t.Context(), nil, nil, nil, nil)
	var failed *apierrors.APIError
	if errors.As(err, &failed) {
		return failed.StatusCode
	} else if err != nil {
		t.Fatal(err)
	}
	return 0
}

func TestAFaultAppliesToItsOperationAndConsumerAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	wanted := vaulttest.Fault{Operation: "connections.list", ConsumerID: "acme", Fault: "status=503", Times: 2}
	rule := v.Fault(wanted)
	if rule.ID == 0 || rule.Operation != wanted.Operation || rule.ConsumerID != "acme" || rule.Fault != "status=503" || rule.Times != 2 || *rule.Remaining != 2 {
		t.Errorf("%+v", rule)
	}
	if got := list(t, v, "other"); got != 0 {
		t.Errorf("another consumer: status %d", got)
	}
	state(t, v.Client("acme"))
	for number, wanted := range []int{503, 503, 0} {
		if got := list(t, v, "acme"); got != wanted {
			t.Errorf("request %d: status %d, not %d", number, got, wanted)
		}
	}
	if rules := v.Faults(); len(rules) != 1 || *rules[0].Remaining != 0 {
		t.Errorf("%+v", rules)
	}
}

func TestAFaultLastsUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	first := v.Fault(vaulttest.Fault{Fault: "status=502"})
	v.Fault(vaulttest.Fault{Fault: "status=500"})
	var got []int
	for range 3 {
		got = append(got, list(t, v, "acme"))
	}
	v.RemoveFault(first)
	got = append(got, list(t, v, "acme"))
	v.ClearFaults()
	got = append(got, list(t, v, "acme"))
	if wanted := [5]int{502, 502, 502, 500, 0}; [5]int(got) != wanted {
		t.Errorf("%v, not %v", got, wanted)
	}
	if rules := v.Faults(); len(rules) != 0 {
		t.Errorf("%+v", rules)
	}
}

func TestTheClockMovesOnlyForwards(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	if late := time.Since(v.Now()).Abs(); late > time.Minute {
		t.Errorf("the clock begins %v off", late)
	}
	tomorrow := v.AdvanceClock(24 * time.Hour)
	if early := time.Until(tomorrow); early < 23*time.Hour || early > 25*time.Hour {
		t.Errorf("%v", tomorrow)
	}
	far := time.Date(2100, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	if now := v.SetClock(far); now.Sub(far) < 0 || now.Sub(far) > time.Minute {
		t.Errorf("%v", now)
	}
	if now := v.Now(); now.Before(far) {
		t.Errorf("%v", now)
	}
	if now := v.ResetClock(); time.Since(now).Abs() > time.Minute {
		t.Errorf("%v", now)
	}
}

func TestAStoredTimeIsThatOfTheClock(t *testing.T) {
	t.Parallel()
	v := vaulttest.Start(t)
	far := v.SetClock(time.Date(2100, 1, 2, 3, 4, 5, 0, time.UTC))
	s := v.Client("acme")
	created, err := s.Vault.Consumers.Create(t.Context(), components.CreateConsumerRequest{ConsumerID: "new"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := *created.CreateConsumerResponse.Data.Created; !strings.HasPrefix(text, far.Format("2006-01-02")) {
		t.Error(text)
	}
}

func TestACommandThatTheSandboxRefusesFailsTheTestWithItsMessage(t *testing.T) {
	t.Parallel()
	for wanted, command := range map[string]func(v *vaulttest.Sandbox){
		"status=x":           func(v *vaulttest.Sandbox) { v.Fault(vaulttest.Fault{Fault: "status=x"}) },
		"connections.lists":  func(v *vaulttest.Sandbox) { v.Fault(vaulttest.Fault{Fault: "reset", Operation: "connections.lists"}) },
		"no rule '7'":        func(v *vaulttest.Sandbox) { v.RemoveFault(vaulttest.Fault{ID: 7}) },
		"/sandbox/clock":     func(v *vaulttest.Sandbox) { v.AdvanceClock(-time.Hour) },
		"connection refused": func(v *vaulttest.Sandbox) { v.Close(); v.Now() },
	} {
		r := record(func(r *recorder) { command(vaulttest.Start(r)) })
		if !r.failed || !strings.Contains(r.logged, wanted) || strings.Count(r.logged, "\n") != 1 {
			t.Errorf("%s: %q", wanted, r.logged)
		}
	}
}

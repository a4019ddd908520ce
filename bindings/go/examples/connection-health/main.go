// Connection-health lists the connections of all consumers that need something, most urgent first.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
	"unicode"

	sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

const help = `usage: connection-health [--format text|json]

Lists the connections of all consumers that need something, most urgent first: those that need somebody come before
those that only have to wait. In each group, those whose credentials are deleted next come first.

The API key and the application come from APIDECK_API_KEY and APIDECK_APP_ID, another server from APIDECK_SERVER_URL.

  --format   text (columns, the default) or json (one array)

exit codes:
  0  no connection needs somebody
  1  a connection needs somebody
  2  the list is not complete, or the arguments are wrong; standard error has the reason
`

// atOnce is the number of consumers whose connections are listed at the same time.
const atOnce = 8

// finding is a connection that needs something. It has no AuthorizeURL, because whoever has one can connect an account
// of their own.
type finding struct {
	ConsumerID      string                  `json:"consumer_id"`
	ConnectionID    string                  `json:"connection_id"`
	Action          components.HealthAction `json:"action"`
	Reason          string                  `json:"reason"`
	Until           *float64                `json:"until"`
	Overdue         bool                    `json:"overdue"`
	MissingSettings []string                `json:"missing_settings"`
}

// needsSomebody reports whether somebody has to act. After Until, waiting does not help.
func (f finding) needsSomebody() bool { return f.Overdue || f.Action != components.HealthActionWait }

// until returns Until, or infinity.
func (f finding) until() float64 {
	if f.Until == nil {
		return math.Inf(1)
	}
	return *f.Until
}

// compare orders findings by urgency.
func compare(a, b finding) int {
	if a.needsSomebody() != b.needsSomebody() {
		if a.needsSomebody() {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.until(), b.until()), cmp.Compare(a.ConsumerID, b.ConsumerID), cmp.Compare(a.ConnectionID, b.ConnectionID))
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program. It returns the exit code.
func run(ctx context.Context, arguments []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("connection-health", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	format := flags.String("format", "text", "")
	err := flags.Parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, help)
		return 0
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case err == nil && *format != "text" && *format != "json":
		err = fmt.Errorf("unknown format %q", *format)
	}
	if err != nil {
		fmt.Fprintf(errs, "%v\n\n%s", err, help)
		return 2
	}

	s := sdkgo.New()
	defer s.Close()
	found, err := findings(ctx, s)
	if err != nil {
		fmt.Fprintln(errs, err)
	}
	slices.SortFunc(found, compare)
	if *format == "json" {
		err = errors.Join(err, printJSON(out, found))
	} else {
		err = errors.Join(err, printTable(out, found))
	}
	switch {
	case err != nil:
		return 2
	case slices.ContainsFunc(found, finding.needsSomebody):
		return 1
	}
	return 0
}

// findings returns the connections of all consumers that need something. With an error, the list is not complete.
func findings(ctx context.Context, s *sdkgo.Apideck) (found []finding, err error) {
	var mutex sync.Mutex // guards found and err
	var waiting sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	page, pageErr := s.Vault.Consumers.List(ctx, nil, nil, nil, sdkgo.Int64(200))
	for page != nil && pageErr == nil {
		for _, consumer := range page.GetConsumersResponse.Data {
			if consumer.ConsumerID == nil {
				continue
			}
			slots <- struct{}{}
			waiting.Add(1)
			go func(consumerID string) {
				defer func() { <-slots; waiting.Done() }()
				ofConsumer, listErr := findingsOf(ctx, s, consumerID)
				mutex.Lock()
				defer mutex.Unlock()
				found = append(found, ofConsumer...)
				if listErr != nil {
					err = errors.Join(err, fmt.Errorf("%q: %w", consumerID, listErr))
				}
			}(*consumer.ConsumerID)
		}
		page, pageErr = page.Next()
	}
	waiting.Wait()
	return found, errors.Join(err, pageErr)
}

// findingsOf returns the connections of one consumer that need something.
func findingsOf(ctx context.Context, s *sdkgo.Apideck, consumerID string) (found []finding, err error) {
	res, err := s.Vault.Connections.List(ctx, &consumerID, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	now := float64(time.Now().UnixMilli())
	for _, connection := range res.GetConnectionsResponse.Data {
		report := connection.HealthReport()
		if report.Action == components.HealthActionNone {
			continue
		}
		id := "?"
		if connection.ID != nil {
			id = strings.Clone(*connection.ID) // the string is a part of the response
		}
		found = append(found, finding{
			ConsumerID: consumerID, ConnectionID: id, Action: report.Action, Reason: report.Reason, Until: report.Until,
			Overdue: report.Until != nil && *report.Until <= now, MissingSettings: report.MissingSettings,
		})
	}
	return found, nil
}

func printJSON(out io.Writer, found []finding) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if found == nil {
		found = []finding{}
	}
	return encoder.Encode(found)
}

func printTable(out io.Writer, found []finding) error {
	if len(found) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "consumer\tconnection\taction\tuntil\treason")
	for _, f := range found {
		until := "-"
		if f.Until != nil {
			until = time.UnixMilli(int64(*f.Until)).UTC().Format("2006-01-02 15:04Z")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", printable(f.ConsumerID), printable(f.ConnectionID), printable(string(f.Action)), until, printable(f.Reason))
	}
	return table.Flush()
}

// printable returns text from others without the characters that move the cursor of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

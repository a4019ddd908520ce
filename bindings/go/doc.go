// Package apideckvault manages the connections of Apideck Vault. It lists, reads, updates, deletes, imports, authorizes
// and migrates connections, validates them, reads and changes the settings of their resources, creates sessions of the
// hosted Vault, and manages consumers.
//
// It has the names and signatures of the official Go SDK, so that only the import paths of a program change:
//
//	import sdkgo "github.com/apideck-vault/apideck-vault/bindings/go"
//
//	s := sdkgo.New(
//		sdkgo.WithSecurity(os.Getenv("APIDECK_API_KEY")),
//		sdkgo.WithConsumerID("test-consumer"),
//		sdkgo.WithAppID("dSBdXd2H6Mqwfg0atXHXYcysLJE9qyn1VwBtXHX"),
//	)
//	defer s.Close()
//
//	res, err := s.Vault.Connections.List(ctx, nil, nil, sdkgo.String("crm"), nil)
//	if err != nil {
//		return err
//	}
//	for _, connection := range res.GetConnectionsResponse.Data {
//		fmt.Println(*connection.ID, *connection.State)
//	}
//
// # Configuration
//
// The environment supplies what no option sets: APIDECK_API_KEY, APIDECK_APP_ID, APIDECK_CONSUMER_ID and
// APIDECK_SERVER_URL. [New] returns no error. If the configuration cannot work, every call returns the error.
//
// # Errors
//
// The errors of calls are the types of package apierrors, for errors.As. There is a type for each status of the API,
// and a type for each way in which a call can end without a response. Each error says whether the same call may succeed
// later.
//
// # Empty fields
//
// Empty fields of a request are not sent. ForceSendFields of a struct names Go fields to send although they are empty,
// and NullFields names Go fields to send as null.
//
// # Pages
//
// Consumers.List returns one page. Next of the result requests the next page and returns nil after the last one.
//
// # Contexts and deadlines
//
// A call ends within 100 ms after its context ends: while it waits for a slot, connects, waits between two attempts, or
// reads. The error wraps ctx.Err(). The timeout of a call bounds all of it, with the wait for a slot and the retries. It
// is 30 seconds, or that of [WithTimeout]. An earlier deadline of the context ends the call earlier.
//
// # Concurrency
//
// Any number of goroutines may use a client. A call occupies a thread while it is in the C library, so that at most 256
// calls (see [WithMaxConcurrentCalls]) are there at the same time. The others wait for a slot.
//
// # Memory
//
// A response is copied out of C once. Its strings are parts of that copy, and its optional values are allocated
// together. A program that keeps one string of a large response for long should keep a strings.Clone of it.
package apideckvault

// Package apideckvault manages the connections of Apideck Vault: it lists, reads, updates, deletes,
// imports and authorizes them.
//
// It has the surface of the connection part of the official Go SDK, so that a program moves here by
// changing its import paths:
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
// What no option sets comes from the environment: APIDECK_API_KEY, APIDECK_APP_ID,
// APIDECK_CONSUMER_ID, APIDECK_SERVER_URL. [New] returns no error; a configuration that cannot work is
// the error of every call.
//
// # Errors
//
// The errors of calls are the types of package apierrors, for errors.As: one for each status of the
// API, and one for each way not to get an answer. Each says whether the same call may succeed later.
//
// # Empty fields
//
// Empty fields of a request are not sent. ForceSendFields and NullFields of each struct of a request name
// the Go fields to send all the same: empty, or as null.
//
// # Contexts and time
//
// A call ends within 100 ms when its context does, be it waiting for a slot, connecting, between two
// attempts or reading; the error wraps ctx.Err(). The timeout of a call bounds all of it, that wait and
// retries included: 30 seconds, or that of [WithTimeout], or less if the context has less time left.
//
// # Concurrency
//
// A client may be used by any number of goroutines. A call in the C library occupies a thread, so that
// at most 256 calls (see [WithMaxConcurrentCalls]) are there at once; the others wait for a slot, under
// their contexts.
//
// # Memory
//
// A response is copied out of C once. Its strings are parts of that copy, and its optional values are
// allocated together: whoever keeps one string of a big response for long should keep a
// strings.Clone of it.
package apideckvault

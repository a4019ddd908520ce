package apideckvault

import (
	"errors"
	"fmt"
	"net/url"
	"sync"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
)

// ErrClosed is the error of calls on a client that was closed.
var ErrClosed = errors.New("apideckvault: the client is closed")

// ErrLibraryVersion is the error of calls of a program that runs with a C library of another version than
// this module can work with. Nothing is sent.
var ErrLibraryVersion = errors.New("apideckvault: unsuitable C library")

// ServerList is the servers of the API, for [WithServerIndex].
var ServerList = []string{"https://unify.apideck.com"}

// Apideck is a client. It may be used by any number of goroutines.
type Apideck struct {
	Vault *Vault

	client *client
}

// Vault is the part of the API that keeps connections.
type Vault struct {
	Connections *Connections
}

// New makes a client. It sends nothing; a configuration that cannot work is the error of every call.
func New(opts ...SDKOption) *Apideck {
	sdk := &Apideck{client: &client{settings: defaults()}}
	for _, option := range opts {
		option(sdk)
	}
	sdk.client.start()
	sdk.Vault = &Vault{Connections: &Connections{client: sdk.client}}
	return sdk
}

// Close gives back what the client holds: its connections, its key. Calls that are under way finish,
// later ones return [ErrClosed]. A client that is not closed is cleaned up some time after it was
// last used.
func (s *Apideck) Close() error {
	if s.client != nil { // of an Apideck that New has not made
		s.client.close()
	}
	return nil
}

// NativeVersion is the version of the C library that this program runs with.
func NativeVersion() string { return native.Version() }

// client is what all calls share.
type client struct {
	settings settings
	server   *url.URL // nil if it is none
	slots    chan struct{}

	mutex   sync.Mutex
	native  *native.Client
	failure error // why there can be no native client
	closed  bool
}

// start makes the native client, unless it takes a call to know its key or application.
func (c *client) start() {
	c.settings.fill()
	c.server, _ = url.Parse(*c.settings.serverURL)
	c.slots = make(chan struct{}, c.settings.maxConcurrentCalls)
	if err := native.CheckVersion(native.Version()); err != nil {
		c.failure = fmt.Errorf("%w: %w", ErrLibraryVersion, err)
		return
	}
	if c.settings.isComplete() {
		c.native, c.failure = c.open("", "")
	}
}

// acquire is the native client. The first call brings its own key and application along, in case that
// the configuration has none; the native client needs some, and every later call has its own too. If
// they are no good, that is the error of this call alone.
func (c *client) acquire(apiKey, appID string) (*native.Client, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed {
		return nil, ErrClosed
	}
	if c.native == nil && c.failure == nil {
		client, err := c.open(apiKey, appID)
		if err != nil {
			return nil, err
		}
		c.native = client
	}
	return c.native, c.failure
}

func (c *client) open(apiKey, appID string) (*native.Client, error) {
	config, err := c.settings.config(apiKey, appID)
	if err != nil {
		return nil, err
	}
	client, failure := native.Open(config, c.settings.logger != nil)
	if client == nil {
		reply := parse(failure)
		return nil, reply.failed(native.InvalidArgument)
	}
	return client, nil
}

func (c *client) close() {
	c.mutex.Lock()
	client := c.native
	c.native, c.closed = nil, true
	c.mutex.Unlock()
	if client != nil {
		client.Close()
	}
}

package apideckvault

import (
	"errors"
	"fmt"
	"sync"

	"github.com/apideck-vault/apideck-vault/bindings/go/internal/native"
)

// ErrClosed is the error of a call on a client that was closed.
var ErrClosed = errors.New("apideckvault: the client is closed")

// ErrLibraryVersion is the error of every call if the version of the C library does not fit this module. Nothing is
// sent.
var ErrLibraryVersion = errors.New("apideckvault: unsuitable C library")

// ServerList has the servers of the API, for [WithServerIndex].
var ServerList = []string{"https://unify.apideck.com"}

// Apideck is a client. Any number of goroutines may use it at the same time.
type Apideck struct {
	Vault *Vault

	client *client
}

// New returns a client. It sends nothing. If the configuration cannot work, every call returns the error.
func New(opts ...SDKOption) *Apideck {
	sdk := &Apideck{client: &client{settings: defaults()}}
	for _, option := range opts {
		option(sdk)
	}
	sdk.client.start()
	sdk.Vault = newVault(sdk.client)
	return sdk
}

// Close releases the connections and the key of the client. Active calls finish; calls after that return [ErrClosed].
// The garbage collector closes a client that nothing refers to.
func (s *Apideck) Close() error {
	if s.client != nil { // New has made it
		s.client.close()
	}
	return nil
}

// NativeVersion returns the version of the C library that this program runs with.
func NativeVersion() string { return native.Version() }

// client is what the groups of operations share.
type client struct {
	settings settings
	slots    chan struct{}

	mutex   sync.Mutex
	native  *native.Client
	failure error // why there cannot be a native client
	closed  bool
}

// start makes the native client, unless a call has to bring the key or the application.
func (c *client) start() {
	c.settings.fill()
	c.slots = make(chan struct{}, c.settings.maxConcurrentCalls)
	if err := native.CheckVersion(native.Version()); err != nil {
		c.failure = fmt.Errorf("%w: %w", ErrLibraryVersion, err)
		return
	}
	if c.settings.isComplete() {
		c.native, c.failure = c.open("", "")
	}
}

// acquire returns the native client. If there is none yet, it makes one with the key and the application of this call,
// because the configuration has none. Every other call brings its own. If the client cannot be made with them, only
// this call fails.
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
		e := parseEnvelope(failure)
		return nil, e.toError(native.InvalidArgument)
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

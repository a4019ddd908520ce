package apideckvault_test

import (
	"fmt"
	"os"
	"testing"
)

// TestMain sets the environment that configures the examples, so that they never call the real server. The tests of this
// package need a local Vault and the scenario server.
func TestMain(m *testing.M) {
	for _, name := range []string{"APIDECK_VAULT_TEST_SANDBOX_URL", "APIDECK_VAULT_TEST_SCENARIOS_URL", "APIDECK_VAULT_TEST_SCENARIOS_TABLE"} {
		if os.Getenv(name) == "" {
			fmt.Fprintf(os.Stderr, "%s is not set: run `cargo test --test go`, which starts the servers that these tests need\n", name)
			os.Exit(1)
		}
	}
	for name, value := range map[string]string{
		"APIDECK_SERVER_URL": os.Getenv("APIDECK_VAULT_TEST_SANDBOX_URL"), "APIDECK_API_KEY": "test-key",
		"APIDECK_APP_ID": "test-app", "APIDECK_CONSUMER_ID": "example-consumer",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

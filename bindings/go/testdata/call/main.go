// Command call makes a call that cannot connect and prints its error. That shows that the C library works, and unwinds, in
// a program that is linked in some way.
package main

import (
	"context"
	"fmt"

	apideckvault "github.com/apideck-vault/apideck-vault/bindings/go"
)

func main() {
	s := apideckvault.New(apideckvault.WithServerURL("http://127.0.0.1:1"), apideckvault.WithSecurity("key"), apideckvault.WithAppID("app"))
	defer s.Close()
	_, err := s.Vault.Connections.List(context.Background(), nil, nil, nil, nil)
	fmt.Println(err)
}

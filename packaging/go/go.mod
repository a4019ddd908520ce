module github.com/apideck-vault/apideck-vault/packaging/go

go 1.24.0

// Packs module zips, by the rules of the go command.
require golang.org/x/mod v0.31.0

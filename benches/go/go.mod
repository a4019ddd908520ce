module github.com/apideck-vault/apideck-vault/benches/go

go 1.24.0

require github.com/apideck-vault/apideck-vault/bindings/go v0.0.0

replace github.com/apideck-vault/apideck-vault/bindings/go => ../../bindings/go

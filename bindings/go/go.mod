module github.com/apideck-vault/apideck-vault/bindings/go

go 1.24.0

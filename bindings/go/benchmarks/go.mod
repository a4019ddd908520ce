module github.com/apideck-vault/apideck-vault/bindings/go/benchmarks

go 1.25.10

require (
	github.com/apideck-libraries/sdk-go v0.27.23
	github.com/apideck-vault/apideck-vault/bindings/go v0.0.0
)

require github.com/spyzhov/ajson v0.8.0 // indirect

replace github.com/apideck-vault/apideck-vault/bindings/go => ../

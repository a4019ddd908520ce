// Package linux_amd64_musl has the static library for x86_64 Linux with musl. It is a package so that go mod vendor
// copies the library.
package linux_amd64_musl

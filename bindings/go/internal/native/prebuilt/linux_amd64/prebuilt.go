// Package linux_amd64 has the static library for x86_64 Linux with glibc. It is a package so that go mod vendor
// copies the library.
package linux_amd64

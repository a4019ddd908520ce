// Package linux_arm64_musl has the static library for aarch64 Linux with musl. It is a package so that go mod vendor
// copies the library.
package linux_arm64_musl

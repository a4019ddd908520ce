// Package linux_arm64 has the static library for aarch64 Linux with glibc. It is a package so that go mod vendor
// copies the library.
package linux_arm64

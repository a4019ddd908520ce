// Package windows_amd64 has the static library for x86_64 Windows. It is a package so that go mod vendor
// copies the library.
package windows_amd64

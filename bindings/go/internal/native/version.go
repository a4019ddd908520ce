package native

import (
	"fmt"
	"strconv"
	"strings"
)

// required is the version of the library that this module was written for.
const required = "0.1.0"

// CheckVersion returns an error if this module cannot work with a version of the library, because it is older or has
// another interface. A new major version may change the interface and, before 1.0.0, a new minor version too.
func CheckVersion(found string) error {
	own, _ := numbers(required)
	other, ok := numbers(found)
	breaking := 1
	if own[0] == 0 {
		breaking = 2
	}
	for i := range own {
		if !ok || other[i] < own[i] || other[i] > own[i] && i < breaking {
			next := [3]int{own[0] + 1}
			if breaking == 2 {
				next = [3]int{0, own[1] + 1}
			}
			return fmt.Errorf("the C library has version %q, but this module needs %s or later and before %d.%d.0: install the apideck_vault library of the same release", found, required, next[0], next[1])
		}
		if other[i] > own[i] {
			break
		}
	}
	return nil
}

// numbers returns the three numbers of a version, and whether it has them.
func numbers(version string) (found [3]int, ok bool) {
	version, _, _ = strings.Cut(version, "+")
	version, _, _ = strings.Cut(version, "-")
	parts := strings.Split(version, ".")
	if len(parts) != len(found) {
		return found, false
	}
	for i, part := range parts {
		number, err := strconv.Atoi(part)
		if err != nil || number < 0 {
			return found, false
		}
		found[i] = number
	}
	return found, true
}

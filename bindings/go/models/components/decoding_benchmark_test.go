package components_test

import (
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

func BenchmarkDecodingAListOf100(b *testing.B) {
	text := `{"status_code":200,"status":"OK","data":[` + strings.Repeat(connection+",", 99) + connection + `]}`
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var response components.GetConnectionsResponse
		if err := response.DecodeJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

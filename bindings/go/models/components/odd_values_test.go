package components_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// response is a body of an operation.
type response interface {
	DecodeJSON(text string) error
}

// model is a type of the description.
type model interface{ UnmarshalJSON(data []byte) error }

// step is the key of a member or the index of an element.
type step any

// paths returns the path of every value in a tree of JSON values.
func paths(tree any, at []step) (found [][]step) {
	inner := func(next step, value any) {
		path := append(append([]step(nil), at...), next)
		found = append(append(found, path), paths(value, path)...)
	}
	switch tree := tree.(type) {
	case map[string]any:
		for key, value := range tree {
			inner(key, value)
		}
	case []any:
		for i, value := range tree {
			inner(i, value)
		}
	}
	return found
}

// replaced returns a copy of a tree in which the value at a path is another one.
func replaced(tree any, path []step, value any) any {
	if len(path) == 0 {
		return value
	}
	switch tree := tree.(type) {
	case map[string]any:
		copied := map[string]any{}
		for key, member := range tree {
			copied[key] = member
		}
		key := path[0].(string)
		copied[key] = replaced(tree[key], path[1:], value)
		return copied
	case []any:
		copied := append([]any(nil), tree...)
		i := path[0].(int)
		copied[i] = replaced(tree[i], path[1:], value)
		return copied
	}
	panic("no such path")
}

// differences returns the paths at which two trees differ.
func differences(a, b any, at string) (found []string) {
	switch a := a.(type) {
	case map[string]any:
		if b, ok := b.(map[string]any); ok {
			for key, value := range a {
				found = append(found, differences(value, b[key], at+"/"+key)...)
			}
			for key, value := range b {
				if _, both := a[key]; !both {
					found = append(found, differences(nil, value, at+"/"+key)...)
				}
			}
			return found
		}
	case []any:
		if b, ok := b.([]any); ok && len(a) == len(b) {
			for i, value := range a {
				found = append(found, differences(value, b[i], fmt.Sprint(at, "/", i))...)
			}
			return found
		}
	}
	if !reflect.DeepEqual(a, b) {
		found = append(found, at)
	}
	return found
}

// decode reads a text and returns the value that was read as a tree. Neither may fail.
func decode(t *testing.T, into response, text string) any {
	t.Helper()
	if err := into.DecodeJSON(text); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	encoded, err := json.Marshal(into)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return parsed(t, encoded)
}

// odd has values of every kind.
var odd = []any{nil, true, false, 7.0, -1.5, "odd", "", json.Number("1e999"), json.Number("12345678901234567890"), map[string]any{}, []any{}, map[string]any{"id": []any{7.0}}, []any{"a", nil, map[string]any{"id": 7.0}}}

// checkOddValues replaces each value of a body by odd ones. It requires that each body is read, with no difference but in
// the replaced value. It returns the number of replacements.
func checkOddValues(t *testing.T, newBody func() response, text string) (replacements int) {
	t.Helper()
	whole, want := parsed(t, []byte(text)), decode(t, newBody(), text)
	for _, path := range paths(whole, nil) {
		at := ""
		for _, step := range path {
			at += "/" + fmt.Sprint(step)
		}
		for _, other := range odd {
			got := decode(t, newBody(), marshal(t, replaced(whole, path, other)))
			for _, place := range differences(want, got, "") {
				if place != at && !strings.HasPrefix(place, at+"/") {
					t.Fatalf("%T: with %v at %s, %s differs", newBody(), other, at, place)
				}
			}
			replacements++
		}
	}
	return replacements
}

func TestAValueOfAnyOtherTypeLeavesOutItsOwnFieldAndNothingElse(t *testing.T) {
	single := `{"status_code":200,"status":"OK","data":` + connection + `,"_raw":{"a":[1]},
		"meta":{"items_on_page":1,"cursors":{"previous":"p","current":"c","next":"n"},"total_count":2,"warnings":[{"type":"t","status_code":429,"error":"e","operation":"o","message":"m"}]}}`
	small := `{"status_code":200,"status":"OK","data":{"id":"crm+only"},"_raw":{"a":[1]}}`
	list := `{"status_code":200,"status":"OK","data":[{"id":"crm+first"},` + connection + `,{"id":"crm+last"}],"_raw":{"a":[1]}}`
	replacements := checkOddValues(t, func() response { return new(components.GetConnectionsResponse) }, list)
	replacements += checkOddValues(t, func() response { return new(components.GetConnectionResponse) }, single)
	replacements += checkOddValues(t, func() response { return new(components.UpdateConnectionResponse) }, small)
	replacements += checkOddValues(t, func() response { return new(components.CreateConnectionResponse) }, small)
	if replacements < 4000 {
		t.Errorf("%d replacements", replacements)
	}
}

func TestAFieldWithAValueOfAnotherTypeIsNil(t *testing.T) {
	var list components.GetConnectionsResponse
	decode(t, &list, `{"status_code":"200","data":[{"id":"crm+a","settings":"{}"},{"id":7,"name":"B","enabled":"yes","created_at":"now","form_fields":{},
		"configurable_resources":["a",7],"consents":[7,{"id":"c"}],"application_data_scopes":[],"configuration":[{"resource":1,"defaults":"none"}]},8,{"id":"crm+d"}]}`)
	if len(list.Data) != 4 || list.StatusCode != 0 || *list.Data[0].ID != "crm+a" || list.Data[0].Settings != nil || *list.Data[3].ID != "crm+d" {
		t.Fatalf("%+v", list)
	}
	c := list.Data[1]
	if c.ID != nil || *c.Name != "B" || c.Enabled != nil || c.CreatedAt != nil || c.FormFields != nil || c.ApplicationDataScopes != nil || c.Configuration[0].Resource != nil || c.Configuration[0].Defaults != nil {
		t.Errorf("%+v", c)
	}
	if !reflect.DeepEqual(c.ConfigurableResources, []string{"a", ""}) || len(c.Consents) != 2 || c.Consents[1].ID != "c" {
		t.Errorf("%q, %+v", c.ConfigurableResources, c.Consents)
	}
}

func TestAnUnknownEnumValueIsKept(t *testing.T) {
	var c components.Connection
	if err := json.Unmarshal([]byte(`{"state":"hibernating","health":"","consent_state":"postponed"}`), &c); err != nil {
		t.Fatal(err)
	}
	if *c.State != "hibernating" || c.State.IsExact() || *c.Health != "" || fmt.Sprintf("%s %v", *c.State, *c.ConsentState) != "hibernating postponed" {
		t.Errorf("%+v", c)
	}
	text, err := json.Marshal(components.ConnectionInput{ConsentState: c.ConsentState})
	if err != nil || string(text) != `{"consent_state":"postponed"}` {
		t.Errorf("%s, %v", text, err)
	}
}

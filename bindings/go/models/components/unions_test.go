package components_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/apideck-vault/apideck-vault/bindings/go/models/components"
)

// sameJSON compares two texts as JSON values.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	if !reflect.DeepEqual(value(t, got), value(t, want)) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func value(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// again reads a union from a text and requires that it is encoded to the same JSON.
func again[T any](t *testing.T, text string) T {
	t.Helper()
	var union T
	if err := json.Unmarshal([]byte(text), &union); err != nil {
		t.Fatalf("%T from %s: %v", union, text, err)
	}
	encoded, err := json.Marshal(union)
	if err != nil {
		t.Fatalf("%T to JSON: %v", union, err)
	}
	sameJSON(t, string(encoded), text)
	return union
}

func TestUnionsOfEveryKindAreDecodedAndEncodedToTheSameJSON(t *testing.T) {
	for text, kind := range map[string]string{
		`"general"`: "str", `""`: "str", `"ä \"quoted\" \\ \u20ac \ud83d\ude00 <&>"`: "str",
		`10`: "integer", `-3`: "integer", `9223372036854775807`: "integer",
		`10.5`: "number", `-0.25`: "number", `1e3`: "number", `10.0`: "number",
		`123456789012345678901234567890`: "number", `0.12345678901234567890123`: "number", `1e999`: "number",
	} {
		if kind == "number" && text == `1e999` { // encoding/json cannot read it, so that the texts are compared
			var five components.Five
			if err := json.Unmarshal([]byte(text), &five); err != nil {
				t.Fatal(err)
			}
			if encoded, err := json.Marshal(five); string(encoded) != text || err != nil {
				t.Errorf("got %s (%v), want %s", encoded, err, text)
			}
			continue
		}
		if union := again[components.Five](t, text); string(union.Type) != kind {
			t.Errorf("Five %s: type %q, want %q", text, union.Type, kind)
		}
		if union := again[components.Value5](t, text); string(union.Type) != kind {
			t.Errorf("Value5 %s: type %q, want %q", text, union.Type, kind)
		}
		if union := again[components.ConnectionValue](t, text); string(union.Type) != kind {
			t.Errorf("ConnectionValue %s: type %q, want %q", text, union.Type, kind)
		}
		if union := again[components.SimpleFormFieldOptionValue](t, text); string(union.Type) != kind {
			t.Errorf("SimpleFormFieldOptionValue %s: type %q, want %q", text, union.Type, kind)
		}
	}
	for text, kind := range map[string]string{
		`true`: "boolean", `false`: "boolean", `[]`: "arrayOf", `["team",1,2.5]`: "arrayOf", `[null,{"a":[1]},true]`: "arrayOf", `{"a":1}`: "", `[[1],"a"]`: "arrayOf",
	} {
		suffix5, suffixValue5 := "", ""
		if kind == "arrayOf" {
			suffix5, suffixValue5 = "5", "Value5"
		}
		if union := again[components.ConnectionValue](t, text); string(union.Type) != kind+suffixValue5 {
			t.Errorf("ConnectionValue %s: type %q", text, union.Type)
		}
		if union := again[components.SimpleFormFieldOptionValue](t, text); string(union.Type) != kind+suffix5 {
			t.Errorf("SimpleFormFieldOptionValue %s: type %q", text, union.Type)
		}
	}
	for text, kind := range map[string]components.FormFieldOptionType{
		`{"label":"a","value":1,"option_type":"simple"}`:                                                                                components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"option_type":"simple","label":"a","value":["x"],"new":{"b":[1,"}"]},"x\"y":null}`:                                            components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"id":"1","label":"a","options":[{"label":"b","value":true,"option_type":"simple","hint":"c"}],"option_type":"group","new":1}`: components.FormFieldOptionTypeFormFieldOptionGroup,
		`{"options":[],"option_type":"group","value":"stray"}`:                                                                          components.FormFieldOptionTypeFormFieldOptionGroup,
		`{"id":"stray","options":[],"option_type":"simple"}`:                                                                            components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"label":"a","option_type":"tree","children":[{"label":"b"}]}`:                                                                 "",
		`{"label":"a","value":1,"id":5,"options":{},"option_type":"simple"}`:                                                            components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"options":["a",{"options":17}],"option_type":"simple"}`:                                                                       components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"value":{"a":[1]},"options":[],"option_type":"group"}`:                                                                        components.FormFieldOptionTypeFormFieldOptionGroup,
		`{"options":[{"option_type":"group","options":[{"label":"b"}]}],"option_type":"group"}`:                                         components.FormFieldOptionTypeFormFieldOptionGroup,
		`{"option_type":5,"label":"a"}`:                                                                                                 "", `"plain"`: "",
	} {
		if union := again[components.FormFieldOption](t, text); union.Type != kind {
			t.Errorf("%s: type %q, want %q", text, union.Type, kind)
		}
	}
	again[components.DataScopesResources](t, `"*"`)
	again[components.DataScopesResources](t, `{"hris.employees":{"id":{"read":true,"write":false},"name":{}}}`)
	again[components.DataScopesResources](t, `17`)
	again[components.Detail](t, `"a sentence"`)
	again[components.Detail](t, `{"missing":[{"x":"required"}],"n":123456789012345678}`)
	again[components.Detail](t, `["unexpected"]`)
}

func TestUnknownMembersOfAnOptionDoNotChangeItsGroup(t *testing.T) {
	for _, options := range []string{`"options":[]`, `"options":[{"label":"X"},{"label":"Y"}]`, `"options":{}`, `"id":5`, `"id":{"options":[{}]}`} {
		text := `{"options":[{"label":"Z","value":"z"},{"label":"G","options":[{"label":"A","value":"a",` + options + `},{"label":"B","value":["b",2],` + options + `}]},{"label":"C","value":"c"}]}`
		var field components.FormField
		if err := json.Unmarshal([]byte(text), &field); err != nil || len(field.Options) != 3 {
			t.Errorf("%s: %d options, %v", text, len(field.Options), err)
			continue
		}
		group := field.Options[1].FormFieldOptionGroup
		if group == nil || len(group.Options) != 2 || *group.Options[0].Label != "A" || *group.Options[0].Value.Str != "a" || *group.Options[1].Label != "B" || *group.Options[1].Value.ArrayOf5[1].Integer != 2 {
			t.Errorf("%s: %+v", text, group)
		}
		if last := field.Options[2].SimpleFormFieldOption; last == nil || *last.Value.Str != "c" {
			t.Errorf("%s: %+v", text, last)
		}
	}
}

func TestAnOptionWithoutAKindIsAGroupIfItHasOptions(t *testing.T) {
	for text, kind := range map[string]components.FormFieldOptionType{
		`{"label":"a","value":1}`:                                        components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"label":"a","options":null,"value":1}`:                         components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"label":"a","options":null,"value":1,"option_type":null}`:      components.FormFieldOptionTypeSimpleFormFieldOption,
		`{"label":"a","options":[],"option_type":null}`:                  components.FormFieldOptionTypeFormFieldOptionGroup,
		`{"option_type":"simple","label":"a","options":[{"label":"b"}]}`: components.FormFieldOptionTypeSimpleFormFieldOption,
	} {
		var union components.FormFieldOption
		if err := json.Unmarshal([]byte(text), &union); err != nil || union.Type != kind {
			t.Errorf("%s: type %q, want %q: %v", text, union.Type, kind, err)
		}
	}
}

func TestTheEncoderAddsTheOptionType(t *testing.T) {
	label := "General"
	newer := components.CreateValueInteger(1)
	value := components.CreateSimpleFormFieldOptionValueArrayOf5([]components.Five{components.CreateFiveStr("team"), components.CreateFiveInteger(1), components.CreateFiveNumber(1.5)})
	simple := components.SimpleFormFieldOption{Label: &label, Value: &value}
	for union, want := range map[*components.FormFieldOption]string{
		ptr(components.CreateFormFieldOptionSimpleFormFieldOption(simple)):                                                                              `{"label":"General","value":["team",1,1.5],"option_type":"simple"}`,
		ptr(components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{Options: []components.SimpleFormFieldOption{simple}})): `{"options":[{"label":"General","value":["team",1,1.5],"option_type":"simple"}],"option_type":"group"}`,
		ptr(components.CreateFormFieldOptionFormFieldOptionGroup(components.FormFieldOptionGroup{Label: &label})):                                       `{"label":"General","options":[],"option_type":"group"}`,
		ptr(components.CreateFormFieldOptionGroup(components.FormFieldOptionGroup{Label: &label})):                                                      `{"label":"General","options":[],"option_type":"group"}`,
		ptr(components.CreateFormFieldOptionSimple(components.SimpleFormFieldOption{Label: &label, Value: &newer})):                                     `{"label":"General","value":1,"option_type":"simple"}`,
	} {
		text, err := json.Marshal(union)
		if err != nil {
			t.Fatal(err)
		}
		sameJSON(t, string(text), want)
	}
}

func TestAChangedNumberIsEncodedWithItsNewValue(t *testing.T) {
	var value components.ConnectionValue
	if err := json.Unmarshal([]byte(`123456789012345678901234567890`), &value); err != nil {
		t.Fatal(err)
	}
	*value.Number = 2.5
	if text, err := json.Marshal(value); string(text) != "2.5" || err != nil {
		t.Errorf("got %s, %v", text, err)
	}
}

func TestAUnionWithoutAValueIsAnErrorThatNamesTheCreateFunctions(t *testing.T) {
	for _, union := range unions() {
		if _, err := json.Marshal(union); err == nil || !strings.Contains(err.Error(), "no field is set; use one of its Create functions") {
			t.Errorf("%T: %v", union, err)
		}
	}
}

func ptr[T any](value T) *T { return &value }

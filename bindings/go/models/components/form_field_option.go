package components

import "slices"

// FormFieldOptionType says which field of a [FormFieldOption] is set.
type FormFieldOptionType string

const (
	FormFieldOptionTypeSimpleFormFieldOption FormFieldOptionType = "SimpleFormFieldOption"
	FormFieldOptionTypeFormFieldOptionGroup  FormFieldOptionType = "FormFieldOptionGroup"
)

// FormFieldOption is an option or a group of options. One of a kind that this version does not know
// has an empty Type, and is encoded again as it came.
type FormFieldOption struct {
	SimpleFormFieldOption *SimpleFormFieldOption
	FormFieldOptionGroup  *FormFieldOptionGroup

	Type FormFieldOptionType
	raw  string
}

// CreateFormFieldOptionSimpleFormFieldOption makes an option.
func CreateFormFieldOptionSimpleFormFieldOption(option SimpleFormFieldOption) FormFieldOption {
	return FormFieldOption{SimpleFormFieldOption: &option, Type: FormFieldOptionTypeSimpleFormFieldOption}
}

// CreateFormFieldOptionFormFieldOptionGroup makes a group of options.
func CreateFormFieldOptionFormFieldOptionGroup(group FormFieldOptionGroup) FormFieldOption {
	return FormFieldOption{FormFieldOptionGroup: &group, Type: FormFieldOptionTypeFormFieldOptionGroup}
}

func (u FormFieldOption) MarshalJSON() ([]byte, error) {
	switch {
	case u.SimpleFormFieldOption != nil:
		return encode(u.SimpleFormFieldOption)
	case u.FormFieldOptionGroup != nil:
		return encode(u.FormFieldOptionGroup)
	}
	return encodeUnion("FormFieldOption", u.raw)
}

// OptionType is what marks a [SimpleFormFieldOption] in JSON. It need not be set.
type OptionType string

const (
	OptionTypeSimple OptionType = "simple"
)

// SimpleFormFieldOption is one thing to choose.
type SimpleFormFieldOption struct {
	// Label is required in a request.
	Label *string                     `json:"label,omitempty"`
	Value *SimpleFormFieldOptionValue `json:"value,omitempty"`
	// OptionType is sent as "simple" where it is empty.
	OptionType OptionType `json:"option_type"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`

	unknown string // members of other names, as they came
}

func (o SimpleFormFieldOption) MarshalJSON() ([]byte, error) {
	type plain SimpleFormFieldOption
	if o.OptionType == "" {
		o.OptionType = OptionTypeSimple
	}
	return encodeWith(plain(o), o.ForceSendFields, o.NullFields, o.unknown)
}

// FormFieldOptionGroupOptionType is what marks a [FormFieldOptionGroup] in JSON. It need not be set.
type FormFieldOptionGroupOptionType string

const (
	FormFieldOptionGroupOptionTypeGroup FormFieldOptionGroupOptionType = "group"
)

// FormFieldOptionGroup is several options under one heading.
type FormFieldOptionGroup struct {
	ID *string `json:"id,omitempty"`
	// Label is required in a request.
	Label   *string                 `json:"label,omitempty"`
	Options []SimpleFormFieldOption `json:"options"`
	// OptionType is sent as "group" where it is empty.
	OptionType FormFieldOptionGroupOptionType `json:"option_type"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`

	unknown string // members of other names, as they came
}

func (g FormFieldOptionGroup) MarshalJSON() ([]byte, error) {
	type plain FormFieldOptionGroup
	if g.OptionType == "" {
		g.OptionType = FormFieldOptionGroupOptionTypeGroup
	}
	if g.Options == nil && !slices.Contains(g.NullFields, "Options") {
		g.Options = []SimpleFormFieldOption{} // required by the API, which takes no null for it
	}
	return encodeWith(plain(g), g.ForceSendFields, g.NullFields, g.unknown)
}

// appendUnknown reads the value of a member that there is no field for and puts it behind others.
func (d *decoder) appendUnknown(members []byte, key string) []byte {
	from := d.Offset()
	d.Skip()
	if len(members) > 0 {
		members = append(members, ',')
	}
	members = append(append(members, quote(key)...), ':')
	return append(members, d.Raw(from, d.Offset())...)
}

func (d *decoder) readSimpleFormFieldOption(o *SimpleFormFieldOption) {
	if !d.BeginObject() {
		return
	}
	var unknown []byte
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		switch key {
		case "label":
			o.Label = d.StringPointer()
		case "value":
			o.Value = d.pointToSimpleFormFieldOptionValue()
		case "option_type":
			o.OptionType = OptionType(d.String())
		default:
			unknown = d.appendUnknown(unknown, key)
		}
	}
	o.unknown = string(unknown)
}

func (d *decoder) readFormFieldOptionGroup(g *FormFieldOptionGroup) {
	if !d.BeginObject() {
		return
	}
	var unknown []byte
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		switch key {
		case "id":
			g.ID = d.StringPointer()
		case "label":
			g.Label = d.StringPointer()
		case "options":
			g.Options = d.sliceOfSimpleFormFieldOption()
		case "option_type":
			g.OptionType = FormFieldOptionGroupOptionType(d.String())
		default:
			unknown = d.appendUnknown(unknown, key)
		}
	}
	g.unknown = string(unknown)
}

// optionKind looks ahead for the kind of an option, since the member that says so may come last: simple,
// group, or what this version does not know. Without that member it is a group if it has options.
func (d *decoder) optionKind() (kind string) {
	if d.Kind() != '{' {
		return "none"
	}
	defer d.Return(d.Offset())
	d.BeginObject()
	kind = "simple"
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		switch c := d.Kind(); {
		case key == "option_type" && c == '"':
			return d.String()
		case key == "option_type" && c != 'n':
			return "none"
		case key == "options" && c != 'n':
			kind = "group"
		}
		d.Skip()
	}
	return kind
}

func (d *decoder) readFormFieldOption(u *FormFieldOption) {
	from := d.Offset()
	switch d.optionKind() {
	case "group":
		*u = FormFieldOption{FormFieldOptionGroup: d.pointToFormFieldOptionGroup(), Type: FormFieldOptionTypeFormFieldOptionGroup}
	case "simple":
		*u = FormFieldOption{SimpleFormFieldOption: d.pointToSimpleFormFieldOption(), Type: FormFieldOptionTypeSimpleFormFieldOption}
	default:
		d.Skip()
		*u = FormFieldOption{raw: d.Raw(from, d.Offset())}
	}
}

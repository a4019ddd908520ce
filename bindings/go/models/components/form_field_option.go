package components

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
	Label *string                     `json:"label,omitempty"`
	Value *SimpleFormFieldOptionValue `json:"value,omitempty"`
	// OptionType is sent as "simple" where it is empty.
	OptionType OptionType `json:"option_type"`

	unknown string // members of other names, as they came
}

func (o SimpleFormFieldOption) MarshalJSON() ([]byte, error) {
	type plain SimpleFormFieldOption
	if o.OptionType == "" {
		o.OptionType = OptionTypeSimple
	}
	return encodeWith(plain(o), o.unknown)
}

// FormFieldOptionGroupOptionType is what marks a [FormFieldOptionGroup] in JSON. It need not be set.
type FormFieldOptionGroupOptionType string

const (
	FormFieldOptionGroupOptionTypeGroup FormFieldOptionGroupOptionType = "group"
)

// FormFieldOptionGroup is several options under one heading.
type FormFieldOptionGroup struct {
	ID      *string                 `json:"id,omitempty"`
	Label   *string                 `json:"label,omitempty"`
	Options []SimpleFormFieldOption `json:"options"`
	// OptionType is sent as "group" where it is empty.
	OptionType FormFieldOptionGroupOptionType `json:"option_type"`

	unknown string // members of other names, as they came
}

func (g FormFieldOptionGroup) MarshalJSON() ([]byte, error) {
	type plain FormFieldOptionGroup
	if g.OptionType == "" {
		g.OptionType = FormFieldOptionGroupOptionTypeGroup
	}
	if g.Options == nil {
		g.Options = []SimpleFormFieldOption{} // required by the API, which takes no null for it
	}
	return encodeWith(plain(g), g.unknown)
}

// optionMembers is an option before it is known which kind it is: the member that says so may come last.
type optionMembers struct {
	id, label  *string
	value      *SimpleFormFieldOptionValue
	options    []SimpleFormFieldOption
	optionType string
	unknown    []byte
	idText     string // of the members that one kind has and the other has not
	valueText  string
	optionText string
}

func (d *decoder) option() (m optionMembers) {
	if !d.BeginObject() {
		return m
	}
	for key, ok := d.NextKey(); ok; key, ok = d.NextKey() {
		from := d.Offset()
		switch key {
		case "id":
			m.id = d.StringPointer()
			m.idText = d.Raw(from, d.Offset())
		case "label":
			m.label = d.StringPointer()
		case "value":
			m.value = d.pointToSimpleFormFieldOptionValue()
			m.valueText = d.Raw(from, d.Offset())
		case "options":
			m.options = d.sliceOfSimpleFormFieldOption()
			m.optionText = d.Raw(from, d.Offset())
		case "option_type":
			m.optionType = d.String()
		default:
			d.Skip()
			m.unknown = appendMember(m.unknown, key, d.Raw(from, d.Offset()))
		}
	}
	return m
}

func (m *optionMembers) simple() SimpleFormFieldOption {
	unknown := appendMember(m.unknown, "id", m.idText)
	unknown = appendMember(unknown, "options", m.optionText)
	return SimpleFormFieldOption{Label: m.label, Value: m.value, OptionType: OptionType(m.optionType), unknown: string(unknown)}
}

func (m *optionMembers) group() FormFieldOptionGroup {
	return FormFieldOptionGroup{
		ID: m.id, Label: m.label, Options: m.options, OptionType: FormFieldOptionGroupOptionType(m.optionType),
		unknown: string(appendMember(m.unknown, "value", m.valueText)),
	}
}

// appendMember puts a member behind others; one without a value is none.
func appendMember(members []byte, key, value string) []byte {
	if value == "" {
		return members
	}
	if len(members) > 0 {
		members = append(members, ',')
	}
	members = append(append(members, quote(key)...), ':')
	return append(members, value...)
}

func (d *decoder) readSimpleFormFieldOption(o *SimpleFormFieldOption) {
	if !d.Null() {
		members := d.option()
		*o = members.simple()
	}
}

func (d *decoder) readFormFieldOptionGroup(g *FormFieldOptionGroup) {
	if !d.Null() {
		members := d.option()
		*g = members.group()
	}
}

func (d *decoder) readFormFieldOption(u *FormFieldOption) {
	from := d.Offset()
	if d.Kind() != '{' {
		d.Skip()
		*u = FormFieldOption{raw: d.Raw(from, d.Offset())}
		return
	}
	members := d.option()
	switch kind := members.optionType; {
	case kind == "group" || kind == "" && members.optionText != "":
		*u = FormFieldOption{Type: FormFieldOptionTypeFormFieldOptionGroup}
		u.FormFieldOptionGroup = d.formFieldOptionGroupPool.New(members.group())
	case kind == "simple" || kind == "":
		*u = FormFieldOption{Type: FormFieldOptionTypeSimpleFormFieldOption}
		u.SimpleFormFieldOption = d.simpleFormFieldOptionPool.New(members.simple())
	default:
		*u = FormFieldOption{raw: d.Raw(from, d.Offset())}
	}
}

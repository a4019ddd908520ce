package components

// FormField is a setting that a connection asks for.
type FormField struct {
	ID          *string `json:"id,omitempty"`
	Label       *string `json:"label,omitempty"`
	Placeholder *string `json:"placeholder,omitempty"`
	Description *string `json:"description,omitempty"`
	// Type is the kind of input to show.
	Type        *FormFieldType `json:"type,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	CustomField *bool          `json:"custom_field,omitempty"`
	// AllowCustomValues says whether other values than those of Options may be given. It is false, not
	// nil, where the server says nothing.
	AllowCustomValues *bool `json:"allow_custom_values,omitempty" default:"false"`
	Disabled          *bool `json:"disabled,omitempty"`
	Hidden            *bool `json:"hidden,omitempty"`
	Deprecated        *bool `json:"deprecated,omitempty"`
	// Sensitive says whether the value is a secret.
	Sensitive *bool `json:"sensitive,omitempty"`
	// Prefix is shown before the input.
	Prefix *string `json:"prefix,omitempty"`
	// Suffix is shown after the input.
	Suffix  *string           `json:"suffix,omitempty"`
	Options []FormFieldOption `json:"options,omitempty"`
}

// FormFieldType is the kind of input that a [FormField] is shown as.
type FormFieldType string

const (
	FormFieldTypeText           FormFieldType = "text"
	FormFieldTypeCheckbox       FormFieldType = "checkbox"
	FormFieldTypeTel            FormFieldType = "tel"
	FormFieldTypeEmail          FormFieldType = "email"
	FormFieldTypeURL            FormFieldType = "url"
	FormFieldTypeTextarea       FormFieldType = "textarea"
	FormFieldTypeSelect         FormFieldType = "select"
	FormFieldTypeFilteredSelect FormFieldType = "filtered-select"
	FormFieldTypeMultiSelect    FormFieldType = "multi-select"
	FormFieldTypeDatetime       FormFieldType = "datetime"
	FormFieldTypeDate           FormFieldType = "date"
	FormFieldTypeTime           FormFieldType = "time"
	FormFieldTypeNumber         FormFieldType = "number"
	FormFieldTypePassword       FormFieldType = "password"
)

package components

// Newer releases of the official SDK call some things otherwise. Both names are good here.

// Value is [SimpleFormFieldOptionValue].
type Value = SimpleFormFieldOptionValue

// ValueType is [SimpleFormFieldOptionValueType].
type ValueType = SimpleFormFieldOptionValueType

const (
	ValueTypeStr      = SimpleFormFieldOptionValueTypeStr
	ValueTypeInteger  = SimpleFormFieldOptionValueTypeInteger
	ValueTypeNumber   = SimpleFormFieldOptionValueTypeNumber
	ValueTypeBoolean  = SimpleFormFieldOptionValueTypeBoolean
	ValueTypeArrayOf5 = SimpleFormFieldOptionValueTypeArrayOf5

	FormFieldOptionTypeSimple = FormFieldOptionTypeSimpleFormFieldOption
	FormFieldOptionTypeGroup  = FormFieldOptionTypeFormFieldOptionGroup
)

// CreateValueStr makes a string.
func CreateValueStr(str string) Value { return CreateSimpleFormFieldOptionValueStr(str) }

// CreateValueInteger makes a whole number.
func CreateValueInteger(integer int64) Value {
	return CreateSimpleFormFieldOptionValueInteger(integer)
}

// CreateValueNumber makes a number.
func CreateValueNumber(number float64) Value { return CreateSimpleFormFieldOptionValueNumber(number) }

// CreateValueBoolean makes a truth value.
func CreateValueBoolean(boolean bool) Value { return CreateSimpleFormFieldOptionValueBoolean(boolean) }

// CreateValueArrayOf5 makes a list.
func CreateValueArrayOf5(arrayOf5 []Five) Value {
	return CreateSimpleFormFieldOptionValueArrayOf5(arrayOf5)
}

// CreateFormFieldOptionSimple makes an option.
func CreateFormFieldOptionSimple(simple SimpleFormFieldOption) FormFieldOption {
	return CreateFormFieldOptionSimpleFormFieldOption(simple)
}

// CreateFormFieldOptionGroup makes a group of options.
func CreateFormFieldOptionGroup(group FormFieldOptionGroup) FormFieldOption {
	return CreateFormFieldOptionFormFieldOptionGroup(group)
}

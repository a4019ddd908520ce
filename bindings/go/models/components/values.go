package components

// FiveType says which field of a [Five] is set.
type FiveType string

const (
	FiveTypeStr     FiveType = "str"
	FiveTypeInteger FiveType = "integer"
	FiveTypeNumber  FiveType = "number"
)

// Five is an element of the value of an option: a string or a number. A value of another kind has an
// empty Type, and is encoded again as it came.
type Five struct {
	Str     *string
	Integer *int64
	Number  *float64

	Type FiveType
	raw  string
}

// CreateFiveStr makes a string.
func CreateFiveStr(str string) Five { return Five{Str: &str, Type: FiveTypeStr} }

// CreateFiveInteger makes a whole number.
func CreateFiveInteger(integer int64) Five { return Five{Integer: &integer, Type: FiveTypeInteger} }

// CreateFiveNumber makes a number.
func CreateFiveNumber(number float64) Five { return Five{Number: &number, Type: FiveTypeNumber} }

func (u Five) MarshalJSON() ([]byte, error) {
	return encodeScalar("Five", scalar{str: u.Str, integer: u.Integer, number: u.Number, raw: u.raw})
}

func (d *decoder) readFive(u *Five) {
	s := d.scalar(false)
	*u = Five{Str: s.str, Integer: s.integer, Number: s.number, Type: FiveType(s.kind), raw: s.raw}
}

// Value5Type says which field of a [Value5] is set.
type Value5Type string

const (
	Value5TypeStr     Value5Type = "str"
	Value5TypeInteger Value5Type = "integer"
	Value5TypeNumber  Value5Type = "number"
)

// Value5 is an element of the value of a default: a string or a number. A value of another kind has an
// empty Type, and is encoded again as it came.
type Value5 struct {
	Str     *string
	Integer *int64
	Number  *float64

	Type Value5Type
	raw  string
}

// CreateValue5Str makes a string.
func CreateValue5Str(str string) Value5 { return Value5{Str: &str, Type: Value5TypeStr} }

// CreateValue5Integer makes a whole number.
func CreateValue5Integer(integer int64) Value5 {
	return Value5{Integer: &integer, Type: Value5TypeInteger}
}

// CreateValue5Number makes a number.
func CreateValue5Number(number float64) Value5 {
	return Value5{Number: &number, Type: Value5TypeNumber}
}

func (u Value5) MarshalJSON() ([]byte, error) {
	return encodeScalar("Value5", scalar{str: u.Str, integer: u.Integer, number: u.Number, raw: u.raw})
}

func (d *decoder) readValue5(u *Value5) {
	s := d.scalar(false)
	*u = Value5{Str: s.str, Integer: s.integer, Number: s.number, Type: Value5Type(s.kind), raw: s.raw}
}

// SimpleFormFieldOptionValueType says which field of a [SimpleFormFieldOptionValue] is set.
type SimpleFormFieldOptionValueType string

const (
	SimpleFormFieldOptionValueTypeStr      SimpleFormFieldOptionValueType = "str"
	SimpleFormFieldOptionValueTypeInteger  SimpleFormFieldOptionValueType = "integer"
	SimpleFormFieldOptionValueTypeNumber   SimpleFormFieldOptionValueType = "number"
	SimpleFormFieldOptionValueTypeBoolean  SimpleFormFieldOptionValueType = "boolean"
	SimpleFormFieldOptionValueTypeArrayOf5 SimpleFormFieldOptionValueType = "arrayOf5"
)

// SimpleFormFieldOptionValue is what choosing an option stands for. A value of another kind has an
// empty Type, and is encoded again as it came.
type SimpleFormFieldOptionValue struct {
	Str      *string
	Integer  *int64
	Number   *float64
	Boolean  *bool
	ArrayOf5 []Five

	Type SimpleFormFieldOptionValueType
	raw  string
}

// CreateSimpleFormFieldOptionValueStr makes a string.
func CreateSimpleFormFieldOptionValueStr(str string) SimpleFormFieldOptionValue {
	return SimpleFormFieldOptionValue{Str: &str, Type: SimpleFormFieldOptionValueTypeStr}
}

// CreateSimpleFormFieldOptionValueInteger makes a whole number.
func CreateSimpleFormFieldOptionValueInteger(integer int64) SimpleFormFieldOptionValue {
	return SimpleFormFieldOptionValue{Integer: &integer, Type: SimpleFormFieldOptionValueTypeInteger}
}

// CreateSimpleFormFieldOptionValueNumber makes a number.
func CreateSimpleFormFieldOptionValueNumber(number float64) SimpleFormFieldOptionValue {
	return SimpleFormFieldOptionValue{Number: &number, Type: SimpleFormFieldOptionValueTypeNumber}
}

// CreateSimpleFormFieldOptionValueBoolean makes a truth value.
func CreateSimpleFormFieldOptionValueBoolean(boolean bool) SimpleFormFieldOptionValue {
	return SimpleFormFieldOptionValue{Boolean: &boolean, Type: SimpleFormFieldOptionValueTypeBoolean}
}

// CreateSimpleFormFieldOptionValueArrayOf5 makes a list.
func CreateSimpleFormFieldOptionValueArrayOf5(arrayOf5 []Five) SimpleFormFieldOptionValue {
	return SimpleFormFieldOptionValue{ArrayOf5: arrayOf5, Type: SimpleFormFieldOptionValueTypeArrayOf5}
}

func (u SimpleFormFieldOptionValue) MarshalJSON() ([]byte, error) {
	if u.ArrayOf5 != nil && u.Str == nil && u.Integer == nil && u.Number == nil && u.Boolean == nil {
		return encode(u.ArrayOf5)
	}
	return encodeScalar("SimpleFormFieldOptionValue", scalar{str: u.Str, integer: u.Integer, number: u.Number, boolean: u.Boolean, raw: u.raw})
}

func (d *decoder) readSimpleFormFieldOptionValue(u *SimpleFormFieldOptionValue) {
	if d.Kind() == '[' {
		*u = CreateSimpleFormFieldOptionValueArrayOf5(d.sliceOfFive())
		return
	}
	s := d.scalar(true)
	*u = SimpleFormFieldOptionValue{
		Str: s.str, Integer: s.integer, Number: s.number, Boolean: s.boolean,
		Type: SimpleFormFieldOptionValueType(s.kind), raw: s.raw,
	}
}

// ConnectionValueType says which field of a [ConnectionValue] is set.
type ConnectionValueType string

const (
	ConnectionValueTypeStr           ConnectionValueType = "str"
	ConnectionValueTypeInteger       ConnectionValueType = "integer"
	ConnectionValueTypeNumber        ConnectionValueType = "number"
	ConnectionValueTypeBoolean       ConnectionValueType = "boolean"
	ConnectionValueTypeArrayOfValue5 ConnectionValueType = "arrayOfValue5"
)

// ConnectionValue is the value of a default. A value of another kind has an empty Type, and is encoded
// again as it came.
type ConnectionValue struct {
	Str           *string
	Integer       *int64
	Number        *float64
	Boolean       *bool
	ArrayOfValue5 []Value5

	Type ConnectionValueType
	raw  string
}

// CreateConnectionValueStr makes a string.
func CreateConnectionValueStr(str string) ConnectionValue {
	return ConnectionValue{Str: &str, Type: ConnectionValueTypeStr}
}

// CreateConnectionValueInteger makes a whole number.
func CreateConnectionValueInteger(integer int64) ConnectionValue {
	return ConnectionValue{Integer: &integer, Type: ConnectionValueTypeInteger}
}

// CreateConnectionValueNumber makes a number.
func CreateConnectionValueNumber(number float64) ConnectionValue {
	return ConnectionValue{Number: &number, Type: ConnectionValueTypeNumber}
}

// CreateConnectionValueBoolean makes a truth value.
func CreateConnectionValueBoolean(boolean bool) ConnectionValue {
	return ConnectionValue{Boolean: &boolean, Type: ConnectionValueTypeBoolean}
}

// CreateConnectionValueArrayOfValue5 makes a list.
func CreateConnectionValueArrayOfValue5(arrayOfValue5 []Value5) ConnectionValue {
	return ConnectionValue{ArrayOfValue5: arrayOfValue5, Type: ConnectionValueTypeArrayOfValue5}
}

func (u ConnectionValue) MarshalJSON() ([]byte, error) {
	if u.ArrayOfValue5 != nil && u.Str == nil && u.Integer == nil && u.Number == nil && u.Boolean == nil {
		return encode(u.ArrayOfValue5)
	}
	return encodeScalar("ConnectionValue", scalar{str: u.Str, integer: u.Integer, number: u.Number, boolean: u.Boolean, raw: u.raw})
}

func (d *decoder) readConnectionValue(u *ConnectionValue) {
	if d.Kind() == '[' {
		*u = CreateConnectionValueArrayOfValue5(d.sliceOfValue5())
		return
	}
	s := d.scalar(true)
	*u = ConnectionValue{
		Str: s.str, Integer: s.integer, Number: s.number, Boolean: s.boolean,
		Type: ConnectionValueType(s.kind), raw: s.raw,
	}
}

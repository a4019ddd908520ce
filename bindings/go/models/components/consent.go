package components

// ConsentRecord is one answer of a consumer to what the application asked to read and write.
type ConsentRecord struct {
	ID        string              `json:"id"`
	CreatedAt string              `json:"created_at"`
	Granted   bool                `json:"granted"`
	Resources DataScopesResources `json:"resources"`
}

// ConsentRecordInput is [ConsentRecord] in a request.
type ConsentRecordInput struct {
	Granted   bool                `json:"granted"`
	Resources DataScopesResources `json:"resources"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// DataScopes is what an application may read and write.
type DataScopes struct {
	Enabled   *bool                `json:"enabled,omitempty"`
	UpdatedAt *string              `json:"updated_at,omitempty"`
	Resources *DataScopesResources `json:"resources,omitempty"`
}

// DataScopesInput is [DataScopes] in a request.
type DataScopesInput struct {
	Enabled   *bool                `json:"enabled,omitempty"`
	Resources *DataScopesResources `json:"resources,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// DataScopesResources1 is what may be done with one field of a resource.
type DataScopesResources1 struct {
	Read  *bool `json:"read,omitempty"`
	Write *bool `json:"write,omitempty"`

	// ForceSendFields are the names of Go fields to send even if they are empty: {}, [], false, 0 or "".
	ForceSendFields []string `json:"-"`
	// NullFields are the names of empty Go fields to send as null.
	NullFields []string `json:"-"`
}

// DataScopesResources2 stands for every field of every resource.
type DataScopesResources2 string

const (
	DataScopesResources2Wildcard DataScopesResources2 = "*"
)

// DataScopesResourcesType says which field of a [DataScopesResources] is set.
type DataScopesResourcesType string

const (
	DataScopesResourcesTypeMapOfMapOfDataScopesResources1 DataScopesResourcesType = "mapOfMapOfDataScopesResources1"
	DataScopesResourcesTypeDataScopesResources2           DataScopesResourcesType = "DataScopesResources_2"
)

// DataScopesResources is either a map from resource and field to what may be done with it, or the
// wildcard.
type DataScopesResources struct {
	MapOfMapOfDataScopesResources1 map[string]map[string]DataScopesResources1
	DataScopesResources2           *DataScopesResources2

	Type DataScopesResourcesType
	raw  string
}

// CreateDataScopesResourcesMapOfMapOfDataScopesResources1 makes the map, by resource and field.
func CreateDataScopesResourcesMapOfMapOfDataScopesResources1(fields map[string]map[string]DataScopesResources1) DataScopesResources {
	return DataScopesResources{MapOfMapOfDataScopesResources1: fields, Type: DataScopesResourcesTypeMapOfMapOfDataScopesResources1}
}

// CreateDataScopesResourcesDataScopesResources2 makes the wildcard.
func CreateDataScopesResourcesDataScopesResources2(wildcard DataScopesResources2) DataScopesResources {
	return DataScopesResources{DataScopesResources2: &wildcard, Type: DataScopesResourcesTypeDataScopesResources2}
}

func (u DataScopesResources) MarshalJSON() ([]byte, error) {
	switch {
	case u.MapOfMapOfDataScopesResources1 != nil:
		return encode(u.MapOfMapOfDataScopesResources1)
	case u.DataScopesResources2 != nil:
		return encode(*u.DataScopesResources2)
	}
	return encodeUnion("DataScopesResources", u.raw)
}

func (d *decoder) readDataScopesResources(u *DataScopesResources) {
	switch from := d.Offset(); d.Kind() {
	case '{':
		*u = CreateDataScopesResourcesMapOfMapOfDataScopesResources1(d.scopes())
	case '"':
		*u = CreateDataScopesResourcesDataScopesResources2(DataScopesResources2(d.String()))
	default:
		d.Skip()
		*u = DataScopesResources{raw: d.Raw(from, d.Offset())}
	}
}

func (d *decoder) scopes() map[string]map[string]DataScopesResources1 {
	resources := make(map[string]map[string]DataScopesResources1)
	d.BeginObject()
	for resource, ok := d.NextKey(); ok; resource, ok = d.NextKey() {
		if !d.BeginObject() {
			resources[resource] = nil
			continue
		}
		fields := make(map[string]DataScopesResources1)
		for field, ok := d.NextKey(); ok; field, ok = d.NextKey() {
			var scope DataScopesResources1
			d.readDataScopesResources1(&scope)
			fields[field] = scope
		}
		resources[resource] = fields
	}
	return resources
}

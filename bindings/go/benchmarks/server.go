package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// serve answers on a port of its own, which it prints, with bodies made beforehand: what is measured
// is the client. The api of a list is how many connections it
// has.
func serve() error {
	bodies := map[string][]byte{"": []byte(`{"status_code":200,"status":"OK","data":` + connection(0) + `}`)}
	for _, length := range []int{1, 10, 100, 1000} {
		elements := make([]string, length)
		for i := range elements {
			elements[i] = connection(i)
		}
		bodies[strconv.Itoa(length)] = []byte(`{"status_code":200,"status":"OK","data":[` + strings.Join(elements, ",") + `]}`)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", listener.Addr())
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bodies[r.URL.Query().Get("api")]
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
}

// connection is about 4.8 kB of JSON: what Vault knows of a connector with OAuth, nine settings and a
// configuration.
func connection(i int) string {
	var fields []string
	for _, id := range []string{"instance_url", "username", "password", "company", "region", "currency", "sandbox", "sync_from", "tags"} {
		options := `[]`
		switch id {
		case "region":
			options = `[{"label":"Europe","value":"eu","option_type":"simple"},{"label":"America","value":"us","option_type":"simple"},{"label":"Others","id":"others","options":[{"label":"Asia","value":1,"option_type":"simple"},{"label":"Both","value":["africa",2.5],"option_type":"simple"}],"option_type":"group"}]`
		case "currency":
			options = `[{"label":"Euro","value":"EUR","option_type":"simple"},{"label":"Dollar","value":"USD","option_type":"simple"}]`
		}
		fields = append(fields, fmt.Sprintf(`{"id":%q,"label":"The %s of the account","placeholder":"Enter the %s","description":"You find it in the settings of your account, below \"%s\".","type":"text","required":true,"custom_field":false,"allow_custom_values":false,"disabled":false,"hidden":false,"deprecated":null,"sensitive":false,"prefix":null,"suffix":null,"options":%s}`, id, id, id, id, options))
	}
	return fmt.Sprintf(`{"id":"crm+service-%d","service_id":"service-%d","name":"Service %d","tag_line":"The tool with which teams of every size keep their customers close.","unified_api":"crm","state":"callable","integration_state":"configured","auth_type":"oauth2","oauth_grant_type":"authorization_code","status":"live","enabled":true,"website":"https://service-%d.example.com","icon":"https://res.example.com/icons/service-%d.png","logo":"https://res.example.com/logos/service-%d.png","authorize_url":"https://unify.example.com/vault/authorize/service-%d/dSBdXd2H6Mqwfg0atXHXYcysLJE9qyn1VwBtXHX?state=eyJjb25zdW1lcl9pZCI6InRlc3QtY29uc3VtZXIifQ","revoke_url":"https://unify.example.com/vault/revoke/service-%d/dSBdXd2H6Mqwfg0atXHXYcysLJE9qyn1VwBtXHX?state=eyJjb25zdW1lcl9pZCI6InRlc3QtY29uc3VtZXIifQ","settings":{"instance_url":"https://eu28.example.com","region":"eu","limit":100},"metadata":{"account":{"name":"My Company","id":"c01458a5-7276-41ce-bc19-639906b0450a"},"plan":"enterprise"},"form_fields":[%s],"configuration":[{"resource":"leads","defaults":[{"target":"custom_fields","id":"ProductInterest","options":[{"label":"GC5000 series","value":"GC5000 series","option_type":"simple"}],"value":"GC5000 series"}]}],"configurable_resources":["leads","contacts","companies","opportunities"],"resource_schema_support":["contacts"],"resource_settings_support":["leads"],"validation_support":true,"schema_support":true,"settings_required_for_authorization":["instance_url"],"subscriptions":[],"has_guide":true,"custom_mappings":[],"consent_state":"implicit","health":"ok","created_at":1616662002753,"updated_at":1616662102753}`,
		i, i, i, i, i, i, i, i, strings.Join(fields, ","))
}

//! The operations on the settings of one resource of a connection.

use crate::client::sandbox;
use serde_json::{Value, json};

/// Returns the ids and values of the defaults. The response must have exactly one entry.
#[track_caller]
fn defaults(connection: &Value) -> Vec<(&str, Option<&Value>)> {
    let configuration = connection["configuration"].as_array().expect("a configuration");
    assert_eq!(configuration.len(), 1, "{configuration:?}");
    let defaults = configuration[0]["defaults"].as_array().expect("defaults");
    defaults.iter().map(|default| (default["id"].as_str().expect("an id"), default.get("value"))).collect()
}

fn update(values: Value) -> String {
    let defaults: Vec<_> =
        values.as_object().unwrap().iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
    json!({"configuration": [{"resource": "leads", "defaults": defaults}]}).to_string()
}

#[test]
fn every_declared_setting_is_listed_with_its_options() {
    let (_sandbox, client) = sandbox();
    for connection in client.list("") {
        let connection_path =
            format!("{}/{}", connection["unified_api"].as_str().unwrap(), connection["service_id"].as_str().unwrap());
        let supported = connection["resource_settings_support"].as_array().unwrap();
        for resource in connection["configurable_resources"].as_array().unwrap() {
            let listed = client.config(&format!("{connection_path}/{}", resource.as_str().unwrap())).expect(200).data();
            assert_eq!(listed["configuration"][0]["resource"], *resource);
            assert_eq!(defaults(&listed).is_empty(), !supported.contains(resource), "{connection_path} {resource}");
            assert!(defaults(&listed).iter().all(|(_, value)| value.is_none()));
        }
    }
    let leads = client.config("crm/pipedrive/leads").expect(200).data();
    let interest = &leads["configuration"][0]["defaults"][0];
    assert_eq!((&interest["id"], &interest["target"]), (&json!("ProductInterest"), &json!("custom_fields")));
    assert_eq!(
        interest["options"][0],
        json!({"label": "GC5000 series", "value": "GC5000 series", "option_type": "simple"})
    );
    assert_eq!(leads["state"], "available", "reading stores nothing");
}

#[test]
fn values_are_stored_one_by_one_and_shown_in_the_connection() {
    let (_sandbox, client) = sandbox();
    let first = client
        .update_config("crm/pipedrive/leads", &update(json!({"ProductInterest": "GC5000 series"})))
        .expect(200)
        .data();
    assert_eq!(first["state"], "added");
    assert_eq!(
        defaults(&first),
        [("ProductInterest", Some(&json!("GC5000 series"))), ("visible_to", None), ("label_ids", None)]
    );
    let more = update(json!({"visible_to": 3, "label_ids": ["hot"]}));
    client.update_config("crm/pipedrive/leads", &more).expect(200);
    let listed = client.config("crm/pipedrive/leads").expect(200).data();
    let all = [
        ("ProductInterest", Some(json!("GC5000 series"))),
        ("visible_to", Some(json!(3))),
        ("label_ids", Some(json!(["hot"]))),
    ];
    assert_eq!(defaults(&listed), all.each_ref().map(|(id, value)| (*id, value.as_ref())));
    let connection = client.get("crm/pipedrive").data();
    assert_eq!(defaults(&connection).len(), 3);
    // Another resource has other settings.
    assert_eq!(defaults(&client.config("crm/pipedrive/opportunities").data()), [("probability", None)]);
    let other = client.with("x-apideck-consumer-id", "other").config("crm/pipedrive/leads").data();
    assert!(defaults(&other).iter().all(|(_, value)| value.is_none()));
}

#[test]
fn the_rest_of_the_body_is_an_update_of_the_connection() {
    let (_sandbox, client) = sandbox();
    let body = json!({
        "enabled": true,
        "settings": {"instance_url": "https://eu28.salesforce.com", "api_key": "12345xxxxxx"},
        "metadata": {"plan": "enterprise"},
        "configuration": [{"resource": "leads", "defaults": [{
            "id": "ProductInterest",
            "options": [{"label": "General Channel", "value": "general", "option_type": "simple"}],
            "value": "GC5000 series",
        }]}],
        "custom_mappings": [{"value": "$.root.training.first_aid"}],
    });
    let updated = client.update_config("crm/pipedrive/leads", &body.to_string()).expect(200).data();
    assert_eq!((&updated["metadata"], &updated["custom_mappings"]), (&body["metadata"], &body["custom_mappings"]));
    assert_eq!(updated["settings"], body["settings"]);
    // The options come from the integration, not from the request.
    assert_eq!(updated["configuration"][0]["defaults"][0]["options"][0]["value"], "GC5000 series");
}

#[test]
fn a_response_can_be_sent_back_even_with_undeclared_defaults() {
    let (_sandbox, client) = sandbox();
    let own = json!({"configuration": [
        {"resource": "leads", "defaults": [{"id": "mine", "value": "a"}]},
        {"resource": "companies", "defaults": [{"id": "theirs", "value": "b"}]},
    ]});
    client.update("crm/pipedrive", &own.to_string()).expect(200);
    let listed = client.config("crm/pipedrive/leads").expect(200).data();
    assert!(defaults(&listed).contains(&("mine", Some(&json!("a")))));
    let same = client.update_config("crm/pipedrive/leads", &listed.to_string()).expect(200).data();
    assert_eq!(same["configuration"], listed["configuration"]);
    client.update_config("crm/pipedrive/leads", &update(json!({"mine": "c"}))).expect(200);
    assert!(defaults(&client.config("crm/pipedrive/leads").data()).contains(&("mine", Some(&json!("c")))));
    assert_eq!(defaults(&client.config("crm/pipedrive/companies").data()), [("theirs", Some(&json!("b")))]);
}

#[test]
fn an_invalid_value_is_refused_and_nothing_is_stored() {
    let (_sandbox, client) = sandbox();
    for (body, status, message) in [
        (
            update(json!({"ProductInterest": "GC7000 series"})),
            422,
            "defaults[0].value (ProductInterest): the value is not",
        ),
        (update(json!({"visible_to": "3"})), 422, "(visible_to)"),
        (update(json!({"label_ids": "hot"})), 422, "expected an array of options, found a string"),
        (update(json!({"productinterest": "x"})), 422, "it has: ProductInterest, visible_to, label_ids"),
        (json!({"configuration": [{"resource": "companies"}]}).to_string(), 422, "configuration[0].resource"),
        (json!({"configuration": [{"defaults": [{"value": 1}]}]}).to_string(), 400, "configuration[0].defaults[0].id"),
        (json!({"configuration": {}}).to_string(), 400, "configuration: expected an array"),
        (json!({"settings": {"nowhere": 1}}).to_string(), 422, "settings.nowhere"),
        (String::new(), 400, "not JSON"),
    ] {
        let (kind, detail) = client.update_config("crm/pipedrive/leads", &body).expect(status).error();
        let expected = if status == 422 { "InvalidSettingsError" } else { "RequestValidationError" };
        assert!(kind == expected && detail.contains(message), "{body}: {kind} {detail}");
        assert_eq!(client.get("crm/pipedrive").state(), "available");
    }
}

#[test]
fn a_resource_that_cannot_be_configured_is_not_found() {
    let (_sandbox, client) = sandbox();
    for connection_path in
        ["crm/pipedrive/lead", "crm/pipedrive/%ff", "ecommerce/shopify/' OR 1=1", "crm/pipedriv/leads"]
    {
        let connection_path = connection_path.replace(' ', "%20");
        let (kind, _) = client.config(&connection_path).expect(404).error();
        assert_eq!(kind, "EntityNotFoundError");
        assert_eq!(client.update_config(&connection_path, "{}").expect(404).error().0, "EntityNotFoundError");
    }
    assert!(
        client.config("crm/pipedrive/lead").error().1.contains("it has: opportunities, companies, contacts, leads")
    );
}

//! Answers against the public OpenAPI description, where that is at hand (it is no part of the checkout).

use crate::client::Reply;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

/// Names the file, for those who have it elsewhere.
const VARIABLE: &str = "APIDECK_VAULT_TEST_OPENAPI";

/// Where it is looked for otherwise.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/reference/vault-openapi.yml");

/// The description, its schemas rewritten as JSON Schema.
static DOCUMENT: LazyLock<Option<Value>> = LazyLock::new(|| {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(file) = named.or_else(|| Some(PathBuf::from(BESIDE)).filter(|file| file.exists())) else {
        assert!(std::env::var_os("CI").is_none(), "{VARIABLE} names no OpenAPI description: CI needs one");
        // Not with `eprintln!`: what a passing test prints is kept back.
        let _ = writeln!(std::io::stderr(), "{VARIABLE} names no OpenAPI description: answers are not held against it");
        return None;
    };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
    let mut document: Value = serde_norway::from_str(&text).expect("a description in YAML");
    // Shown in the example of `Connection` and missed in the schema.
    document["components"]["schemas"]["FormField"]["properties"]["value"] = json!({});
    for schema in document["components"]["schemas"].as_object_mut().expect("schemas").values_mut() {
        to_json_schema(schema);
    }
    Some(document)
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> = LazyLock::new(Mutex::default);

/// Panics where the description does not allow this answer to this request.
#[track_caller]
pub fn check(method: &str, path: &str, reply: &Reply) {
    let Some(document) = DOCUMENT.as_ref() else { return };
    let path = path.split('?').next().unwrap_or_default();
    let methods = &document["paths"][template(document, path)];
    let operation = methods.get(method.to_lowercase()).unwrap_or(&document["paths"]["/vault/connections"]["get"]);
    let responses = &operation["responses"];
    let response = responses.get(reply.status.to_string()).unwrap_or(&responses["default"]);
    let Some(name) = response["$ref"].as_str().and_then(|target| target.rsplit('/').next()) else {
        assert_eq!((reply.status, reply.text.as_str()), (204, ""), "{method} {path}");
        return;
    };
    assert!(reply.status != 200 || responses.get("200").is_some(), "{method} {path}: no 200 is described");
    assert_eq!(reply.header("content-type"), "application/json", "{method} {path}");
    let schema = &document["components"]["responses"][name]["content"]["application/json"]["schema"];
    let target = schema["$ref"].as_str().expect("a reference to a schema");
    let body = reply.json();
    let wrong: Vec<_> = (validator(document, target).iter_errors(&body))
        .map(|error| format!("{}: {}", error.instance_path, error))
        .collect();
    assert!(wrong.is_empty(), "{method} {path} {}: {wrong:#?}\n{body:#}", reply.status);
    // The three that every program's error type reads are there, although the description requires none.
    if reply.status >= 400 {
        assert_eq!(body["status_code"], reply.status);
        for key in ["error", "type_name", "message", "detail", "ref"] {
            assert!(body[key].as_str().is_some_and(|text| !text.is_empty()), "{key} in {body}");
        }
    }
}

/// The described path that this one is an instance of. What is no operation is held against what all of them share: the
/// shape of errors.
fn template<'a>(document: &'a Value, path: &str) -> &'a str {
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    let is_instance = |template: &&String| {
        let wanted: Vec<_> = template.trim_matches('/').split('/').collect();
        let fits = |(wanted, part): (&&str, &&str)| wanted.starts_with('{') || wanted == part;
        wanted.len() == parts.len() && wanted.iter().zip(&parts).all(fits)
    };
    let served = ["/vault/connections", "/vault/consumers", "/vault/sessions"];
    let mut templates = document["paths"].as_object().expect("paths").keys();
    let found = templates.find(is_instance).filter(|_| served.iter().any(|served| path.starts_with(served)));
    found.map_or("/vault/connections", String::as_str)
}

fn validator(document: &Value, target: &str) -> &'static Validator {
    VALIDATORS.lock().expect("no panic inside").entry(target.to_string()).or_insert_with(|| {
        let schema = json!({"$ref": target, "components": {"schemas": document["components"]["schemas"]}});
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft7).should_validate_formats(true);
        Box::leak(Box::new(options.build(&schema).expect("a schema")))
    })
}

/// OpenAPI 3.0 -> JSON Schema. Stricter than the description in one thing: an object that it lists properties of, and
/// says nothing of others, has no others. So a misspelt key is found.
fn to_json_schema(schema: &mut Value) {
    let Value::Object(keys) = schema else { return };
    // An example may hold keys that look like a schema's.
    keys.remove("example");
    let nullable = keys.remove("nullable") == Some(Value::Bool(true));
    for (_, properties) in keys.iter_mut().filter(|(key, _)| *key == "properties") {
        properties.as_object_mut().expect("properties").values_mut().for_each(to_json_schema);
    }
    for key in ["items", "additionalProperties", "not"] {
        keys.get_mut(key).into_iter().for_each(to_json_schema);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        keys.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().for_each(to_json_schema);
    }
    if keys.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty()) {
        keys.entry("additionalProperties").or_insert(false.into());
    }
    match keys.remove("discriminator") {
        Some(discriminator) => choose_by(keys, &discriminator),
        // An integer is a number too: where a value may be either, both fit, and that is meant.
        None => {
            if let Some(choices) = keys.remove("oneOf") {
                keys.insert("anyOf".into(), choices);
            }
        }
    }
    if nullable {
        let rest = std::mem::take(keys);
        *schema = json!({"anyOf": [{"type": "null"}, rest]});
    }
}

/// `discriminator` names the schema that counts; `oneOf` alone would try them all.
fn choose_by(keys: &mut Map<String, Value>, discriminator: &Value) {
    keys.remove("oneOf");
    let name = discriminator["propertyName"].as_str().expect("propertyName");
    let mapping = discriminator["mapping"].as_object().expect("mapping");
    let known: Vec<_> = mapping.keys().collect();
    let rules: Vec<_> = (mapping.iter())
        .map(|(value, target)| {
            json!({"if": {"properties": {name: {"const": value}}, "required": [name]}, "then": {"$ref": target}})
        })
        .collect();
    keys.insert("required".into(), json!([name]));
    keys.insert("properties".into(), json!({name: {"enum": known}}));
    keys.insert("allOf".into(), rules.into());
}

#[test]
fn the_description_refuses_what_it_does_not_allow() {
    let Some(document) = DOCUMENT.as_ref() else { return };
    let option = validator(document, "#/components/schemas/FormFieldOption");
    assert!(option.is_valid(&json!({"option_type": "simple", "label": "a", "value": 10})));
    assert!(option.is_valid(&json!({"option_type": "group", "label": "a", "options": []})));
    for wrong in [
        json!({"label": "a", "value": "a"}),
        json!({"option_type": "other", "label": "a"}),
        json!({"option_type": "group", "label": "a"}),
        json!({"option_type": "simple", "label": "a", "valeu": "a"}),
        json!({"option_type": "simple", "label": "a", "value": {}}),
    ] {
        assert!(!option.is_valid(&wrong), "{wrong}");
    }
    let connection = validator(document, "#/components/schemas/Connection");
    assert!(connection.is_valid(&json!({"settings": null, "metadata": {"anything": 1}, "state": "added"})));
    for wrong in [json!({"state": "gone"}), json!({"website": null}), json!({"servise_id": "a"}), json!([])] {
        assert!(!connection.is_valid(&wrong), "{wrong}");
    }
}

//! Checks responses against the public OpenAPI description, if its file is available. It is not part of the repository.

use crate::client::Response;
use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};

/// The environment variable with the path of the file.
const VARIABLE: &str = "APIDECK_VAULT_TEST_OPENAPI";

/// The path that is used if the variable is not set and the file exists.
const DEFAULT_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/reference/vault-openapi.yml");

/// The description. Its schemas are converted to JSON Schema.
static DOCUMENT: LazyLock<Option<Value>> = LazyLock::new(|| {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(file) = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists())) else {
        assert!(std::env::var_os("CI").is_none(), "{VARIABLE} must name the OpenAPI description in CI");
        // `eprintln!` does not work here, because the output of a passing test is captured.
        let _ = writeln!(
            std::io::stderr(),
            "{VARIABLE} is not set: responses are not checked against the OpenAPI description"
        );
        return None;
    };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|cause| panic!("{}: {cause}", file.display()));
    let mut document: Value = serde_norway::from_str(&text).expect("a description in YAML");
    // The example of `Connection` shows this property, but the schema lacks it.
    document["components"]["schemas"]["FormField"]["properties"]["value"] = json!({});
    for schema in document["components"]["schemas"].as_object_mut().expect("schemas").values_mut() {
        to_json_schema(schema);
    }
    Some(document)
});

static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static Validator>>> = LazyLock::new(Mutex::default);

/// Panics if the description does not allow this response to this request.
#[track_caller]
pub fn check(method: &str, path: &str, response: &Response) {
    let Some(document) = DOCUMENT.as_ref() else { return };
    let path = path.split('?').next().unwrap_or_default();
    let methods = &document["paths"][template(document, path)];
    let operation = methods.get(method.to_lowercase()).unwrap_or(&document["paths"]["/vault/connections"]["get"]);
    let responses = &operation["responses"];
    let described = responses.get(response.status.to_string()).unwrap_or(&responses["default"]);
    let Some(name) = described["$ref"].as_str().and_then(|target| target.rsplit('/').next()) else {
        assert_eq!((response.status, response.text.as_str()), (204, ""), "{method} {path}");
        return;
    };
    assert!(response.status != 200 || responses.get("200").is_some(), "{method} {path}: no 200 is described");
    assert_eq!(response.header("content-type"), "application/json", "{method} {path}");
    let schema = &document["components"]["responses"][name]["content"]["application/json"]["schema"];
    let target = schema["$ref"].as_str().expect("a reference to a schema");
    let body = response.json();
    let wrong: Vec<_> = (validator(document, target).iter_errors(&body))
        .map(|error| format!("{}: {}", error.instance_path, error))
        .collect();
    assert!(wrong.is_empty(), "{method} {path} {}: {wrong:#?}\n{body:#}", response.status);
    // Every error has all of these keys, although the description requires none of them.
    if response.status >= 400 {
        assert_eq!(body["status_code"], response.status);
        // The detail of a token refresh that failed is an object with a message.
        let detail = if body["detail"].is_object() { "/detail/message" } else { "/detail" };
        for key in ["/error", "/type_name", "/message", detail, "/ref"] {
            let text = body.pointer(key).and_then(Value::as_str);
            assert!(text.is_some_and(|text| !text.is_empty()), "{key} in {body}");
        }
    }
}

/// Panics if a value does not fit a schema of the description.
#[track_caller]
pub fn check_schema(name: &str, value: &Value) {
    let Some(document) = DOCUMENT.as_ref() else { return };
    let validator = validator(document, &format!("#/components/schemas/{name}"));
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{name}: {errors:?} in {value}");
}

/// Returns the path template of the description that matches `path`. For other paths it returns a template whose errors
/// have the common format.
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

/// Converts an OpenAPI 3.0 schema to JSON Schema. In one point the result is stricter: an object with `properties` and
/// without `additionalProperties` allows no other keys. This finds misspelt keys.
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
        // An integer is also a number, so an integer can match two alternatives. `oneOf` would refuse that.
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

/// Selects the schema that the discriminator names. `oneOf` alone would try all of them.
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
fn the_schemas_refuse_invalid_values() {
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

//! A description that contradicts itself is refused with a sentence for its author.

use std::fs;
use std::path::{Path, PathBuf};

use apideck_vault_generate::Description;

/// Returns the problem of the description in which `old` is `new`.
fn problem(name: &str, old: &str, new: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is inside the description");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder can be created");
    for file in ["configuration.toml", "operations.toml", "statuses.toml", "types.toml"] {
        let text = fs::read_to_string(source.join(file)).expect("the description can be read");
        assert!(file != "types.toml" || text.contains(old), "{old} is in the description");
        let text = if file == "types.toml" { text.replacen(old, new, 1) } else { text };
        fs::write(folder.join(file), text).expect("a file can be written");
    }
    let problem = Description::read(&folder).map(|_| ()).expect_err("the description is refused");
    let _ = fs::remove_dir_all(&folder);
    problem
}

#[test]
fn a_type_that_contains_itself_is_refused() {
    for (name, added, path) in [
        (
            "list",
            "parent = { type = \"[Configuration]\", doc = \"A.\" }",
            "Configuration contains itself, by way of parent.",
        ),
        (
            "field",
            "parent = { type = \"Configuration | null\", doc = \"A.\" }",
            "Configuration contains itself, by way of parent.",
        ),
        (
            "detour",
            "parent = { type = \"Connection\", doc = \"A.\" }",
            "Connection contains itself, by way of configuration.parent.",
        ),
    ] {
        let resource = "resource = { type = \"string\", doc = \"The resource, for example `leads`.\" }";
        let problem = problem(name, resource, &format!("{resource}\n{added}"));
        assert!(problem.contains(path), "{problem}");
    }
}

#[test]
fn a_print_of_an_unknown_field_is_refused() {
    let problem = problem("print", "print = [\"id\", \"name\", \"state\"", "print = [\"id\", \"nmae\", \"state\"");
    assert_eq!(problem, "types.toml: Connection has no field nmae, so that it cannot be printed");
}

#[test]
fn a_union_with_one_kind_of_number_is_refused() {
    let problem = problem("number", "of = [\"string\", \"integer\", \"number\"]", "of = [\"string\", \"number\"]");
    assert_eq!(problem, "types.toml: Five has one of integer and number, but it needs both or none");
}

#[test]
fn a_type_that_is_not_described_is_named() {
    let problem = problem("unknown", "type = \"[FormField]\"", "type = \"[FormFeld]\"");
    assert_eq!(problem, "types.toml: Connection.form_fields: the type FormFeld is not described");
}

#[test]
fn an_action_without_somebody_who_acts_is_refused() {
    let problem = problem("action", "exchange_token = \"the application\"", "exchange = \"the application\"");
    assert_eq!(problem, "types.toml: who and steps of HealthAction do not have the same keys as its values");
}

//! Form fields as a browser shows them, and what it sends back: HTML <-> settings.

use crate::catalogue::{FormField, FormFieldOption};
use crate::problem::Problem;
use crate::settings::Settings;
use maud::{Markup, html};
use serde_json::{Number, Value};
use std::collections::HashMap;

/// What a submitted form said, by name; a name may come more than once.
pub struct Form(HashMap<String, Vec<String>>);

#[derive(PartialEq, Eq)]
pub enum Decision {
    Approve,
    Deny,
}

impl Form {
    pub fn parse(body: &[u8]) -> Form {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Form(fields)
    }

    /// Which button was pressed.
    pub fn decision(&self) -> Result<Decision, Problem> {
        match self.0.get("decision").and_then(|values| values.first()).map(String::as_str) {
            Some("approve") => Ok(Decision::Approve),
            Some("deny") => Ok(Decision::Deny),
            _ => Err(Problem::request("decision: expected approve or deny")),
        }
    }

    /// The settings that the form changes; `null` removes one. Whether a value fits its field is decided in `settings`.
    /// A form that does not have a field at all (a program's) leaves that field alone.
    pub fn settings(&self, fields: &[FormField], stored: &Settings) -> Settings {
        let mut changes = Settings::new();
        for field in fields {
            let Some(values) = self.0.get(&name(field)) else { continue };
            // A box that is not ticked and a list without a choice are sent as the empty text before them alone.
            let given = || values.iter().filter(|value| !value.is_empty());
            let value = match (field.r#type.as_str(), given().next_back()) {
                ("checkbox", ticked) => Value::Bool(ticked.is_some()),
                ("multi-select", _) => given().map(|text| chosen(&field.options, text)).collect(),
                // What is stored is not shown, so leaving it empty cannot mean that it is to go.
                (_, None) if field.sensitive => continue,
                (_, None) => Value::Null,
                ("number", Some(text)) => text.parse::<Number>().map_or_else(|_| text.as_str().into(), Value::Number),
                ("select" | "filtered-select", Some(text)) => chosen(&field.options, text),
                (_, Some(text)) => text.as_str().into(),
            };
            if stored.get(&field.id) != Some(&value) {
                changes.insert(field.id.clone(), value);
            }
        }
        changes
    }
}

/// The option that was shown as `text`; `text` itself where there is none.
fn chosen(options: &[FormFieldOption], text: &str) -> Value {
    fn find(options: &[FormFieldOption], text: &str) -> Option<Value> {
        options.iter().find_map(|option| match option {
            FormFieldOption::Simple { value, .. } => (shown(value) == text).then(|| value.clone()),
            FormFieldOption::Group { options, .. } => find(options, text),
        })
    }
    find(options, text).unwrap_or_else(|| text.into())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn name(field: &FormField) -> String {
    format!("settings.{}", field.id)
}

/// One field with its label. A sensitive value is never put into the page.
pub fn field(field: &FormField, stored: Option<&Value>, required: bool) -> Markup {
    if field.hidden {
        return html! {};
    }
    let kept = field.sensitive && stored.is_some_and(|value| value != "");
    let note = html! {
        @if let Some(description) = &field.description { small { (description) } }
        @if !required && !field.required && field.r#type != "checkbox" { small { "Optional" } }
        @if kept { small { "Stored already; leave it empty to keep it." } }
    };
    if field.r#type == "checkbox" {
        let ticked = stored == Some(&Value::Bool(true));
        return html! {
            input type="hidden" name=(name(field)) value="";
            label.check {
                input type="checkbox" name=(name(field)) value="true" checked[ticked] disabled[field.disabled];
                (field.label) (note)
            }
        };
    }
    html! {
        @if field.r#type == "multi-select" { input type="hidden" name=(name(field)) value=""; }
        label {
            (field.label) (note)
            span.affix {
                @if let Some(prefix) = &field.prefix { (prefix) }
                (control(field, stored.filter(|_| !field.sensitive), required && !kept))
                @if let Some(suffix) = &field.suffix { (suffix) }
            }
        }
    }
}

fn control(field: &FormField, stored: Option<&Value>, required: bool) -> Markup {
    let text = stored.filter(|value| !value.is_null()).map(shown).unwrap_or_default();
    let placeholder = field.placeholder.as_deref().unwrap_or_default();
    let (name, disabled) = (name(field), field.disabled);
    match field.r#type.as_str() {
        "textarea" => html! {
            textarea name=(name) rows="4" placeholder=(placeholder) required[required] disabled[disabled] { "\n" (text) }
        },
        "select" | "filtered-select" if !field.allow_custom_values => html! {
            select name=(name) required[required] disabled[disabled] {
                option value="" { "–" }
                (choices(&field.options, &|value| stored == Some(value)))
            }
        },
        "multi-select" => {
            let picked = stored.and_then(Value::as_array);
            html! {
                select name=(name) multiple required[required] disabled[disabled] {
                    (choices(&field.options, &|value| picked.is_some_and(|picked| picked.contains(value))))
                }
            }
        }
        kind => {
            let options = matches!(kind, "select" | "filtered-select").then(|| format!("options.{}", field.id));
            let kind = match kind {
                "select" | "filtered-select" => "text",
                "datetime" => "datetime-local",
                kind => kind,
            };
            html! {
                input type=(kind) name=(name) value=(text) placeholder=(placeholder) list=[options.as_deref()]
                    step=[(kind == "number").then_some("any")] required[required] disabled[disabled];
                @if let Some(id) = &options { datalist id=(id) { (choices(&field.options, &|_| false)) } }
            }
        }
    }
}

fn choices(options: &[FormFieldOption], picked: &dyn Fn(&Value) -> bool) -> Markup {
    html! {
        @for option in options {
            @match option {
                FormFieldOption::Simple { label, value } => {
                    option value=(shown(value)) selected[picked(value)] { (label) }
                }
                FormFieldOption::Group { label, options, .. } => {
                    optgroup label=(label) { (choices(options, picked)) }
                }
            }
        }
    }
}

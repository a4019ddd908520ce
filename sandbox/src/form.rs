//! HTML forms for settings: writes form fields as HTML and parses submitted forms.

use crate::catalogue::{FormField, FormFieldOption};
use crate::error::ApiError;
use crate::settings::Settings;
use maud::{Markup, html};
use serde_json::{Number, Value};
use std::collections::HashMap;
use time::{Date, Month};

/// The values of a submitted form, by name. A name may have several values.
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

    /// Returns the value of the pressed button.
    pub fn button(&self) -> Option<&str> {
        self.0.get("decision").and_then(|values| values.first()).map(String::as_str)
    }

    /// Returns the pressed button of an authorize or revoke page.
    pub fn decision(&self) -> Result<Decision, ApiError> {
        match self.button() {
            Some("approve") => Ok(Decision::Approve),
            Some("deny") => Ok(Decision::Deny),
            _ => Err(ApiError::request("decision: expected approve or deny")),
        }
    }

    /// Returns the settings that the form changes. `null` removes a setting. A field that the form does not contain stays
    /// unchanged. `settings` checks the values.
    pub fn settings(&self, fields: &[FormField], stored: &Settings) -> Settings {
        let mut changes = Settings::new();
        for field in fields {
            let Some(values) = self.0.get(&name(field)) else { continue };
            // The hidden input sends an empty text even if no box is ticked and no option is selected.
            let non_empty = || values.iter().filter(|value| !value.is_empty());
            let value = match (field.r#type.as_str(), non_empty().next_back()) {
                ("checkbox", ticked) => Value::Bool(ticked.is_some()),
                ("multi-select", _) => non_empty().map(|text| option_value(&field.options, text)).collect(),
                // The page does not show a stored sensitive value, so an empty field does not remove it.
                (_, None) if field.sensitive => continue,
                (_, None) => Value::Null,
                ("number", Some(text)) => text.parse::<Number>().map_or_else(|_| text.as_str().into(), Value::Number),
                ("select" | "filtered-select", Some(text)) => option_value(&field.options, text),
                (_, Some(text)) => text.as_str().into(),
            };
            if stored.get(&field.id) != Some(&value) {
                changes.insert(field.id.clone(), value);
            }
        }
        changes
    }

    /// Returns the settings to show when a form is refused: the submitted values on top of the stored ones. Sensitive
    /// values have to be entered again.
    pub fn refused_settings(&self, fields: &[FormField], stored: Settings) -> Settings {
        let mut shown = stored;
        for (id, value) in self.settings(fields, &shown) {
            if fields.iter().any(|field| field.id == id && !field.sensitive) {
                shown.insert(id, value);
            }
        }
        shown
    }
}

/// Returns the value of the option that is displayed as `text`, or `text` itself if there is none.
fn option_value(options: &[FormFieldOption], text: &str) -> Value {
    fn find(options: &[FormFieldOption], text: &str) -> Option<Value> {
        options.iter().find_map(|option| match option {
            FormFieldOption::Simple { value, .. } => (display_text(value) == text).then(|| value.clone()),
            FormFieldOption::Group { options, .. } => find(options, text),
        })
    }
    find(options, text).unwrap_or_else(|| text.into())
}

fn display_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

fn name(field: &FormField) -> String {
    format!("settings.{}", field.id)
}

/// Writes a field with its label. The page never contains a sensitive value.
pub fn field(field: &FormField, stored: Option<&Value>, required: bool) -> Markup {
    if field.hidden {
        return html! {};
    }
    let kept = field.sensitive && stored.is_some_and(|value| value != "");
    let note = html! {
        @if let Some(description) = &field.description { small { (description) } }
        @if !required && !field.required && field.r#type != "checkbox" { small { "Optional" } }
        @if kept { small { "A value is stored. Leave this empty to keep it." } }
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
    let text = stored.filter(|value| !value.is_null()).map(display_text).unwrap_or_default();
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
            let selected = stored.and_then(Value::as_array);
            html! {
                select name=(name) multiple required[required] disabled[disabled] {
                    (choices(&field.options, &|value| selected.is_some_and(|selected| selected.contains(value))))
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
            // A browser shows and sends an empty value if the text does not fit its control.
            let kind = if text.is_empty() || fits(kind, &text) { kind } else { "text" };
            html! {
                input type=(kind) name=(name) value=(text) placeholder=(placeholder) list=[options.as_deref()]
                    step=[(kind == "number").then_some("any")] required[required] disabled[disabled];
                @if let Some(id) = &options { datalist id=(id) { (choices(&field.options, &|_| false)) } }
            }
        }
    }
}

/// Returns whether an `input` of this type accepts the text and sends it back unchanged.
fn fits(kind: &str, text: &str) -> bool {
    match kind {
        "number" => text.parse::<Number>().is_ok(),
        "date" => is_date(text),
        "time" => is_time(text),
        // Browsers omit seconds that are zero.
        "datetime-local" => {
            let parts = text.split_once('T').filter(|(_, time)| !(time.len() > 5 && time.ends_with(":00")));
            parts.is_some_and(|(date, time)| is_date(date) && is_time(time))
        }
        _ => true,
    }
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = numbers(text, '-', [4, 2, 2]) else { return false };
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let day = u8::try_from(day).ok();
    year > 0 && month.zip(day).is_some_and(|(month, day)| Date::from_calendar_date(year, month, day).is_ok())
}

fn is_time(text: &str) -> bool {
    let to_the_minute = numbers(text, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0]);
    let time = to_the_minute.or_else(|| numbers(text, ':', [2, 2, 2]));
    time.is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second < 60)
}

/// Parses numbers between separators. Each number must have exactly the given count of digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i32; N]> {
    let parts: Vec<_> = text.split(separator).collect();
    let right = |(part, digits): (&&str, usize)| part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
    if parts.len() != N || !parts.iter().zip(digits).all(right) {
        return None;
    }
    let numbers: Option<Vec<_>> = parts.iter().map(|part| part.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn choices(options: &[FormFieldOption], selected: &dyn Fn(&Value) -> bool) -> Markup {
    html! {
        @for option in options {
            @match option {
                FormFieldOption::Simple { label, value } => {
                    option value=(display_text(value)) selected[selected(value)] { (label) }
                }
                FormFieldOption::Group { label, options, .. } => {
                    optgroup label=(label) { (choices(options, selected)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_text_that_a_browser_drops_or_changes_does_not_fit_its_control() {
        for (kind, right, wrong) in [
            (
                "date",
                &["2024-02-29", "0001-12-31"][..],
                &["2023-02-29", "0000-01-01", "2024-1-1", "04-06", "2024-01-01x"][..],
            ),
            (
                "time",
                &["00:00", "23:59", "23:59:59"],
                &["24:00", "9:00", "12:60", "12:00:60", "12", "12:00:00:00", "ab:cd"],
            ),
            (
                "datetime-local",
                &["2024-01-01T00:00", "2024-01-01T00:00:30"],
                &["2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01 00:00", "2024-01-01", "T", "tomorrow"],
            ),
            ("number", &["1", "-2.5e3"], &["one", "+1", "٣"]),
            ("email", &["nobody"], &[]),
        ] {
            for text in right {
                assert!(fits(kind, text), "{kind} {text}");
            }
            for text in wrong {
                assert!(!fits(kind, text), "{kind} {text}");
            }
        }
    }
}

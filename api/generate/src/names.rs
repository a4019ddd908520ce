//! Names of the description in the spellings of the languages.

/// `ConnectionInput` -> `CONNECTION_INPUT`
pub fn constant(name: &str) -> String {
    let mut constant = String::new();
    let mut before = None;
    for character in name.chars() {
        if character.is_ascii_uppercase() && before.is_some_and(|before: char| before.is_ascii_lowercase()) {
            constant.push('_');
        }
        constant.push(character.to_ascii_uppercase());
        before = Some(character);
    }
    constant
}

/// `ConnectionInput` -> `connection_input`
pub fn snake(name: &str) -> String {
    constant(name).to_ascii_lowercase()
}

/// `not_found` and `not.found` -> `NotFound`
pub fn pascal(name: &str) -> String {
    name.split(['_', '.'])
        .map(|word| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default())
        .collect()
}

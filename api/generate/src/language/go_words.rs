//! Go: identifiers and comments.

/// The exported name: `service_id` -> `ServiceID`, `filtered-select` -> `FilteredSelect`, `apiKey` -> `APIKey`, `*` ->
/// `Wildcard`.
pub fn exported(name: &str) -> String {
    if name == "*" {
        return "Wildcard".into();
    }
    words(name)
        .iter()
        .map(|word| match word.to_lowercase().as_str() {
            initials @ ("api" | "id" | "uri" | "url") => initials.to_uppercase(),
            _ => word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default(),
        })
        .collect()
}

/// `service_id` -> `service`, `id`; `apiKey` -> `api`, `Key`
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for character in name.chars() {
        if matches!(character, '_' | '-' | '.') || before.is_ascii_lowercase() && character.is_ascii_uppercase() {
            words.push(String::new());
        }
        if !matches!(character, '_' | '-' | '.') {
            words.last_mut().expect("there is a first word").push(character);
        }
        before = character;
    }
    words
}

/// The unexported name: `ServiceID` -> `serviceID`, `API` -> `api`, `OAuthGrantType` -> `oAuthGrantType`
pub fn unexported(name: &str) -> String {
    let capitals = name.chars().take_while(char::is_ascii_uppercase).count();
    let first = if capitals > 1 && capitals < name.len() { capitals - 1 } else { capitals };
    name[..first].to_lowercase() + &name[first..]
}

/// Go comments have no marks for code.
pub fn plain(doc: &str) -> String {
    doc.replace('`', "")
}

/// A phrase of the description as a sentence that begins with the name of what it describes.
pub fn describe(name: &str, doc: &str) -> String {
    let first = doc.split(' ').next().unwrap_or_default();
    let verb = match first {
        "Enables" | "Hides" | "Marks" | "Returns" | "Shows" => "",
        "Whether" => "reports",
        "Which" => "says",
        "All" => "stands for",
        "Every" => "has",
        _ if is_plural(name) && (is_plural_phrase(doc) || matches!(first, "Where" | "What")) => "are",
        _ if is_plural_phrase(doc) => "has",
        _ => "is",
    };
    let mut letters = doc.chars();
    // Only a capital that begins an ordinary word becomes a small letter.
    let doc = match (letters.next(), letters.next()) {
        (Some(first), second) if !second.is_some_and(|second| second.is_ascii_uppercase()) => {
            first.to_lowercase().chain(doc.chars().skip(1)).collect()
        }
        _ => doc.to_string(),
    };
    plain(&[name, verb, &doc].into_iter().filter(|part| !part.is_empty()).collect::<Vec<&str>>().join(" "))
}

/// Whether the phrase is about several things: `The values of ...`, `Default values by ...`.
fn is_plural_phrase(doc: &str) -> bool {
    const AFTER_THE_NOUN: [&str; 18] = [
        "about", "and", "at", "behind", "by", "for", "from", "if", "in", "made", "of", "or", "that", "through", "to",
        "under", "who", "with",
    ];
    if ["A ", "An ", "One ", "When ", "Where ", "What ", "How ", "Always "].iter().any(|word| doc.starts_with(word)) {
        return false;
    }
    let noun = doc.split(' ').take_while(|word| !AFTER_THE_NOUN.contains(word)).last();
    noun.is_some_and(|noun| is_plural(noun.trim_end_matches(['.', ',', ':'])))
}

fn is_plural(noun: &str) -> bool {
    noun.ends_with('s') && !noun.ends_with("ss") && !noun.ends_with("us") && !noun.ends_with("'s") && noun.len() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_official_sdk() {
        for (name, wanted) in [
            ("service_id", "ServiceID"),
            ("unified_api", "UnifiedAPI"),
            ("unified_apis", "UnifiedApis"),
            ("redirect_uri", "RedirectURI"),
            ("privacy_url", "PrivacyURL"),
            ("oauth_grant_type", "OauthGrantType"),
            ("filtered-select", "FilteredSelect"),
            ("apiKey", "APIKey"),
            ("oauth2", "Oauth2"),
            ("ok", "Ok"),
            ("*", "Wildcard"),
            ("5", "5"),
            ("DataScopesResources_2", "DataScopesResources2"),
        ] {
            assert_eq!(exported(name), wanted);
        }
        assert_eq!(unexported("ServiceID"), "serviceID");
        assert_eq!(unexported("API"), "api");
        assert_eq!(unexported("ArrayOf5"), "arrayOf5");
    }

    #[test]
    fn comments_are_sentences() {
        for (name, doc, wanted) in [
            ("Name", "The name of the service.", "Name is the name of the service."),
            ("Settings", "The values of the form fields.", "Settings are the values of the form fields."),
            ("Configuration", "Default values by resource.", "Configuration has default values by resource."),
            ("Enabled", "Whether `it` is enabled.", "Enabled reports whether it is enabled."),
            ("Enabled", "Enables the connection.", "Enabled enables the connection."),
            ("UnifiedApis", "The unified APIs to show.", "UnifiedApis are the unified APIs to show."),
            ("Theme", "Colours, images and links.", "Theme has colours, images and links."),
            ("Consents", "Every decision about consent.", "Consents has every decision about consent."),
            ("Settings", "What Vault shows.", "Settings are what Vault shows."),
            ("ConsentState", "The consumer's consent.", "ConsentState is the consumer's consent."),
            ("Website", "URL of a page.", "Website is URL of a page."),
            ("Granted", "`true` if the consumer consents.", "Granted is true if the consumer consents."),
        ] {
            assert_eq!(describe(name, doc), wanted);
        }
    }
}

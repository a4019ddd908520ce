//! The operations, as the description of the API has them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Operation {
    group: String,
    method: String,
    /// `GET /vault/connections`
    pub http: String,
    pub consumer: String,
    pub response: Option<String>,
    /// A request, as JSON.
    pub example: String,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

#[derive(Deserialize)]
pub struct Parameter {
    pub name: String,
    /// `path`, `query` or `body`
    pub r#in: String,
}

impl Operation {
    /// `connections.list`
    pub fn name(&self) -> String {
        format!("{}.{}", self.group, self.method)
    }
}

/// Returns every operation.
pub fn operations() -> &'static [Operation] {
    static OPERATIONS: OnceLock<Vec<Operation>> = OnceLock::new();
    OPERATIONS.get_or_init(|| {
        let text = include_str!("../../api/operations.toml");
        let mut description: BTreeMap<String, toml::Value> = toml::from_str(text).expect("the description is TOML");
        let operations = description.remove("operation").expect("the description has operations");
        operations.try_into().expect("the description has these keys")
    })
}

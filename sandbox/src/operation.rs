//! The names of the operations, as in the documentation of the library.

use axum::http::Method;

/// The operations: name, method and route.
pub const OPERATIONS: [(&str, Method, &str); 16] = [
    ("connections.list", Method::GET, "/vault/connections"),
    ("connections.get", Method::GET, "/vault/connections/{unified_api}/{service_id}"),
    ("connections.update", Method::PATCH, "/vault/connections/{unified_api}/{service_id}"),
    ("connections.delete", Method::DELETE, "/vault/connections/{unified_api}/{service_id}"),
    ("connections.imports", Method::POST, "/vault/connections/{unified_api}/{service_id}/import"),
    ("connections.token", Method::POST, "/vault/connections/{unified_api}/{service_id}/token"),
    ("connections.migrate", Method::POST, "/vault/connections/{unified_api}/{service_id}/migrate"),
    ("validate_connection.state", Method::POST, "/vault/connections/{unified_api}/{service_id}/validate"),
    ("connection_settings.list", Method::GET, "/vault/connections/{unified_api}/{service_id}/{resource}/config"),
    ("connection_settings.update", Method::PATCH, "/vault/connections/{unified_api}/{service_id}/{resource}/config"),
    ("sessions.create", Method::POST, "/vault/sessions"),
    ("consumers.list", Method::GET, "/vault/consumers"),
    ("consumers.create", Method::POST, "/vault/consumers"),
    ("consumers.get", Method::GET, "/vault/consumers/{consumer_id}"),
    ("consumers.update", Method::PATCH, "/vault/consumers/{consumer_id}"),
    ("consumers.delete", Method::DELETE, "/vault/consumers/{consumer_id}"),
];

/// Returns whether there is an operation of this name.
pub fn exists(name: &str) -> bool {
    OPERATIONS.iter().any(|(known, ..)| *known == name)
}

/// Returns the name of the operation that serves a method of a route.
pub fn name(method: &Method, route: &str) -> Option<&'static str> {
    // A route that serves GET also serves HEAD.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    OPERATIONS.iter().find(|(_, known, template)| known == method && *template == route).map(|(name, ..)| *name)
}

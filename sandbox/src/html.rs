//! The layout of every page, and the headers that forbid caching, framing and external content.

use crate::catalogue::Integration;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

pub const STYLE_PATH: &str = "/pages.css";

const STYLE: &str = include_str!("pages.css");

/// `form-action 'self'` is missing on purpose: browsers apply it to the redirect after a form, which leaves this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; \
                      form-action http: https:";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // The URL contains the link's `state`, which the next site must not see.
    (header::REFERRER_POLICY, "no-referrer"),
];

pub fn page(status: StatusCode, title: &str, main: Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(STYLE_PATH);
                link rel="icon" href="data:,";
            }
            body { main { (main) } }
        }
    };
    (status, HEADERS, page.into_string()).into_response()
}

pub fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, STYLE).into_response()
}

/// The heading of a page about one integration.
pub fn heading(integration: &Integration, title: &str) -> Markup {
    html! {
        header {
            img src=(integration.icon) alt="" width="56" height="56";
            div {
                h1 { (title) }
                p.quiet { (integration.tag_line) }
            }
        }
    }
}

/// Turns a page into a redirect. Clients that do not follow redirects show the page.
pub fn redirect(location: HeaderValue, mut page: Response) -> Response {
    page.headers_mut().insert(header::LOCATION, location);
    page
}

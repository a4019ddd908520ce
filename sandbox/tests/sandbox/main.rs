//! The sandbox as its users see it: over real sockets, through HTTP, a browser's forms and the command line.
//! Every answer of an operation that any test gets is held against the OpenAPI description (`openapi`).

mod client;
mod consumers;
mod durability;
mod faults;
mod hostile;
mod migration;
mod openapi;
mod pages;
mod program;
mod refusals;
mod resource_settings;
mod responses;
mod secrets;
mod sessions;
mod states;
mod validation;

//! Tests of the sandbox from the outside: over real sockets, with HTTP, browser forms and the command line.
//! `openapi` checks every response of an operation against the OpenAPI description.

mod client;
mod clock;
mod consumers;
mod durability;
mod fault_rules;
mod faults;
mod hostile;
mod limits;
mod migration;
mod openapi;
mod pages;
mod program;
mod refreshes;
mod refusals;
mod resource_settings;
mod responses;
mod secrets;
mod sessions;
mod states;
mod validation;
mod webhooks;

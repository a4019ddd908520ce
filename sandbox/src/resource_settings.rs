//! The operations on the settings of one resource of a connection.

use crate::body::Update;
use crate::connection::Record;
use crate::target::ResourceTarget;
use crate::vault::{HandlerResult, Vault, ok};
use axum::body::Bytes;
use axum::extract::State;
use std::sync::Arc;

pub async fn list(State(vault): State<Arc<Vault>>, target: ResourceTarget) -> HandlerResult {
    let record = vault.store.get(&target.owner, target.resource.integration)?;
    show(&vault, &target, record)
}

pub async fn update(State(vault): State<Arc<Vault>>, target: ResourceTarget, body: Bytes) -> HandlerResult {
    let resource = &target.resource;
    let mut update = Update::parse(&body)?;
    let entries = update.configuration.take().unwrap_or_default();
    let record = vault.store.change(&target.owner, resource.integration, |record, now| {
        let mut record = record.unwrap_or_else(|| Record::new(now));
        resource.merge(&mut record.configuration, entries)?;
        update.apply(resource.integration, &mut record)?;
        Ok(Some(record))
    })?;
    show(&vault, &target, record)
}

/// Returns the connection with the configuration of this resource only.
fn show(vault: &Vault, ResourceTarget { owner, resource }: &ResourceTarget, record: Option<Record>) -> HandlerResult {
    let configuration = vec![resource.configuration(record.as_ref())];
    let connection = vault.connection(owner, resource.integration, record)?;
    Ok(ok(connection.with_configuration(configuration)))
}

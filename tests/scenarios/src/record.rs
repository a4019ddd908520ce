//! Records the requests of each run.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

/// A request that the server has read.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The whole target, with its query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

#[derive(Debug, Default)]
struct Run {
    log: Vec<Value>,
    open: u64,
}

/// The runs, by scenario and run id.
#[derive(Debug, Default)]
pub struct Record {
    runs: Mutex<HashMap<(String, String), Run>>,
    elsewhere: Mutex<u64>,
}

pub type Key = (String, String);

impl Record {
    /// Records a request. Returns the number of earlier requests of the run. `path` is the target after the run id.
    pub fn add(&self, run: &Key, request: &Request, path: &str, new_connection: bool) -> usize {
        let mut headers = Map::new();
        for (name, value) in &request.headers {
            headers.insert(name.clone(), value.clone().into());
        }
        let entry = json!({"method": request.method, "path": path, "headers": headers,
            "body": String::from_utf8_lossy(&request.body)});
        let mut runs = lock(&self.runs);
        let run = runs.entry(run.clone()).or_default();
        run.open += u64::from(new_connection);
        run.log.push(entry);
        run.log.len() - 1
    }

    /// Records that a connection of the run is closed.
    pub fn closed(&self, run: &Key) {
        if let Some(run) = lock(&self.runs).get_mut(run) {
            run.open -= 1;
        }
    }

    /// Records a request to the other host.
    pub fn add_elsewhere(&self) {
        *lock(&self.elsewhere) += 1;
    }

    pub fn elsewhere(&self) -> Value {
        json!({"requests": *lock(&self.elsewhere)})
    }

    pub fn of_run(&self, run: &Key) -> Value {
        match lock(&self.runs).get(run) {
            Some(run) => json!({"requests": run.log.len(), "open": run.open, "log": run.log}),
            None => json!({"requests": 0, "open": 0, "log": []}),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

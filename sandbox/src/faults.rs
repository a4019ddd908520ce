//! Decides which request fails on purpose: one whose header `x-sandbox-fault` asks for it, or one that a rule of
//! `/sandbox/faults` matches. `fault` says what happens to it.

use crate::fault::{Fault, HEADER};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most rules that are kept.
const MAX_RULES: usize = 1000;

/// A request, as the rules see it.
pub struct FaultTarget<'a> {
    /// The name of the operation, or `None` if the route has no such method.
    pub operation: Option<&'static str>,
    pub app: &'a str,
    pub consumer: &'a str,
    pub method: &'a str,
    pub path: &'a str,
}

/// A rule that makes requests fail.
#[derive(Clone, Serialize)]
pub struct Rule {
    pub id: u64,
    /// The operation and the consumer of the requests. `None` matches every one.
    pub operation: Option<String>,
    pub consumer_id: Option<String>,
    /// The text of the fault, in the grammar of the header.
    pub fault: String,
    /// How many requests fail, and how many of them still will. `None` means that every request fails.
    pub times: Option<u64>,
    pub remaining: Option<u64>,
    #[serde(skip)]
    parsed: Fault,
}

/// A rule without its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    pub operation: Option<String>,
    pub consumer_id: Option<String>,
    pub fault: String,
    pub times: Option<u64>,
}

/// The rules, and how often the fault of each header has happened.
#[derive(Default)]
pub struct Faults(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    rules: Vec<Rule>,
    last_id: u64,
    /// By app, consumer, header, method and path.
    counts: HashMap<[String; 5], u64>,
}

impl Faults {
    /// Returns the fault of a request and counts it. The header comes before the rules. Of the rules, the first one that
    /// matches applies.
    ///
    /// # Errors
    ///
    /// Fails with a message if the header is not valid.
    pub fn take(&self, target: &FaultTarget, header: Option<&str>) -> Result<Option<Fault>, String> {
        let mut inner = self.lock();
        if let Some(text) = header {
            let fault = Fault::parse(text)?.because(format!("The request asked for this with {HEADER}"));
            if fault.times.is_none_or(|times| inner.count(target, text, times)) {
                return Ok(Some(fault));
            }
        }
        Ok(inner.rules.iter_mut().find(|rule| rule.matches(target)).map(|rule| {
            if let Some(remaining) = &mut rule.remaining {
                *remaining -= 1;
            }
            rule.parsed.clone().because(format!("The rule /sandbox/faults/{} asked for this", rule.id))
        }))
    }

    /// Adds a rule and returns it.
    ///
    /// # Errors
    ///
    /// Fails with a message if the fault is not valid or if there are too many rules.
    pub fn add(&self, rule: NewRule) -> Result<Rule, String> {
        let parsed = Fault::parse(&rule.fault).map_err(|message| format!("fault: {message}"))?;
        let times = match (rule.times, parsed.times) {
            (Some(_), Some(_)) => return Err("times: the fault has `times` already".into()),
            (Some(0), _) => return Err("times: expected at least 1".into()),
            (given, in_fault) => given.or(in_fault),
        };
        let mut inner = self.lock();
        if inner.rules.len() >= MAX_RULES {
            // A rule that no longer applies only shows that it did.
            match inner.rules.iter().position(|rule| rule.remaining == Some(0)) {
                Some(at) => _ = inner.rules.remove(at),
                None => return Err(format!("there are {MAX_RULES} rules already: delete some first")),
            }
        }
        inner.last_id += 1;
        let NewRule { operation, consumer_id, fault, .. } = rule;
        let rule = Rule { id: inner.last_id, operation, consumer_id, fault, times, remaining: times, parsed };
        inner.rules.push(rule.clone());
        Ok(rule)
    }

    pub fn rules(&self) -> Vec<Rule> {
        self.lock().rules.clone()
    }

    /// Removes a rule. Returns whether it existed.
    pub fn remove(&self, id: u64) -> bool {
        let mut inner = self.lock();
        let before = inner.rules.len();
        inner.rules.retain(|rule| rule.id != id);
        inner.rules.len() < before
    }

    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Counts a request with a header. Returns whether it fails: the first `times` requests with the same key do.
    fn count(&mut self, target: &FaultTarget, header: &str, times: u64) -> bool {
        let key = [target.app, target.consumer, header, target.method, target.path].map(String::from);
        let count = self.counts.entry(key).or_default();
        let fails = *count < times;
        *count += u64::from(fails);
        fails
    }
}

impl Rule {
    fn matches(&self, target: &FaultTarget) -> bool {
        let Some(operation) = target.operation else { return false };
        self.remaining != Some(0)
            && self.operation.as_ref().is_none_or(|wanted| wanted == operation)
            && self.consumer_id.as_ref().is_none_or(|wanted| wanted == target.consumer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: FaultTarget = FaultTarget {
        operation: Some("connections.list"),
        app: "app",
        consumer: "acme",
        method: "GET",
        path: "/vault/connections",
    };

    fn rule(fault: &str, times: Option<u64>) -> NewRule {
        NewRule { operation: None, consumer_id: None, fault: fault.into(), times }
    }

    #[test]
    fn a_fault_with_times_ends_after_that_many_requests() {
        let faults = Faults::default();
        let failed: Vec<_> = (0..4).map(|_| faults.take(&TARGET, Some("reset;times=2")).unwrap().is_some()).collect();
        assert_eq!(failed, [true, true, false, false]);
        faults.add(rule("reset", Some(2))).unwrap();
        let failed: Vec<_> = (0..4).map(|_| faults.take(&TARGET, None).unwrap().is_some()).collect();
        assert_eq!(failed, [true, true, false, false]);
    }

    #[test]
    fn rules_are_bounded_and_used_ones_make_room() {
        let faults = Faults::default();
        for _ in 0..MAX_RULES {
            faults.add(rule("reset;times=1", None)).unwrap();
        }
        assert!(faults.add(rule("reset", None)).err().unwrap().contains("delete some"));
        faults.take(&TARGET, None).unwrap().unwrap();
        assert_eq!(faults.add(rule("reset", None)).ok().unwrap().id, MAX_RULES as u64 + 1);
        assert_eq!(faults.rules().len(), MAX_RULES);
    }
}

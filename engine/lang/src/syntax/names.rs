//! One shared copy of every name in a file.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Hands out one [`Arc`] for equal names.
#[derive(Default)]
pub(super) struct Names<'a> {
    known: FxHashMap<&'a str, Arc<str>>,
}

impl<'a> Names<'a> {
    /// The shared copy of a name.
    pub(super) fn share(&mut self, name: &'a str) -> Arc<str> {
        self.known.entry(name).or_insert_with(|| Arc::from(name)).clone()
    }
}

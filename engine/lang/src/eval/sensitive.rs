//! What messages may not show.
//!
//! A message is printed as it is, wherever the value it speaks of would have been masked. Whoever
//! puts into a message what a conversion, a function or a scope said of a value therefore asks
//! here first.

use platoform_value::{ConvertError, Marks, Value};

use super::Context;

#[cfg(test)]
mod tests;

/// Stands for a reason that may quote a sensitive value.
pub(crate) const WITHHELD: &str =
    "the reason is not shown, because it may reveal a sensitive value";

/// Whether a value is sensitive, or any part of it.
pub(crate) fn is_sensitive(value: &Value) -> bool {
    value.deep_marks().contains(Marks::SENSITIVE)
}

impl Context<'_> {
    /// Whether a message may show a value that was computed here.
    pub(super) fn may_show(&self, value: &Value) -> bool {
        !self.sensitive && !is_sensitive(value)
    }

    /// Why a value will not do, if that may be shown. Which part of it will not is not said.
    pub(super) fn reason(&self, value: &Value, why: ConvertError) -> String {
        if self.may_show(value) { why.message } else { WITHHELD.to_owned() }
    }
}

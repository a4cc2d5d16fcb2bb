//! What is wrong, where, why, and what to do.

use std::borrow::Cow;

use crate::Span;

/// Stands in an explanation for the name of the place that it mentions.
pub const PLACE: char = '\u{fffc}';

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The run cannot go on with this.
    Error,
    /// The run goes on; the user should know.
    Warning,
}

/// A second place that matters, with what it has to do with the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, e.g. "first declared here".
    pub message: String,
}

/// One finding. `summary` is the short headline Terraform users know where there is one, `detail`
/// says in a sentence or two what is wrong and why, `help` what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Headline without a final full stop, e.g. "Reference to undeclared resource".
    pub summary: String,
    /// The explanation; may be empty.
    pub detail: String,
    /// The offending text.
    pub span: Option<Span>,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// A place that the explanation names: [`PLACE`] stands for it there, since who finds
    /// something knows no names of files.
    pub mention: Option<Span>,
    /// What the user can do about it.
    pub help: Option<String>,
    /// Address of the object the finding is about, e.g. `docker_container.web[0]`.
    pub address: Option<String>,
    /// It is the object's provider that says so.
    pub from_provider: bool,
}

impl Diagnostic {
    /// An error with a headline and an explanation.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            span: None,
            labels: Vec::new(),
            mention: None,
            help: None,
            address: None,
            from_provider: false,
        }
    }

    /// A warning with a headline and an explanation.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// The same finding, at this place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same finding, at this place unless it has one already.
    #[must_use]
    pub fn at_default(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }

    /// The same finding with a second place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// The same finding with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same finding, in the block of the object at this address, unless it has one already.
    #[must_use]
    pub fn within(mut self, address: impl Into<String>) -> Self {
        self.address.get_or_insert_with(|| address.into());
        self
    }

    /// The same finding, of a provider about the object at this address.
    #[must_use]
    pub fn about(self, address: impl Into<String>) -> Self {
        Self { from_provider: true, address: Some(address.into()), ..self }
    }

    /// The explanation with the name of the place that it mentions, as `name` has it.
    pub fn explanation(&self, name: impl FnOnce(Span) -> Option<String>) -> Cow<'_, str> {
        let Some(mention) = self.mention else { return Cow::Borrowed(&self.detail) };
        let place = name(mention).unwrap_or_else(|| "an unnamed place".to_owned());
        self.detail.replacen(PLACE, &place, 1).into()
    }

    /// Whether the run cannot go on.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Findings in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether any of those after the first `count` is an error.
    #[must_use]
    pub fn has_errors_after(&self, count: usize) -> bool {
        self.0.iter().skip(count).any(Diagnostic::is_error)
    }

    /// Takes the value of a result and keeps the error of a failed one.
    pub fn take<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Orders them by place: findings without a place first, then by file and offset.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|diagnostic| diagnostic.span);
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        self.0.extend(iter);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn warnings_are_not_errors() {
        let mut all = Diagnostics::from(Diagnostic::warning("Odd", "but fine"));
        assert!(!all.has_errors());
        assert_eq!(all.take::<()>(Err(Diagnostic::error("Bad", ""))), None);
        assert!(all.has_errors());
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn an_explanation_names_the_place_it_mentions() {
        let span = Span::new(FileId(0), 1, 2);
        let name = |at: Span| (at == span).then(|| "a.tf:1".to_owned());
        let mut found = Diagnostic::error("Bad", format!("Not after {PLACE}"));
        found.mention = Some(span);
        assert_eq!(found.explanation(name), "Not after a.tf:1");
        assert_eq!(found.explanation(|_| None), "Not after an unnamed place");
        assert_eq!(Diagnostic::error("Bad", "Odd").explanation(name), "Odd");
    }
}

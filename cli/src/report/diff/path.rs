//! Which parts force a replacement.

use platoform_value::{Path, Step};

use super::{Diff, Sign};

/// The paths below a part whose change forces a replacement.
#[derive(Clone, Debug, Default)]
pub struct Forced<'a>(Vec<&'a [Step]>);

impl<'a> Forced<'a> {
    /// The paths of a whole object.
    pub fn new(paths: &'a [Path]) -> Self {
        Self(paths.iter().map(|path| path.0.as_slice()).collect())
    }

    /// Whether nothing here forces anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the part itself does.
    pub fn here(&self) -> bool {
        self.0.iter().any(|steps| steps.is_empty())
    }

    /// The paths below the part one step further.
    pub fn step(&self, matches: impl Fn(&Step) -> bool) -> Self {
        let tails = self.0.iter().filter_map(|steps| {
            let (first, rest) = steps.split_first()?;
            matches(first).then_some(rest)
        });
        Self(tails.collect())
    }

    /// The paths below an attribute or the value of a key.
    pub fn name(&self, name: &str) -> Self {
        self.step(|step| matches!(step, Step::Attribute(key) | Step::Key(key) if **key == *name))
    }

    /// The paths below an element of a list.
    pub fn index(&self, index: usize) -> Self {
        self.step(|step| matches!(step, Step::Index(position) if *position == index))
    }

    /// Marks a part; where a path leads further than the parts that are shown, the deepest part
    /// that holds it is marked.
    pub fn mark(&self, mut diff: Diff) -> Diff {
        let changes = diff.sign != Sign::Same && !self.is_empty();
        diff.forces = changes && (self.here() || !diff.any_forces());
        diff
    }
}

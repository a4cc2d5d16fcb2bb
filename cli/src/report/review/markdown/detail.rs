//! How much of a plan is told, and what is left out first where not all of it fits.

use crate::report::review::model::{Effect, Review};

/// Characters of a line that are shown where long values are cut.
pub const LINE_LIMIT: usize = 160;
/// Lines of an object that are shown where long values are cut.
pub const LINES_LIMIT: usize = 30;

/// How the rows of what is destroyed or replaced look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severe {
    /// With reasons.
    Reasons,
    /// Without.
    Names,
    /// Only the resources, with how many of their instances.
    Resources,
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What does not change, beside what does.
    pub context: bool,
    /// Values of what is created or only read, imported or moved.
    pub created: bool,
    /// The drawing of the order.
    pub order: bool,
    /// Long values whole.
    pub long: bool,
    /// How many of the objects that are created, read, imported or moved.
    pub harmless: usize,
    /// Values of drift, and what was found in full.
    pub around: bool,
    /// Values of what is updated.
    pub updated: bool,
    /// How many of the objects that are updated.
    pub updates: usize,
    /// Values of what is destroyed, replaced or forgotten, and of outputs.
    pub severe_values: bool,
    /// Rows of what is destroyed, replaced or forgotten.
    pub severe: Severe,
}

impl Detail {
    /// Everything.
    pub const ALL: Self = Self {
        context: true,
        created: true,
        order: true,
        long: true,
        harmless: usize::MAX,
        around: true,
        updated: true,
        updates: usize::MAX,
        severe_values: true,
        severe: Severe::Reasons,
    };

    /// Whether values of this are told.
    pub fn values(&self, effect: Effect) -> bool {
        match effect {
            Effect::Update => self.updated,
            other if other.is_severe() => self.severe_values,
            _ => self.created,
        }
    }

    /// How many rows of this class are told.
    pub fn rows(&self, class: Class) -> usize {
        match class {
            Class::Severe => usize::MAX,
            Class::Updates => self.updates,
            Class::Harmless => self.harmless,
        }
    }
}

/// What is left out together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What is there now is lost, or lost sight of.
    Severe,
    /// It changes in place.
    Updates,
    /// It is made, read, imported or moved.
    Harmless,
}

impl Class {
    /// The class of an effect.
    pub fn of(effect: Effect) -> Self {
        match effect {
            Effect::Update => Self::Updates,
            other if other.is_severe() => Self::Severe,
            _ => Self::Harmless,
        }
    }
}

/// A way to say less.
pub enum Cut {
    /// At once.
    Whole(fn(&mut Detail)),
    /// Object by object, as many as must be: how to set the number that is told.
    Rows(Class, fn(&mut Detail, usize)),
}

/// What is left out, first things first. What is destroyed or replaced is named to the last.
pub const CUTS: [Cut; 11] = [
    Cut::Whole(|detail| detail.context = false),
    Cut::Whole(|detail| detail.created = false),
    Cut::Whole(|detail| detail.order = false),
    Cut::Whole(|detail| detail.long = false),
    Cut::Rows(Class::Harmless, |detail, count| detail.harmless = count),
    Cut::Whole(|detail| detail.around = false),
    Cut::Whole(|detail| detail.updated = false),
    Cut::Rows(Class::Updates, |detail, count| detail.updates = count),
    Cut::Whole(|detail| detail.severe_values = false),
    Cut::Whole(|detail| detail.severe = Severe::Names),
    Cut::Whole(|detail| detail.severe = Severe::Resources),
];

/// What a text of this detail does not tell, in words; empty when it tells everything.
pub fn dropped(review: &Review, detail: &Detail) -> Vec<String> {
    let count = |class| review.changes.iter().filter(|it| Class::of(it.effect) == class).count();
    let (harmless, updates, severe) =
        (count(Class::Harmless), count(Class::Updates), count(Class::Severe));
    let mut dropped = Vec::new();
    let mut drop = |is: bool, what: String| dropped.extend(is.then_some(what));
    let any = !review.changes.is_empty();
    drop(!detail.context && any, "what does not change".into());
    drop(
        !detail.created && harmless > 0,
        format!("values of {harmless} objects that are created, read, imported or moved"),
    );
    drop(!detail.order && review.order.drawing.is_some(), "the drawing of the order".into());
    drop(!detail.long && any, "the rest of long values".into());
    drop(
        detail.harmless < harmless,
        format!(
            "{} objects that are created, read, imported or moved",
            more(harmless, detail.harmless)
        ),
    );
    let around = review.drift.len() + review.findings.len();
    drop(!detail.around && around > 0, "details of drift and checks".into());
    drop(!detail.updated && updates > 0, format!("values of {updates} objects that are updated"));
    drop(
        detail.updates < updates,
        format!("{} objects that are updated", more(updates, detail.updates)),
    );
    let values = severe > 0 || !review.outputs.attributes.is_empty();
    drop(!detail.severe_values && values, "all other values".into());
    drop(
        detail.severe != Severe::Reasons && severe > 0,
        "why objects are destroyed, replaced or forgotten".into(),
    );
    drop(
        detail.severe == Severe::Resources && severe > 0,
        "which instances of these resources are meant".into(),
    );
    dropped
}

fn more(all: usize, shown: usize) -> String {
    let left = all.saturating_sub(shown);
    if shown == 0 { format!("all {left}") } else { format!("{left} more") }
}

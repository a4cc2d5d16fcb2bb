//! What a reviewer is told of a plan, as plain data: what Markdown, HTML, annotations and the
//! terminal's summary draw.
//!
//! *Invariant:* sensitive values never get in here. Everything else that comes from values, names
//! or files is as it is: whoever draws it makes it harmless for its format.

use crate::report::diff::Body;
use crate::report::drawing::Drawing;

/// A plan, for review.
#[derive(Clone, Debug)]
pub struct Review {
    /// What the plan is of: the name of its directory.
    pub project: String,
    /// The workspace.
    pub workspace: String,
    /// Equal for plans that mean the same.
    pub digest: String,
    /// The plan was narrowed by `-target` or `-exclude`.
    pub partial: bool,
    /// Applying it does something, if only to the state.
    pub applies: bool,
    /// It only brings the state up to date.
    pub refresh: bool,
    /// What happens to objects, worst first, and in each class in order of addresses.
    pub changes: Vec<Change>,
    /// Objects to which nothing happens.
    pub unchanged: usize,
    /// Outputs of the root module that change.
    pub outputs: Body,
    /// Objects that are not what the state says.
    pub drift: Vec<Drifted>,
    /// Blocks that are planned in a next stage, each with what it waits for.
    pub later: Vec<(String, Reason)>,
    /// The order of the actions.
    pub order: Order,
    /// What was found while planning: failed checks and other warnings.
    pub findings: Vec<Finding>,
}

/// What happens to an object, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It is destroyed, and nothing takes its place.
    Destroy,
    /// It is destroyed, then another one is made.
    Replace,
    /// Another one is made, then it is destroyed.
    ReplaceLater,
    /// It is forgotten and stays what it is.
    Forget,
    /// It is forgotten, stays what it is, and another one is made.
    ForgetReplace,
    /// It changes.
    Update,
    /// It is made.
    Create,
    /// It is read while applying.
    Read,
    /// It is taken into the state as it is.
    Import,
    /// It has another address, and stays what it is.
    Move,
}

impl Effect {
    /// All, worst first.
    pub const ALL: [Self; 10] = [
        Self::Destroy,
        Self::Replace,
        Self::ReplaceLater,
        Self::Forget,
        Self::ForgetReplace,
        Self::Update,
        Self::Create,
        Self::Read,
        Self::Import,
        Self::Move,
    ];

    /// Whether what is there now is lost, or lost sight of.
    pub fn is_severe(self) -> bool {
        self < Self::Update
    }

    /// Whether what is there now is destroyed.
    pub fn destroys(self) -> bool {
        self <= Self::ReplaceLater
    }

    /// A sign that stands for it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Destroy => "−",
            Self::Replace | Self::ReplaceLater => "±",
            Self::Forget => "∅",
            Self::ForgetReplace => "∅+",
            Self::Update => "~",
            Self::Create => "+",
            Self::Read => "←",
            Self::Import => "⇐",
            Self::Move => "→",
        }
    }

    /// What is done to the object.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Destroy => "destroyed",
            Self::Replace => "replaced, the old one destroyed first",
            Self::ReplaceLater => "replaced, the new one made first",
            Self::Forget => "no longer managed, not destroyed",
            Self::ForgetReplace => "no longer managed, not destroyed; another one created",
            Self::Update => "updated",
            Self::Create => "created",
            Self::Read => "read during apply",
            Self::Import => "imported",
            Self::Move => "moved",
        }
    }

    /// One word that tells the classes apart.
    pub fn word(self) -> &'static str {
        match self {
            Self::Destroy => "destroy",
            Self::Replace | Self::ReplaceLater => "replace",
            Self::Forget | Self::ForgetReplace => "forget",
            Self::Update => "update",
            Self::Create => "create",
            Self::Read => "read",
            Self::Import => "import",
            Self::Move => "move",
        }
    }
}

/// What happens to an object, and why.
#[derive(Clone, Debug)]
pub struct Change {
    /// What happens.
    pub effect: Effect,
    /// Its address, and which one when it is left over.
    pub name: String,
    /// Address of the resource that it is an instance of.
    pub resource: String,
    /// The address it had before it moved.
    pub previous: Option<String>,
    /// It is taken into the state by this plan.
    pub imported: bool,
    /// Names of the attributes and blocks that change; for what is replaced, those that make that
    /// necessary.
    pub attributes: Vec<String>,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Its block, while there is one.
    pub place: Option<Place>,
    /// What becomes of each attribute.
    pub body: Body,
}

/// Why something happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// In words that are always the same.
    Plain(&'static str),
    /// Something that `replace_triggered_by` names changes; as it is written.
    Trigger(String),
    /// Another block has to be planned first.
    Needs(String),
    /// How many instances there are is not known yet, which is asked here.
    Instances(Option<Place>),
    /// An expression gives another value.
    Origin(Origin),
}

/// An expression that gives another value than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The attribute.
    pub path: String,
    /// Its new value is known: it has changed, rather than may change.
    pub known: bool,
    /// Where the expression is.
    pub place: Place,
    /// The objects that this follows from, to where it began.
    pub chain: Vec<Link>,
    /// There are more of them.
    pub cut: bool,
}

/// An object whose change others follow from.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The object.
    pub name: String,
    /// What it does: "is replaced".
    pub phrase: &'static str,
    /// The attribute in which that began, and where its expression is.
    pub origin: Option<(String, Place)>,
}

/// A place in a file of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, from the root module's directory.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Last line.
    pub last_line: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// An object that is not what the state says.
#[derive(Clone, Debug)]
pub struct Drifted {
    /// Its address.
    pub name: String,
    /// It is gone.
    pub gone: bool,
    /// Names of the attributes that are different.
    pub attributes: Vec<String>,
    /// How it differs.
    pub body: Body,
}

/// In what order things are done.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// How many actions there are.
    pub steps: usize,
    /// How many of them have to wait for each other at most.
    pub longest: usize,
    /// The actions, or those of a resource together where there are many; `None` where even these
    /// are too many to draw.
    pub drawing: Option<Drawing>,
}

/// Something that was found while planning.
#[derive(Clone, Debug)]
pub struct Finding {
    /// It keeps the plan from being applied.
    pub error: bool,
    /// Headline.
    pub summary: String,
    /// Explanation; may be empty.
    pub detail: String,
    /// Where.
    pub place: Option<Place>,
}

//! What goes into and comes out of a provider's verbs.
//!
//! All values conform to the schema's implied type. Values given to a provider carry no marks; the
//! engine knows from schema and configuration what is sensitive.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platoform_diagnostic::{Environment, Files};
use platoform_schema::Mode;
use platoform_value::Value;

use crate::Problem;

/// Who an object belongs to; goes onto the object in the request that makes it, where its kind can
/// carry a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Random per action, so that exactly this creation can be found again.
    pub key: Arc<str>,
    /// The state's identity, so that everything a state owns can be found.
    pub lineage: Arc<str>,
}

/// `configure`.
#[derive(Clone, Debug)]
pub struct ConfigureRequest {
    /// The evaluated `provider` block; may be partly unknown while planning.
    pub config: Value,
    /// The program's surroundings.
    pub environment: Arc<Environment>,
}

/// `plan` of one instance.
#[derive(Clone, Debug)]
pub struct PlanRequest {
    /// Kind, e.g. `docker_container`.
    pub kind: Arc<str>,
    /// What the state and the last read say; null where there is nothing yet.
    pub prior: Value,
    /// Configuration over prior: what is set wins, what is computed and not set keeps its prior
    /// value; null for a destroy.
    pub proposed: Value,
    /// The evaluated block alone; null for a destroy.
    pub config: Value,
    /// The provider's own bytes from the state.
    pub private: Vec<u8>,
}

/// Answer to [`PlanRequest`].
#[derive(Clone, Debug)]
pub struct PlanResponse {
    /// What the object will be; parts that only the apply can tell are unknown.
    pub planned: Value,
    /// Paths whose change needs a new object.
    pub replace: Vec<platoform_value::Path>,
    /// The provider's own bytes, handed to `apply`.
    pub private: Vec<u8>,
    /// Findings; an error stops the plan of this instance.
    pub problems: Vec<Problem>,
}

/// `read` of one instance.
#[derive(Clone, Debug)]
pub struct ReadRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// What the state says.
    pub current: Value,
    /// The provider's own bytes from the state.
    pub private: Vec<u8>,
}

/// Answer to [`ReadRequest`].
#[derive(Clone, Debug)]
pub struct ReadResponse {
    /// What is really there; null when the object is gone.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
    /// Findings; an error means nothing could be learned.
    pub problems: Vec<Problem>,
}

/// `apply` of one planned action. Create: `prior` is null. Delete: `planned` is null. A
/// replacement comes as a delete and a create.
#[derive(Clone, Debug)]
pub struct ApplyRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// What is there.
    pub prior: Value,
    /// What was planned, with everything known that can be known before the call.
    pub planned: Value,
    /// The evaluated block; null for a delete.
    pub config: Value,
    /// From the plan's answer.
    pub private: Vec<u8>,
    /// To be put on a new object.
    pub owner: Owner,
}

/// Answer to [`ApplyRequest`].
#[derive(Clone, Debug)]
pub struct ApplyResponse {
    /// The object now, wholly known; null after a delete.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
    /// Warnings; or errors, when the object exists but is not right (it is then recorded as
    /// tainted if it was just made).
    pub problems: Vec<Problem>,
}

/// `ready`: wait until an object can be used.
#[derive(Clone, Debug)]
pub struct ReadyRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// The object as `apply` returned it.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
    /// How long to wait at most.
    pub timeout: Option<Duration>,
}

/// `find`: is there an object with this owner key?
#[derive(Clone, Debug)]
pub struct FindRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// What the create was about to make, as planned.
    pub planned: Value,
    /// The key it was to carry.
    pub owner: Owner,
    /// What `survey` said before the create was begun; empty where it was not asked.
    pub survey: Vec<u8>,
    /// The objects of this kind that the state knows, where there was a survey: none of them is
    /// the one.
    pub recorded: Vec<Value>,
    /// How long ago the create was begun. One that was cut off may still be under way.
    pub age: Duration,
}

/// Answer to [`FindRequest`].
#[derive(Clone, Debug)]
pub enum Found {
    /// There is exactly one; this is its state.
    Object {
        /// The object as a `read` would tell it.
        current: Value,
        /// The provider's own bytes.
        private: Vec<u8>,
    },
    /// There is certainly none.
    Nothing,
    /// It cannot be told, for this reason.
    Uncertain(String),
}

/// `import` by an id in the provider's own form.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// The id the user gave.
    pub id: String,
}

/// One object that an import yields.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its kind.
    pub kind: Arc<str>,
    /// At least what a `read` needs to complete it.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
}

/// `move_state`: take over the state of another kind or provider.
#[derive(Clone, Debug)]
pub struct MoveRequest {
    /// Source address of the provider it was made with.
    pub source_provider: String,
    /// Its kind there.
    pub source_kind: String,
    /// Schema version of the state below.
    pub source_version: u64,
    /// The state as JSON text.
    pub state: String,
    /// The bytes the other provider kept.
    pub private: Vec<u8>,
    /// The kind it shall become.
    pub kind: Arc<str>,
}

/// `upgrade`: bring stored state up to the current schema version.
#[derive(Clone, Debug)]
pub struct UpgradeRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// Schema version it was written under.
    pub version: u64,
    /// The state as JSON text.
    pub state: String,
}

/// `data`: read a data source.
#[derive(Clone, Debug)]
pub struct DataRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// The evaluated block, wholly known.
    pub config: Value,
}

/// Answer to [`DataRequest`].
#[derive(Clone, Debug)]
pub struct DataResponse {
    /// The block with everything filled in.
    pub current: Value,
    /// Warnings.
    pub problems: Vec<Problem>,
}

/// `open` an ephemeral resource.
#[derive(Clone, Debug)]
pub struct OpenRequest {
    /// Kind.
    pub kind: Arc<str>,
    /// The evaluated block, wholly known.
    pub config: Value,
}

/// An open ephemeral resource.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The block with everything filled in.
    pub result: Value,
    /// Handed to `renew` and `close`.
    pub private: Vec<u8>,
    /// How long until it must be renewed.
    pub renew_after: Option<Duration>,
}

/// `call` of a function.
pub struct CallRequest<'a> {
    /// Name of the function, without namespace.
    pub name: &'a str,
    /// As many values as its signature asks for, converted to the types of the parameters.
    pub arguments: &'a [Value],
    /// Where it reads files, so that the same plan gives the same result again.
    pub files: &'a dyn Files,
    /// What relative paths are relative to.
    pub directory: &'a Path,
}

/// How a kind is named in messages of the default verbs.
#[must_use]
pub(crate) fn unsupported(mode: Mode, kind: &str, verb: &str) -> Problem {
    let noun = match mode {
        Mode::Managed => "resource",
        Mode::Data => "data source",
        Mode::Ephemeral => "ephemeral resource",
    };
    Problem::error(
        format!("The {noun} `{kind}` does not support {verb}"),
        "Its provider has no such operation",
    )
}

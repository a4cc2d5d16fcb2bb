//! A kind of resource, typed.

use std::future::{Future, ready};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use platoform_schema::{Effect, Mode};
use platoform_value::Path;

use crate::request::unsupported;
use crate::{BlockType, BoxFuture, Failure, MoveRequest, OwnedObject, Owner, Problem, Reporter};

/// How many objects are read at the same time where an API has no way to list them.
pub const READ_CONCURRENCY: usize = 16;

/// A kind of resource: its struct and what can be done with an object of it.
///
/// Verbs are written as `async fn`. `planned` and `state` hold what the configuration says or the
/// plan made of it, wholly known when something is done; what only the call can tell is
/// [`Field::Unknown`](crate::Field::Unknown) before and must be filled in by it.
///
/// ```
/// use platoform_provider::{Block, Failure, Field, Kind, Owner, ReadResult, Reporter};
///
/// struct Client;
///
/// /// A network.
/// #[derive(Clone, Debug, Default, PartialEq, Block)]
/// struct State {
///     /// Its name.
///     #[attribute(required, replace)]
///     name: Field<String>,
///     /// Its driver.
///     #[attribute(optional, replace, default = "bridge")]
///     driver: Field<String>,
///     /// The id that the server gave it.
///     #[attribute(computed)]
///     id: Field<String>,
/// }
///
/// struct Network;
///
/// impl Kind for Network {
///     type Client = Client;
///     type State = State;
///     const NAME: &'static str = "example_network";
///
///     async fn read(&self, _client: &Client, state: &State) -> ReadResult<State> {
///         Ok(Some(state.clone()))
///     }
///
///     async fn create(
///         &self,
///         _client: &Client,
///         planned: State,
///         owner: &Owner,
///         reporter: &Reporter<'_, State>,
///     ) -> Result<State, Failure> {
///         // Call the API, with the owner's key as a label of the new object.
///         let made = State { id: owner.key.to_string().into(), ..planned };
///         reporter.created(&made).await?;
///         Ok(made)
///     }
///
///     async fn delete(
///         &self,
///         _client: &Client,
///         _prior: &State,
///         _reporter: &Reporter<'_, State>,
///     ) -> Result<(), Failure> {
///         Ok(())
///     }
/// }
///
/// # use platoform_provider::ProviderBuilder;
/// #[derive(Block)]
/// struct Config {}
///
/// let provider = ProviderBuilder::new(|_: Config, _| async { Ok(Client) }).kind(Network).build();
/// assert!(provider.schema().resources.contains_key("example_network"));
/// ```
pub trait Kind: Send + Sync + 'static {
    /// What the provider's configuration becomes.
    type Client: Send + Sync + 'static;
    /// The kind's block.
    type State: BlockType + Clone + PartialEq + Send + Sync + 'static;

    /// Name in configurations: `docker_network`.
    const NAME: &'static str;
    /// Where its effects are.
    const EFFECT: Effect = Effect::Outside;
    /// Version of the schema; stored state of a lower one goes through [`upgrade`](Self::upgrade).
    const VERSION: u64 = 0;
    /// How long a request goes on by itself after whoever made it is gone: for so long an object
    /// that is not found may still come to be.
    const SETTLES: Duration = Duration::ZERO;

    /// Checks a configuration, which may be partly unknown and has no defaults filled in, without
    /// asking anybody.
    fn validate(&self, _config: &Self::State) -> Vec<Problem> {
        Vec::new()
    }

    /// Changes what follows from the schema: narrows what is unknown, says what an update changes
    /// among what is computed, asks for a replacement. Not called for a delete. `client` is absent
    /// as long as the provider's configuration is not wholly known.
    fn plan(&self, _client: Option<&Self::Client>, _plan: &mut Plan<Self::State>) {}

    /// What the object really is; nothing when it is gone.
    fn read(
        &self,
        client: &Self::Client,
        state: &Self::State,
    ) -> impl Future<Output = ReadResult<Self::State>> + Send;

    /// Reads many, in their order. For APIs that list; otherwise each is read by itself.
    fn read_all(
        &self,
        client: &Self::Client,
        states: &[Self::State],
    ) -> impl Future<Output = Vec<ReadResult<Self::State>>> + Send {
        async move {
            let read = |state| Box::pin(self.read(client, state)) as BoxFuture<'_, _>;
            let reads: Vec<_> = states.iter().map(read).collect();
            stream::iter(reads).buffered(READ_CONCURRENCY).collect().await
        }
    }

    /// Makes the object, marked with its owner, and tells `reporter` as soon as it exists, before
    /// any waiting.
    fn create(
        &self,
        client: &Self::Client,
        planned: Self::State,
        owner: &Owner,
        reporter: &Reporter<'_, Self::State>,
    ) -> impl Future<Output = Result<Self::State, Failure>> + Send;

    /// Changes the object in place. Never called for a kind whose every change replaces.
    fn update(
        &self,
        _client: &Self::Client,
        _prior: &Self::State,
        _planned: Self::State,
        _reporter: &Reporter<'_, Self::State>,
    ) -> impl Future<Output = Result<Self::State, Failure>> + Send {
        ready(Err(unsupported(Mode::Managed, Self::NAME, "changes in place").into()))
    }

    /// Deletes the object; one that is gone already is no failure.
    fn delete(
        &self,
        client: &Self::Client,
        prior: &Self::State,
        reporter: &Reporter<'_, Self::State>,
    ) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Waits until the object can be used, and says what it is then; nothing when it is gone.
    fn ready(
        &self,
        _client: &Self::Client,
        state: &Self::State,
        _timeout: Option<Duration>,
    ) -> impl Future<Output = ReadResult<Self::State>> + Send {
        ready(Ok(Some(state.clone())))
    }

    /// Looks for the object that a create with this owner may have made.
    fn find(
        &self,
        _client: &Self::Client,
        _planned: &Self::State,
        _owner: &Owner,
    ) -> impl Future<Output = Result<Located<Self::State>, Failure>> + Send {
        let reason = format!("`{}` objects cannot be looked up by their owner", Self::NAME);
        ready(Ok(Located::Uncertain(reason)))
    }

    /// Says what is there before a create, so that an object that carries no mark can be told from
    /// what was there. The answer is kept beside the intent and comes back with
    /// [`find_unmarked`](Self::find_unmarked). Never empty where that is implemented.
    fn survey(
        &self,
        _client: &Self::Client,
        _planned: &Self::State,
    ) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send {
        ready(Ok(Vec::new()))
    }

    /// Looks for the object that a create may have made after this survey, which carries no mark:
    /// one that was not there then, and that the state does not know.
    fn find_unmarked(
        &self,
        _client: &Self::Client,
        _planned: &Self::State,
        _survey: &[u8],
        _recorded: &[Self::State],
    ) -> impl Future<Output = Result<Located<Self::State>, Failure>> + Send {
        let reason = format!("`{}` objects carry no mark", Self::NAME);
        ready(Ok(Located::Uncertain(reason)))
    }

    /// Lists the objects that carry this lineage as their mark. `None`: objects of this kind carry
    /// no mark, or none that can be looked for.
    fn owned(
        &self,
        _client: &Self::Client,
        _lineage: &str,
    ) -> impl Future<Output = Result<Option<Vec<OwnedObject>>, Failure>> + Send {
        ready(Ok(None))
    }

    /// The object with an id that the user gave; at least what a read needs to complete it.
    fn import(
        &self,
        _client: &Self::Client,
        _id: &str,
    ) -> impl Future<Output = Result<Self::State, Failure>> + Send {
        ready(Err(unsupported(Mode::Managed, Self::NAME, "import").into()))
    }

    /// Takes over the state of another kind or provider.
    ///
    /// # Errors
    /// When it is of a kind that cannot become this one.
    fn move_from(&self, request: &MoveRequest) -> Result<Self::State, Failure> {
        let verb = format!("moving from `{}`", request.source_kind);
        Err(unsupported(Mode::Managed, Self::NAME, &verb).into())
    }

    /// Brings the JSON of stored state from a lower version up to this one. What the schema no
    /// longer has is dropped afterwards, what is missing becomes null.
    fn upgrade(&self, _version: u64, state: serde_json::Value) -> serde_json::Value {
        state
    }
}

/// What is really there; nothing when it is gone.
pub type ReadResult<S> = Result<Option<S>, Failure>;

/// A plan in the making, as [`Kind::plan`] gets it.
#[derive(Clone, Debug)]
pub struct Plan<S> {
    /// What is there; nothing for a create.
    pub prior: Option<S>,
    /// The configuration alone.
    pub config: S,
    /// What the object will be: what follows from the schema, to be changed.
    pub planned: S,
    /// Further paths whose change needs a new object. Those that the schema marks are found
    /// afterwards from what `planned` is then.
    pub replace: Vec<Path>,
    /// Findings; an error stops the plan of this instance.
    pub problems: Vec<Problem>,
}

/// What a [`Kind::find`] came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Located<S> {
    /// There is exactly one; this is its state.
    Object(S),
    /// There is exactly one, which may be about to get what it still lacks: it is looked at again
    /// until [`Kind::SETTLES`] has gone by, and then counts as it is.
    Unsettled(S),
    /// There is certainly none.
    Nothing,
    /// It cannot be told, for this reason.
    Uncertain(String),
}

impl<S> Located<S> {
    /// The same with another form of the state.
    pub fn map<T>(self, state: impl FnOnce(S) -> T) -> Located<T> {
        match self {
            Self::Object(found) => Located::Object(state(found)),
            Self::Unsettled(found) => Located::Unsettled(state(found)),
            Self::Nothing => Located::Nothing,
            Self::Uncertain(reason) => Located::Uncertain(reason),
        }
    }
}

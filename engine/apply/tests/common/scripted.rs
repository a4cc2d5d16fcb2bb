//! A provider that does what a test says, one object after another, in virtual time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use platoform_provider::{
    Allowance, Block, Failure, FailureClass, Field, Kind, Limits, Located, Owner, Problem,
    Provider, ProviderBuilder, ReadResult, Reporter,
};
use tokio::time::{Instant, sleep};

pub const SOURCE: &str = "registry.terraform.io/hashicorp/scripted";

/// What a call does. Without an entry for it, it succeeds after [`Script::call`].
#[derive(Clone, Debug)]
pub enum Act {
    /// Fails without an effect.
    Fail,
    /// Asks to be tried again.
    Busy(Duration),
    /// Fails without telling; the effect took place or not.
    Unknown {
        effect: bool,
    },
    /// Takes this long.
    Takes(Duration),
    /// Tells that the object exists, then takes this long.
    CreatedThenTakes(Duration),
    Panic,
}

/// What is there, what will happen, and what has happened.
#[derive(Debug, Default)]
pub struct Script {
    /// What the next calls for an object do, in order.
    pub acts: BTreeMap<String, VecDeque<Act>>,
    /// How long a call takes.
    pub call: Duration,
    /// How long objects take to become ready.
    pub ready: Duration,
    /// `find` cannot tell.
    pub blind: bool,
    /// The world: name to owner key and input.
    pub objects: BTreeMap<String, (String, Option<String>)>,
    /// `verb name` with the moment.
    pub calls: Vec<(String, Duration)>,
    pub running: usize,
    pub most_running: usize,
    pub allowances: Vec<Allowance>,
    begun: Option<Instant>,
}

impl Script {
    /// What was called, in order.
    pub fn done(&self) -> Vec<&str> {
        self.calls.iter().map(|(call, _)| &**call).collect()
    }

    /// When these were called.
    pub fn times(&self, call: &str) -> Vec<Duration> {
        self.calls.iter().filter(|(other, _)| other == call).map(|(_, at)| *at).collect()
    }
}

pub type Shared = Arc<Mutex<Script>>;

/// A provider with this script.
pub fn provider(script: &Shared, limits: &Limits) -> Arc<dyn Provider> {
    let script = script.clone();
    ProviderBuilder::new(move |_: Config, _| {
        let client = Client(script.clone());
        async move { Ok(client) }
    })
    .limits(limits.clone())
    .allowances(|client: &Client| std::mem::take(&mut client.0.lock().unwrap().allowances))
    .kind(Thing)
    .build()
}

#[derive(Block)]
struct Config {}

struct Client(Shared);

/// A thing.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct State {
    /// Its name.
    #[attribute(required, replace)]
    name: Field<String>,
    /// Anything.
    #[attribute(optional)]
    input: Field<String>,
    /// Its id.
    #[attribute(computed)]
    id: Field<String>,
    /// How long calls may take.
    #[block(single)]
    timeouts: Field<Timeouts>,
}

/// How long calls may take.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Timeouts {
    /// A create.
    #[attribute(optional)]
    create: Field<String>,
    /// A delete.
    #[attribute(optional)]
    delete: Field<String>,
}

struct Thing;

fn busy(pause: Duration) -> Failure {
    let problem = Problem::error("Too many requests", "The API says so");
    Failure { class: FailureClass::Retry(pause), problems: vec![problem] }
}

impl Client {
    /// Plays the next act; false when the effect is not to take place.
    async fn play(&self, verb: &str, name: &str) -> (bool, Result<(), Failure>, Duration) {
        let (act, call) = {
            let mut script = self.0.lock().unwrap();
            let begun = *script.begun.get_or_insert_with(Instant::now);
            script.calls.push((format!("{verb} {name}"), begun.elapsed()));
            script.running += 1;
            script.most_running = script.most_running.max(script.running);
            (script.acts.get_mut(name).and_then(VecDeque::pop_front), script.call)
        };
        let _guard = Guard(&self.0);
        let (mut later, mut effect, mut result) = (Duration::ZERO, true, Ok(()));
        match act {
            None => sleep(call).await,
            Some(Act::Takes(time)) => sleep(time).await,
            Some(Act::CreatedThenTakes(time)) => later = time,
            Some(Act::Panic) => panic!("as told"),
            Some(Act::Fail) => {
                effect = false;
                result = Err(Problem::error("Refused", "The API says so").into());
            }
            Some(Act::Busy(pause)) => (effect, result) = (false, Err(busy(pause))),
            Some(Act::Unknown { effect: took_place }) => {
                effect = took_place;
                let problem = Problem::error("Connection lost", "Nobody knows");
                result = Err(Failure::unknown(problem));
            }
        }
        (effect, result, later)
    }
}

struct Guard<'a>(&'a Shared);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.lock().unwrap().running -= 1;
    }
}

fn text(field: &Field<String>) -> Option<String> {
    field.get().cloned()
}

impl Kind for Thing {
    type Client = Client;
    type State = State;
    const NAME: &'static str = "scripted_thing";

    async fn read(&self, client: &Client, state: &State) -> ReadResult<State> {
        let name = text(&state.name).unwrap();
        let mut script = client.0.lock().unwrap();
        let begun = *script.begun.get_or_insert_with(Instant::now);
        script.calls.push((format!("read {name}"), begun.elapsed()));
        Ok(script
            .objects
            .get(&name)
            .map(|(_, input)| State { input: input.clone().into(), ..state.clone() }))
    }

    async fn create(
        &self,
        client: &Client,
        planned: State,
        owner: &Owner,
        reporter: &Reporter<'_, State>,
    ) -> Result<State, Failure> {
        let name = text(&planned.name).unwrap();
        let (effect, result, later) = client.play("create", &name).await;
        let made = State { id: format!("id-{name}").into(), ..planned };
        if effect {
            let object = (owner.key.to_string(), text(&made.input));
            client.0.lock().unwrap().objects.insert(name, object);
        }
        result?;
        reporter.created(&made).await?;
        sleep(later).await;
        Ok(made)
    }

    async fn update(
        &self,
        client: &Client,
        _: &State,
        planned: State,
        _: &Reporter<'_, State>,
    ) -> Result<State, Failure> {
        let name = text(&planned.name).unwrap();
        let (effect, result, _) = client.play("update", &name).await;
        if effect && let Some(object) = client.0.lock().unwrap().objects.get_mut(&name) {
            object.1 = text(&planned.input);
        }
        result.map(|()| planned)
    }

    async fn delete(
        &self,
        client: &Client,
        prior: &State,
        _: &Reporter<'_, State>,
    ) -> Result<(), Failure> {
        let name = text(&prior.name).unwrap();
        let (effect, result, _) = client.play("delete", &name).await;
        if effect {
            client.0.lock().unwrap().objects.remove(&name);
        }
        result
    }

    async fn ready(
        &self,
        client: &Client,
        state: &State,
        _: Option<Duration>,
    ) -> ReadResult<State> {
        let time = client.0.lock().unwrap().ready;
        if !time.is_zero() {
            sleep(time).await;
        }
        Ok(Some(state.clone()))
    }

    async fn find(
        &self,
        client: &Client,
        planned: &State,
        owner: &Owner,
    ) -> Result<Located<State>, Failure> {
        let name = text(&planned.name).unwrap();
        let mut script = client.0.lock().unwrap();
        let begun = *script.begun.get_or_insert_with(Instant::now);
        script.calls.push((format!("find {name}"), begun.elapsed()));
        if script.blind {
            return Ok(Located::Uncertain("it cannot tell".into()));
        }
        let object = script.objects.get(&name).filter(|(key, _)| **key == *owner.key);
        Ok(match object {
            Some(_) => {
                Located::Object(State { id: format!("id-{name}").into(), ..planned.clone() })
            }
            None => Located::Nothing,
        })
    }
}

//! A cloud, a state on a disk, and runs of planner and apply that may die.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use platoform_apply::{
    Applied, ApplyOptions, Clock, Event, Journal, Lines, Observer, Ports, ProvisionError,
    Provisioner, Random, Stop, apply, settle,
};
use platoform_config::{ProviderSource, Schemas, VariableInputs, load, resolve_variables};
use platoform_diagnostic::{Diagnostics, Environment, MemoryFiles};
use platoform_fake::{Cloud, Fault, Faults};
use platoform_plan::{
    Asking, PlanInput, PlanMode, PlanOptions, Planned, Prior, Providers, Provision, Volatile, plan,
};
use platoform_provider::schema::ProviderSchema;
use platoform_provider::{BoxFuture, Provider};
use platoform_state::{OpenOptions, Process, Store};
use tempfile::TempDir;

use crate::bug::{Bug, Retries};
use crate::tap::{Hit, Tap};

/// What the cloud asks for when it is asked too much.
const THROTTLE: Duration = Duration::from_millis(200);

/// Calls at the same time.
const PARALLELISM: usize = 4;

/// SQLite's log.
const LOG: &str = "platoform.db-wal";

/// What happens to a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strike {
    /// At a call of the cloud, counted from the beginning of the run.
    pub call: Option<(u64, Fault)>,
    /// At a write that somebody waits for, counted likewise.
    pub write: Option<(usize, Hit)>,
    /// Of a thousand calls, in how many each of several things goes wrong.
    pub storm: u16,
}

/// How a run ended.
pub enum Ended {
    /// It was killed.
    Killed,
    /// It could not be planned.
    Unplanned(Diagnostics),
    /// It came to its end.
    Applied(Box<Applied>),
}

impl Ended {
    /// Why it did not succeed.
    pub fn failure(&self) -> Option<String> {
        match self {
            Self::Killed => Some("killed".to_owned()),
            Self::Unplanned(found) => Some(format!("{:#?}", texts(found))),
            Self::Applied(applied) => {
                let found = &applied.diagnostics;
                found.has_errors().then(|| format!("{:#?}", texts(found)))
            }
        }
    }
}

/// What diagnostics say.
pub fn texts(found: &Diagnostics) -> Vec<String> {
    let text = |one: &platoform_diagnostic::Diagnostic| {
        format!("{:?} {}: {}", one.address, one.summary, one.detail)
    };
    found.iter().map(text).collect()
}

/// A cloud and a state.
pub struct World {
    pub cloud: Arc<Cloud>,
    pub directory: TempDir,
    pub bug: Option<Bug>,
    seed: u64,
    runs: u64,
    /// How often chance was asked for.
    drawn: AtomicU64,
}

impl World {
    pub fn new(cloud: Arc<Cloud>, seed: u64) -> Self {
        Self { cloud, directory: directory(), bug: None, seed, runs: 0, drawn: AtomicU64::new(0) }
    }

    /// A second world that is as this one is now.
    pub fn fork(&self) -> Self {
        let directory = directory();
        copy(self.directory.path(), directory.path());
        let Self { bug, seed, runs, .. } = *self;
        let drawn = AtomicU64::new(self.drawn.load(Ordering::Relaxed));
        Self { cloud: self.cloud.fork(), directory, bug, seed, runs, drawn }
    }

    pub fn database(&self) -> PathBuf {
        self.directory.path().join("platoform.db")
    }

    fn log(&self) -> PathBuf {
        self.directory.path().join(LOG)
    }

    pub async fn open(&self) -> Store {
        let store = Store::open(&self.database(), OpenOptions::default()).await;
        store.expect("the state opens after whatever happened")
    }

    /// Plans and applies, unless it is killed. Gives the names of the writes that somebody waited
    /// for.
    pub async fn run(
        &mut self,
        text: &str,
        options: &PlanOptions,
        strike: Strike,
    ) -> (Ended, Vec<&'static str>) {
        self.runs += 1;
        self.cloud.reconnect();
        let first = self.cloud.call_count();
        let at = strike.call.map(|(number, fault)| (first + number, fault)).into_iter().collect();
        let troubles = [Fault::Throttled(THROTTLE), Fault::Broken, Fault::Lost, Fault::CutOff];
        let by_chance = troubles.map(|fault| (strike.storm, fault)).into();
        self.cloud.plan_faults(Faults { at, by_chance });
        let store = Arc::new(self.open().await);
        let process = Process::current("simulation", "platoform apply");
        store.lock(process, Duration::ZERO).await.expect("nobody else holds the lock");
        let seed = self.seed.wrapping_mul(1000).wrapping_add(self.runs);
        let cloud = self.cloud.clone();
        let tap =
            Arc::new(Tap::new(store.clone(), self.log(), seed, strike.write, self.bug, cloud));
        let ended = tokio::select! {
            biased;
            () = self.cloud.dead() => Ended::Killed,
            ended = self.perform(text, options, &store, &tap) => ended,
        };
        let log = tap.log();
        if matches!(ended, Ended::Killed) {
            // As the disk is at this moment; what the store writes when it is dropped is lost.
            let survivor = directory();
            copy(self.directory.path(), survivor.path());
            if let Some((tear, before)) = tap.tear() {
                let path = survivor.path().join(LOG);
                let mut log = std::fs::read(&path).unwrap_or_default();
                tear.apply(&mut log, before);
                std::fs::write(&path, log).expect("there is room");
            }
            let old = std::mem::replace(&mut self.directory, survivor);
            drop((tap, store));
            drop(old);
        } else {
            drop(tap);
            if let Some(store) = Arc::into_inner(store) {
                // A failed write is told again.
                let _ = store.close().await;
            }
        }
        (ended, log)
    }

    async fn perform(
        &self,
        text: &str,
        options: &PlanOptions,
        store: &Arc<Store>,
        tap: &Arc<Tap>,
    ) -> Ended {
        let planned = loop {
            let prior = store.prior().await.expect("the state can be read");
            let planned = plan(self.input(text, options, prior, store)).await;
            if planned.recovered.is_empty() {
                break planned;
            }
            if settle(&**tap, &planned.recovered).await.is_err() {
                return Ended::Unplanned(planned.plan.diagnostics);
            }
        };
        if planned.plan.diagnostics.has_errors() {
            return Ended::Unplanned(planned.plan.diagnostics);
        }
        Ended::Applied(Box::new(apply(planned, self.ports(tap.clone()), self.options()).await))
    }

    /// Applies a plan, from a state that is locked.
    pub async fn apply(&self, planned: Planned, store: &Arc<Store>) -> Applied {
        let cloud = self.cloud.clone();
        let tap = Arc::new(Tap::new(store.clone(), self.log(), self.seed, None, None, cloud));
        apply(planned, self.ports(tap), self.options()).await
    }

    /// What is planned from now on belongs to another run.
    pub fn next_run(&mut self) {
        self.runs += 1;
    }

    fn ports(&self, journal: Arc<dyn Journal>) -> Ports {
        let run = self.drawn.fetch_add(1, Ordering::Relaxed);
        let chance = Arc::new(Counter { run, next: AtomicU64::default() });
        Ports {
            journal,
            observer: Arc::new(Nobody),
            clock: Arc::new(Virtual(tokio::time::Instant::now())),
            random: chance.clone(),
            volatile: chance,
            provisioner: Arc::new(Nobody),
        }
    }

    fn options(&self) -> ApplyOptions {
        ApplyOptions { parallelism: PARALLELISM, stop: Arc::new(Stop::default()) }
    }

    /// What the state says, and a plan of what there is, without any change of the state.
    pub async fn plan(&self, text: &str, options: &PlanOptions) -> (Prior, Planned) {
        self.cloud.reconnect();
        let store = self.open().await;
        let prior = store.prior().await.expect("the state can be read");
        let planned = plan(self.input(text, options, prior.clone(), &store)).await;
        store.close().await.expect("the state can be closed");
        (prior, planned)
    }

    pub fn input(
        &self,
        text: &str,
        options: &PlanOptions,
        prior: Prior,
        store: &Store,
    ) -> PlanInput {
        let providers = Arc::new(Both { cloud: self.cloud.clone(), bug: self.bug });
        let mut files = MemoryFiles::default();
        files.insert("./main.tf", text);
        let loaded = load(&files, Path::new("."), &*providers);
        let (mut topology, mut found) = (loaded.topology, loaded.diagnostics);
        let (variables, more) = resolve_variables(&mut topology, &VariableInputs::default());
        found.extend(more);
        assert!(!found.has_errors(), "{found:#?}\n{text}");
        PlanInput {
            topology: Arc::new(topology),
            variables,
            files: Arc::new(files),
            environment: Arc::new(Environment::default()),
            providers,
            prior,
            seal: Arc::new(store.sealer().clone()),
            timestamp: "2026-01-02T03:04:05Z".into(),
            workspace: "default".into(),
            id: format!("plan-{}", self.runs).into(),
            options: options.clone(),
            asking: Asking::Ask,
        }
    }
}

/// Options as the command line has them when nothing is given.
pub fn options(mode: PlanMode) -> PlanOptions {
    PlanOptions { mode, refresh: true, ..PlanOptions::default() }
}

/// A directory for a state, where the system can give one, in memory: what is tested is the order
/// of writes, not the disk.
fn directory() -> TempDir {
    let memory = Path::new("/dev/shm");
    let directory = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    directory.expect("there is room")
}

/// Copies a state as the disk has it.
pub fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().expect("it has a name");
        // Memory that processes share, rebuilt from the log; and the lock, which nobody holds.
        let skipped = [".db-shm", ".db-lock"];
        if !skipped.iter().any(|end| name.to_string_lossy().ends_with(end)) {
            std::fs::copy(&path, to.join(name)).expect("there is room");
        }
    }
}

/// The providers there are.
struct Both {
    cloud: Arc<Cloud>,
    bug: Option<Bug>,
}

impl Providers for Both {
    fn create(&self, source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        match &*source.0 {
            "terraform.io/builtin/terraform" => Some(platoform_builtin::terraform()),
            "registry.terraform.io/platoform/fake" => {
                let provider = platoform_fake::with_cloud(self.cloud.clone());
                let retries = self.bug == Some(Bug::RetryWithoutFind);
                Some(if retries { Arc::new(Retries(provider)) } else { provider })
            }
            _ => None,
        }
    }
}

impl Schemas for Both {
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        static KNOWN: Mutex<BTreeMap<String, Arc<ProviderSchema>>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().expect("nobody panics with it");
        if let Some(schema) = known.get(&*source.0) {
            return Some(schema.clone());
        }
        let schema = self.create(source)?.schema();
        known.insert(source.0.to_string(), schema.clone());
        Some(schema)
    }
}

struct Nobody;

impl Observer for Nobody {
    fn event(&self, _event: &Event<'_>) {}
}

impl Provisioner for Nobody {
    fn run<'a>(
        &'a self,
        _provision: &'a Provision,
        _lines: Lines<'a>,
    ) -> BoxFuture<'a, Result<(), ProvisionError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

struct Virtual(tokio::time::Instant);

impl Clock for Virtual {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Chance that can be repeated.
struct Counter {
    run: u64,
    next: AtomicU64,
}

impl Counter {
    fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Random for Counter {
    fn owner_key(&self) -> Arc<str> {
        format!("owner-{}-{}", self.run, self.next()).into()
    }

    fn deposed_key(&self) -> Arc<str> {
        format!("{:04x}{:04x}", self.run, self.next()).into()
    }
}

impl Volatile for Counter {
    fn timestamp(&self) -> String {
        "2026-01-02T03:04:05Z".into()
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }
}

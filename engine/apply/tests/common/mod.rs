//! Plans and applies configurations in memory, with the builtin provider and a journal that keeps
//! everything in a map.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use platoform_apply::{
    Applied, ApplyOptions, Clock, Event, Intent, IntentClass, Journal, JournalError, Lines,
    Observer, Outcome, Ports, ProvisionError, Provisioner, Random, RunStart, Stop, Write, apply,
};
use platoform_config::{ProviderSource, Schemas, VariableInputs, load, resolve_variables};
use platoform_diagnostic::{Environment, MemoryFiles};
use platoform_plan::{
    Asking, OpenIntent, PlanInput, PlanMode, PlanOptions, Planned, Prior, Providers, Provision,
    Record, RecordKey, Seal, SealError, Volatile, plan,
};
use platoform_provider::{BoxFuture, Limits, Provider};
use platoform_schema::ProviderSchema;
use tokio::time::Instant;

pub mod scripted;

/// Providers of these tests: the builtin one, and one that is scripted.
#[derive(Clone, Default)]
pub struct Known {
    pub script: scripted::Shared,
    pub limits: Limits,
}

impl Providers for Known {
    fn create(&self, source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        match &*source.0 {
            "terraform.io/builtin/terraform" => Some(platoform_builtin::terraform()),
            scripted::SOURCE => Some(scripted::provider(&self.script, &self.limits)),
            _ => None,
        }
    }
}

impl Schemas for Known {
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        Some(self.create(source)?.schema())
    }
}

/// "Seals" by writing backwards: enough to see what is sealed.
pub struct Backwards;

impl Seal for Backwards {
    fn seal(&self, plain: &[u8]) -> Result<String, SealError> {
        Ok(plain.iter().rev().map(|byte| format!("{byte:02x}")).collect())
    }

    fn open(&self, sealed: &str) -> Result<Vec<u8>, SealError> {
        let pairs = sealed.as_bytes().chunks(2);
        let bytes =
            pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
        let mut bytes: Vec<u8> = bytes.collect();
        bytes.reverse();
        Ok(bytes)
    }

    fn mac(&self, plain: &[u8]) -> String {
        format!("{}", plain.len())
    }
}

/// The state as a map, and everything that was told to it.
#[derive(Default)]
pub struct MemoryJournal {
    pub prior: Mutex<Prior>,
    pub log: Mutex<Vec<String>>,
    /// Intents without an outcome that settles them.
    pub open: Mutex<Vec<(Arc<str>, String)>>,
    version: AtomicU64,
}

impl MemoryJournal {
    fn put(&self, writes: Vec<Write>) {
        let mut prior = self.prior.lock().unwrap();
        for write in writes {
            match write {
                Write::Put(mut record) => {
                    record.version = self.version.fetch_add(1, Ordering::SeqCst) + 1;
                    prior.records.retain(|other| other.key != record.key);
                    prior.records.push(*record);
                }
                Write::Remove(key) => prior.records.retain(|record| record.key != key),
                Write::Depose(key, deposed) => {
                    for record in prior.records.iter_mut().filter(|record| record.key == key) {
                        record.key.deposed = Some(deposed.clone());
                    }
                }
                Write::Output(name, Some(output)) => {
                    prior.outputs.insert(name, output);
                }
                Write::Output(name, None) => {
                    prior.outputs.remove(&name);
                }
            }
        }
    }

    /// What was begun and has not ended.
    pub fn open(&self) -> Vec<String> {
        self.open.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    pub fn records(&self) -> BTreeMap<RecordKey, Record> {
        let prior = self.prior.lock().unwrap();
        prior.records.iter().map(|record| (record.key.clone(), record.clone())).collect()
    }
}

impl Journal for MemoryJournal {
    fn begin(&self, run: RunStart) -> BoxFuture<'_, Result<(), JournalError>> {
        self.log.lock().unwrap().push(format!("begin {}", run.plan));
        Box::pin(std::future::ready(Ok(())))
    }

    fn intent(&self, intent: Intent) -> BoxFuture<'_, Result<(), JournalError>> {
        let line = format!("{} {}", intent.verb.as_str(), intent.key.address);
        self.open.lock().unwrap().push((intent.owner.clone(), line.clone()));
        self.prior.lock().unwrap().open.push(OpenIntent {
            owner: intent.owner,
            run: "1".into(),
            key: intent.key,
            verb: intent.verb,
            begun: "2024-01-02T03:04:05Z".into(),
            age: Duration::ZERO,
            planned: intent.planned,
        });
        self.log.lock().unwrap().push(line);
        Box::pin(std::future::ready(Ok(())))
    }

    fn outcome(&self, outcome: Outcome) -> BoxFuture<'_, Result<(), JournalError>> {
        if matches!(outcome.class, IntentClass::Done | IntentClass::Failed) {
            self.open.lock().unwrap().retain(|(owner, _)| *owner != outcome.owner);
        }
        if outcome.class != IntentClass::Unknown {
            let mut prior = self.prior.lock().unwrap();
            prior.open.retain(|intent| intent.owner != outcome.owner);
        }
        self.put(outcome.writes);
        Box::pin(std::future::ready(Ok(())))
    }

    fn write(&self, writes: Vec<Write>) -> Result<(), JournalError> {
        self.put(writes);
        Ok(())
    }

    fn finish(&self, _succeeded: bool) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Writes down what happens, in order.
#[derive(Default)]
pub struct Watch(pub Mutex<Vec<String>>);

impl Observer for Watch {
    fn event(&self, event: &Event<'_>) {
        let line = match event {
            Event::Started { key, verb, .. } => {
                format!("{} {}", verb.map_or("read", |verb| verb.as_str()), key.address)
            }
            Event::Failed { key, .. } => format!("failed {}", key.address),
            Event::Progress { key, status } => format!("{}: {status}", key.address),
            Event::Stopping { keys, .. } => {
                let names: Vec<String> = keys.iter().map(|key| key.address.to_string()).collect();
                format!("stopping, waits for {}", names.join(" "))
            }
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

/// The runtime's clock, which stands still while anything can be done.
struct Virtual(Instant);

impl Clock for Virtual {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

#[derive(Default)]
struct Counter(AtomicU64);

impl Random for Counter {
    fn owner_key(&self) -> Arc<str> {
        format!("owner-{}", self.0.fetch_add(1, Ordering::SeqCst)).into()
    }

    fn deposed_key(&self) -> Arc<str> {
        format!("{:08x}", self.0.fetch_add(1, Ordering::SeqCst)).into()
    }
}

/// Time and chance that stand still.
struct Fixed;

impl Volatile for Fixed {
    fn timestamp(&self) -> String {
        "2024-01-02T03:04:05Z".into()
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }
}

/// Provisioners that only write down what they were to run; a command `fail` fails.
#[derive(Default)]
pub struct Programs(pub Mutex<Vec<String>>);

impl Provisioner for Programs {
    fn run<'a>(
        &'a self,
        provision: &'a Provision,
        lines: Lines<'a>,
    ) -> BoxFuture<'a, Result<(), ProvisionError>> {
        let command = provision.arguments.get("command").and_then(|command| command.as_str());
        let command = command.unwrap_or_default().to_owned();
        self.0.lock().unwrap().push(command.clone());
        lines(&command);
        let failed = ProvisionError { summary: "it failed".into(), detail: command.clone() };
        let result = if command.starts_with("fail") { Err(failed) } else { Ok(()) };
        Box::pin(std::future::ready(result))
    }
}

/// A state that lives as long as a test.
#[derive(Default)]
pub struct World {
    pub journal: Arc<MemoryJournal>,
    pub watch: Arc<Watch>,
    pub options: PlanOptions,
    pub programs: Arc<Programs>,
    pub known: Known,
    pub stop: Arc<Stop>,
    /// When the user asks to stop.
    pub interruptions: Vec<Duration>,
    pub parallelism: Option<usize>,
    /// Files besides `main.tf`.
    pub modules: Vec<(&'static str, &'static str)>,
}

impl World {
    pub fn plan(&self, text: &str) -> Planned {
        let mut files = MemoryFiles::default();
        files.insert("./main.tf", text);
        for (path, text) in &self.modules {
            files.insert(*path, *text);
        }
        let loaded = load(&files, Path::new("."), &self.known);
        let mut diagnostics = loaded.diagnostics;
        let mut topology = loaded.topology;
        let (variables, more) = resolve_variables(&mut topology, &VariableInputs::default());
        diagnostics.extend(more);
        assert!(!diagnostics.has_errors(), "{diagnostics:#?}");
        let input = PlanInput {
            topology: Arc::new(topology),
            variables,
            files: Arc::new(files),
            environment: Arc::new(Environment::default()),
            providers: Arc::new(self.known.clone()),
            prior: self.journal.prior.lock().unwrap().clone(),
            seal: Arc::new(Backwards),
            timestamp: "2026-01-02T03:04:05Z".into(),
            workspace: "default".into(),
            id: "plan".into(),
            options: PlanOptions { refresh: true, ..self.options.clone() },
            asking: Asking::Ask,
        };
        block_on(plan(input))
    }

    pub fn apply(&self, planned: Planned) -> Applied {
        block_on(async {
            let ports = Ports {
                journal: self.journal.clone(),
                observer: self.watch.clone(),
                clock: Arc::new(Virtual(Instant::now())),
                random: Arc::new(Counter::default()),
                volatile: Arc::new(Fixed),
                provisioner: self.programs.clone(),
            };
            let parallelism = self.parallelism.unwrap_or(10);
            let options = ApplyOptions { parallelism, stop: self.stop.clone() };
            let interrupted = async {
                let begun = Instant::now();
                for moment in &self.interruptions {
                    tokio::time::sleep_until(begun + *moment).await;
                    self.stop.request();
                }
                std::future::pending::<()>().await;
            };
            tokio::select! {
                applied = apply(planned, ports, options) => applied,
                () = interrupted => unreachable!(),
            }
        })
    }

    /// What happens to the next calls for an object.
    pub fn acts(&self, name: &str, acts: impl IntoIterator<Item = scripted::Act>) {
        let mut script = self.known.script.lock().unwrap();
        script.acts.insert(name.to_owned(), acts.into_iter().collect());
    }

    /// Plans and applies without errors; gives back what was done in order.
    pub fn run(&self, text: &str) -> Vec<String> {
        self.watch.0.lock().unwrap().clear();
        let planned = self.plan(text);
        assert!(!planned.plan.diagnostics.has_errors(), "{:#?}", planned.plan.diagnostics);
        let applied = self.apply(planned);
        assert!(!applied.diagnostics.has_errors(), "{:#?}", applied.diagnostics);
        self.watch.0.lock().unwrap().clone()
    }

    pub fn destroy(&mut self, text: &str) -> Vec<String> {
        self.options.mode = PlanMode::Destroy;
        let done = self.run(text);
        self.options.mode = PlanMode::Normal;
        done
    }
}

/// Runs a future to its end.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

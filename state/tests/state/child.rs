//! This test program as a second process, to be killed.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use platoform_apply::{IntentClass, Journal};
use platoform_plan::Verb;
use platoform_state::{KeySource, OpenOptions, Store};

use crate::support::{intent, outcome, process, put, run, start};

/// What the child does, and where.
const ROLE: &str = "PLATOFORM_TEST_ROLE";
const FOLDER: &str = "PLATOFORM_TEST_FOLDER";

/// Intents under way at the same time.
const PARALLEL: usize = 8;

/// Starts the child; its notes go to the file `notes` in the folder.
pub fn spawn(role: &str, folder: &Path, shell: &str) -> Child {
    let _ = std::fs::remove_file(folder.join("notes"));
    let command = format!("{shell} exec \"$0\" --exact child::role --ignored --nocapture");
    Command::new("sh")
        .args(["-c", &command])
        .arg(std::env::current_exe().unwrap())
        .env(ROLE, role)
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Waits until the child has noted something.
pub fn wait_for_note(folder: &Path) {
    let begun = Instant::now();
    while notes(folder).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the child does nothing");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The child's notes; the last line may be torn.
pub fn notes(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("notes")).unwrap_or_default();
    let whole = text.rsplit_once('\n').map(|(whole, _)| whole).unwrap_or_default();
    whole.lines().map(str::to_owned).collect()
}

/// A line in the notes, made after what it tells of has been acknowledged.
#[derive(Clone)]
struct Notes(Arc<Mutex<File>>);

impl Notes {
    fn add(&self, line: &str) {
        self.0.lock().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Not a test: what the child runs.
#[test]
#[ignore = "run by other tests as a process of its own"]
fn role() {
    let (Ok(role), Ok(folder)) = (std::env::var(ROLE), std::env::var(FOLDER)) else { return };
    let folder = PathBuf::from(folder);
    let notes = Notes(Arc::new(Mutex::new(File::create(folder.join("notes")).unwrap())));
    run(async {
        let database = folder.join("platoform.db");
        let store = Store::open(&database, OpenOptions::default()).await.unwrap();
        match role.as_str() {
            "open" => notes.add("opened"),
            "hold" => {
                store.lock(process(), Duration::ZERO).await.unwrap();
                notes.add("locked");
                std::thread::sleep(Duration::from_secs(60));
            }
            "write" => {
                store.lock(process(), Duration::from_secs(5)).await.unwrap();
                write_forever(store, notes).await;
            }
            "rotate" => rotate_forever(store, &notes).await,
            other => panic!("no role is `{other}`"),
        }
    });
}

/// Makes objects until it is killed or writing fails.
async fn write_forever(store: Store, notes: Notes) {
    let plan = format!("plan-{}", std::process::id());
    store.begin(start(&plan)).await.unwrap();
    notes.add("begun");
    let store = Arc::new(store);
    let local = tokio::task::LocalSet::new();
    for lane in 0..PARALLEL {
        let (store, notes, plan) = (store.clone(), notes.clone(), plan.clone());
        local.spawn_local(async move {
            for number in 0.. {
                if let Err(error) = make(&store, &notes, &format!("{plan}-{lane}-{number}")).await {
                    notes.add(&format!("error {}", error.message));
                    return;
                }
            }
        });
    }
    local.await;
}

/// Exchanges the user's key, and the data key, until it is killed.
async fn rotate_forever(store: Store, notes: &Notes) {
    store.lock(process(), Duration::from_secs(5)).await.unwrap();
    notes.add("locked");
    loop {
        store.rotate_user_key(KeySource::Beside, KeySource::Beside).await.unwrap();
        store.rotate_data_key(KeySource::Beside).await.unwrap();
    }
}

async fn make(
    store: &Store,
    notes: &Notes,
    owner: &str,
) -> Result<(), platoform_apply::JournalError> {
    let address = format!("t.x[\"{owner}\"]");
    store.write(vec![put(&format!("t.only[\"{owner}\"]"), "0")])?;
    store.intent(intent(owner, &address, Verb::Create)).await?;
    notes.add(&format!("intent {owner}"));
    let attributes = format!("\"{}\"", owner.repeat(20));
    let written = outcome(owner, IntentClass::Done, vec![put(&address, &attributes)]);
    store.outcome(written).await?;
    notes.add(&format!("outcome {owner}"));
    Ok(())
}

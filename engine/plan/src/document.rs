//! A saved plan: everything it was made from, so that the same plan can be made again without
//! asking anybody and without seeing files that were edited since.
//!
//! The file is one line of JSON in clear (format, id, digest) and one line sealed with the state's
//! key. Decoding gives the inputs back; planning from them must give the same digest.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use platoform_config::{InstanceAddress, RootVariable, Target};
use platoform_diagnostic::{Diagnostic, MemoryFiles};
use platoform_provider::{PlanResponse, Problem};
use platoform_value::{Path, Value};
use serde::{Deserialize, Serialize};

use crate::{PlanMode, PlanOptions, Prior, RecordKey, Seal, SealError, Selector};

mod records;
mod values;

use records::{SavedPlan, SavedPrior};
use values::Saved;

/// Number of the file's layout.
const FORMAT: u32 = 1;

/// What providers answered while a plan was made.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    pub(crate) reads: BTreeMap<RecordKey, ReadAnswer>,
    pub(crate) imports: BTreeMap<RecordKey, ReadAnswer>,
    /// By object, and whether the plan was for a new object in place of the old one.
    pub(crate) plans: BTreeMap<(RecordKey, bool), PlanAnswer>,
    pub(crate) data: BTreeMap<RecordKey, Value>,
}

/// What a provider read.
#[derive(Clone, Debug)]
pub(crate) struct ReadAnswer {
    pub current: Value,
    pub private: Vec<u8>,
}

/// What a provider planned.
#[derive(Clone, Debug)]
pub(crate) struct PlanAnswer {
    pub planned: Value,
    pub replace: Vec<Path>,
    pub private: Vec<u8>,
    /// Warnings, mostly; who reviews a saved plan is to see them, too.
    pub problems: Vec<Problem>,
}

impl From<&PlanResponse> for PlanAnswer {
    fn from(response: &PlanResponse) -> Self {
        Self {
            planned: response.planned.clone(),
            replace: response.replace.clone(),
            private: response.private.clone(),
            problems: response.problems.clone(),
        }
    }
}

impl Answers {
    pub(crate) fn plan(&self, key: &RecordKey, replacing: bool) -> Option<PlanResponse> {
        let answer = self.plans.get(&(key.clone(), replacing))?;
        Some(PlanResponse {
            planned: answer.planned.clone(),
            replace: answer.replace.clone(),
            private: answer.private.clone(),
            problems: answer.problems.clone(),
        })
    }
}

/// A saved plan.
#[derive(Clone, Debug)]
pub struct Document {
    /// The plan's id.
    pub id: Arc<str>,
    /// The plan's digest.
    pub digest: Arc<str>,
    /// When it was made, in RFC 3339.
    pub timestamp: Arc<str>,
    /// Workspace it is for.
    pub workspace: Arc<str>,
    /// Root directory, as it was given to the loader.
    pub directory: PathBuf,
    /// Working directory that relative paths in functions were relative to.
    pub working: PathBuf,
    /// Every file that was read.
    pub files: MemoryFiles,
    /// Values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, RootVariable>,
    /// What was asked for.
    pub options: PlanOptions,
    /// What providers answered.
    pub answers: Answers,
    /// The state it was made from.
    pub prior: Prior,
}

/// A saved plan that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Some other file.
    #[error("this is not a saved plan")]
    NotAPlan,
    /// From another version.
    #[error("the plan was saved in format {0}, which this version does not read")]
    Format(u32),
    /// Sealed with another key, or changed since.
    #[error("the plan cannot be opened")]
    Seal(#[from] SealError),
    /// Broken inside.
    #[error("the plan is damaged: {0}")]
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
struct Header {
    platoform_plan: u32,
    id: Arc<str>,
    digest: Arc<str>,
}

/// What was asked for, by a name that stays.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Normal,
    Destroy,
    RefreshOnly,
}

impl From<PlanMode> for Mode {
    fn from(mode: PlanMode) -> Self {
        match mode {
            PlanMode::Normal => Self::Normal,
            PlanMode::Destroy => Self::Destroy,
            PlanMode::RefreshOnly => Self::RefreshOnly,
        }
    }
}

impl From<Mode> for PlanMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Normal => Self::Normal,
            Mode::Destroy => Self::Destroy,
            Mode::RefreshOnly => Self::RefreshOnly,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    timestamp: Arc<str>,
    workspace: Arc<str>,
    directory: PathBuf,
    working: PathBuf,
    files: Vec<(PathBuf, String)>,
    variables: BTreeMap<Arc<str>, Saved>,
    /// What is wrong with values: summary and detail.
    invalid: BTreeMap<Arc<str>, (String, String)>,
    mode: Mode,
    refresh: bool,
    targets: Vec<String>,
    exclude: Vec<String>,
    allow_destroy: Vec<String>,
    replace: Vec<String>,
    reads: Vec<SavedRead>,
    imports: Vec<SavedRead>,
    plans: Vec<SavedPlan>,
    data: Vec<(String, Saved)>,
    prior: SavedPrior,
}

/// What a provider read: address, deposed key, value and its own bytes.
type SavedRead = (String, Option<Arc<str>>, Saved, String);

fn saved_reads(reads: &BTreeMap<RecordKey, ReadAnswer>) -> Vec<SavedRead> {
    let all = reads.iter().map(|(key, answer)| {
        let address = key.address.to_string();
        let private = records::bytes(&answer.private);
        (address, key.deposed.clone(), Saved::from(&answer.current), private)
    });
    all.collect()
}

fn restored_reads(saved: Vec<SavedRead>) -> Result<BTreeMap<RecordKey, ReadAnswer>, String> {
    let all = saved.into_iter().map(|(address, deposed, current, private)| {
        let key = RecordKey { address: records::address(&address)?, deposed };
        let private = records::from_bytes(&private)?;
        Ok((key, ReadAnswer { current: current.restore()?, private }))
    });
    all.collect()
}

impl Document {
    /// The file's content.
    ///
    /// # Errors
    /// When it cannot be sealed.
    pub fn encode(&self, seal: &dyn Seal) -> Result<Vec<u8>, DocumentError> {
        let header =
            Header { platoform_plan: FORMAT, id: self.id.clone(), digest: self.digest.clone() };
        let damaged = |error: serde_json::Error| DocumentError::Damaged(error.to_string());
        let mut out = serde_json::to_vec(&header).map_err(damaged)?;
        out.push(b'\n');
        let body = serde_json::to_vec(&self.body()).map_err(damaged)?;
        out.extend_from_slice(seal.seal(&body)?.as_bytes());
        out.push(b'\n');
        Ok(out)
    }

    fn body(&self) -> Body {
        let files = self.files.iter();
        Body {
            timestamp: self.timestamp.clone(),
            workspace: self.workspace.clone(),
            directory: self.directory.clone(),
            working: self.working.clone(),
            files: files.map(|(path, content)| (path.into(), records::bytes(content))).collect(),
            variables: self
                .variables
                .iter()
                .map(|(name, variable)| (name.clone(), (&variable.value).into()))
                .collect(),
            invalid: self
                .variables
                .iter()
                .filter_map(|(name, variable)| {
                    let found = variable.invalid.as_ref()?;
                    Some((name.clone(), (found.summary.clone(), found.detail.clone())))
                })
                .collect(),
            mode: self.options.mode.into(),
            refresh: self.options.refresh,
            targets: self.options.targets.iter().map(Selector::to_string).collect(),
            exclude: self.options.exclude.iter().map(Selector::to_string).collect(),
            allow_destroy: self.options.allow_destroy.iter().map(Target::to_string).collect(),
            replace: self.options.replace.iter().map(InstanceAddress::to_string).collect(),
            reads: saved_reads(&self.answers.reads),
            imports: saved_reads(&self.answers.imports),
            plans: self.answers.plans.iter().map(SavedPlan::from).collect(),
            data: self
                .answers
                .data
                .iter()
                .map(|(key, value)| (key.address.to_string(), value.into()))
                .collect(),
            prior: SavedPrior::from(&self.prior),
        }
    }

    /// Reads a file's content.
    ///
    /// # Errors
    /// When it is not a saved plan of a known format, or not sealed with this key.
    pub fn decode(content: &[u8], seal: &dyn Seal) -> Result<Self, DocumentError> {
        let text = std::str::from_utf8(content).map_err(|_| DocumentError::NotAPlan)?;
        let (header, sealed) = text.split_once('\n').ok_or(DocumentError::NotAPlan)?;
        let header: Header = serde_json::from_str(header).map_err(|_| DocumentError::NotAPlan)?;
        if header.platoform_plan != FORMAT {
            return Err(DocumentError::Format(header.platoform_plan));
        }
        let body = seal.open(sealed.trim_end())?;
        let body: Body = serde_json::from_slice(&body)
            .map_err(|error| DocumentError::Damaged(error.to_string()))?;
        body.restore(header).map_err(DocumentError::Damaged)
    }
}

impl Body {
    fn restore(self, header: Header) -> Result<Document, String> {
        let mut files = MemoryFiles::default();
        for (path, content) in self.files {
            files.insert(path, records::from_bytes(&content)?);
        }
        let mut answers = Answers {
            reads: restored_reads(self.reads)?,
            imports: restored_reads(self.imports)?,
            ..Answers::default()
        };
        for plan in self.plans {
            let (key, answer) = plan.restore()?;
            answers.plans.insert(key, answer);
        }
        for (address, value) in self.data {
            let key = RecordKey { address: records::address(&address)?, deposed: None };
            answers.data.insert(key, value.restore()?);
        }
        let mut variables = BTreeMap::new();
        for (name, value) in self.variables {
            let invalid = self.invalid.get(&name);
            let invalid = invalid.map(|(summary, detail)| Diagnostic::error(summary, detail));
            let variable = RootVariable { invalid, ..value.restore()?.into() };
            variables.insert(name, variable);
        }
        let selectors = |texts: &[String]| -> Result<Vec<Selector>, String> {
            let all = texts.iter().map(|text| text.parse::<Selector>());
            all.map(|selector| selector.map_err(|error| error.to_string())).collect()
        };
        let allowed = self.allow_destroy.iter().map(|text| text.parse::<Target>());
        let allowed: Result<Vec<Target>, _> = allowed.collect();
        let replace: Result<Vec<InstanceAddress>, String> =
            self.replace.iter().map(|text| records::address(text)).collect();
        Ok(Document {
            id: header.id,
            digest: header.digest,
            timestamp: self.timestamp,
            workspace: self.workspace,
            directory: self.directory,
            working: self.working,
            files,
            variables,
            options: PlanOptions {
                mode: self.mode.into(),
                refresh: self.refresh,
                targets: selectors(&self.targets)?,
                exclude: selectors(&self.exclude)?,
                allow_destroy: allowed.map_err(|error| error.to_string())?,
                replace: replace?,
                adopt: Vec::new(),
            },
            answers,
            prior: self.prior.restore()?,
        })
    }
}

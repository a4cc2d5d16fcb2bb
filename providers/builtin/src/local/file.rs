//! What `local_file` and `local_sensitive_file` have in common.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_provider::value::Path;
use platoform_provider::{BlockType, Failure, Field, Located, Plan, Problem, ReadResult, Reporter};

use super::aside::remove_leftover;
use super::content::{Content, Digests};
use super::write::{Modes, check_regular, is_absent, write};
use super::{Local, blocking, permission};

/// The state of a file.
pub(crate) trait FileState: BlockType + Clone + Send + Sync + 'static {
    fn filename(&self) -> &str;
    fn id(&self) -> &Field<String>;
    /// The attributes of which exactly one says what the file holds.
    fn sources(&self) -> Vec<(&'static str, &Field<String>)>;
    /// Those of the file, and those of directories that have to be made.
    fn permissions(&self) -> [(&'static str, &Field<String>); 2];
    fn record(&mut self, digests: Digests);
}

/// Checks a configuration.
pub(crate) fn validate<S: FileState>(config: &S) -> Vec<Problem> {
    let sources = config.sources();
    let known = sources.iter().filter(|(_, field)| field.is_known()).count();
    let unknown = sources.iter().filter(|(_, field)| field.is_unknown()).count();
    let mut problems = Vec::new();
    if known > 1 || known + unknown == 0 {
        let names: Vec<String> = sources.iter().map(|(name, _)| format!("`{name}`")).collect();
        let detail = format!("Exactly one of {} must be set", names.join(", "));
        problems.push(Problem::error("Not exactly one content", detail));
    }
    let base64 = sources.iter().find(|(name, _)| *name == BASE64);
    if let Some(text) = base64.and_then(|(_, field)| field.as_str())
        && let Err(error) = STANDARD.decode(text)
    {
        let problem = Problem::error("Invalid base64", error.to_string());
        problems.push(problem.at(Path::attribute(BASE64)));
    }
    let permissions = config.permissions();
    problems.extend(permissions.iter().filter_map(|(name, field)| permission::check(name, field)));
    problems
}

const BASE64: &str = "content_base64";
const SOURCE: &str = "source";

/// What the file is to hold; nothing as long as that is not known.
fn content<S: FileState>(local: &Local, state: &S) -> Result<Option<Content>, Problem> {
    let mut known = state
        .sources()
        .into_iter()
        .filter_map(|(name, field)| field.as_str().map(|text| (name, text)));
    Ok(match known.next() {
        None => None,
        Some((SOURCE, path)) => Some(Content::File(local.path(path))),
        Some((BASE64, text)) => {
            let decoded = STANDARD.decode(text);
            let bytes = decoded.map_err(|error| {
                Problem::error("Invalid base64", error.to_string()).at(Path::attribute(BASE64))
            })?;
            Some(Content::Bytes(bytes))
        }
        Some((_, text)) => Some(Content::Bytes(text.as_bytes().to_vec())),
    })
}

/// What the file is to hold, when it is to be made.
fn known_content<S: FileState>(local: &Local, state: &S) -> Result<Content, Failure> {
    content(local, state)?.ok_or_else(|| {
        Problem::error("Nothing says what the file is to hold", "No content is set").into()
    })
}

/// Warns where a file that is not ours is going to be overwritten.
pub(crate) fn plan<S: FileState>(local: Option<&Local>, plan: &mut Plan<S>) {
    let Some(local) = local else { return };
    if let Some(prior) = &plan.prior {
        local.note_ours(local.path(prior.filename()));
        return;
    }
    let name = plan.planned.filename();
    let path = local.path(name);
    if name.is_empty() || local.is_ours(&path) || fs::symlink_metadata(&path).is_err() {
        return;
    }
    let place = Path::attribute("filename");
    if let Err(error) = check_regular(&path) {
        let detail = format!("{}: {error}", path.display());
        plan.problems.push(Problem::error("The path is taken", detail).at(place));
        return;
    }
    let same = match content(local, &plan.planned) {
        Ok(Some(content)) => same_content(&path, &content).unwrap_or(false),
        _ => false,
    };
    if !same {
        let detail = format!(
            "{} exists, was not made by this configuration as it is, and will be overwritten",
            path.display()
        );
        plan.problems.push(Problem::warning("A file will be overwritten", detail).at(place));
    }
}

fn same_content(path: &std::path::Path, content: &Content) -> io::Result<bool> {
    Ok(path.metadata()?.len() == content.len()?
        && Content::File(path.to_owned()).digests()? == content.digests()?)
}

/// A file with other content is another file: ours is gone.
pub(crate) async fn read<S: FileState>(local: &Local, state: &S) -> ReadResult<S> {
    let found = digests_at(local.path(state.filename())).await?;
    let same = found.is_some_and(|digests| state.id().as_str() == Some(digests.sha1.as_str()));
    Ok(same.then(|| state.clone()))
}

/// The digests of the file at a path, if there is one.
async fn digests_at(path: PathBuf) -> Result<Option<Digests>, Failure> {
    blocking(move || {
        // One that cannot be removed does not keep the file itself from being read.
        let _ = remove_leftover(&path);
        match File::open(&path) {
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(unreadable(&path, &error)),
            Ok(_) => {
                let file = Content::File(path.clone());
                let digests = check_regular(&path).and_then(|()| file.digests());
                digests.map(Some).map_err(|error| unreadable(&path, &error))
            }
        }
    })
    .await
}

pub(crate) fn unreadable(path: &std::path::Path, error: &io::Error) -> Failure {
    Problem::error("Cannot read the file", format!("{}: {error}", path.display())).into()
}

/// Writes the file.
pub(crate) async fn create<S: FileState>(
    local: &Local,
    mut planned: S,
    reporter: &Reporter<'_, S>,
) -> Result<S, Failure> {
    let (path, content) = (local.path(planned.filename()), known_content(local, &planned)?);
    let [file, directory] = planned.permissions().map(|(name, field)| {
        let mode = field.as_str().and_then(permission::parse);
        mode.ok_or_else(|| Problem::error("Invalid permissions", format!("`{name}` is no mode")))
    });
    let modes = Modes { file: file?, directory: directory? };
    planned.record(blocking(move || write(&path, &content, modes)).await?);
    reporter.created(&planned).await?;
    Ok(planned)
}

/// Removes the file, unless it holds something else by now: that is not ours to remove.
pub(crate) async fn delete<S: FileState>(
    local: &Local,
    prior: &S,
    reporter: &Reporter<'_, S>,
) -> Result<(), Failure> {
    let path = local.path(prior.filename());
    let beside = path.clone();
    if let Err(error) = blocking(move || Ok(remove_leftover(&beside))).await? {
        let detail = format!("Beside {}: {error}", path.display());
        let summary = "What a broken off write left cannot be removed";
        reporter.problem(Problem::warning(summary, detail));
    }
    let Some(digests) = digests_at(path.clone()).await? else { return Ok(()) };
    if prior.id().as_str() != Some(digests.sha1.as_str()) {
        let detail = format!("{} holds something else by now", path.display());
        reporter.problem(Problem::warning("The file was left in its place", detail));
        return Ok(());
    }
    blocking(move || match fs::remove_file(&path) {
        Err(error) if !is_absent(&error) => {
            let detail = format!("{}: {error}", path.display());
            Err(Problem::error("Cannot remove the file", detail).into())
        }
        _ => Ok(()),
    })
    .await
}

/// Files carry no mark of their owner: one that holds exactly what was planned is taken for ours.
pub(crate) async fn find<S: FileState>(local: &Local, planned: &S) -> Result<Located<S>, Failure> {
    let Some(found) = digests_at(local.path(planned.filename())).await? else {
        return Ok(Located::Nothing);
    };
    let content = known_content(local, planned)?;
    let wanted = blocking(move || {
        content.digests().map_err(|error| {
            Problem::error("Cannot read the source of the file", error.to_string()).into()
        })
    });
    if wanted.await? != found {
        return Ok(Located::Nothing);
    }
    let mut state = planned.clone();
    state.record(found);
    Ok(Located::Object(state))
}

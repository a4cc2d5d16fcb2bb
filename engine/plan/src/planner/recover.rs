//! Resolving calls that an earlier run left open: look at what is really there.

use std::sync::Arc;

use futures_util::future::join_all;
use platoform_config::ProviderSource;
use platoform_diagnostic::Diagnostic;
use platoform_provider::{FindRequest, Found, ImportRequest, Owner, Problem, ReadRequest};
use platoform_schema::{Block, Mode};
use platoform_value::{Type, Value};

use crate::planner::Planner;
use crate::planner::existing::Existing;
use crate::sensitive::{mark_paths, mark_schema, marked_paths};
use crate::session::ProviderStatus;
use crate::{OpenIntent, Record, Recovery, Resolution, Stored, Verb};

impl Planner {
    /// Resolves the open intents of a provider configuration, once it is ready to be asked.
    pub(crate) async fn recover(&mut self, number: usize) {
        let state = &self.session.providers[number];
        let name = crate::Session::provider_name(&self.session.topology, &state.id);
        let source: ProviderSource = state.id.source.clone();
        let ready = state.status == ProviderStatus::Ready;
        let (mine, others): (Vec<OpenIntent>, Vec<OpenIntent>) =
            std::mem::take(&mut self.open).into_iter().partition(|intent| {
                intent.planned.provider == source && intent.planned.provider_config == name
            });
        self.open = others;
        if !ready {
            let reason = "its provider could not be asked";
            let unasked = mine.into_iter().map(|intent| (intent.key, reason.to_owned()));
            self.uncertain.extend(unasked);
            return;
        }
        // Side by side: a provider may have to wait and see.
        let mut resolved =
            join_all(mine.iter().map(|intent| self.resolution(number, intent))).await;
        refuse_shared(&mine, &mut resolved);
        for (intent, resolved) in mine.into_iter().zip(resolved) {
            match resolved {
                Ok((resolution, _)) => self.recovered.push(Recovery {
                    owner: intent.owner,
                    key: intent.key,
                    verb: intent.verb,
                    resolution,
                }),
                Err(reason) => {
                    self.uncertain.insert(intent.key, reason);
                }
            }
        }
    }

    /// What became of an open intent, or why that cannot be told.
    async fn resolution(&self, number: usize, intent: &OpenIntent) -> Resolved {
        let state = &self.session.providers[number];
        let kind = &intent.key.address.resource.id.kind;
        let schema = state.schema.kind(Mode::Managed, kind);
        let schema = schema.ok_or_else(|| format!("there is no kind `{kind}`"))?;
        let declared = schema.block.implied_type();
        let planned = intent.planned.attributes.decode(&declared, &*self.session.seal);
        let planned = planned.map_err(|_| "what it was to become cannot be read".to_owned())?;
        let adopted = self.options.adopt.iter().find(|(address, _)| *address == intent.key.address);
        if let Some((_, id)) = adopted {
            let (current, private) = self.import_as(number, kind, id).await?;
            let identity = current.get("id").unwrap_or(&current).clone();
            let record = self.adopt(intent, &schema.block, &planned, current, private, false)?;
            return Ok((record, Some(identity)));
        }
        let found = match intent.verb {
            Verb::Create => self.look_for(number, intent, &planned).await?,
            Verb::Update | Verb::Delete => self.look_at(number, intent, &declared).await?,
        };
        match found {
            Some((current, private)) => {
                // Ids tell objects without a mark apart. Elsewhere they need not be unique: those of
                // files are digests.
                let surveyed = !intent.planned.private.is_empty();
                let identity = surveyed.then(|| current.get("id").unwrap_or(&current).clone());
                let recorded = self.existing.iter();
                let mut recorded = recorded.filter(|it| *it.stored_key() == intent.key);
                let tainted = match intent.verb {
                    Verb::Create => true,
                    _ => recorded.next().is_some_and(|existing| existing.record.tainted),
                };
                let record =
                    self.adopt(intent, &schema.block, &planned, current, private, tainted)?;
                Ok((record, identity))
            }
            None => Ok((Resolution::Gone, None)),
        }
    }

    /// The object with an id that the user gave, as it is.
    async fn import_as(
        &self,
        number: usize,
        kind: &Arc<str>,
        id: &str,
    ) -> Result<(Value, Vec<u8>), String> {
        let provider = self.session.providers[number].provider.clone();
        let why = |problems: &[Problem]| {
            problems.first().map_or_else(|| "no answer".to_owned(), |it| it.summary.clone())
        };
        let request = ImportRequest { kind: kind.clone(), id: id.to_owned() };
        let imported = provider.import(request).await.map_err(|failure| why(&failure.problems))?;
        let mut of_kind = imported.into_iter().filter(|imported| imported.kind == *kind);
        let imported =
            of_kind.next().ok_or_else(|| format!("there is no `{kind}` with this id"))?;
        let request = ReadRequest {
            kind: kind.clone(),
            current: imported.current,
            private: imported.private,
        };
        match provider.read(&[request]).await.pop() {
            Some(answer) if answer.problems.iter().any(Problem::is_error) => {
                Err(why(&answer.problems))
            }
            Some(answer) if !answer.current.is_null() => Ok((answer.current, answer.private)),
            _ => Err(format!("there is no `{kind}` with the id `{id}`")),
        }
    }

    /// Looks for the object of a create by its owner key.
    async fn look_for(
        &self,
        number: usize,
        intent: &OpenIntent,
        planned: &Value,
    ) -> Result<Option<(Value, Vec<u8>)>, String> {
        let provider = self.session.providers[number].provider.clone();
        let survey = intent.planned.private.clone();
        let recorded = match survey.is_empty() {
            true => Vec::new(),
            false => self.recorded(number, &intent.key.address.resource.id.kind),
        };
        let request = FindRequest {
            kind: intent.key.address.resource.id.kind.clone(),
            survey,
            recorded,
            planned: planned.clone().unmark_deep(),
            owner: Owner { key: intent.owner.clone(), lineage: self.session.lineage.clone() },
            age: intent.age,
        };
        match provider.find(request).await {
            Ok(Found::Object { current, private }) => Ok(Some((current, private))),
            Ok(Found::Nothing) => Ok(None),
            Ok(Found::Uncertain(reason)) => Err(reason),
            Err(failure) => Err(failure
                .problems
                .first()
                .map_or_else(String::new, |problem| problem.summary.clone())),
        }
    }

    /// The objects of a kind that the state knows from a provider configuration, as far as they can
    /// be read.
    fn recorded(&self, number: usize, kind: &str) -> Vec<Value> {
        let Some(schema) = self.session.providers[number].schema.kind(Mode::Managed, kind) else {
            return Vec::new();
        };
        let declared = schema.block.implied_type();
        let mine = self.existing.iter().filter(|existing| {
            existing.provider == Some(number)
                && &*existing.record.key.address.resource.id.kind == kind
        });
        let decode = |existing: &Existing| {
            existing.record.attributes.decode(&declared, &*self.session.seal).ok()
        };
        mine.filter_map(decode).map(Value::unmark_deep).collect()
    }

    /// Looks at the object of an update or delete, which the state knows.
    async fn look_at(
        &self,
        number: usize,
        intent: &OpenIntent,
        declared: &Type,
    ) -> Result<Option<(Value, Vec<u8>)>, String> {
        let recorded = self.existing.iter().find(|existing| *existing.stored_key() == intent.key);
        let Some(recorded) = recorded else { return Ok(None) };
        let current = recorded
            .record
            .attributes
            .decode(declared, &*self.session.seal)
            .map_err(|error| error.to_string())?;
        let request = ReadRequest {
            kind: intent.key.address.resource.id.kind.clone(),
            current: current.unmark_deep(),
            private: recorded.record.private.clone(),
        };
        let provider = self.session.providers[number].provider.clone();
        let mut answers = provider.read(&[request]).await;
        let Some(answer) = answers.pop() else { return Err("no answer".into()) };
        let error = answer
            .problems
            .iter()
            .find(|problem| problem.severity == platoform_provider::Severity::Error);
        match error {
            Some(problem) => Err(problem.summary.clone()),
            None if answer.current.is_null() => Ok(None),
            None => Ok(Some((answer.current, answer.private))),
        }
    }

    /// The record of an object that was found. One that was being made is tainted: nobody saw the
    /// making end well.
    fn adopt(
        &self,
        intent: &OpenIntent,
        block: &Block,
        planned: &Value,
        current: Value,
        private: Vec<u8>,
        tainted: bool,
    ) -> Result<Resolution, String> {
        let value = mark_paths(current, &marked_paths(planned));
        let value = mark_schema(block, value);
        let kind = block.implied_type();
        let attributes = Stored::encode(&value, &kind, &*self.session.seal)
            .map_err(|error| error.to_string())?;
        let record = Record { attributes, private, tainted, ..intent.planned.clone() };
        Ok(Resolution::Exists(Box::new(record)))
    }

    /// Reports objects of which nobody knows whether they exist, as far as this plan is about them.
    pub(crate) fn report_uncertain(&mut self) {
        for intent in std::mem::take(&mut self.open) {
            let reason = format!(
                "`{}`, which it was made with, is not in the configuration",
                intent.planned.provider_config
            );
            self.uncertain.insert(intent.key, reason);
        }
        for (key, reason) in &self.uncertain {
            if !self.scope.covers_object(&key.address) {
                continue;
            }
            let detail = format!(
                "An earlier run was cut off while it was working on this object, and it cannot be \
                 told what became of it: {reason}"
            );
            self.diagnostics.push(
                Diagnostic::error("It is uncertain whether this object exists", detail)
                    .help(
                        "plan again once its provider can answer; everything else can be applied \
                         with `-target`",
                    )
                    .within(key.address.to_string()),
            );
        }
    }
}

/// What became of an intent, and the identity of the object that was found.
type Resolved = Result<(Resolution, Option<Value>), String>;

/// Several creates cannot have made the same object: where a kind carries no mark, each of them may
/// seem to have made the only one that is new.
fn refuse_shared(intents: &[OpenIntent], resolved: &mut [Resolved]) {
    let made = |index: &usize| match &resolved[*index] {
        Ok((_, Some(identity))) if intents[*index].verb == Verb::Create => {
            Some((&intents[*index].key.address.resource.id.kind, identity))
        }
        _ => None,
    };
    let all = 0..intents.len();
    let shared: Vec<usize> = all
        .clone()
        .filter(|index| {
            let mine = made(index);
            mine.is_some() && all.clone().any(|other| other != *index && made(&other) == mine)
        })
        .collect();
    for index in shared {
        resolved[index] = Err("another call may have made the one that was found".to_owned());
    }
}

//! One call to a provider, with its intent before and its retries.

use std::sync::Arc;
use std::time::Duration;

use platoform_plan::{Call, RecordKey, RecordTemplate, Verb};
use platoform_provider::{
    ApplyRequest, ApplyResponse, BoxFuture, DataRequest, Failure, FailureClass, Owner, Problem,
    ReadyRequest, Severity, Sink, SinkError, schema::Mode, value::Value,
};

use crate::{Event, Intent, IntentClass, Journal, JournalError, Observer, Outcome, Ports, Write};

/// How often a call is tried at most when the provider says that it may succeed later.
const MAX_ATTEMPTS: u32 = 5;

/// Longest pause before another attempt, whatever the provider asks for.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// A call ready to be made.
pub(crate) struct Pending {
    pub call: Call,
    /// `None` reads a data source.
    pub verb: Option<Verb>,
    pub owner: Owner,
    pub intent: Option<Intent>,
    pub template: RecordTemplate,
    pub ports: Ports,
}

/// How a call ended.
pub(crate) enum Ended {
    /// The provider answered.
    Done(ApplyResponse),
    /// The provider failed.
    Failed(Failure),
    /// The journal failed before or during the call.
    Journal(JournalError),
}

impl Pending {
    /// Records the intent, calls the provider, and waits until the object is ready.
    pub async fn run(self) -> Ended {
        if let Some(mut intent) = self.intent.clone() {
            let survey = self.survey().await;
            if let Ok(survey) = &survey
                && !survey.is_empty()
            {
                intent.planned.private.clone_from(survey);
            }
            if let Err(error) = self.ports.journal.intent(intent).await {
                return Ended::Journal(error);
            }
            if let Err(failure) = survey {
                return Ended::Failed(failure);
            }
        }
        match self.verb {
            None => self.data().await,
            Some(_) => self.change().await,
        }
    }

    /// What is there before a create, as far as its object could not be told from that later. A
    /// failure is one without effect, whatever the provider makes of it.
    async fn survey(&self) -> Result<Vec<u8>, Failure> {
        if self.verb != Some(Verb::Create) {
            return Ok(Vec::new());
        }
        let survey = self.call.provider.survey(&self.call.kind, &self.call.planned).await;
        survey.map_err(|failure| Failure { class: FailureClass::Fail, ..failure })
    }

    async fn data(&self) -> Ended {
        let request =
            DataRequest { kind: self.call.kind.clone(), config: self.call.config.clone() };
        match self.call.provider.data(request).await {
            Ok(response) => Ended::Done(ApplyResponse {
                current: response.current,
                private: Vec::new(),
                problems: response.problems,
            }),
            Err(failure) => Ended::Failed(failure),
        }
    }

    async fn change(&self) -> Ended {
        let sink = CallSink {
            journal: self.ports.journal.clone(),
            observer: self.ports.observer.clone(),
            template: self.template.clone(),
            key: self.call.key.clone(),
            owner: self.owner.key.clone(),
            durable: self.intent.is_some(),
        };
        let mut attempt = 1;
        loop {
            let request = ApplyRequest {
                kind: self.call.kind.clone(),
                prior: self.call.prior.clone(),
                planned: self.call.planned.clone(),
                config: self.call.config.clone(),
                private: self.call.private.clone(),
                owner: self.owner.clone(),
            };
            match self.call.provider.apply(request, &sink).await {
                Ok(response) => return Ended::Done(self.ready(response).await),
                Err(Failure { class: FailureClass::Retry(pause), .. })
                    if attempt < MAX_ATTEMPTS =>
                {
                    attempt += 1;
                    tokio::time::sleep(pause.min(MAX_PAUSE)).await;
                }
                Err(failure) => return Ended::Failed(failure),
            }
        }
    }

    /// Waits until a made or changed object can be used.
    async fn ready(&self, response: ApplyResponse) -> ApplyResponse {
        let failed = response.problems.iter().any(|problem| problem.severity == Severity::Error);
        if failed || response.current.is_null() || self.call.mode != Mode::Managed {
            return response;
        }
        let request = ReadyRequest {
            kind: self.call.kind.clone(),
            current: response.current.clone(),
            private: response.private.clone(),
            timeout: None,
        };
        let mut answers = self.call.provider.ready(&[request]).await;
        let Some(answer) = answers.pop() else { return response };
        let mut problems = response.problems;
        problems.extend(answer.problems);
        let current = if answer.current.is_null() { response.current } else { answer.current };
        ApplyResponse { current, private: answer.private, problems }
    }
}

/// Makes durable what a provider reports while it works.
struct CallSink {
    journal: Arc<dyn Journal>,
    observer: Arc<dyn Observer>,
    template: RecordTemplate,
    key: RecordKey,
    owner: Arc<str>,
    /// Whether there is an intent that an outcome can belong to.
    durable: bool,
}

impl Sink for CallSink {
    fn created<'a>(
        &'a self,
        partial: Value,
        private: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), SinkError>> {
        Box::pin(async move {
            if !self.durable {
                return Ok(());
            }
            let record = self
                .template
                .record(&partial, private, true)
                .map_err(|error| SinkError(error.to_string()))?;
            let outcome = Outcome {
                owner: self.owner.clone(),
                class: IntentClass::Created,
                writes: vec![Write::Put(Box::new(record))],
                note: None,
            };
            self.journal.outcome(outcome).await.map_err(|error| SinkError(error.message))
        })
    }

    fn progress(&self, status: &str) {
        self.observer.event(&Event::Progress { key: &self.key, status });
    }
}

/// The one line about a failure that is kept in the journal.
pub(crate) fn note(problems: &[Problem]) -> Option<String> {
    problems
        .iter()
        .find(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.summary.clone())
}

//! One call to a provider, up to where the object can be used.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, poll_immediate, select};
use platoform_plan::{Call, RecordKey, RecordTemplate, Verb};
use platoform_provider::{
    ApplyRequest, ApplyResponse, BoxFuture, DataRequest, Failure, FailureClass, Owner, Problem,
    ReadResponse, ReadyRequest, Severity, Sink, SinkError, schema::Mode, value::Value,
};
use tokio::sync::mpsc::UnboundedSender;

use crate::timeout::Timeout;
use crate::{Event, IntentClass, Journal, Outcome, Ports, Write};
use platoform_plan::StepId;

/// A call ready to be made.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub step: StepId,
    pub call: Arc<Call>,
    /// `None` reads a data source.
    pub verb: Option<Verb>,
    pub owner: Owner,
    /// Whether an intent was recorded.
    pub intent: bool,
    /// What was there before a create whose object carries no mark.
    pub survey: Vec<u8>,
    pub template: Arc<RecordTemplate>,
    pub timeout: Timeout,
    /// Where it tells that the provider answered and only the object is waited for.
    pub answered: UnboundedSender<(StepId, ApplyResponse)>,
    pub ports: Ports,
}

/// How an attempt ended.
pub(crate) enum Ended {
    /// The provider did what it was asked to.
    Done(ApplyResponse),
    /// Nothing was changed, and trying again makes no sense.
    Failed(Failure),
    /// Nothing was changed; another attempt may succeed, not before this long.
    Again(Failure, Duration),
    /// Something may have been changed, and that could not be found out.
    Unknown(Failure),
    /// The call failed, but this is what is there now.
    Found(Failure, Value, Vec<u8>),
}

impl Attempt {
    /// Calls the provider, for no longer than its time allows.
    pub async fn run(self) -> Ended {
        let left = self.timeout.left(self.ports.clock.now());
        let late = self.ports.clock.sleep(left);
        match select(Box::pin(self.work()), late).await {
            Either::Left((ended, _)) => ended,
            Either::Right(((), _)) => self.late(),
        }
    }

    /// What is there before a create, as far as its object could not be told from that later. A
    /// failure is one without effect, whatever the provider makes of it.
    pub async fn survey(self) -> Result<Vec<u8>, Failure> {
        let left = self.timeout.left(self.ports.clock.now());
        let survey = self.call.provider.survey(&self.call.kind, &self.call.planned);
        match select(survey, self.ports.clock.sleep(left)).await {
            Either::Left((survey, _)) => {
                survey.map_err(|failure| Failure { class: FailureClass::Fail, ..failure })
            }
            Either::Right(((), _)) => Err(Failure::fail(self.timeout.problem(None))),
        }
    }

    /// As [`run`](Self::run), for what has nothing to wait for.
    pub async fn work(&self) -> Ended {
        let result = match self.verb {
            None => self.data().await,
            Some(_) => self.change().await,
        };
        match result {
            Ok(response) => Ended::Done(response),
            Err(failure) => match failure.class {
                FailureClass::Fail => Ended::Failed(failure),
                FailureClass::Retry(pause) => Ended::Again(failure, pause),
                // Reading changes nothing.
                FailureClass::Unknown if self.verb.is_none() => Ended::Failed(failure),
                FailureClass::Unknown => self.look(failure).await,
            },
        }
    }

    fn late(&self) -> Ended {
        let failure = Failure::unknown(self.timeout.problem(self.verb));
        if self.verb.is_none() { Ended::Failed(failure) } else { Ended::Unknown(failure) }
    }

    async fn data(&self) -> Result<ApplyResponse, Failure> {
        let request =
            DataRequest { kind: self.call.kind.clone(), config: self.call.config.clone() };
        let response = self.call.provider.data(request).await?;
        let problems = response.problems;
        Ok(ApplyResponse { current: response.current, private: Vec::new(), problems })
    }

    async fn change(&self) -> Result<ApplyResponse, Failure> {
        let sink = CallSink {
            ports: self.ports.clone(),
            template: self.template.clone(),
            key: self.call.key.clone(),
            owner: self.owner.key.clone(),
            durable: self.intent,
        };
        let request = ApplyRequest {
            kind: self.call.kind.clone(),
            prior: self.call.prior.clone(),
            planned: self.call.planned.clone(),
            config: self.call.config.clone(),
            private: self.call.private.clone(),
            owner: self.owner.clone(),
        };
        let response = self.call.provider.apply(request, &sink).await?;
        Ok(self.ready(response).await)
    }

    /// Waits until a made or changed object can be used. What the provider answered is told before,
    /// unless there is nothing to wait for.
    async fn ready(&self, response: ApplyResponse) -> ApplyResponse {
        if has_errors(&response.problems)
            || response.current.is_null()
            || self.call.mode != Mode::Managed
        {
            return response;
        }
        let request = ReadyRequest {
            kind: self.call.kind.clone(),
            current: response.current.clone(),
            private: response.private.clone(),
            timeout: Some(self.timeout.left(self.ports.clock.now())),
        };
        let requests = [request];
        let mut waiting = self.call.provider.ready(&requests);
        let answers = match poll_immediate(&mut waiting).await {
            Some(answers) => answers,
            None => {
                // Nobody listens any more when the run was given up.
                let _ = self.answered.send((self.step, response.clone()));
                let left = self.timeout.left(self.ports.clock.now());
                match select(waiting, self.ports.clock.sleep(left)).await {
                    Either::Left((answers, _)) => answers,
                    Either::Right(((), _)) => vec![self.never_ready(&response)],
                }
            }
        };
        let Some(answer) = answers.into_iter().next() else { return response };
        let mut problems = response.problems;
        problems.extend(answer.problems);
        let current = if answer.current.is_null() { response.current } else { answer.current };
        ApplyResponse { current, private: answer.private, problems }
    }

    fn never_ready(&self, response: &ApplyResponse) -> ReadResponse {
        ReadResponse {
            current: response.current.clone(),
            private: response.private.clone(),
            problems: vec![self.timeout.never_ready()],
        }
    }
}

/// Makes durable what a provider reports while it works.
struct CallSink {
    ports: Ports,
    template: Arc<RecordTemplate>,
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
            let journal: &dyn Journal = &*self.ports.journal;
            journal.outcome(outcome).await.map_err(|error| SinkError(error.message))
        })
    }

    fn progress(&self, status: &str) {
        self.ports.observer.event(&Event::Progress { key: &self.key, status });
    }
}

/// The one line about a failure that is kept in the journal.
pub(crate) fn note(problems: &[Problem]) -> Option<String> {
    problems
        .iter()
        .find(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.summary.clone())
}

pub(crate) fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

//! After a failure that does not tell whether anything was changed: look what is there.

use std::time::Duration;

use platoform_plan::{Verb, agrees};
use platoform_provider::{ApplyResponse, Failure, FindRequest, Found, ReadRequest};

use crate::call::{Attempt, Ended, has_errors};

impl Attempt {
    /// What became of the object. Another attempt is made only where the first had no effect.
    pub async fn look(&self, failure: Failure) -> Ended {
        match self.verb {
            Some(Verb::Create) => self.find(failure).await,
            _ => self.read(failure).await,
        }
    }

    /// Looks for an object that may have been made. One that is found was not seen to be finished.
    async fn find(&self, failure: Failure) -> Ended {
        if !self.survey.is_empty() {
            // It carries no mark. What else this run makes of its kind could be taken for it, so
            // the next run looks.
            return Ended::Unknown(failure);
        }
        let request = FindRequest {
            kind: self.call.kind.clone(),
            planned: self.call.planned.clone(),
            owner: self.owner.clone(),
            survey: Vec::new(),
            recorded: Vec::new(),
            age: self.timeout.spent(self.ports.clock.now()),
        };
        match self.call.provider.find(request).await {
            Ok(Found::Nothing) => Ended::Again(failure, Duration::ZERO),
            Ok(Found::Object { current, private }) => Ended::Found(failure, current, private),
            Ok(Found::Uncertain(_)) | Err(_) => Ended::Unknown(failure),
        }
    }

    /// Looks at an object that was to be changed or deleted.
    async fn read(&self, failure: Failure) -> Ended {
        let request = ReadRequest {
            kind: self.call.kind.clone(),
            current: self.call.prior.clone(),
            private: self.call.private.clone(),
        };
        let mut answers = self.call.provider.read(&[request]).await;
        let Some(answer) = answers.pop().filter(|answer| !has_errors(&answer.problems)) else {
            return Ended::Unknown(failure);
        };
        let (current, private) = (answer.current, answer.private);
        let done = match self.verb {
            Some(Verb::Delete) => current.is_null(),
            _ => !current.is_null() && agrees(&self.call.planned, &current),
        };
        if done {
            return Ended::Done(ApplyResponse { current, private, problems: Vec::new() });
        }
        if current == self.call.prior {
            return Ended::Again(failure, Duration::ZERO);
        }
        Ended::Found(failure, current, private)
    }
}

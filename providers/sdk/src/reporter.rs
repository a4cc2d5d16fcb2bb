//! How a kind tells what it has done so far.

use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use crate::erased::without_unknowns;
use crate::plan::without_write_only;
use crate::{BlockType, Failure, Problem, Sink};

/// What a kind reports while something is done to an object.
pub struct Reporter<'a, S> {
    sink: &'a dyn Sink,
    problems: Mutex<Vec<Problem>>,
    state: PhantomData<fn(S)>,
}

impl<'a, S: BlockType> Reporter<'a, S> {
    pub(crate) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, problems: Mutex::default(), state: PhantomData }
    }

    /// The object exists: returns once that is durable. Call it as soon as the API has answered
    /// with an id. What `partial` does not know yet is recorded as null.
    ///
    /// # Errors
    /// When it could not be recorded; give up then.
    pub async fn created(&self, partial: &S) -> Result<(), Failure> {
        let partial = without_write_only(&S::block(), without_unknowns(partial.encode()));
        self.sink.created(partial, Vec::new()).await.map_err(|error| {
            let detail = "The object exists, but that could not be recorded";
            Failure::unknown(Problem::error(error.0, detail))
        })
    }

    /// What is going on, in a few words: "pulling layer 3 of 5".
    pub fn progress(&self, status: &str) {
        self.sink.progress(status);
    }

    /// A finding that does not end the call. An error says that the object exists but is not
    /// right.
    pub fn problem(&self, problem: Problem) {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

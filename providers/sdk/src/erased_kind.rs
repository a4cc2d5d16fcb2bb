//! [`Kind`] as [`AnyKind`].

use std::time::Duration;

use platoform_schema::{Block, ResourceSchema, Schema};
use platoform_value::Value;
use tokio::time::Instant;

use crate::erased::{AnyKind, without_unknowns};
use crate::plan::{planned_by_schema, replacements, with_write_only, without_write_only};
use crate::provider::decode_state;
use crate::{
    ApplyRequest, ApplyResponse, BlockType, BoxFuture, DecodeError, Failure, FindRequest, Found,
    ImportRequest, Imported, Kind, Located, MoveRequest, OwnedObject, Plan, PlanRequest,
    PlanResponse, Problem, ReadRequest, ReadResponse, ReadResult, ReadyRequest, Reporter, Sink,
    UpgradeRequest,
};

/// Pause between looks for an object that may still come to be.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// After this many times the span in which a request may go on by itself, nobody waits for it.
const FORGOTTEN: u32 = 6;

/// A kind with its types taken away.
pub(crate) struct Erased<K>(pub(crate) K);

impl<K: Kind> AnyKind<K::Client> for Erased<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn schema(&self) -> ResourceSchema {
        let schema = Schema { version: K::VERSION, block: K::State::block() };
        ResourceSchema::new(schema, K::EFFECT)
    }

    fn validate(&self, config: &Value) -> Vec<Problem> {
        match K::State::decode(config) {
            Ok(config) => self.0.validate(&config),
            Err(error) => vec![error.into()],
        }
    }

    fn plan(
        &self,
        client: Option<&K::Client>,
        block: &Block,
        request: &PlanRequest,
    ) -> PlanResponse {
        let planned = planned_by_schema(block, request);
        let mut response = PlanResponse {
            planned,
            replace: Vec::new(),
            private: request.private.clone(),
            problems: Vec::new(),
        };
        if !response.planned.is_null() {
            match self.refine(client, request, &response.planned) {
                Ok(plan) => {
                    let encoded = plan.planned.encode();
                    (response.replace, response.problems) = (plan.replace, plan.problems);
                    response.planned = encoded;
                }
                Err(error) => response.problems.push(error.into()),
            }
        }
        for path in replacements(block, &request.prior, &response.planned) {
            if !response.replace.contains(&path) {
                response.replace.push(path);
            }
        }
        response
    }

    fn read<'a>(
        &'a self,
        client: &'a K::Client,
        requests: Vec<&'a ReadRequest>,
    ) -> BoxFuture<'a, Vec<ReadResponse>> {
        Box::pin(async move {
            let decoded: Vec<_> =
                requests.iter().map(|request| K::State::decode(&request.current)).collect();
            let states: Vec<K::State> =
                decoded.iter().filter_map(|state| state.as_ref().ok().cloned()).collect();
            let mut results = self.0.read_all(client, &states).await.into_iter();
            let answer = |(request, state): (&&ReadRequest, Result<K::State, DecodeError>)| {
                let result = match state {
                    Ok(_) => results.next().unwrap_or_else(|| Err(missing_answer(K::NAME))),
                    Err(error) => Err(Problem::from(error).into()),
                };
                read_response(result, &request.current, &request.private)
            };
            requests.iter().zip(decoded).map(answer).collect()
        })
    }

    fn apply<'a>(
        &'a self,
        client: &'a K::Client,
        request: ApplyRequest,
        sink: &'a dyn Sink,
    ) -> BoxFuture<'a, Result<ApplyResponse, Failure>> {
        Box::pin(async move {
            let reporter = Reporter::new(sink);
            let prior = decode_some::<K::State>(&request.prior)?;
            let block = K::State::block();
            let planned = with_write_only(&block, request.planned, &request.config);
            let planned = decode_some::<K::State>(&planned)?;
            let current = match (prior, planned) {
                (None, Some(planned)) => {
                    Some(self.0.create(client, planned, &request.owner, &reporter).await?)
                }
                (Some(prior), Some(planned)) => {
                    Some(self.0.update(client, &prior, planned, &reporter).await?)
                }
                (Some(prior), None) => {
                    self.0.delete(client, &prior, &reporter).await?;
                    None
                }
                (None, None) => None,
            };
            let mut problems = reporter.into_problems();
            let current = match current {
                Some(state) => complete(without_write_only(&block, state.encode()), &mut problems),
                None => Value::null(K::State::implied_type()),
            };
            Ok(ApplyResponse { current, private: request.private, problems })
        })
    }

    fn ready<'a>(
        &'a self,
        client: &'a K::Client,
        request: &'a ReadyRequest,
    ) -> BoxFuture<'a, ReadResponse> {
        Box::pin(async move {
            let result = match K::State::decode(&request.current) {
                Ok(state) => self.0.ready(client, &state, request.timeout).await,
                Err(error) => Err(Problem::from(error).into()),
            };
            read_response(result, &request.current, &request.private)
        })
    }

    fn survey<'a>(
        &'a self,
        client: &'a K::Client,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<u8>, Failure>> {
        Box::pin(async move {
            let planned = K::State::decode(planned).map_err(Problem::from)?;
            self.0.survey(client, &planned).await
        })
    }

    fn find<'a>(
        &'a self,
        client: &'a K::Client,
        request: FindRequest,
    ) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(async move {
            let planned = K::State::decode(&request.planned).map_err(Problem::from)?;
            let recorded = request.recorded.iter().map(K::State::decode);
            let recorded: Vec<K::State> =
                recorded.collect::<Result<_, _>>().map_err(Problem::from)?;
            let look = async || match request.survey.is_empty() {
                true => self.0.find(client, &planned, &request.owner).await,
                false => self.0.find_unmarked(client, &planned, &request.survey, &recorded).await,
            };
            let begun = Instant::now();
            let mut located = look().await?;
            while matches!(located, Located::Nothing | Located::Unsettled(_))
                && begun.elapsed() < K::SETTLES
                && request.age.saturating_add(begun.elapsed()) < K::SETTLES * FORGOTTEN
            {
                tokio::time::sleep(LOOK_AGAIN).await;
                located = look().await?;
            }
            Ok(match located {
                Located::Object(state) | Located::Unsettled(state) => {
                    let current = without_unknowns(state.encode());
                    Found::Object { current, private: Vec::new() }
                }
                Located::Nothing => Found::Nothing,
                Located::Uncertain(reason) => Found::Uncertain(reason),
            })
        })
    }

    fn owned<'a>(
        &'a self,
        client: &'a K::Client,
        lineage: &'a str,
    ) -> BoxFuture<'a, Result<Option<Vec<OwnedObject>>, Failure>> {
        Box::pin(self.0.owned(client, lineage))
    }

    fn import<'a>(
        &'a self,
        client: &'a K::Client,
        request: ImportRequest,
    ) -> BoxFuture<'a, Result<Vec<Imported>, Failure>> {
        Box::pin(async move {
            let state = self.0.import(client, &request.id).await?;
            Ok(vec![imported::<K>(&state)])
        })
    }

    fn move_state(&self, request: &MoveRequest) -> Result<Imported, Failure> {
        Ok(imported::<K>(&self.0.move_from(request)?))
    }

    fn upgrade(&self, request: &UpgradeRequest) -> Result<Value, Failure> {
        decode_state(request, Some(K::State::implied_type()), |state| {
            if request.version < K::VERSION {
                self.0.upgrade(request.version, state)
            } else {
                state
            }
        })
    }
}

impl<K: Kind> Erased<K> {
    fn refine(
        &self,
        client: Option<&K::Client>,
        request: &PlanRequest,
        planned: &Value,
    ) -> Result<Plan<K::State>, DecodeError> {
        let prior = Some(&request.prior).filter(|prior| !prior.is_null());
        let mut plan = Plan {
            prior: prior.map(K::State::decode).transpose()?,
            config: K::State::decode(&request.config)?,
            planned: K::State::decode(planned)?,
            replace: Vec::new(),
            problems: Vec::new(),
        };
        self.0.plan(client, &mut plan);
        Ok(plan)
    }
}

fn decode_some<S: BlockType>(value: &Value) -> Result<Option<S>, Problem> {
    if value.is_null() { Ok(None) } else { Ok(Some(S::decode(value)?)) }
}

fn imported<K: Kind>(state: &K::State) -> Imported {
    let current = without_unknowns(state.encode());
    Imported { kind: K::NAME.into(), current, private: Vec::new() }
}

/// What an apply returned, with an error for each part it left open.
fn complete(value: Value, problems: &mut Vec<Problem>) -> Value {
    if !value.is_wholly_known() {
        problems.push(Problem::error(
            "The provider did not say what it made",
            "After an action everything must be known; what is not is recorded as null. \
             This is a fault of the provider",
        ));
    }
    without_unknowns(value)
}

fn read_response<S: BlockType>(
    result: ReadResult<S>,
    current: &Value,
    private: &[u8],
) -> ReadResponse {
    let (current, problems) = match result {
        Ok(Some(state)) => (without_unknowns(state.encode()), Vec::new()),
        Ok(None) => (Value::null(S::implied_type()), Vec::new()),
        Err(failure) => (current.clone(), failure.problems),
    };
    ReadResponse { current, private: private.to_vec(), problems }
}

fn missing_answer(kind: &str) -> Failure {
    let detail = format!("Reading several `{kind}` gave too few answers; a fault of the provider");
    Problem::error("No answer for this object", detail).into()
}

//! `terraform_data`, as Terraform 1.11 has it.

use std::sync::LazyLock;

use platoform_provider::value::{Type, Unknown, Value};
use platoform_provider::{
    Block, Effect, Failure, Field, Kind, MoveRequest, Owner, Plan, Problem, ReadResult, Reporter,
};

use crate::remote_state::Surroundings;

/// Keeps a value in the state, with the life of a resource: `output` follows `input` when it is
/// applied, and a change of `triggers_replace` makes a new object.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub(crate) struct State {
    /// A random UUID, or the id it was imported with.
    #[attribute(computed)]
    pub(crate) id: Field<String>,
    /// Any value, to be had from `output` once it is applied.
    #[attribute(optional)]
    pub(crate) input: Field<Value>,
    /// The value of `input`, known only after it was applied.
    #[attribute(computed)]
    pub(crate) output: Field<Value>,
    /// Any value; a change of it replaces the object.
    #[attribute(optional, replace)]
    pub(crate) triggers_replace: Field<Value>,
}

/// The id of an object that is to be made.
static SOME_ID: LazyLock<Value> =
    LazyLock::new(|| Value::refined(Unknown { not_null: true, ..Unknown::of(Type::String) }));

/// The kind.
pub(crate) struct TerraformData;

impl Kind for TerraformData {
    type Client = Surroundings;
    type State = State;
    const NAME: &'static str = "terraform_data";
    const EFFECT: Effect = Effect::StateOnly;

    fn plan(&self, _: Option<&Surroundings>, plan: &mut Plan<State>) {
        let planned = &mut plan.planned;
        match &plan.prior {
            Some(prior) if prior.triggers_replace == planned.triggers_replace => {
                if prior.input != planned.input {
                    planned.output = unknown_like(&planned.input);
                }
            }
            _ => {
                planned.id = Field::Raw(SOME_ID.clone());
                planned.output = match planned.input.is_null() {
                    true => planned.input.clone(),
                    false => unknown_like(&planned.input),
                };
            }
        }
    }

    async fn read(&self, _: &Surroundings, state: &State) -> ReadResult<State> {
        Ok(Some(state.clone()))
    }

    async fn create(
        &self,
        _: &Surroundings,
        planned: State,
        _: &Owner,
        _: &Reporter<'_, State>,
    ) -> Result<State, Failure> {
        let id = uuid::Uuid::new_v4().to_string();
        Ok(State { id: id.into(), output: planned.input.clone(), ..planned })
    }

    async fn update(
        &self,
        _: &Surroundings,
        _: &State,
        planned: State,
        _: &Reporter<'_, State>,
    ) -> Result<State, Failure> {
        let changed = planned.output.is_unknown();
        let output = if changed { planned.input.clone() } else { planned.output };
        Ok(State { output, ..planned })
    }

    async fn delete(
        &self,
        _: &Surroundings,
        _: &State,
        _: &Reporter<'_, State>,
    ) -> Result<(), Failure> {
        Ok(())
    }

    async fn import(&self, _: &Surroundings, id: &str) -> Result<State, Failure> {
        Ok(State { id: id.into(), ..State::default() })
    }

    /// From `null_resource`: its id stays, its `triggers` become `triggers_replace`.
    fn move_from(&self, request: &MoveRequest) -> Result<State, Failure> {
        let refuse = |detail: String| {
            let summary = format!("`{}` cannot become a `terraform_data`", request.source_kind);
            Failure::fail(Problem::error(summary, detail))
        };
        let known = request.source_provider.ends_with("hashicorp/null");
        if !known || request.source_kind != "null_resource" {
            return Err(refuse("Only a `null_resource` of `hashicorp/null` can".into()));
        }
        let state: serde_json::Value =
            serde_json::from_str(&request.state).map_err(|error| refuse(error.to_string()))?;
        let triggers = match state.get("triggers") {
            None | Some(serde_json::Value::Null) => Field::Null,
            Some(triggers) => {
                let triggers = Value::from_json(triggers, &Type::map(Type::String));
                Field::Known(triggers.map_err(|error| refuse(error.to_string()))?)
            }
        };
        let id = state.get("id").and_then(serde_json::Value::as_str).map(str::to_owned);
        Ok(State { id: id.into(), triggers_replace: triggers, ..State::default() })
    }
}

/// Unknown, of the type of another value.
fn unknown_like(value: &Field<Value>) -> Field<Value> {
    match value {
        Field::Null | Field::Unknown => Field::Unknown,
        Field::Known(value) | Field::Raw(value) if value.kind() == Type::Dynamic => Field::Unknown,
        Field::Known(value) | Field::Raw(value) => Field::Raw(Value::unknown(value.kind())),
    }
}

//! The life of an object, step by step.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use platoform_schema::{Block, Effect};
use platoform_value::Value;

use super::sink::{Crash, Recorder};
use super::{Fault, Harness, failed, no_errors};
use crate::{Found, Owner, PlanResponse};

impl Harness {
    /// Takes an object through its life: planned, made, found, read, planned again without a
    /// change, deleted twice, gone. Then, where the kind can be looked up by owner, makes it once
    /// more and crashes as soon as it exists: it must be found, and deleting what was found must
    /// leave nothing. Returns the object as it was when it was ready.
    ///
    /// # Errors
    /// The first thing that did not hold. What was made may then still be there.
    pub async fn cycle(&self, kind: &str, config: &Value) -> Result<Value, Fault> {
        let effect = self.resource(kind)?.effect;
        let owner = self.owner();
        let plan = self.plan(kind, &self.nothing(kind)?, config).await?;
        let current = self.create(kind, &plan, config, &owner).await?;
        let found = match effect {
            Effect::Outside => self.found(kind, &plan.planned, &owner).await?,
            Effect::StateOnly => None,
        };
        if let Some(found) = &found {
            let again = self.read(kind, found).await?;
            Fault::check(again == current, "find", || format!("{again:?} is not {current:?}"))?;
        }
        self.unchanged(kind, &current, config).await?;
        self.destroy(kind, &current, effect == Effect::Outside).await?;
        if found.is_some() {
            self.gone(kind, &plan.planned, &owner).await?;
            self.crash(kind, config).await?;
        }
        Ok(current)
    }

    /// Makes an object and changes it in place; then deletes it. Returns it as it was after the
    /// change.
    ///
    /// # Errors
    /// The first thing that did not hold, a replacement in the plan among others.
    pub async fn update(&self, kind: &str, from: &Value, to: &Value) -> Result<Value, Fault> {
        let plan = self.plan(kind, &self.nothing(kind)?, from).await?;
        let before = self.create(kind, &plan, from, &self.owner()).await?;
        let plan = self.plan(kind, &before, to).await?;
        let replaced = || format!("needs a new object: {:?}", plan.replace);
        Fault::check(plan.replace.is_empty(), "plan the update", replaced)?;
        Fault::check(plan.planned != before, "plan the update", || "changes nothing".into())?;
        let change = (&before, &plan.planned, to);
        let response = self.apply(kind, change, &self.owner(), &Recorder::default()).await;
        let response = response.map_err(|failure| failed("update", &failure))?;
        no_errors("update", &response.problems)?;
        self.check_applied("update", kind, &plan, &response.current)?;
        let after = self.ready(kind, &response.current).await?;
        self.unchanged(kind, &after, to).await?;
        self.destroy(kind, &after, self.resource(kind)?.effect == Effect::Outside).await?;
        Ok(after)
    }

    /// Performs a planned create, checks what comes back, waits until the object can be used.
    ///
    /// # Errors
    /// The first thing that did not hold.
    pub async fn create(
        &self,
        kind: &str,
        plan: &PlanResponse,
        config: &Value,
        owner: &Owner,
    ) -> Result<Value, Fault> {
        let (sink, nothing) = (Recorder::default(), self.nothing(kind)?);
        let response = self.apply(kind, (&nothing, &plan.planned, config), owner, &sink).await;
        let response = response.map_err(|failure| failed("create", &failure))?;
        no_errors("create", &response.problems)?;
        self.check_applied("create", kind, plan, &response.current)?;
        let expected = self.resource(kind)?.schema.block.implied_type();
        let outside = self.resource(kind)?.effect == Effect::Outside;
        let created = sink.created();
        Fault::check(!created.is_empty() || !outside, "create", || {
            "the sink did not hear that the object exists".into()
        })?;
        for partial in created {
            let fits = partial.is_wholly_known() && partial.kind().conforms_to(&expected);
            Fault::check(fits, "create", || format!("the sink got {partial:?}"))?;
        }
        self.ready(kind, &response.current).await
    }

    /// Deletes an object twice. Where it lives outside the state, it must be gone afterwards.
    ///
    /// # Errors
    /// The first thing that did not hold.
    pub async fn destroy(&self, kind: &str, current: &Value, outside: bool) -> Result<(), Fault> {
        let nothing = self.nothing(kind)?;
        let plan = self.plan(kind, current, &nothing).await?;
        Fault::check(plan.planned.is_null(), "plan a delete", || format!("{:?}", plan.planned))?;
        for step in ["delete", "delete again"] {
            let (change, sink) = ((current, &nothing, &nothing), Recorder::default());
            let response = self.apply(kind, change, &self.owner(), &sink).await;
            let response = response.map_err(|failure| failed(step, &failure))?;
            no_errors(step, &response.problems)?;
            let left = || format!("leaves {:?}", response.current);
            Fault::check(response.current.is_null(), step, left)?;
        }
        if outside {
            let left = self.read(kind, current).await?;
            Fault::check(left.is_null(), "read what was deleted", || format!("{left:?}"))?;
        }
        Ok(())
    }

    /// Reads an object and plans it again: neither may show a change.
    ///
    /// # Errors
    /// When one does.
    pub async fn unchanged(
        &self,
        kind: &str,
        current: &Value,
        config: &Value,
    ) -> Result<(), Fault> {
        let real = self.read(kind, current).await?;
        Fault::check(real == *current, "read", || format!("{real:?} is not {current:?}"))?;
        let plan = self.plan(kind, current, config).await?;
        Fault::check(plan.planned == *current, "plan again", || {
            format!("changes {current:?} to {:?}", plan.planned)
        })?;
        Fault::check(plan.replace.is_empty(), "plan again", || format!("{:?}", plan.replace))
    }

    /// Null of a kind's type: no object.
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn nothing(&self, kind: &str) -> Result<Value, Fault> {
        Ok(Value::null(self.resource(kind)?.schema.block.implied_type()))
    }

    /// Ends a create when the sink hears that the object exists, and recovers.
    async fn crash(&self, kind: &str, config: &Value) -> Result<(), Fault> {
        let (owner, nothing) = (self.owner(), self.nothing(kind)?);
        let plan = self.plan(kind, &nothing, config).await?;
        let sink = Crash::default();
        {
            let mut apply =
                pin!(self.apply(kind, (&nothing, &plan.planned, config), &owner, &sink));
            let ended = poll_fn(|context| match apply.as_mut().poll(context) {
                Poll::Ready(_) => Poll::Ready(false),
                Poll::Pending if sink.has_happened() => Poll::Ready(true),
                Poll::Pending => Poll::Pending,
            });
            let ended = ended.await;
            Fault::check(ended, "crash", || "the create did not wait for the sink".into())?;
        }
        let found = self.found(kind, &plan.planned, &owner).await?;
        let found =
            found.ok_or_else(|| Fault::new("find after a crash", "cannot tell any more"))?;
        let real = self.read(kind, &found).await?;
        Fault::check(!real.is_null(), "read after a crash", || format!("no {found:?}"))?;
        self.destroy(kind, &real, true).await?;
        self.gone(kind, &plan.planned, &owner).await
    }

    /// The object that `find` must find; `None` where the kind cannot tell.
    async fn found(
        &self,
        kind: &str,
        planned: &Value,
        owner: &Owner,
    ) -> Result<Option<Value>, Fault> {
        // What was just made may not be listed yet.
        match self.find_after(kind, planned, owner, Duration::ZERO).await? {
            Found::Object { current, .. } => Ok(Some(current)),
            Found::Nothing => Err(Fault::new("find", "finds nothing")),
            Found::Uncertain(_) => Ok(None),
        }
    }

    async fn gone(&self, kind: &str, planned: &Value, owner: &Owner) -> Result<(), Fault> {
        match self.find(kind, planned, owner).await? {
            Found::Object { current, .. } => {
                Err(Fault::new("find what was deleted", format!("finds {current:?}")))
            }
            Found::Nothing | Found::Uncertain(_) => Ok(()),
        }
    }

    /// What an apply returns is wholly known and differs from the plan only in what that left open.
    fn check_applied(
        &self,
        step: &str,
        kind: &str,
        plan: &PlanResponse,
        current: &Value,
    ) -> Result<(), Fault> {
        let block = &self.resource(kind)?.schema.block;
        let conforms = current.kind().conforms_to(&block.implied_type());
        Fault::check(conforms && current.is_wholly_known(), step, || {
            format!("{current:?} is not wholly known, or of another type")
        })?;
        let differs = difference(block, &plan.planned, current);
        Fault::check(differs.is_none(), step, || {
            let name = differs.unwrap_or_default();
            let (planned, current) = (plan.planned.get(name), current.get(name));
            format!("`{name}` was planned as {planned:?} and is {current:?}")
        })
    }
}

/// An attribute or nested block that is not what was planned. Only compared as a whole, so those
/// that are partly unknown pass.
fn difference<'a>(block: &'a Block, planned: &Value, current: &Value) -> Option<&'a str> {
    let mut names = block.attributes.keys().chain(block.blocks.keys());
    let differs = |name: &&std::sync::Arc<str>| match (planned.get(name), current.get(name)) {
        (Some(planned), current) => planned.is_wholly_known() && Some(planned) != current,
        (None, _) => true,
    };
    names.find(differs).map(|name| &**name)
}

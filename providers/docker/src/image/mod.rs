//! `docker_image`.

mod build;
mod find;
mod pull;
mod request;
mod schema;
mod validate;

use std::time::Duration;

use bollard::models::ImageInspect;
use bollard::query_parameters::{RemoveImageOptions, TagImageOptions};
use platoform_provider::value::Path;
use platoform_provider::{
    Failure, Field, Kind, Located, Owner, Plan, Problem, ReadResult, Reporter,
};

use crate::common::limit;
use crate::engine::Engine;
use crate::failure;
use crate::registry::Reference;

pub use find::{inspect, repo_digest};
pub use pull::ensure;
use schema::Build;
pub use schema::Image;

/// The kind.
pub struct ImageKind;

/// Fills in what the Engine knows.
fn observe(mut state: Image, image: &ImageInspect) -> Image {
    let name = state.name.known_or_default();
    let id = image.id.clone().unwrap_or_default();
    state.id = format!("{id}{name}").into();
    state.repo_digest = repo_digest(image, &name).unwrap_or_default().into();
    state.image_id = id.into();
    state
}

fn is_unnamed(image: &ImageInspect) -> bool {
    image.repo_tags.as_ref().is_none_or(Vec::is_empty)
}

/// All names of an image that are ours: its own and those a build gave it besides.
fn names(state: &Image) -> Vec<String> {
    let tags = state.build.items().iter().flat_map(|build| build.tag.items());
    let all = std::iter::once(state.name.known_or_default()).chain(tags.cloned());
    let named = all.filter(|name| !name.is_empty());
    named.map(|name| Reference::parse(&name).tagged()).collect()
}

/// Takes a name away from an image, and the image itself with its last name. A name that now
/// means another image, or none, is left alone.
async fn remove_name(engine: &Engine, state: &Image, name: &str) -> Result<(), Failure> {
    let id = state.image_id.known_or_default();
    match inspect(engine, name).await? {
        Some(image) if image.id.as_deref() == Some(&*id) => remove(engine, state, name).await,
        _ => Ok(()),
    }
}

async fn remove(engine: &Engine, state: &Image, name: &str) -> Result<(), Failure> {
    let force = state.force_remove.known_or(false);
    let options = RemoveImageOptions { force, ..RemoveImageOptions::default() };
    let patient = engine.patient(limit(delete_limit(state))).await?;
    match patient.remove_image(name, Some(options), None).await {
        Ok(_) => Ok(()),
        Err(error) if failure::is_missing(&error) => Ok(()),
        Err(error) => Err(failure::changing("Image cannot be removed", &error)),
    }
}

/// What an image is made of: a build without what may change while the image stays.
fn made_of(build: &Build) -> Build {
    Build { tag: Field::Null, auth_config: Field::Null, remove: Field::Null, ..build.clone() }
}

fn delete_limit(state: &Image) -> Option<&str> {
    state.timeouts.get().and_then(|timeouts| timeouts.delete.as_str())
}

impl Kind for ImageKind {
    type Client = Engine;
    type State = Image;

    const NAME: &'static str = "docker_image";
    /// A build goes on to the end of its step, which writes layers.
    const SETTLES: Duration = crate::common::SETTLES.saturating_mul(2);

    fn validate(&self, config: &Image) -> Vec<Problem> {
        validate::check(config)
    }

    fn plan(&self, _engine: Option<&Engine>, plan: &mut Plan<Image>) {
        let Some(prior) = &plan.prior else { return };
        let differ = match (&prior.build, &plan.planned.build) {
            (Field::Known(before), Field::Known(after)) => {
                let made = |all: &[Build]| all.iter().map(made_of).collect::<Vec<_>>();
                made(before) != made(after)
            }
            (before, after) => before != after,
        };
        if differ {
            plan.replace.push(Path::attribute("build"));
        }
    }

    async fn read(&self, engine: &Engine, state: &Image) -> ReadResult<Image> {
        if let Some(image) = inspect(engine, &state.name.known_or_default()).await? {
            return Ok(Some(observe(state.clone(), &image)));
        }
        // A build that was cut off just before it named its image, or somebody took the name away:
        // what was built is still ours to remove.
        let built = !state.build.items().is_empty();
        let image = inspect(engine, &state.image_id.known_or_default()).await?;
        let image = image.filter(|image| built && is_unnamed(image));
        let unnamed = Image { name: String::new().into(), ..state.clone() };
        Ok(image.map(|image| observe(unnamed, &image)))
    }

    async fn create(
        &self,
        engine: &Engine,
        planned: Image,
        owner: &Owner,
        reporter: &Reporter<'_, Image>,
    ) -> Result<Image, Failure> {
        let name = planned.name.known_or_default();
        let timeout = planned.timeouts.get().and_then(|timeouts| timeouts.create.as_str());
        let (timeout, progress) = (limit(timeout), |status: &str| reporter.progress(status));
        let image = match planned.build.items().first() {
            Some(build) => {
                build::run(engine, &planned, build, owner, timeout, &progress).await?;
                inspect(engine, &name).await?.ok_or_else(|| {
                    let detail = format!("The build ended well, but there is no image `{name}`");
                    Failure::unknown(Problem::error("The built image is not there", detail))
                })?
            }
            None => {
                // New values of `pull_triggers` say that there is something new to pull.
                let again = !planned.pull_triggers.items().is_empty();
                let platform = planned.platform.known_or_default();
                ensure(engine, &name, &platform, again, timeout, &progress).await?
            }
        };
        let state = observe(planned, &image);
        reporter.created(&state).await?;
        Ok(state)
    }

    async fn update(
        &self,
        engine: &Engine,
        prior: &Image,
        planned: Image,
        _reporter: &Reporter<'_, Image>,
    ) -> Result<Image, Failure> {
        let (before, after) = (names(prior), names(&planned));
        let id = planned.image_id.known_or_default();
        for name in after.iter().filter(|name| !before.contains(name)) {
            let reference = Reference::parse(name);
            let options = TagImageOptions {
                tag: Some(reference.version().to_owned()),
                repo: Some(reference.repository),
            };
            let tagged = engine.docker().await?.tag_image(&id, Some(options)).await;
            tagged.map_err(|error| failure::changing("Image cannot be named", &error))?;
        }
        for name in before.iter().filter(|name| !after.contains(name)) {
            remove_name(engine, prior, name).await?;
        }
        Ok(planned)
    }

    async fn delete(
        &self,
        engine: &Engine,
        prior: &Image,
        _reporter: &Reporter<'_, Image>,
    ) -> Result<(), Failure> {
        if prior.keep_locally.known_or(false) {
            return Ok(());
        }
        // Other names first: the image goes with its last name, and a refusal names the main one.
        for name in names(prior).iter().rev() {
            remove_name(engine, prior, name).await?;
        }
        // A build that took the name away has left our image without any.
        let id = prior.image_id.known_or_default();
        match inspect(engine, &id).await? {
            Some(image) if is_unnamed(&image) => remove(engine, prior, &id).await,
            _ => Ok(()),
        }
    }

    async fn find(
        &self,
        engine: &Engine,
        planned: &Image,
        owner: &Owner,
    ) -> Result<Located<Image>, Failure> {
        if planned.build.items().is_empty() {
            // Nothing marks a pulled image, and pulling it again has no further effect.
            let image = inspect(engine, &planned.name.known_or_default()).await?;
            return Ok(image.map_or(Located::Nothing, |image| {
                Located::Object(observe(planned.clone(), &image))
            }));
        }
        let mut found = find::marked(engine, &owner.key).await?;
        if found.len() > 1 {
            // What others have built on our image has inherited its labels, but not its name.
            let name = Reference::parse(&planned.name.known_or_default()).tagged();
            found.retain(|image| image.repo_tags.iter().flatten().any(|tag| *tag == name));
        }
        Ok(match found.as_slice() {
            [] => Located::Nothing,
            [image] if is_unnamed(image) => Located::Unsettled(observe(planned.clone(), image)),
            [image] => Located::Object(observe(planned.clone(), image)),
            _ => Located::Uncertain("several images carry the same mark".to_owned()),
        })
    }
}

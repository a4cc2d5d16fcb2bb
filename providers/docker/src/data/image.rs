//! `data "docker_image"`.

use platoform_provider::value::Path;
use platoform_provider::{Block, DataSource, Failure, Field, Problem};

use crate::engine::Engine;
use crate::image;

/// An image that is on the Engine.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct ImageBlock {
    /// Id of the image (`sha256:…`).
    #[attribute(computed)]
    pub id: Field<String>,
    /// Name with tag or digest, or id.
    #[attribute(required)]
    pub name: Field<String>,
    /// Name and digest in its registry.
    #[attribute(computed)]
    pub repo_digest: Field<String>,
}

/// The data source.
pub struct ImageData;

impl DataSource for ImageData {
    type Client = Engine;
    type State = ImageBlock;

    const NAME: &'static str = "docker_image";

    async fn read(&self, engine: &Engine, mut config: ImageBlock) -> Result<ImageBlock, Failure> {
        let name = config.name.known_or_default();
        let found = image::inspect(engine, &name).await?.ok_or_else(|| {
            let detail =
                format!("The Docker Engine has no image `{name}`, and none is pulled here");
            Problem::error("No such image", detail).at(Path::attribute("name"))
        })?;
        config.repo_digest = image::repo_digest(&found, &name).unwrap_or_default().into();
        config.id = found.id.into();
        Ok(config)
    }
}

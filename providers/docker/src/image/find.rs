//! Looking at images.

use bollard::models::ImageInspect;
use bollard::query_parameters::ListImagesOptions;
use platoform_provider::Problem;

use crate::common::{KEY_LABEL, mark_filter};
use crate::engine::Engine;
use crate::failure;
use crate::registry::Reference;

/// Inspects an image by name or id; nothing where there is none.
///
/// # Errors
/// The Engine does not tell.
pub async fn inspect(engine: &Engine, name: &str) -> Result<Option<ImageInspect>, Problem> {
    if name.is_empty() {
        return Ok(None);
    }
    match engine.docker().await?.inspect_image(name).await {
        Ok(image) => Ok(Some(image)),
        Err(error) if failure::is_missing(&error) => Ok(None),
        Err(error) => Err(failure::asking("Image cannot be read", &error)),
    }
}

/// The images that one action has built.
pub(super) async fn marked(engine: &Engine, key: &str) -> Result<Vec<ImageInspect>, Problem> {
    let filters = Some(mark_filter(KEY_LABEL, key));
    let options = ListImagesOptions { filters, ..ListImagesOptions::default() };
    let found = engine.docker().await?.list_images(Some(options)).await;
    let found = found.map_err(|error| failure::asking("Images cannot be listed", &error))?;
    let mut images = Vec::new();
    for summary in found {
        images.extend(inspect(engine, &summary.id).await?);
    }
    Ok(images)
}

/// Name and digest of an image in the registry it was named after; nothing where it has never
/// been in one.
#[must_use]
pub fn repo_digest(image: &ImageInspect, name: &str) -> Option<String> {
    let digests = image.repo_digests.as_deref().unwrap_or_default();
    let repository = Reference::parse(name).repository;
    let own = digests.iter().find(|digest| Reference::parse(digest).repository == repository);
    own.or_else(|| digests.first().filter(|_| digests.len() == 1)).cloned()
}

/// Whether an image is for a platform such as `linux/amd64`.
pub(super) fn is_for(image: &ImageInspect, platform: &str) -> bool {
    let mut wanted = platform.split('/');
    let parts = [&image.os, &image.architecture, &image.variant];
    platform.is_empty()
        || parts.into_iter().all(|part| match (wanted.next(), part) {
            (Some(wanted), Some(part)) => part.eq_ignore_ascii_case(wanted),
            (Some(_), None) => false,
            (None, _) => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_right_repository() {
        let digests = ["a.example.com/x@sha256:1", "b.example.com/x@sha256:2"];
        let digests = Some(digests.map(str::to_owned).to_vec());
        let image = ImageInspect { repo_digests: digests, ..ImageInspect::default() };
        let found = repo_digest(&image, "b.example.com/x:v1");
        assert_eq!(found.as_deref(), Some("b.example.com/x@sha256:2"));
        assert_eq!(repo_digest(&image, "c.example.com/x"), None);
        assert_eq!(repo_digest(&ImageInspect::default(), "x"), None);
    }

    #[test]
    fn platforms_are_compared_as_far_as_they_are_given() {
        let image = ImageInspect {
            os: Some("linux".into()),
            architecture: Some("arm64".into()),
            variant: Some("v8".into()),
            ..ImageInspect::default()
        };
        assert!(
            is_for(&image, "") && is_for(&image, "linux/arm64") && is_for(&image, "linux/arm64/v8")
        );
        assert!(!is_for(&image, "linux/amd64"));
    }
}

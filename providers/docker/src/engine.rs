//! What every kind works with: the connection, who we are at registries, the surroundings.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use platoform_provider::value::Path;
use platoform_provider::{Environment, Failure, Problem};

use crate::connect::{Connection, Version, expand_home};
use crate::failure;
use crate::registry::Credentials;

/// How long something may still be in use by what is just going away, as Terraform's provider
/// waits.
const RELEASE_LIMIT: Duration = Duration::from_secs(30);
/// Pause between two attempts.
const RELEASE_PAUSE: Duration = Duration::from_millis(500);

/// A configured provider.
#[derive(Debug)]
pub struct Engine {
    connection: Connection,
    /// Who we are at registries.
    pub credentials: Credentials,
    environment: Arc<Environment>,
}

impl Engine {
    /// Puts the parts together; nothing is sent yet.
    #[must_use]
    pub fn new(
        connection: Connection,
        credentials: Credentials,
        environment: Arc<Environment>,
    ) -> Self {
        Self { connection, credentials, environment }
    }

    /// The client.
    ///
    /// # Errors
    /// The Engine does not answer.
    pub async fn docker(&self) -> Result<&Docker, Problem> {
        self.connection.docker().await
    }

    /// The client with another limit for the beginning of an answer.
    ///
    /// # Errors
    /// The Engine does not answer.
    pub async fn patient(&self, limit: Duration) -> Result<Docker, Problem> {
        Ok(self.docker().await?.clone().with_timeout(limit))
    }

    /// Refuses an attribute that this Engine would silently ignore.
    ///
    /// # Errors
    /// The Engine's API is older than `since`.
    pub async fn require(&self, since: Version, attribute: Path) -> Result<(), Problem> {
        self.docker().await?;
        match self.connection.version() {
            Some(version) if version < since => {
                let Version(major, minor) = since;
                let detail = format!(
                    "`{attribute}` needs version {major}.{minor} of the API; the Docker Engine at {} speaks {}.{}",
                    self.connection.place(),
                    version.0,
                    version.1,
                );
                Err(Problem::error("The Docker Engine is too old", detail).at(attribute))
            }
            _ => Ok(()),
        }
    }

    /// A path as a user writes it.
    #[must_use]
    pub fn path(&self, text: &str) -> PathBuf {
        expand_home(text, &self.environment)
    }
}

/// Removes something, again and again while `in_use` says that the Engine's refusal may pass. What
/// is gone already counts as removed.
///
/// # Errors
/// It cannot be removed, or is still in use after half a minute.
pub async fn remove<F>(
    what: &str,
    in_use: fn(&Error) -> bool,
    mut attempt: impl FnMut() -> F + Send,
) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let deadline = tokio::time::Instant::now() + RELEASE_LIMIT;
    loop {
        match attempt().await {
            Ok(()) => return Ok(()),
            Err(error) if failure::is_missing(&error) => return Ok(()),
            Err(error) if in_use(&error) && tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(RELEASE_PAUSE).await;
            }
            Err(error) => return Err(failure::changing(what, &error)),
        }
    }
}

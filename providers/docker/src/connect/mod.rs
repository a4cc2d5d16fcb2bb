//! Reaching a Docker Engine: which one, over what, and in which version of its API.

mod context;
mod endpoint;
mod resolve;
mod ssh;
mod tls;
mod transport;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bollard::Docker;
use platoform_provider::{Environment, Problem};
use tokio::sync::OnceCell;

use endpoint::Endpoint;
pub use resolve::{Settings, configuration_directory, expand_home, resolve};
pub(crate) use transport::causes;

use transport::Dial;

/// How long a failure to connect answers for further attempts, so that many objects of an Engine
/// that is out of reach do not each wait for it.
const FAILURE_MEMORY: Duration = Duration::from_secs(10);

/// Version of the Engine's API: major and minor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub usize, pub usize);

/// A Docker Engine, connected to at first use, so that a plan that asks it nothing needs no Engine.
#[derive(Debug)]
pub struct Connection {
    dial: Arc<Dial>,
    check: bool,
    version: Arc<OnceLock<Version>>,
    docker: OnceCell<Docker>,
    failure: Mutex<Option<(Instant, Problem)>>,
}

impl Connection {
    /// A connection to an endpoint; nothing is sent yet. With `check`, the first use asks the
    /// Engine whether it answers and which versions of the API it speaks.
    #[must_use]
    pub fn new(endpoint: Endpoint, environment: Arc<Environment>, check: bool) -> Self {
        let dial = Arc::new(Dial::new(endpoint, environment));
        let (version, docker, failure) = Default::default();
        Self { dial, check, version, docker, failure }
    }

    /// The client.
    ///
    /// # Errors
    /// The Engine does not answer, or is too old. Nothing has been changed by then.
    pub async fn docker(&self) -> Result<&Docker, Problem> {
        self.docker.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Docker, Problem> {
        let memory = || self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = memory().clone();
        if let Some((_, problem)) = remembered.filter(|(at, _)| at.elapsed() < FAILURE_MEMORY) {
            return Err(problem);
        }
        let opened = transport::open(&self.dial, &self.version, self.check).await;
        *memory() = opened.as_ref().err().map(|problem| (Instant::now(), problem.clone()));
        opened
    }

    /// The version of the API that was agreed on; `None` before the first use, and where the Engine
    /// was not asked.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version.get().copied()
    }

    /// Where the Engine is, for messages.
    #[must_use]
    pub fn place(&self) -> String {
        self.dial.endpoint.to_string()
    }
}

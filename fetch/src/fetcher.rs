//! Fetching what a configuration calls for.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use platoform_config::lock::LockedModule;
use platoform_config::{Constraint, ModuleSource, RegistrySource, RemoteSource, Version};
use platoform_diagnostic::Environment;

use crate::cache::{Cache, Stage};
use crate::error::FetchError;
use crate::http::Http;
use crate::limits::Limits;
use crate::registry::{Asked, Registries};
use crate::resolve::{self, Obtained, Task};
use crate::tree;

/// Fetches packages.
#[derive(Debug)]
pub struct Fetcher {
    pub(crate) environment: Arc<Environment>,
    /// Whether programs may ask the user.
    pub(crate) terminal: bool,
    pub(crate) limits: Limits,
    /// Made when it is needed first.
    http: Mutex<Option<Arc<Http>>>,
    registries: Registries,
}

/// A package that is wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where it is.
    pub source: ModuleSource,
    /// Which versions may be chosen.
    pub constraint: Option<Constraint>,
    /// What was chosen before, where that is to be kept to.
    pub locked: Option<LockedModule>,
}

/// A package that is in the cache.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// What the lock says of it.
    pub module: LockedModule,
    /// Whether it was not in the cache before.
    pub new: bool,
}

impl Fetcher {
    /// With these surroundings. Programs may ask the user when there is a `terminal`.
    #[must_use]
    pub fn new(environment: Arc<Environment>, terminal: bool, limits: Limits) -> Self {
        let (http, registries) = (Mutex::default(), Registries::default());
        Self { environment, terminal, limits, http, registries }
    }

    pub(crate) fn http(&self) -> Result<Arc<Http>, FetchError> {
        // A thread that failed in here left nothing behind.
        let mut slot = self.http.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(http) = &*slot {
            return Ok(http.clone());
        }
        let http = Arc::new(Http::new(&self.environment, self.limits)?);
        *slot = Some(http.clone());
        Ok(http)
    }

    /// Gets packages into the cache, several at a time; the answers come in the order of the
    /// requests. `started` hears of those that have to be fetched.
    pub fn fetch_all(
        &self,
        cache: &Cache,
        requests: &[Request],
        started: &(dyn Fn(usize) + Sync),
    ) -> Vec<Result<Fetched, FetchError>> {
        let queue = Mutex::new(requests.iter().enumerate());
        let threads = self.limits.parallel.clamp(1, requests.len().max(1));
        let work = || {
            let mut done = Vec::new();
            loop {
                let next = queue.lock().ok().and_then(|mut queue| queue.next());
                let Some((index, request)) = next else { return done };
                done.push((index, self.fetch(cache, request, &|| started(index))));
            }
        };
        let mut done: Vec<(usize, Result<Fetched, FetchError>)> = thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let failed = |_| Vec::new();
            handles.into_iter().flat_map(|handle| handle.join().unwrap_or_else(failed)).collect()
        });
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// Gets a package into the cache.
    ///
    /// # Errors
    /// When it cannot be fetched, must not be used, or is not as it was locked.
    pub fn fetch(
        &self,
        cache: &Cache,
        request: &Request,
        started: &dyn Fn(),
    ) -> Result<Fetched, FetchError> {
        let constraints: Option<Arc<str>> =
            request.constraint.as_ref().map(|constraint| constraint.to_string().into());
        if let Some(locked) = &request.locked
            && cache.verify(&locked.hash).is_ok()
        {
            let module = LockedModule { constraints, ..locked.clone() };
            return Ok(Fetched { module, new: false });
        }
        started();
        let stage = cache.stage()?;
        let task = Task {
            fetcher: self,
            stage: &stage,
            revision: request.locked.as_ref().and_then(|locked| locked.revision.as_deref()),
            deadline: Instant::now() + self.limits.total,
        };
        let (version, obtained) = match &request.source {
            ModuleSource::Registry(registry) => {
                let (version, obtained) = self.listed(registry, request, &task)?;
                (Some(version), obtained)
            }
            ModuleSource::Remote(remote) => (None, task.follow(&top(remote))?),
            ModuleSource::Local(path) => return Err(FetchError::NoDirectory(path.to_string())),
        };
        let module = self.settle(request, constraints, version, obtained, &stage)?;
        cache.keep(stage, &module.hash)?;
        Ok(Fetched { module, new: true })
    }

    fn listed(
        &self,
        source: &RegistrySource,
        request: &Request,
        task: &Task<'_>,
    ) -> Result<(Version, Obtained), FetchError> {
        let http = self.http()?;
        let asked = Asked { source, http: &http, deadline: task.deadline };
        let locked = request.locked.as_ref().and_then(|locked| locked.version.clone());
        let version = match locked {
            Some(version) => version,
            None => asked.newest(&self.registries, request.constraint.as_ref())?,
        };
        let location = asked.location(&self.registries, &version)?;
        let remote = resolve::elsewhere(&location)?;
        let mut obtained = task.follow(&remote)?;
        let named = [remote.subdirectory.as_deref(), obtained.directory.as_deref()];
        let named: Vec<&str> = named.into_iter().flatten().collect();
        obtained.directory = Some(named.join("/")).filter(|named| !named.is_empty());
        obtained.location.get_or_insert_with(|| remote.to_string());
        Ok((version, obtained))
    }

    /// Looks at what came, and says what it is.
    fn settle(
        &self,
        request: &Request,
        constraints: Option<Arc<str>>,
        version: Option<Version>,
        obtained: Obtained,
        stage: &Stage,
    ) -> Result<LockedModule, FetchError> {
        let tree = stage.tree();
        tree::settle(&tree, &self.limits)?;
        let directory = obtained.directory.map(|named| resolve::directory(&tree, &named));
        let directory = directory.transpose()?;
        let hash = tree::hash(&tree).map_err(|error| FetchError::Content(error.to_string()))?;
        if let Some(locked) = request.locked.as_ref().filter(|locked| locked.hash != hash) {
            let (locked, found) = (locked.hash.as_str().to_owned(), hash.as_str().to_owned());
            return Err(FetchError::Changed { locked, found });
        }
        Ok(LockedModule {
            source: request.source.package().unwrap_or_default(),
            constraints,
            version,
            location: obtained.location.map(Into::into),
            revision: obtained.revision.map(Into::into),
            directory: directory.map(Into::into),
            hash,
        })
    }
}

/// The package as a whole.
fn top(remote: &RemoteSource) -> RemoteSource {
    RemoteSource { subdirectory: None, ..remote.clone() }
}

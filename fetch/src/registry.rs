//! The module registry protocol: discovery, versions, download.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;

use platoform_config::{Constraint, RegistrySource, Version};
use reqwest::{StatusCode, Url};
use serde::Deserialize;

use crate::error::FetchError;
use crate::http::{self, Http, HttpError};

/// The service that a registry must offer.
const SERVICE: &str = "modules.v1";
/// The header that says where a module is.
pub const LOCATION: &str = "x-terraform-get";

/// Registries, as far as they were talked to.
#[derive(Debug, Default)]
pub struct Registries {
    /// Where the service is, by host.
    services: Mutex<BTreeMap<String, Url>>,
}

#[derive(Deserialize)]
struct Listing {
    modules: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    versions: Vec<ListedVersion>,
}

#[derive(Deserialize)]
struct ListedVersion {
    version: String,
}

#[derive(Deserialize)]
struct Location {
    location: String,
}

/// One module of a registry.
pub struct Asked<'a> {
    /// What was asked for.
    pub source: &'a RegistrySource,
    /// How to ask.
    pub http: &'a Http,
    /// Until when.
    pub deadline: Instant,
}

impl Asked<'_> {
    fn host(&self) -> String {
        self.source.host.to_string()
    }

    fn wrong(&self, why: impl Into<String>) -> FetchError {
        FetchError::Registry { host: self.host(), why: why.into() }
    }

    fn refused(&self, error: HttpError) -> FetchError {
        match error {
            HttpError::Status { status: StatusCode::NOT_FOUND, .. } => {
                FetchError::NotFound { host: self.host(), module: self.source.package() }
            }
            error => self.wrong(error.to_string()),
        }
    }

    /// Where the service is.
    fn service(&self, known: &Registries) -> Result<Url, FetchError> {
        let found = known.services.lock().ok().and_then(|all| all.get(&self.host()).cloned());
        if let Some(found) = found {
            return Ok(found);
        }
        let document = format!("https://{}/.well-known/terraform.json", self.source.host);
        let document = http::address(&document)?;
        let answer = self.http.get(&document, true, self.deadline);
        let answer = answer.map_err(|error| self.wrong(error.to_string()))?;
        let base = answer.url().clone();
        let services: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&answer.text()?)
                .map_err(|error| self.wrong(format!("its discovery document is wrong: {error}")))?;
        let path = services.get(SERVICE).and_then(serde_json::Value::as_str);
        let path = path.ok_or_else(|| self.wrong("it offers no modules"))?;
        let mut service = base.join(path).map_err(|error| self.wrong(error.to_string()))?;
        if service.scheme() != "https" {
            return Err(self.wrong("it offers its modules without encryption"));
        }
        if !service.path().ends_with('/') {
            service.set_path(&format!("{}/", service.path()));
        }
        if let Ok(mut all) = known.services.lock() {
            all.insert(self.host(), service.clone());
        }
        Ok(service)
    }

    fn url(&self, known: &Registries, rest: &str) -> Result<Url, FetchError> {
        let RegistrySource { namespace, name, target, .. } = self.source;
        let path = format!("{namespace}/{name}/{target}/{rest}");
        self.service(known)?.join(&path).map_err(|error| self.wrong(error.to_string()))
    }

    /// The newest version that may be chosen.
    pub fn newest(
        &self,
        known: &Registries,
        constraint: Option<&Constraint>,
    ) -> Result<Version, FetchError> {
        let url = self.url(known, "versions")?;
        let answer = self.http.get(&url, true, self.deadline);
        let text = answer.map_err(|error| self.refused(error))?.text()?;
        let listing: Listing = serde_json::from_str(&text)
            .map_err(|error| self.wrong(format!("its list of versions is wrong: {error}")))?;
        let listed = listing.modules.iter().flat_map(|module| &module.versions);
        let versions: Vec<Version> =
            listed.filter_map(|listed| Version::parse(&listed.version)).collect();
        let releases = versions.iter().filter(|version| !version.is_prerelease());
        let module = self.source.package();
        let Some(newest) = releases.max().or(versions.iter().max()) else {
            return Err(FetchError::NoVersions { host: self.host(), module });
        };
        let Some(constraint) = constraint else {
            return Ok(newest.clone());
        };
        let chosen = versions.iter().filter(|version| constraint.chooses(version)).max();
        chosen.cloned().ok_or_else(|| FetchError::NoMatch {
            module,
            constraint: constraint.to_string(),
            newest: newest.to_string(),
        })
    }

    /// The address of a version.
    pub fn location(&self, known: &Registries, version: &Version) -> Result<String, FetchError> {
        let url = self.url(known, &format!("{version}/download"))?;
        let answer = self.http.get(&url, true, self.deadline);
        let answer = answer.map_err(|error| self.refused(error))?;
        let base = answer.url().clone();
        let location = match answer.header(LOCATION) {
            Some(location) => location,
            None => {
                let body: Result<Location, _> = serde_json::from_str(&answer.text()?);
                body.map_err(|_| self.wrong("it does not say where the module is"))?.location
            }
        };
        Ok(relative(&base, &location))
    }
}

/// An address that may be relative to that of the page it was found on.
pub fn relative(base: &Url, location: &str) -> String {
    let is_relative = ["/", "./", "../"].iter().any(|prefix| location.starts_with(prefix));
    let joined = is_relative.then(|| base.join(location).ok()).flatten();
    joined.map_or_else(|| location.to_owned(), |url| url.to_string())
}

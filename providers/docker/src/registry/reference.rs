//! Names of images
//! (<https://github.com/distribution/reference/blob/main/reference.go>).

/// The parts of an image's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Registry, repository: everything before tag and digest, as written.
    pub repository: String,
    /// After `:`.
    pub tag: Option<String>,
    /// After `@`, e.g. `sha256:…`.
    pub digest: Option<String>,
}

impl Reference {
    /// Takes a name apart. Anything is accepted; the Engine is the judge of names.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        let (rest, digest) = match name.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (name, None),
        };
        // A colon before the last slash is that of a port.
        let colon = rest.rfind(':').filter(|colon| !rest[*colon..].contains('/'));
        let (repository, tag) = match colon {
            Some(colon) => (&rest[..colon], Some(rest[colon + 1..].to_owned())),
            None => (rest, None),
        };
        Self { repository: repository.to_owned(), tag, digest }
    }

    /// Host and port of the registry it is pulled from.
    #[must_use]
    pub fn registry(&self) -> &str {
        match self.repository.split_once('/') {
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
            _ => "docker.io",
        }
    }

    /// What to ask the Engine for beside the repository: digest, else tag, else `latest`. Without
    /// any, the Engine would pull every tag there is.
    #[must_use]
    pub fn version(&self) -> &str {
        self.digest.as_deref().or(self.tag.as_deref()).unwrap_or("latest")
    }

    /// The whole name with `latest` made explicit, as the Engine lists it.
    #[must_use]
    pub fn tagged(&self) -> String {
        match &self.digest {
            Some(digest) => format!("{}@{digest}", self.repository),
            None => format!("{}:{}", self.repository, self.version()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart_as_docker_does() {
        let check = |name: &str, registry: &str, repository: &str, version: &str| {
            let reference = Reference::parse(name);
            assert_eq!(reference.registry(), registry, "{name}");
            assert_eq!(reference.repository, repository, "{name}");
            assert_eq!(reference.version(), version, "{name}");
        };
        check("busybox", "docker.io", "busybox", "latest");
        check("library/nginx:1.27", "docker.io", "library/nginx", "1.27");
        check("localhost/x", "localhost", "localhost/x", "latest");
        check("localhost:5000/a/b", "localhost:5000", "localhost:5000/a/b", "latest");
        check(
            "r.example.com:80/a:v1@sha256:ab",
            "r.example.com:80",
            "r.example.com:80/a",
            "sha256:ab",
        );
    }
}

//! TLS towards an Engine: its certificate is always verified.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, crypto::ring};

/// Certificates and key in PEM form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// Who may have signed the Engine's certificate; the system's authorities where absent.
    pub authority: Option<String>,
    /// Our certificate and its key, where the Engine asks who we are.
    pub identity: Option<(String, String)>,
}

impl fmt::Debug for Material {
    /// Tells what is there, never what it is.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Material")
            .field("authority", &self.authority.is_some())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

/// Certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// One of certificate and key is there without the other.
    #[error("a client certificate and its key must be given together")]
    Half,
    /// The PEM text of a part is not what it should be.
    #[error("the {0} is not valid PEM")]
    Pem(&'static str),
    /// Certificate and key do not fit, or a certificate is not valid.
    #[error("the certificates cannot be used: {0}")]
    Rejected(#[from] rustls::Error),
    /// There is no authority to trust.
    #[error("this system has no certificate authorities, and none is given")]
    NoAuthority,
}

impl Material {
    /// Puts the parts together.
    ///
    /// # Errors
    /// There is a certificate without a key, or a key without a certificate.
    pub fn new(
        authority: Option<String>,
        certificate: Option<String>,
        key: Option<String>,
    ) -> Result<Self, TlsError> {
        let identity = match (certificate, key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(TlsError::Half),
        };
        Ok(Self { authority, identity })
    }

    /// Reads `ca.pem`, `cert.pem` and `key.pem` of a directory, as far as they are there.
    ///
    /// # Errors
    /// A file that is there cannot be read, there is none at all, or just one of certificate and
    /// key.
    pub fn load(directory: &Path) -> Result<Self, TlsError> {
        let authority = optional(&directory.join("ca.pem"))?;
        let certificate = optional(&directory.join("cert.pem"))?;
        let key = optional(&directory.join("key.pem"))?;
        if authority.is_none() && certificate.is_none() && key.is_none() {
            let path = directory.join("ca.pem").display().to_string();
            return Err(TlsError::File { path, source: std::io::ErrorKind::NotFound.into() });
        }
        Self::new(authority, certificate, key)
    }

    /// The client configuration made of it.
    ///
    /// # Errors
    /// A part is not valid.
    pub fn client_config(&self) -> Result<ClientConfig, TlsError> {
        let roots = match &self.authority {
            Some(pem) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(pem, "certificate authority")? {
                    roots.add(certificate)?;
                }
                roots
            }
            None => system_roots()?,
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots);
        let Some((certificate, key)) = &self.identity else {
            return Ok(builder.with_no_client_auth());
        };
        let chain = certificates(certificate, "client certificate")?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
            .map_err(|_| TlsError::Pem("key of the client certificate"))?;
        Ok(builder.with_client_auth_cert(chain, key)?)
    }
}

fn optional(path: &Path) -> Result<Option<String>, TlsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TlsError::File { path: path.display().to_string(), source }),
    }
}

fn certificates(pem: &str, part: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    all.ok().filter(|all| !all.is_empty()).ok_or(TlsError::Pem(part))
}

fn system_roots() -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(TlsError::NoAuthority) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_tells_no_key() {
        let material = Material {
            authority: None,
            identity: Some(("certificate".into(), "secret key".into())),
        };
        assert!(!format!("{material:?}").contains("secret"));
    }

    #[test]
    fn half_an_identity_and_broken_pem_are_refused() {
        assert!(matches!(Material::new(None, Some("c".into()), None), Err(TlsError::Half)));
        let material = Material { authority: Some("nonsense".into()), identity: None };
        assert!(matches!(material.client_config(), Err(TlsError::Pem(_))));
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(Material::load(empty.path()), Err(TlsError::File { .. })));
    }
}

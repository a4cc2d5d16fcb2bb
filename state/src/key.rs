//! Where the key comes from that the state's own key is sealed with.

use std::fmt;
use std::io;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::pbkdf2;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::filesystem;

/// Length of all keys, in bytes.
pub(crate) const KEY: usize = 32;

/// Rounds of PBKDF2-HMAC-SHA256 for new states (OWASP's figure of 2023).
pub(crate) const ROUNDS: u32 = 600_000;

/// Where the key is. Debug output never shows one.
#[derive(Clone, Default)]
pub enum KeySource {
    /// In a file beside the database with the extension `key`, made together with it.
    #[default]
    Beside,
    /// In a file of 32 bytes in base64.
    File(PathBuf),
    /// Given as 32 bytes in base64.
    Text(Zeroizing<String>),
    /// Derived from a passphrase.
    Passphrase(Zeroizing<String>),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Beside => formatter.write_str("Beside"),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            Self::Text(_) => formatter.write_str("Text(…)"),
            Self::Passphrase(_) => formatter.write_str("Passphrase(…)"),
        }
    }
}

/// There is no usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not there, though the state is.
    #[error("the state's key `{path}` is missing")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("the state's key `{path}` cannot be opened")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not a key.
    #[error("the state's key {origin} is not 32 bytes in base64")]
    Form {
        /// Where it comes from.
        origin: String,
    },
    /// It is a key, but not the one.
    #[error("the state was sealed with another {0}")]
    Wrong(
        /// `key` or `passphrase`.
        &'static str,
    ),
    /// A key was given for a state sealed with a passphrase, or the other way round.
    #[error("the state is sealed with a {expected}, and a {given} was given")]
    Kind {
        /// What it needs.
        expected: &'static str,
        /// What it got.
        given: &'static str,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl KeyError {
    /// What the user can do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Missing { .. } | Self::Wrong(_) => {
                "bring back the key that was used when the state was made: without it the secrets \
                 in the state cannot be read"
            }
            Self::Form { .. } => "make one with `openssl rand -base64 32`",
            Self::File { .. } | Self::Kind { .. } | Self::Random => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}

/// How a key is made from what the user gave, as stored in the state.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) salt: Vec<u8>,
    pub(crate) rounds: u32,
}

impl Recipe {
    /// A recipe for a new state.
    pub(crate) fn new(source: &KeySource) -> Result<Self, KeyError> {
        match source {
            KeySource::Passphrase(_) => {
                let mut salt = vec![0; 16];
                SystemRandom::new().fill(&mut salt).map_err(|_| KeyError::Random)?;
                Ok(Self { salt, rounds: ROUNDS })
            }
            _ => Ok(Self { salt: Vec::new(), rounds: 0 }),
        }
    }

    /// `key` or `passphrase`.
    pub(crate) fn kind(&self) -> &'static str {
        if self.rounds == 0 { "key" } else { "passphrase" }
    }
}

/// The file beside a database that holds its key.
pub(crate) fn file_beside(database: &Path) -> PathBuf {
    database.with_extension("key")
}

/// The key, and the file that was made for it, if one was.
pub(crate) struct Obtained {
    pub(crate) key: Zeroizing<[u8; KEY]>,
    pub(crate) generated: Option<PathBuf>,
}

/// Gets the key from its source. Only for a new state is one made where none is.
pub(crate) fn obtain(
    source: &KeySource,
    database: &Path,
    recipe: &Recipe,
    fresh: bool,
) -> Result<Obtained, KeyError> {
    let (expected, given) = (recipe.kind(), source.kind());
    if expected != given {
        return Err(KeyError::Kind { expected, given });
    }
    let mut generated = None;
    let key = match source {
        KeySource::Beside => {
            let path = file_beside(database);
            if fresh && generate(&path)? {
                generated = Some(path.clone());
            }
            from_file(&path)?
        }
        KeySource::File(path) => from_file(path)?,
        KeySource::Text(text) => {
            parse(text).ok_or_else(|| KeyError::Form { origin: "as given".to_owned() })?
        }
        KeySource::Passphrase(text) => {
            let mut key = Zeroizing::new([0; KEY]);
            let rounds = NonZeroU32::new(recipe.rounds).unwrap_or(NonZeroU32::MIN);
            let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
            pbkdf2::derive(algorithm, rounds, &recipe.salt, text.as_bytes(), &mut *key);
            key
        }
    };
    Ok(Obtained { key, generated })
}

impl KeySource {
    fn kind(&self) -> &'static str {
        if matches!(self, Self::Passphrase(_)) { "passphrase" } else { "key" }
    }
}

/// Makes a key file unless there is one, and says whether it did.
pub(crate) fn generate(path: &Path) -> Result<bool, KeyError> {
    if path.exists() {
        return Ok(false);
    }
    let mut key = Zeroizing::new([0_u8; KEY]);
    SystemRandom::new().fill(&mut *key).map_err(|_| KeyError::Random)?;
    let mut text = Zeroizing::new(BASE64.encode(*key));
    text.push('\n');
    filesystem::write_private(path, text.as_bytes())
        .map_err(|source| KeyError::File { path: path.to_owned(), source })
}

pub(crate) fn from_file(path: &Path) -> Result<Zeroizing<[u8; KEY]>, KeyError> {
    match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => {
            parse(&text).ok_or_else(|| KeyError::Form { origin: format!("`{}`", path.display()) })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(KeyError::Missing { path: path.to_owned() })
        }
        Err(source) => Err(KeyError::File { path: path.to_owned(), source }),
    }
}

fn parse(text: &str) -> Option<Zeroizing<[u8; KEY]>> {
    let bytes = BASE64.decode(text.trim()).map(Zeroizing::new).ok()?;
    <[u8; KEY]>::try_from(bytes.as_slice()).map(Zeroizing::new).ok()
}

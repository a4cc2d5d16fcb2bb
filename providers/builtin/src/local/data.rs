//! The data sources `local_file` and `local_sensitive_file`.

use std::fs::File;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_provider::{Block, DataSource, Failure, Field};

use super::content::{Digests, copy, record_digests};
use super::file::unreadable;
use super::{Local, blocking};

/// Reads a whole file.
fn whole(path: &Path) -> Result<(Vec<u8>, Digests), Failure> {
    let mut bytes = Vec::new();
    let digests = File::open(path).and_then(|mut file| copy(&mut file, &mut bytes));
    let digests = digests.map_err(|error| unreadable(path, &error))?;
    Ok((bytes, digests))
}

/// Declares a data source that reads a file.
macro_rules! file_data {
    ($data:ident, $state:ident, $name:literal, $text:literal, [$($sensitive:ident)?]) => {
        #[doc = $text]
        #[derive(Clone, Debug, Default, PartialEq, Block)]
        pub(crate) struct $state {
            /// Path of the file.
            #[attribute(required)]
            filename: Field<String>,
            /// What the file holds, as text; null where it is not UTF-8.
            #[attribute(computed $(, $sensitive)?)]
            content: Field<String>,
            /// What the file holds, as base64 of its bytes.
            #[attribute(computed $(, $sensitive)?)]
            content_base64: Field<String>,
            /// SHA-1 of the content in hexadecimal.
            #[attribute(computed)]
            id: Field<String>,
            /// MD5 of the content in hexadecimal.
            #[attribute(computed)]
            content_md5: Field<String>,
            /// SHA-1 of the content in hexadecimal.
            #[attribute(computed)]
            content_sha1: Field<String>,
            /// SHA-256 of the content in hexadecimal.
            #[attribute(computed)]
            content_sha256: Field<String>,
            /// SHA-256 of the content in base64.
            #[attribute(computed)]
            content_base64sha256: Field<String>,
            /// SHA-512 of the content in hexadecimal.
            #[attribute(computed)]
            content_sha512: Field<String>,
            /// SHA-512 of the content in base64.
            #[attribute(computed)]
            content_base64sha512: Field<String>,
        }

        /// The data source.
        pub(crate) struct $data;

        impl DataSource for $data {
            type Client = Local;
            type State = $state;
            const NAME: &'static str = $name;

            async fn read(&self, local: &Local, config: $state) -> Result<$state, Failure> {
                let path = local.path(config.filename.as_str().unwrap_or_default());
                let (bytes, digests) = blocking(move || whole(&path)).await?;
                let mut state = $state {
                    content_base64: STANDARD.encode(&bytes).into(),
                    content: String::from_utf8(bytes).ok().into(),
                    ..config
                };
                record_digests!(&mut state, digests);
                Ok(state)
            }
        }
    };
}

file_data!(LocalFileData, FileData, "local_file", "Reads a file.", []);
file_data!(
    LocalSensitiveFileData,
    SensitiveFileData,
    "local_sensitive_file",
    "Reads a file whose content is not shown.",
    [sensitive]
);

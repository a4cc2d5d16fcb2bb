//! `local_sensitive_file`.

use platoform_provider::{
    Block, Failure, Field, Kind, Located, Owner, Plan, Problem, ReadResult, Reporter,
};

use super::Local;
use super::content::{Digests, record_digests};
use super::file::{self, FileState};

/// Makes a file with the given content, which is not shown. A file that is missing or holds
/// something else is made anew.
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub(crate) struct State {
    /// Path of the file; missing directories are made.
    #[attribute(required, replace)]
    filename: Field<String>,
    /// What the file holds, as text. Exactly one of `content`, `content_base64` and `source`
    /// must be set.
    #[attribute(optional, sensitive, replace)]
    content: Field<String>,
    /// What the file holds, as base64 of its bytes.
    #[attribute(optional, sensitive, replace)]
    content_base64: Field<String>,
    /// Path of a file whose content the file gets when it is made.
    #[attribute(optional, replace)]
    source: Field<String>,
    /// Permissions of the file in octal digits, from which the umask is taken.
    #[attribute(optional, replace, default = "0700")]
    file_permission: Field<String>,
    /// Permissions of directories that are made for it, from which the umask is taken.
    #[attribute(optional, replace, default = "0700")]
    directory_permission: Field<String>,
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

impl FileState for State {
    fn filename(&self) -> &str {
        self.filename.as_str().unwrap_or_default()
    }

    fn id(&self) -> &Field<String> {
        &self.id
    }

    fn sources(&self) -> Vec<(&'static str, &Field<String>)> {
        vec![
            ("content", &self.content),
            ("content_base64", &self.content_base64),
            ("source", &self.source),
        ]
    }

    fn permissions(&self) -> [(&'static str, &Field<String>); 2] {
        let directory = &self.directory_permission;
        [("file_permission", &self.file_permission), ("directory_permission", directory)]
    }

    fn record(&mut self, digests: Digests) {
        record_digests!(self, digests);
    }
}

/// The kind.
pub(crate) struct LocalSensitiveFile;

impl Kind for LocalSensitiveFile {
    type Client = Local;
    type State = State;
    const NAME: &'static str = "local_sensitive_file";

    fn validate(&self, config: &State) -> Vec<Problem> {
        file::validate(config)
    }

    fn plan(&self, local: Option<&Local>, plan: &mut Plan<State>) {
        file::plan(local, plan);
    }

    async fn read(&self, local: &Local, state: &State) -> ReadResult<State> {
        file::read(local, state).await
    }

    async fn create(
        &self,
        local: &Local,
        planned: State,
        _: &Owner,
        reporter: &Reporter<'_, State>,
    ) -> Result<State, Failure> {
        file::create(local, planned, reporter).await
    }

    async fn delete(
        &self,
        local: &Local,
        prior: &State,
        reporter: &Reporter<'_, State>,
    ) -> Result<(), Failure> {
        file::delete(local, prior, reporter).await
    }

    async fn find(
        &self,
        local: &Local,
        planned: &State,
        _: &Owner,
    ) -> Result<Located<State>, Failure> {
        file::find(local, planned).await
    }
}

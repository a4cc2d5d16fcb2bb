//! `state push`

use platoform_diagnostic::Diagnostic;

use crate::error::Failure;

/// Says why a state is not overwritten with a file, and what serves the same ends.
pub fn refuse() -> Failure {
    Diagnostic::error(
        "A state is not overwritten",
        "The file says nothing of what is sealed, of calls under way, of dependencies between \
         instances, and of the runs so far: pushing it would lose them, and the lock would protect \
         nobody from it",
    )
    .help(
        "`state mv`, `state rm`, `state replace-provider`, `taint` and `untaint` change single \
         objects; `import` takes existing ones over\n\
         to go back to an earlier state, put a backup in the place of the database; docs/state.md \
         tells how",
    )
    .into()
}

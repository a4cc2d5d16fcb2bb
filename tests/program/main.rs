//! The whole program, as a user runs it: one process after the other in a directory of its own.
//! None of this needs a network or a Docker Engine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod approval;
mod arguments;
mod console;
mod diagnostics;
mod failure;
mod fmt;
mod interrupt;
mod json;
mod lifecycle;
mod lock;
mod log;
mod modules;
mod modules_remote;
mod provisioner;
mod quickstart;
mod reading;
mod recover;
mod refactoring;
mod repetition;
mod review;
mod saved_plan;
mod secrets;
mod selection;
mod stages;
mod state_edit;
mod state_key;
mod variables;
mod workspace;

/// Compares a text with the snapshot of a name, which lies in `snapshots/`.
macro_rules! snapshot {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text)
        })
    };
}
pub(crate) use snapshot;

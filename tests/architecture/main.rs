//! That the house is built as `docs/architecture.md` says: which crate may use which, who may
//! print, read the environment or end the process, and how long files may get.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod arrows;
mod sources;

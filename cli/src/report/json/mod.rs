//! What machines read: the JSON documents and streams that Terraform's clients know, of the same
//! shape. Numbers of their formats are in [`format`].
//!
//! *Invariant:* a sensitive value is `null` here, with `true` at its place in the `*_sensitive`
//! object beside it; only what asks for values by name ([`crate::command`] `output`, `state pull`)
//! writes them.

mod change;
mod check;
mod configuration;
pub mod diagnostic;
pub mod format;
pub mod log;
mod module;
pub mod plan;
pub mod progress;
mod resource;
pub mod state;
pub mod state_file;
pub mod stream;
pub mod validation;
mod value;

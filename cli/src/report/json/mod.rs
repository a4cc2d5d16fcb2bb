//! What machines read: the JSON documents and streams that Terraform's clients know, of the same
//! shape. Numbers of their formats are in [`format`].

pub mod diagnostic;
pub mod format;
pub mod stream;
pub mod validation;

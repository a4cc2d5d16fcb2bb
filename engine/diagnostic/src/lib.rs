//! Source files, spans and diagnostics.
//!
//! Every stage of the engine reports what is wrong as [`Diagnostic`] values that point into
//! [`Sources`]. This crate knows nothing of how a diagnostic is drawn, and does no I/O: files are
//! read through the [`Files`] port.

mod clusters;
mod files;
mod report;
mod source;

pub use clusters::{clusters, count_clusters};
pub use files::{Environment, FileKind, Files, MemoryFiles};
pub use report::{Diagnostic, Diagnostics, Label, PLACE, Severity};
pub use source::{FileId, Position, Source, Sources, Span};

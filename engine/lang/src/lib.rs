//! The language: text in, values out.
//!
//! [`parse`] turns HCL text into a spanned tree and as many diagnostics as there are to find; it
//! never fails; [`format`] gives it its canonical layout. An [`Expression`] is evaluated against a [`Scope`], which knows what names mean,
//! by an [`Evaluator`]. This crate knows nothing of blocks such as `resource`, of graphs or of
//! providers; files are read through the `Files` port only.
//!
//! *Invariant:* no input panics, in parsing or in evaluation.

pub mod constant;
pub mod eval;
mod format;
pub mod functions;
pub mod json;
mod stack;
pub mod syntax;
pub mod tree;
mod write;

pub use eval::{Evaluator, FunctionContext, Key, Resolved, Scope, Volatile};
pub use format::format;
pub use syntax::{decode, is_identifier, is_open, parse, parse_expression, parse_template};
pub use tree::{Attribute, Block, Body, Expression, ExpressionKind, Ident, Label};
pub use write::{write, write_arguments};

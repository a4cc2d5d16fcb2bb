//! `#[derive(Block)]`: a schema and the way to and from values, from one Rust struct.
//!
//! The derive only reads declarations and writes calls into `platoform_provider`; what the calls
//! mean is said there, at `BlockType`.

mod attribute;
mod docs;
mod expand;
mod field;
mod nested;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `BlockType` and `AttributeType` for a struct whose fields are all `Field<T>`.
///
/// Each field is an attribute or a nested block of the field's name; its doc comment becomes the
/// description, that of the struct the block's.
///
/// `#[attribute(…)]` takes
/// - `required`, `optional`, `computed` (at least one; `required` alone),
/// - `replace`: a change needs a new object,
/// - `sensitive`, `write_only`,
/// - `default = …`: the value where none is set; for `optional` only,
/// - `set`: the `Vec` is a set, not a list,
/// - `deprecated = "…"`: why not to use it any more.
///
/// `#[block(…)]` takes `single`, `group`, `list`, `set` or `map`, then `min = n`, `max = n` (not
/// for `single` and `group`), `computed`, `replace`. On the struct itself it takes
/// `deprecated = "…"`.
#[proc_macro_derive(Block, attributes(attribute, block))]
pub fn derive_block(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

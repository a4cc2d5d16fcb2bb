//! Types and values of the language, after [cty](https://github.com/zclconf/go-cty/blob/main/docs/types.md).
//!
//! A [`Value`] knows its [`Type`], may be null, may be unknown (in whole or in part) and may carry
//! [`Marks`] at any depth. Values share their parts: cloning one costs a reference count.
//! This crate does no I/O and knows nothing of source text.
//!
//! ```
//! use platoform_value::{Marks, Type, Value, convert};
//!
//! let secret = Value::from("8080").mark(Marks::SENSITIVE);
//! let port = convert(&secret, &Type::Number)?;
//! assert_eq!(port.as_i64(), Some(8080));
//! assert!(port.marks().contains(Marks::SENSITIVE));
//! # Ok::<(), platoform_value::ConvertError>(())
//! ```

mod constraint;
mod convert;
mod entries;
mod equal;
mod json;
mod marks;
mod number;
mod path;
mod quote;
mod set;
mod types;
mod unify;
mod unknown;
mod value;

pub use convert::{ConvertError, convert};
pub use entries::Entries;
pub use json::JsonError;
pub use marks::Marks;
pub use number::{Number, NumberError};
pub use path::{Path, Step};
pub use quote::quoted;
pub use types::{ObjectType, Type};
pub use unify::{unify, unify_values};
pub use unknown::{Bound, Unknown};
pub use value::{Data, Sequence, Value};

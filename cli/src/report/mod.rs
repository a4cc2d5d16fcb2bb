//! What the user gets to see, made from plain data. Nothing here prints: reports are text, and
//! the commands hand it to [`crate::output`].

pub mod diagnostic;
pub mod diff;
pub mod drawing;
pub mod json;
pub mod literal;
pub mod paint;
pub mod plan;
pub mod progress;
pub mod reference;
pub mod render;
pub mod review;
pub mod table;
pub mod tree;
pub mod value;

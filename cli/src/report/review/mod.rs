//! A plan as people review it: one model, drawn in several ways.

pub mod cause;
pub mod compare;
pub mod github;
pub mod html;
pub mod markdown;
pub mod model;
pub mod order;
pub mod place;
pub mod verdict;
pub mod words;

mod build;
#[cfg(test)]
mod sample;

pub use build::{effect, review};

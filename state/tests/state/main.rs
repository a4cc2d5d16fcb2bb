//! The state from outside: what it keeps, what it survives, whom it keeps out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod child;
mod crash;
mod files;
mod history;
mod journal;
mod lock;
mod rotate;
mod seal;
mod speed;
mod support;

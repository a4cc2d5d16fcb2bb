//! Packages from real repositories and real servers, none of them far away.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod disk;
mod git;
mod registry;
mod server;
mod web;
mod world;

//! Docker: networks, volumes, images and containers of one Engine, over its HTTP API.
//!
//! Kinds are named and shaped as in Terraform's Docker provider. Everything made carries two
//! labels, the key of the action that made it and the lineage of the state that owns it; they
//! never show among an object's own labels. Nothing is taken over by its name. This crate reads
//! neither the environment nor the home directory on its own: both come in with `configure`.

mod build;
mod common;
mod connect;
mod container;
mod data;
mod engine;
mod failure;
mod image;
mod network;
mod provider;
mod registry;
mod volume;

pub use provider::factory;

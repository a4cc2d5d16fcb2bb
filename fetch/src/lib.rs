//! Fetching modules: git repositories, archives, registries.
//!
//! A [`Fetcher`] turns the address of a package into a directory in the [`Cache`], and into what
//! the lock says of it. What comes from elsewhere is not trusted: sizes, numbers and times have
//! [`Limits`], nothing is written outside the directory meant for it, and what is there is compared
//! with the lock by the digest of its files. A package is put in its place whole or not at all.
//!
//! Calls wait for what they do; several packages are fetched on several threads. The crate prints
//! nothing and takes what it has to know of the surroundings from `Environment`.

mod archive;
mod cache;
mod digest;
mod error;
mod fetcher;
mod git;
mod http;
mod limits;
mod page;
mod process;
mod registry;
mod resolve;
mod tree;

pub use cache::{Cache, CacheError, Stage};
pub use error::FetchError;
pub use fetcher::{Fetched, Fetcher, Request};
pub use limits::Limits;

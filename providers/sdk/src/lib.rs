//! What a provider is: a schema and a few verbs.
//!
//! [`Provider`] carries over Terraform's plugin protocol 5 and 6 without loss in either direction,
//! so a child process and an in-process provider look the same to the engine. In-process providers
//! are a client, a configuration struct, one [`Kind`] or [`DataSource`] per file with a struct that
//! derives [`Block`](derive@Block), and a [`ProviderBuilder`] that lists them.
//! A provider never imports the engine or another provider.

// Derived code names this crate by its name; so does that of its own tests.
extern crate self as platoform_provider;

mod attribute_type;
mod block_type;
mod builder;
mod built;
#[doc(hidden)]
pub mod codec;
mod data_source;
#[cfg(test)]
mod derived;
mod erased;
mod erased_data_source;
mod erased_kind;
mod field;
#[cfg(any(test, feature = "harness"))]
pub mod harness;
mod kind;
mod limits;
mod owned;
pub mod plan;
mod problem;
mod provider;
mod reporter;
mod request;

pub use attribute_type::AttributeType;
pub use block_type::{BlockType, DecodeError, DecodeReason};
pub use builder::{FunctionBody, ProviderBuilder};
pub use data_source::DataSource;
pub use field::Field;
pub use kind::{Kind, Located, Plan, READ_CONCURRENCY, ReadResult};
pub use limits::{Allowance, Limits, Rate};
pub use owned::{OwnedObject, OwnedRequest};
pub use plan::{plan_by_schema, propose};
pub use platoform_diagnostic::{
    Diagnostics, Environment, FileKind, Files, MemoryFiles, Severity, Sources,
};
pub use platoform_provider_derive::Block;
pub use platoform_schema as schema;
pub use platoform_schema::Effect;
pub use platoform_value as value;
pub use problem::{Failure, FailureClass, Problem};
pub use provider::{BoxFuture, Factory, Provider, Renewed, Sink, SinkError};
pub use reporter::Reporter;
pub use request::{
    ApplyRequest, ApplyResponse, CallRequest, ConfigureRequest, DataRequest, DataResponse,
    FindRequest, Found, ImportRequest, Imported, MoveRequest, OpenRequest, Opened, Owner,
    PlanRequest, PlanResponse, ReadRequest, ReadResponse, ReadyRequest, UpgradeRequest,
};

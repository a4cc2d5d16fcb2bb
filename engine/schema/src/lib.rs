//! Schemas: what a provider's configuration blocks look like, which parts the provider computes,
//! and which changes need a new object.
//!
//! The shapes carry Terraform's plugin protocol 5 and 6 without loss (`Schema`, `Block`,
//! `Attribute`, `NestedBlock`, `Object` there), plus what that protocol leaves to each provider:
//! defaults and forced replacement. This crate does no I/O and holds no provider.

mod implied;
mod schema;

pub use schema::{
    Attribute, AttributeKind, Block, BlockNesting, Effect, FunctionSignature, Mode, NestedBlock,
    ObjectNesting, Parameter, ProviderSchema, ResourceSchema, Schema,
};

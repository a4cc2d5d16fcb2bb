//! From files to a [`Topology`]: modules, blocks, variables, addresses.
//!
//! A topology is what the configuration says, with every reference still an expression. It holds
//! no values: counts, keys and attributes are worked out by the planner. Bodies are checked
//! against provider schemas when they are decoded into [`Content`], which the planner evaluates
//! for each instance. Files come through the `Files` port, schemas through [`Schemas`].

mod address;
mod check;
mod content;
#[cfg(test)]
mod fixture;
mod load;
mod reference;
mod source;
mod suggest;
mod topology;
mod variables;

// So that fixtures, which other crates' tests share, can name this crate as those do.
#[cfg(test)]
extern crate self as platoform_config;

pub use address::{
    AddressError, InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress, ResourceId, Target,
};
pub use check::{Misnamed, ReferenceChecker, Surroundings, check_steps, step_span};
pub use content::{
    Content, Schemas, Written, WrittenBlock, missing_argument, unsupported_argument,
    unsupported_block,
};
pub use load::{
    Constraint, LANGUAGE_LEVEL, LoadOptions, Loaded, LoadedCall, MODULES_DIRECTORY, Version,
    is_configuration, load, load_with, lock,
};
pub use reference::{Referent, Subject};
pub use source::{
    ArchiveFormat, Checksum, DEFAULT_REGISTRY, Getter, ModuleSource, Package, RegistrySource,
    RemoteSource, SourceError,
};
pub use suggest::did_you_mean;
pub use topology::{
    Backend, Check, Condition, Connection, IgnoreChanges, Import, Lifecycle, Local, Module,
    ModuleCall, ModuleId, Moved, OnFailure, Output, ProviderBlock, ProviderId, ProviderName,
    ProviderRequirement, ProviderSource, Provisioner, Removed, Repetition, Resource, Topology,
    Variable, When,
};
pub use variables::{
    RootVariable, VariableArgument, VariableError, VariableInput, VariableInputs, VariableOrigin,
    VariableText, resolve_variables, tfvars,
};

//! From files to a [`Topology`]: modules, blocks, variables, addresses.
//!
//! A topology is what the configuration says, with every reference still an expression. It holds
//! no values: counts, keys and attributes are worked out by the planner. Bodies are checked
//! against provider schemas when they are decoded into [`Content`], which the planner evaluates
//! for each instance. Files come through the `Files` port, schemas through [`Schemas`].

mod address;
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
pub use content::{Content, Schemas};
pub use load::{
    Constraint, LANGUAGE_LEVEL, LoadOptions, Loaded, LoadedCall, MODULES_DIRECTORY, Names, Version,
    is_configuration, load, load_with, lock,
};
pub use reference::{Referent, Subject};
pub use source::{
    ArchiveFormat, Checksum, DEFAULT_REGISTRY, Getter, ModuleSource, Package, RegistrySource,
    RemoteSource, SourceError,
};
pub use topology::{
    Backend, Condition, IgnoreChanges, Lifecycle, Local, Module, ModuleCall, ModuleId, Output,
    ProviderBlock, ProviderId, ProviderName, ProviderRequirement, ProviderSource, Repetition,
    Resource, Topology, Variable,
};
pub use variables::{
    RootVariable, VariableArgument, VariableError, VariableInput, VariableInputs, VariableOrigin,
    VariableText, resolve_variables, tfvars,
};

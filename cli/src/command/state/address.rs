//! Addresses that the user gives.

use platoform_config::{InstanceAddress, InstanceKey, Target};
use platoform_diagnostic::Diagnostic;

/// A module, a resource or an instance.
///
/// # Errors
/// When the text is no address.
pub fn target(text: &str) -> Result<Target, Diagnostic> {
    text.parse().map_err(|error: platoform_config::AddressError| {
        Diagnostic::error(format!("Invalid address `{text}`"), error.to_string())
    })
}

/// One instance; without a key the only one of its resource.
///
/// # Errors
/// When the text is no address, or that of a module.
pub fn instance(text: &str) -> Result<InstanceAddress, Diagnostic> {
    match target(text)? {
        Target::Instance(instance) => Ok(instance),
        Target::Resource(resource) => Ok(InstanceAddress::new(resource, InstanceKey::None)),
        Target::Module(_) => Err(Diagnostic::error(
            "Invalid address",
            "A resource instance address is required here. The module path must be followed by a \
             resource instance specification",
        )),
    }
}

//! Functions as editors and other tools want them described.

use platoform_value::Type;

use super::catalogue::CATALOGUE;
use super::{Parameter, find};

/// A function without its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name, without namespace.
    pub name: &'static str,
    /// What it does, in a sentence or two.
    pub description: &'static str,
    /// What can be said of the type of every result.
    pub returns: Type,
    /// Parameters that every call must give.
    pub parameters: Vec<ParameterSignature>,
    /// What further arguments are, if it takes any.
    pub variadic: Option<ParameterSignature>,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSignature {
    /// The name, for messages.
    pub name: &'static str,
    /// What arguments are converted to.
    pub kind: Type,
    /// It may be null.
    pub nullable: bool,
}

/// Every function, in order of the names. `type` is left out: in the language that Terraform
/// describes only its console has it.
#[must_use]
pub fn signatures() -> Vec<Signature> {
    let entries = CATALOGUE.iter().filter(|(name, ..)| *name != super::TYPE);
    let signature = |(name, returns, description): &(&'static str, super::Kind, &'static str)| {
        let function = find(name)?;
        Some(Signature {
            name,
            description,
            returns: returns.to_type(),
            parameters: function.parameters.iter().map(described).collect(),
            variadic: function.variadic.as_ref().map(described),
        })
    };
    entries.filter_map(signature).collect()
}

fn described(parameter: &Parameter) -> ParameterSignature {
    let Parameter { name, kind, allows_null, .. } = *parameter;
    ParameterSignature { name, kind: kind.to_type(), nullable: allows_null }
}

//! What other tools are told of functions.

use platoform_value::Type;

use crate::functions::catalogue::CATALOGUE;
use crate::functions::{ParameterSignature, Signature, names, signatures};

/// Every function on a line, from what `terraform metadata functions -json` of 1.11.4 says.
const THEIRS: &str = include_str!("signatures.txt");

fn line(signature: &Signature) -> String {
    let mut parameters: Vec<String> = signature.parameters.iter().map(parameter).collect();
    parameters.extend(signature.variadic.iter().map(|variadic| parameter(variadic) + "..."));
    format!("{}({}) {}", signature.name, parameters.join(", "), name(&signature.returns))
}

fn parameter(parameter: &ParameterSignature) -> String {
    let null = if parameter.nullable { "?" } else { "" };
    format!("{}: {}{null}", parameter.name, name(&parameter.kind))
}

fn name(kind: &Type) -> String {
    kind.to_string().replace("any", "dynamic")
}

#[test]
fn signatures_are_terraforms() {
    let ours: Vec<String> = signatures().iter().map(line).collect();
    let theirs: Vec<&str> = THEIRS.lines().collect();
    assert_eq!(ours, theirs);
}

#[test]
fn every_function_is_described() {
    let described: Vec<&str> = CATALOGUE.iter().map(|(name, ..)| *name).collect();
    assert_eq!(described, names());
    for (name, _, description) in CATALOGUE {
        assert!(description.ends_with('.') && description.len() > 10, "{name}");
    }
}

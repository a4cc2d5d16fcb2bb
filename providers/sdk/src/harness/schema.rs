//! What every schema must hold.

use platoform_schema::{Attribute, AttributeKind, Block, ProviderSchema};

use super::Fault;

/// Checks that every attribute is described and may be set or is computed, and that a default is
/// of its attribute's type.
///
/// # Errors
/// The first thing that does not hold.
pub fn check_schema(schema: &ProviderSchema) -> Result<(), Fault> {
    check_block("provider", &schema.provider.block)?;
    for (name, resource) in &schema.resources {
        check_description(name, &resource.schema.block.description)?;
        check_block(name, &resource.schema.block)?;
    }
    for (name, data) in &schema.data_sources {
        check_description(name, &data.block.description)?;
        check_block(name, &data.block)?;
    }
    Ok(())
}

fn check_block(place: &str, block: &Block) -> Result<(), Fault> {
    for (name, attribute) in &block.attributes {
        check_attribute(&format!("{place}.{name}"), attribute)?;
    }
    for (name, nested) in &block.blocks {
        let place = format!("{place}.{name}");
        check_description(&place, &nested.block.description)?;
        check_block(&place, &nested.block)?;
    }
    Ok(())
}

fn check_attribute(place: &str, attribute: &Attribute) -> Result<(), Fault> {
    check_description(place, &attribute.description)?;
    let (required, optional, computed) =
        (attribute.required, attribute.optional, attribute.computed);
    let sound = (required || optional || computed) && !(required && (optional || computed));
    Fault::check(sound, place, || "required, optional and computed do not go together".into())?;
    if let Some(default) = &attribute.default {
        let fits = optional && default.kind().conforms_to(&attribute.implied_type());
        Fault::check(fits, place, || format!("cannot have the default {default:?}"))?;
    }
    if let AttributeKind::Nested(_, attributes) = &attribute.kind {
        for (name, attribute) in attributes {
            check_attribute(&format!("{place}.{name}"), attribute)?;
        }
    }
    Ok(())
}

fn check_description(place: &str, description: &str) -> Result<(), Fault> {
    Fault::check(!description.is_empty(), place, || "is not described".into())
}

//! One field of the struct.

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, GenericArgument, Ident, PathArguments, Result, Type};

use crate::attribute::AttributeOptions;
use crate::docs::description;
use crate::nested::{BlockOptions, Nesting};

/// What a field declares.
pub(crate) enum Role {
    Attribute(Box<AttributeOptions>),
    Block(BlockOptions),
}

/// A field of the struct.
pub(crate) struct FieldSpec<'a> {
    pub(crate) ident: &'a Ident,
    /// Name in the schema: that of the field, without `r#`.
    pub(crate) name: String,
    /// The `T` of `Field<T>`.
    pub(crate) inner: &'a Type,
    pub(crate) role: Role,
    pub(crate) description: String,
}

impl<'a> FieldSpec<'a> {
    /// Reads a field's declaration.
    pub(crate) fn parse(field: &'a syn::Field) -> Result<Self> {
        let Some(ident) = &field.ident else {
            return Err(Error::new(field.span(), "a block needs named fields"));
        };
        let mut roles = field.attrs.iter().filter(|attribute| {
            attribute.path().is_ident("attribute") || attribute.path().is_ident("block")
        });
        let Some(first) = roles.next() else {
            return Err(Error::new(ident.span(), "needs `#[attribute(…)]` or `#[block(…)]`"));
        };
        if let Some(second) = roles.next() {
            let text = "a field is one attribute or one nested block";
            return Err(Error::new(second.span(), text));
        }
        let Some(inner) = argument(&field.ty, "Field") else {
            return Err(Error::new(field.ty.span(), "must be a `Field<…>`"));
        };
        let role = if first.path().is_ident("attribute") {
            let options = AttributeOptions::parse(first)?;
            if let (Some(span), None) = (options.set, argument(inner, "Vec")) {
                return Err(Error::new(span, "a `set` must be a `Field<Vec<…>>`"));
            }
            Role::Attribute(Box::new(options))
        } else {
            let options = BlockOptions::parse(first)?;
            check_shape(options.nesting, inner)?;
            Role::Block(options)
        };
        let (name, description) = (ident.unraw().to_string(), description(&field.attrs));
        Ok(Self { ident, name, inner, role, description })
    }
}

impl FieldSpec<'_> {
    /// The type of one occurrence of a nested block.
    pub(crate) fn block_type(&self) -> &Type {
        let element = argument(self.inner, "Vec").or_else(|| argument(self.inner, "BTreeMap"));
        element.unwrap_or(self.inner)
    }
}

fn check_shape(nesting: Nesting, inner: &Type) -> Result<()> {
    let (vec, map) = (argument(inner, "Vec").is_some(), argument(inner, "BTreeMap").is_some());
    let text = match nesting {
        Nesting::List | Nesting::Set if !vec => "must be a `Field<Vec<…>>`",
        Nesting::Map if !map => "must be a `Field<BTreeMap<String, …>>`",
        Nesting::Single | Nesting::Group if vec || map => "must be a `Field<…>` of one block",
        _ => return Ok(()),
    };
    Err(Error::new(inner.span(), text))
}

/// The last type argument of a path type that ends in `name`.
fn argument<'a>(kind: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    })
}

//! The generated code.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Fields, Lit, Result};

use crate::attribute::AttributeOptions;
use crate::docs::description;
use crate::field::{FieldSpec, Role};
use crate::nested::{BlockOptions, deprecation};

/// The implementations for one struct.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let ident = &input.ident;
    let (text, deprecated) = (description(&input.attrs), option(deprecation(&input.attrs)?));
    let declarations = fields.iter().map(declaration);
    let decoded = fields.iter().map(|field| {
        let (ident, name, inner, codec) = (field.ident, &field.name, field.inner, codec(field));
        quote! { #ident: codec::decode::<#inner, #codec>(value, #name)? }
    });
    let encoded = fields.iter().map(|field| {
        let (ident, inner, codec) = (field.ident, field.inner, codec(field));
        quote! { codec::encode::<#inner, #codec>(&self.#ident) }
    });
    let (count, names) = (fields.len(), fields.iter().map(|field| &field.name));
    Ok(quote! {
        const _: () = {
            use ::platoform_provider::{codec, schema, value};

            impl ::platoform_provider::BlockType for #ident {
                fn block() -> schema::Block {
                    let mut block = schema::Block {
                        description: #text.into(),
                        deprecated: #deprecated,
                        ..schema::Block::default()
                    };
                    #(#declarations)*
                    block
                }

                fn implied_type() -> value::Type {
                    static TYPE: ::std::sync::OnceLock<value::Type> = ::std::sync::OnceLock::new();
                    TYPE.get_or_init(|| Self::block().implied_type()).clone()
                }

                fn decode(
                    value: &value::Value,
                ) -> ::core::result::Result<Self, ::platoform_provider::DecodeError> {
                    codec::check_object(value)?;
                    Ok(Self { #(#decoded,)* })
                }

                fn encode(&self) -> value::Value {
                    type Names = [::std::sync::Arc<str>; #count];
                    static NAMES: ::std::sync::OnceLock<Names> = ::std::sync::OnceLock::new();
                    let names = NAMES.get_or_init(|| [#(#names.into(),)*]);
                    let values: [value::Value; #count] = [#(#encoded,)*];
                    value::Value::object_of(names.iter().cloned().zip(values))
                }
            }

            impl ::platoform_provider::AttributeType for #ident {
                fn kind() -> value::Type {
                    <Self as ::platoform_provider::BlockType>::implied_type()
                }

                fn schema() -> schema::AttributeKind {
                    codec::object_kind::<Self>()
                }

                fn from_value(
                    value: &value::Value,
                ) -> ::core::result::Result<Self, ::platoform_provider::DecodeError> {
                    <Self as ::platoform_provider::BlockType>::decode(value)
                }

                fn to_value(&self) -> value::Value {
                    <Self as ::platoform_provider::BlockType>::encode(self)
                }
            }
        };
    })
}

/// All fields, or all that is wrong with them.
fn fields(input: &DeriveInput) -> Result<Vec<FieldSpec<'_>>> {
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a block cannot be generic"));
    }
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "only a struct can be a block"));
    };
    if matches!(data.fields, Fields::Unnamed(_)) {
        return Err(Error::new(data.fields.span(), "a block needs named fields"));
    }
    let (mut fields, mut failure) = (Vec::new(), None::<Error>);
    for field in &data.fields {
        match (FieldSpec::parse(field), &mut failure) {
            (Ok(field), _) => fields.push(field),
            (Err(error), Some(failure)) => failure.combine(error),
            (Err(error), None) => failure = Some(error),
        }
    }
    failure.map_or(Ok(fields), Err)
}

/// The marker type that says how a field's value is held.
fn codec(field: &FieldSpec<'_>) -> TokenStream {
    let name = match &field.role {
        Role::Attribute(options) if options.set.is_some() => "AsSet",
        Role::Attribute(_) => "Plain",
        Role::Block(options) => options.nesting.name(),
    };
    let name = format_ident!("{name}");
    quote! { codec::#name }
}

fn declaration(field: &FieldSpec<'_>) -> TokenStream {
    match &field.role {
        Role::Attribute(options) => attribute(field, options),
        Role::Block(options) => block(field, options),
    }
}

fn attribute(field: &FieldSpec<'_>, options: &AttributeOptions) -> TokenStream {
    let (name, text, inner, codec) = (&field.name, &field.description, field.inner, codec(field));
    let (required, optional) = (options.required.is_some(), options.optional.is_some());
    let (computed, replace) = (options.computed.is_some(), options.replace.is_some());
    let (sensitive, write_only) = (options.sensitive.is_some(), options.write_only.is_some());
    let deprecated = option(options.deprecated.clone());
    let default = match &options.default {
        None => quote! { ::core::option::Option::None },
        Some(default) => {
            let default = owned(default);
            quote! {{
                let default: #inner = #default;
                ::core::option::Option::Some(codec::default::<#inner, #codec>(&default))
            }}
        }
    };
    quote! {
        block.attributes.insert(#name.into(), schema::Attribute {
            kind: codec::kind::<#inner, #codec>(),
            required: #required,
            optional: #optional,
            computed: #computed,
            sensitive: #sensitive,
            write_only: #write_only,
            replace: #replace,
            default: #default,
            description: #text.into(),
            deprecated: #deprecated,
        });
    }
}

fn block(field: &FieldSpec<'_>, options: &BlockOptions) -> TokenStream {
    let (name, kind) = (&field.name, field.block_type());
    let nesting = format_ident!("{}", options.nesting.name());
    let BlockOptions { min, computed, replace, .. } = *options;
    let max = option(options.max);
    let text = &field.description;
    quote! {
        block.blocks.insert(#name.into(), schema::NestedBlock {
            nesting: schema::BlockNesting::#nesting,
            block: codec::described(<#kind as ::platoform_provider::BlockType>::block(), #text),
            min_items: #min,
            max_items: #max,
            computed: #computed,
            replace: #replace,
        });
    }
}

/// A default as written; a text literal becomes a `String`.
fn owned(default: &Expr) -> TokenStream {
    match default {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            quote! { ::std::string::String::from(#text) }
        }
        other => quote! { #other },
    }
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value.into()) },
        None => quote! { ::core::option::Option::None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(source: &str) -> String {
        let input: DeriveInput = syn::parse_str(source).expect("a struct");
        let error = expand(&input).expect_err("must be refused");
        error.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("; ")
    }

    fn field(declaration: &str) -> String {
        errors(&format!("struct A {{ {declaration} }}"))
    }

    #[test]
    fn wrong_combinations_are_refused() {
        for (declaration, part) in [
            ("#[attribute(required, computed)] a: Field<bool>", "`required` excludes"),
            ("#[attribute(required, optional)] a: Field<bool>", "`required` excludes"),
            ("#[attribute(replace)] a: Field<bool>", "needs `required`"),
            ("#[attribute(required, default = true)] a: Field<bool>", "only `optional`"),
            ("#[attribute(optional, computed, default = 1)] a: Field<i64>", "nothing left"),
            ("#[attribute(optional, set)] a: Field<String>", "a `set` must be"),
            ("#[attribute(computed, write_only)] a: Field<bool>", "cannot be `write_only`"),
            ("#[attribute(optional, optional)] a: Field<bool>", "given twice"),
            ("#[attribute(optional, magic)] a: Field<bool>", "no such option"),
            ("#[attribute(optional)] a: bool", "must be a `Field<…>`"),
            ("a: Field<bool>", "needs `#[attribute(…)]`"),
            ("#[attribute(optional)] #[block(list)] a: Field<bool>", "one attribute or one"),
            ("#[block(replace)] a: Field<A>", "needs `single`"),
            ("#[block(list)] a: Field<A>", "must be a `Field<Vec<…>>`"),
            ("#[block(map)] a: Field<Vec<A>>", "must be a `Field<BTreeMap"),
            ("#[block(single)] a: Field<Vec<A>>", "of one block"),
            ("#[block(list, set)] a: Field<Vec<A>>", "one nesting"),
            ("#[block(single, max = 1)] a: Field<A>", "number of items"),
            ("#[block(list, min = 2, max = 1)] a: Field<Vec<A>>", "less than `min`"),
        ] {
            let found = field(declaration);
            assert!(found.contains(part), "{declaration}: {found}");
        }
    }

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let found = field("a: Field<bool>, #[attribute(sensitive)] b: Field<bool>");
        assert_eq!(found.matches("needs").count(), 2, "{found}");
    }

    #[test]
    fn only_plain_structs_are_blocks() {
        assert!(errors("enum A { B }").contains("only a struct"));
        assert!(errors("struct A(Field<bool>);").contains("named fields"));
        assert!(errors("struct A<T> { a: Field<T> }").contains("generic"));
    }
}

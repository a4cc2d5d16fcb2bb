//! The functions of the provider `terraform`, which write and read the language.

use platoform_lang::tree::{Attribute, Body};
use platoform_lang::{constant, is_identifier, parse, write, write_arguments};
use platoform_provider::schema::{FunctionSignature, Parameter};
use platoform_provider::value::{Data, Type, Unknown, Value};
use platoform_provider::{BlockType, CallRequest, Diagnostics, ProviderBuilder, Sources};

#[cfg(test)]
mod tests;

/// Why a call failed. Terraform's own never say which argument is at fault.
type Answer = Result<Value, (Option<usize>, String)>;

/// Adds all of them.
pub(crate) fn add<P, C>(builder: ProviderBuilder<P, C>) -> ProviderBuilder<P, C>
where
    P: BlockType + Send + Sync + 'static,
    C: Send + Sync + 'static,
{
    builder
        .function(
            "encode_tfvars",
            signature(
                Parameter::new("value", Type::Dynamic, "An object, or a map."),
                Type::String,
                "An object as the text of a `.tfvars` file",
                "Each attribute becomes an argument; its name must be an identifier.",
            ),
            encode_tfvars,
        )
        .function(
            "decode_tfvars",
            signature(
                Parameter::new("src", Type::String, "The text."),
                Type::Dynamic,
                "The object that the text of a `.tfvars` file describes",
                "Its values are constant: they can neither call functions nor refer to anything.",
            ),
            decode_tfvars,
        )
        .function(
            "encode_expr",
            signature(
                Parameter {
                    allow_unknown: true,
                    ..Parameter::new("value", Type::Dynamic, "Any value but null.")
                },
                Type::String,
                "A value as an expression of the language",
                "The expression gives the value again, except that a list or a set becomes a \
                 tuple and a map an object.",
            ),
            encode_expr,
        )
}

fn signature(
    parameter: Parameter,
    result: Type,
    summary: &str,
    description: &str,
) -> FunctionSignature {
    FunctionSignature {
        parameters: vec![parameter],
        variadic: None,
        result,
        summary: summary.into(),
        description: description.into(),
    }
}

/// The only argument.
fn argument<'a>(request: &CallRequest<'a>) -> Result<&'a Value, (Option<usize>, String)> {
    request.arguments.first().ok_or_else(|| (None, "one argument is wanted".to_owned()))
}

fn encode_expr(request: &CallRequest<'_>) -> Answer {
    let value = argument(request)?;
    if value.is_wholly_known() {
        return Ok(Value::string(write(value)));
    }
    let not_null = match value.data() {
        Data::Unknown(unknown) => unknown.not_null,
        _ => true,
    };
    let start = match value.kind() {
        _ if !not_null => None,
        Type::Object(_) | Type::Map(_) => Some("{"),
        Type::Tuple(_) | Type::List(_) | Type::Set(_) => Some("["),
        Type::String => Some("\""),
        _ => None,
    };
    let prefix = start.map(Into::into);
    Ok(Value::refined(Unknown { not_null: true, prefix, ..Unknown::of(Type::String) }))
}

fn encode_tfvars(request: &CallRequest<'_>) -> Answer {
    let value = argument(request)?;
    let entries = value.as_entries().ok_or_else(|| {
        let text = "invalid value to encode: must be an object whose attribute names will become \
                    the encoded variable names";
        (None, text.to_owned())
    })?;
    if let Some((name, _)) = entries.iter().find(|(name, _)| !is_identifier(name)) {
        let text = format!(
            "invalid variable name {name:?}: must be a valid identifier, as the name of an input \
             variable is"
        );
        return Err((None, text));
    }
    Ok(Value::string(write_arguments(entries.iter().map(|(name, value)| (&**name, value)))))
}

fn decode_tfvars(request: &CallRequest<'_>) -> Answer {
    let text = argument(request)?.as_str().unwrap_or_default();
    let mut sources = Sources::default();
    let file = sources.add("<decode_tfvars argument>", text);
    let fail = |what: &str, found: &Diagnostics| {
        (None, format!("invalid {what}: {}", described(found, &sources)))
    };
    let (body, found) = parse(file, text);
    if found.has_errors() {
        return Err(fail("tfvars syntax", &found));
    }
    if let Some(message) = block(&body, &sources) {
        return Err((None, message));
    }
    let value = |attribute: &Attribute| match constant::value(&attribute.expression) {
        Ok(value) => Ok((attribute.name.name.clone(), value)),
        Err(found) => {
            let what = format!("expression for variable {:?}", &*attribute.name.name);
            Err(fail(&what, &found))
        }
    };
    Ok(Value::object(body.attributes.iter().map(value).collect::<Result<_, _>>()?))
}

/// What to say of the first block, if there is one.
fn block(body: &Body, sources: &Sources) -> Option<String> {
    let kind = &body.blocks.first()?.kind;
    let place = sources.range(kind.span).unwrap_or_default();
    Some(format!(
        "invalid tfvars content: {place}: Unexpected {:?} block; Blocks are not allowed here",
        &*kind.name
    ))
}

/// The first of some errors, with its place, and how many there are besides.
fn described(found: &Diagnostics, sources: &Sources) -> String {
    let mut errors = found.iter().filter(|diagnostic| diagnostic.is_error());
    let Some(first) = errors.next() else { return String::new() };
    let place = first.span.and_then(|span| sources.range(span)).unwrap_or_default();
    let others = match errors.count() {
        0 => String::new(),
        more => format!(", and {more} other diagnostic(s)"),
    };
    format!("{place}: {}; {}{others}", first.summary, first.detail)
}

//! Conversions of type.

use std::fmt::Write;

use platoform_value::{Type, Value, convert, quoted};

use super::{Arguments, Attempt, Body, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const V: &[Parameter] = &[Parameter::any("v").null().marked().untyped().unknown()];

pub(super) const FUNCTIONS: &[Function] = &[
    conversion("tostring", |arguments| to(arguments, &Type::String)),
    conversion("tonumber", |arguments| to(arguments, &Type::Number)),
    conversion("tobool", |arguments| to(arguments, &Type::Bool)),
    conversion("tolist", |arguments| to(arguments, &Type::list(Type::Dynamic))),
    conversion("toset", |arguments| to(arguments, &Type::set(Type::Dynamic))),
    conversion("tomap", |arguments| to(arguments, &Type::map(Type::Dynamic))),
    Function::new(
        TYPE,
        &[Parameter::any("value").null().untyped().unknown()],
        Returns::TEXT,
        |arguments| Ok(describe_type(&arguments.value(0).kind()).into()),
    ),
    Function {
        name: "try",
        parameters: &[],
        variadic: Some(Parameter::any("expressions")),
        returns: Returns::Result,
        nullable: true,
        body: Body::Lazy(Attempt::Try),
    },
    Function {
        name: "can",
        parameters: &[Parameter::any("expression")],
        variadic: None,
        returns: Returns::Always(Kind::Bool),
        nullable: false,
        body: Body::Lazy(Attempt::Can),
    },
];

/// The function that is there only in a console.
pub(crate) const TYPE: &str = "type";

const fn conversion(
    name: &'static str,
    body: fn(&Arguments<'_>) -> Result<Value, Problem>,
) -> Function {
    Function::new(name, V, Returns::Result, body).nullable()
}

fn to(arguments: &Arguments<'_>, kind: &Type) -> Outcome {
    let value = arguments.value(0);
    let refused = |what: String| {
        let wanted = kind.constraint_name();
        Problem::at(0, format!("cannot convert {what} to {wanted}"))
    };
    let have = value.kind();
    if !value.is_known() && convert(value, kind).is_ok() {
        return Ok(Value::unknown(kind.clone()).mark(value.marks()));
    }
    convert(value, kind).map_err(|_| {
        let discreet = refused(format!("this sensitive {}", have.friendly_name()));
        let problem = refused(
            value.as_str().map_or_else(|| have.friendly_name(), |text| quoted(text).to_string()),
        );
        let hint = match (value.as_str(), kind) {
            (Some(_), Type::Bool) => "; only the strings \"true\" or \"false\" are allowed",
            (Some(_), Type::Number) => {
                "; given string must be a decimal representation of a number"
            }
            (Some(_), _) => return refused(have.friendly_name()).discreetly(discreet.message),
            _ => "",
        };
        Problem { message: problem.message + hint, ..problem }.discreetly(discreet.message)
    })
}

/// A type as the console's `type` function prints it, on several lines where it has parts.
#[must_use]
pub fn describe_type(kind: &Type) -> String {
    let mut text = String::new();
    describe(kind, 0, &mut text);
    text
}

fn describe(kind: &Type, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth + 1);
    let close = "    ".repeat(depth);
    let (name, element) = match kind {
        Type::Dynamic => return text.push_str("dynamic"),
        Type::Bool => return text.push_str("bool"),
        Type::Number => return text.push_str("number"),
        Type::String => return text.push_str("string"),
        Type::List(element) => ("list", element),
        Type::Set(element) => ("set", element),
        Type::Map(element) => ("map", element),
        Type::Tuple(kinds) => {
            text.push_str("tuple([");
            for kind in kinds.iter() {
                text.push_str(if text.ends_with('[') { "\n" } else { "" });
                text.push_str(&indent);
                describe(kind, depth + 1, text);
                text.push_str(",\n");
            }
            text.push_str(if kinds.is_empty() { "" } else { &close });
            return text.push_str("])");
        }
        Type::Object(object) => {
            text.push_str("object({");
            for (name, kind) in &object.attributes {
                text.push_str(if text.ends_with('{') { "\n" } else { "" });
                // Writing to a string cannot fail.
                let _ = write!(text, "{indent}{name}: ");
                describe(kind, depth + 1, text);
                text.push_str(",\n");
            }
            text.push_str(if object.attributes.is_empty() { "" } else { &close });
            return text.push_str("})");
        }
    };
    let nested = matches!(**element, Type::Tuple(_) | Type::Object(_));
    text.push_str(name);
    text.push('(');
    if nested {
        text.push('\n');
        text.push_str(&indent);
        describe(element, depth + 1, text);
        text.push_str(",\n");
        text.push_str(&close);
    } else {
        describe(element, depth, text);
    }
    text.push(')');
}

//! The functions of the language.
//!
//! Each family declares its functions in one table next to their code. A declaration says what
//! arguments a function takes and what it gives; [`call`] does the rest as cty does: it refuses
//! null arguments, gives an unknown result of the right type for unknown arguments, and carries
//! marks over to the result.

use std::collections::HashMap;
use std::sync::LazyLock;

use platoform_value::{Data, Marks, Type, Unknown, Value};

use crate::eval::is_sensitive;

mod arguments;
mod catalogue;
mod cidr;
mod conversion;
mod csv;
mod dates;
mod deflate;
mod described;
mod digest;
mod duration;
mod encoding;
mod files;
mod fileset;
mod format;
mod format_text;
mod identifiers;
mod json;
mod json_syntax;
mod lists;
mod maps;
mod marking;
mod network;
mod numbers;
mod paths;
mod pattern;
mod real;
mod rsa_decrypt;
mod search;
mod selection;
mod sets;
mod signature;
mod templates;
#[cfg(test)]
mod tests;
mod text;
mod text_encoding;
mod timestamp;
mod yaml;
mod yaml_input;
mod yaml_problem;
mod yaml_scalar;
mod yaml_text;
mod yaml_write;

pub use arguments::{Arguments, Problem};
pub(crate) use conversion::TYPE;
pub use conversion::describe_type;
pub(crate) use dates::PLAN_TIMESTAMP;
pub use described::{ParameterSignature, Signature, signatures};
pub use signature::{Attempt, Body, Function, Kind, Parameter, Returns};
pub use yaml::decode as decode_yaml;

/// All functions, by name without namespace.
static CATALOGUE: LazyLock<HashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let families = [
        conversion::FUNCTIONS,
        csv::FUNCTIONS,
        dates::FUNCTIONS,
        digest::FUNCTIONS,
        encoding::FUNCTIONS,
        files::FUNCTIONS,
        fileset::FUNCTIONS,
        format::FUNCTIONS,
        identifiers::FUNCTIONS,
        json::FUNCTIONS,
        lists::FUNCTIONS,
        maps::FUNCTIONS,
        marking::FUNCTIONS,
        network::FUNCTIONS,
        numbers::FUNCTIONS,
        paths::FUNCTIONS,
        pattern::FUNCTIONS,
        rsa_decrypt::FUNCTIONS,
        search::FUNCTIONS,
        selection::FUNCTIONS,
        sets::FUNCTIONS,
        templates::FUNCTIONS,
        text::FUNCTIONS,
        text_encoding::FUNCTIONS,
        yaml::FUNCTIONS,
    ];
    families.into_iter().flatten().map(|function| (function.name, function)).collect()
});

/// A function by its name, with or without the `core::` namespace.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    CATALOGUE.get(name.strip_prefix("core::").unwrap_or(name)).copied()
}

/// The names of all functions, without namespace, in order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = CATALOGUE.keys().copied().collect();
    names.sort_unstable();
    names
}

/// Calls a function with arguments that have been counted and converted to the types of its
/// parameters.
///
/// # Errors
/// What is wrong with the arguments, or why the function failed. Where an argument or a part of one
/// is sensitive, this quotes none of them.
pub fn call(function: &Function, mut arguments: Arguments<'_>) -> Result<Value, Problem> {
    let marks = take_marks(function, &mut arguments.values);
    match unmarked(function, &mut arguments) {
        Ok(result) => Ok(result.mark(marks)),
        Err(problem) => {
            let sensitive =
                marks.contains(Marks::SENSITIVE) || arguments.values.iter().any(is_sensitive);
            Err(if sensitive { problem.withheld() } else { problem })
        }
    }
}

/// A call with arguments whose marks have been taken, as far as the function leaves that to us.
fn unmarked(function: &Function, arguments: &mut Arguments<'_>) -> Result<Value, Problem> {
    let mut unknown = false;
    for (index, value) in arguments.values.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { continue };
        if value.is_null() && !parameter.allows_null {
            return Err(Problem::at(index, "argument must not be null"));
        }
        if is_untyped(value) && !parameter.allows_untyped {
            return Ok(Value::unknown(Type::Dynamic).mark(shallow(&arguments.values)));
        }
        unknown |= !value.is_known() && !parameter.allows_unknown;
    }
    arguments.returns = match function.returns {
        Returns::Always(kind) => kind.to_type(),
        Returns::Rule(rule) => rule(&arguments.values)?,
        Returns::Result => Type::Dynamic,
    };
    let Body::Eager(run) = function.body else {
        return Err("this function evaluates its arguments itself".into());
    };
    let result = if unknown {
        Value::unknown(arguments.returns.clone()).mark(shallow(&arguments.values))
    } else {
        run(arguments)?
    };
    Ok(if function.nullable { result } else { refined(result) })
}

/// Removes the marks of all arguments whose parameters leave that to the call, and gives them.
fn take_marks(function: &Function, values: &mut [Value]) -> Marks {
    let mut marks = Marks::NONE;
    for (index, value) in values.iter_mut().enumerate() {
        let kept = function.parameter(index).is_some_and(|parameter| parameter.allows_marks);
        let deep = if kept { Marks::NONE } else { value.deep_marks() };
        if !deep.is_empty() {
            marks |= deep;
            *value = value.clone().unmark_deep();
        }
    }
    marks
}

fn shallow(values: &[Value]) -> Marks {
    values.iter().fold(Marks::NONE, |marks, value| marks | value.marks())
}

fn is_untyped(value: &Value) -> bool {
    match value.data() {
        Data::Null(kind) => *kind == Type::Dynamic,
        Data::Unknown(unknown) => unknown.kind == Type::Dynamic,
        _ => false,
    }
}

/// An unknown result of a function that never gives null will not be null.
fn refined(result: Value) -> Value {
    match result.data() {
        Data::Unknown(unknown) if !unknown.not_null && unknown.kind != Type::Dynamic => {
            let unknown = Unknown { not_null: true, ..(**unknown).clone() };
            Value::refined(unknown).mark(result.marks())
        }
        _ => result,
    }
}

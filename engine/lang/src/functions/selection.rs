//! Choosing one value among several.

use platoform_value::{Type, Value, convert, unify};

use super::arguments::integer;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const VALUES: Parameter = Parameter::any("vals").unknown().untyped().null();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("coalesce", &[], Returns::Rule(coalesce_type), coalesce).variadic(VALUES),
    Function::new("coalescelist", &[], Returns::Rule(coalescelist_type), coalescelist)
        .variadic(VALUES)
        .nullable(),
    Function::new(
        "element",
        &[Parameter::any("list").marked(), Parameter::number("index")],
        Returns::Rule(element_type),
        element,
    )
    .nullable(),
    Function::new("one", &[Parameter::any("list")], Returns::Rule(one_type), one).nullable(),
];

fn coalesce_type(values: &[Value]) -> Result<Type, Problem> {
    let kinds: Vec<_> = values.iter().map(Value::kind).collect();
    unify(&kinds)
        .filter(|_| !kinds.is_empty())
        .ok_or_else(|| "all arguments must have the same type".into())
}

fn coalesce(arguments: &Arguments<'_>) -> Outcome {
    for value in &arguments.values {
        let value = match convert(value, &arguments.returns) {
            Ok(value) => value,
            // From the reference: text that does not convert is as good as unknown, and collections
            // that do not are as good as null.
            Err(_) if arguments.returns.element().is_some() => continue,
            Err(_) => return Ok(arguments.unknown()),
        };
        if !value.is_known() {
            return Ok(arguments.unknown());
        }
        let empty = arguments.returns == Type::String && value.as_str() == Some("");
        if !value.is_null() && !empty {
            return Ok(value);
        }
    }
    Err("no non-null, non-empty-string arguments".into())
}

fn coalescelist_type(values: &[Value]) -> Result<Type, Problem> {
    if values.is_empty() {
        return Err("at least one argument is required".into());
    }
    for value in values {
        match value.kind() {
            _ if !value.is_known() => return Ok(Type::Dynamic),
            Type::List(_) | Type::Tuple(_) => {}
            _ => return Err("coalescelist arguments must be lists or tuples".into()),
        }
    }
    let first = values[0].kind();
    let same = values.iter().all(|value| value.kind() == first);
    Ok(if same { first } else { Type::Dynamic })
}

fn coalescelist(arguments: &Arguments<'_>) -> Outcome {
    for value in &arguments.values {
        if !value.is_known() {
            return Ok(arguments.unknown());
        }
        if value.as_items().is_some_and(|items| !items.is_empty()) {
            return Ok(value.clone());
        }
    }
    Err("no non-null arguments".into())
}

const EMPTY: &str = "cannot use element function with an empty list";

/// The index, from the end when it is negative, after going round a sequence of a length as often as it takes.
fn wrapped(index: &Value, length: usize) -> Result<usize, Problem> {
    let index = integer(index).map_err(|error| format!("invalid index: {error}"))?;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let index = index.checked_rem_euclid(length).ok_or(EMPTY)?;
    Ok(usize::try_from(index).unwrap_or_default())
}

fn element_type(values: &[Value]) -> Result<Type, Problem> {
    let (list, index) = (&values[0], &values[1]);
    match list.kind() {
        Type::List(element) => Ok((*element).clone()),
        Type::Tuple(_) if !index.is_known() => Ok(Type::Dynamic),
        Type::Tuple(kinds) => Ok(kinds[wrapped(index, kinds.len())?].clone()),
        kind => Err(format!("cannot read elements from {}", kind.friendly_name()).into()),
    }
}

fn element(arguments: &Arguments<'_>) -> Outcome {
    let items = arguments.items(0);
    let index = wrapped(arguments.value(1), items.len())?;
    Ok(items[index].clone().mark(arguments.value(0).marks()))
}

const NOT_ONE: &str = "must be a list, set, or tuple value with either zero or one elements";

fn one_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::List(element) | Type::Set(element) => Ok((*element).clone()),
        Type::Tuple(kinds) => match &kinds[..] {
            [] => Ok(Type::Dynamic),
            [kind] => Ok(kind.clone()),
            _ => Err(Problem::at(0, NOT_ONE)),
        },
        _ => Err(Problem::at(0, NOT_ONE)),
    }
}

fn one(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.value(0);
    match arguments.items(0) {
        [] => Ok(Value::null(arguments.returns.clone())),
        [item] => Ok(item.clone()),
        _ if !list.is_counted() => Ok(arguments.unknown()),
        _ => Err(Problem::at(0, NOT_ONE)),
    }
}

//! Finding and counting elements.

use platoform_diagnostic::count_clusters;
use platoform_value::{Data, Number, Type, Unknown, Value, convert};

use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const LIST: Parameter = Parameter::any("list");
const VALUE: Parameter = Parameter::any("value");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "length",
        &[VALUE.unknown().marked().untyped()],
        Returns::Rule(length_type),
        length,
    ),
    Function::new("contains", &[LIST, VALUE], Returns::BOOL, contains),
    Function::new("index", &[LIST, VALUE], Returns::NUMBER, index),
    Function::new(
        "distinct",
        &[Parameter::of("list", Kind::List)],
        Returns::Rule(|values| Ok(values[0].kind())),
        distinct,
    ),
    Function::new("alltrue", &[Parameter::of("list", Kind::Bools)], Returns::BOOL, alltrue),
    Function::new("anytrue", &[Parameter::of("list", Kind::Bools)], Returns::BOOL, anytrue),
    Function::new("sum", &[LIST], Returns::NUMBER, sum),
    Function::new(
        "matchkeys",
        &[
            Parameter::of("values", Kind::List),
            Parameter::of("keys", Kind::List),
            Parameter::of("searchset", Kind::List),
        ],
        Returns::Rule(matchkeys_type),
        matchkeys,
    ),
];

fn length_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::Bool | Type::Number => {
            Err("argument must be a string, a collection type, or a structural type".into())
        }
        _ => Ok(Type::Number),
    }
}

fn length(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.value(0);
    let count = match (value.data(), value.kind()) {
        (_, Type::Tuple(kinds)) => kinds.len(),
        (_, Type::Object(object)) => object.attributes.len(),
        (Data::String(text), _) => count_clusters(text),
        (Data::Unknown(unknown), _) => return Ok(unknown_length(unknown).mark(value.marks())),
        (Data::Set(_), _) if !value.is_counted() => {
            return Ok(between(1, Some(value.children().count())).mark(value.marks()));
        }
        _ => value.children().count(),
    };
    Ok(Value::from(Number::from(count)).mark(value.marks()))
}

fn unknown_length(unknown: &Unknown) -> Value {
    match unknown.length {
        (Some(least), Some(most)) if least == most => Number::from(least).into(),
        (least, most) => between(least.unwrap_or(0), most),
    }
}

/// An unknown count within bounds.
fn between(least: usize, most: Option<usize>) -> Value {
    let bound = |count| (Number::from(count), true);
    let range = (Some(bound(least)), most.map(bound));
    Value::refined(Unknown { not_null: true, range, ..Unknown::of(Type::Number) })
}

/// Whether two values are equal; `None` while that is unknown.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    left.equals(right).as_bool()
}

fn contains(arguments: &Arguments<'_>) -> Outcome {
    let Some(items) = arguments.value(0).as_items() else {
        return Err("argument must be list, tuple, or set".into());
    };
    let mut uncertain = false;
    for item in items {
        match equal(arguments.value(1), item) {
            Some(true) => return Ok(true.into()),
            Some(false) => {}
            None => uncertain = true,
        }
    }
    Ok(if uncertain { Value::unknown(Type::Bool) } else { false.into() })
}

fn index(arguments: &Arguments<'_>) -> Outcome {
    let items = match arguments.value(0).data() {
        Data::List(list) => &list.items,
        Data::Tuple(items) => &**items,
        _ => return Err("argument must be a list or tuple".into()),
    };
    if items.is_empty() {
        return Err("cannot search an empty list".into());
    }
    for (index, item) in items.iter().enumerate() {
        match equal(item, arguments.value(1)) {
            Some(true) => return Ok(Number::from(index).into()),
            Some(false) => {}
            None => return Ok(Value::unknown(Type::Number)),
        }
    }
    Err("item not found".into())
}

/// The first of all equal elements, in order. A set finds out which elements are equal in less
/// than quadratic time.
fn distinct(arguments: &Arguments<'_>) -> Outcome {
    if !arguments.value(0).is_wholly_known() {
        return Ok(arguments.unknown());
    }
    let items = arguments.items(0);
    let set = Value::set(arguments.element(), items.to_vec());
    if set.children().count() == items.len() {
        return Ok(Value::list(arguments.element(), items.to_vec()));
    }
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.iter().any(|other| equal(other, item) == Some(true)) {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(arguments.element(), kept))
}

fn alltrue(arguments: &Arguments<'_>) -> Outcome {
    for item in arguments.items(0) {
        if !item.is_known() {
            return Ok(Value::unknown(Type::Bool));
        }
        if item.as_bool() != Some(true) {
            return Ok(false.into());
        }
    }
    Ok(true.into())
}

fn anytrue(arguments: &Arguments<'_>) -> Outcome {
    let items = arguments.items(0);
    if items.iter().any(|item| item.as_bool() == Some(true)) {
        return Ok(true.into());
    }
    let unknown = items.iter().any(|item| !item.is_known());
    Ok(if unknown { Value::unknown(Type::Bool) } else { false.into() })
}

fn sum(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.value(0);
    if list.as_entries().is_some() && list.children().next().is_some() {
        let kind = list.kind().friendly_name();
        let message = format!("argument must be list, set, or tuple. Received {kind}");
        return Err(Problem::at(0, message));
    }
    let Some(items) = list.as_items().or(list.as_entries().map(|_| &[][..])) else {
        return Err(Problem::at(0, "cannot sum noniterable"));
    };
    if items.is_empty() {
        return Err(Problem::at(0, "cannot sum an empty list"));
    }
    if !list.is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let refused = || Problem::at(0, "argument must be list, set, or tuple of number values");
    let mut total = Number::ZERO;
    for item in items {
        let number = convert(item, &Type::Number).map_err(|_| refused())?;
        let number = number.as_number().ok_or_else(refused)?;
        total = total.add(number).map_err(|_| "can't compute sum of opposing infinities")?;
    }
    Ok(total.into())
}

fn matchkeys_type(values: &[Value]) -> Result<Type, Problem> {
    match platoform_value::unify(&[values[1].kind(), values[2].kind()]) {
        Some(_) => Ok(values[0].kind()),
        None => Err("keys and searchset must be of the same type".into()),
    }
}

fn matchkeys(arguments: &Arguments<'_>) -> Outcome {
    let [values, keys, wanted] = &arguments.values[..] else { return Ok(arguments.unknown()) };
    let kinds = [keys.kind(), wanted.kind()];
    let Some(common) = platoform_value::unify(&kinds) else {
        return Err("keys and searchset must be of the same type".into());
    };
    if arguments.items(0).len() != arguments.items(1).len() {
        return Err("length of keys and values should be equal".into());
    }
    if wanted.children().next().is_none() {
        return Ok(Value::list(arguments.element(), Vec::new()));
    }
    if !values.is_wholly_known() || !keys.is_wholly_known() {
        return Ok(arguments.unknown());
    }
    let converted = |value| convert(value, &common).map_err(|error| error.to_string());
    let (keys, wanted) = (converted(keys)?, converted(wanted)?);
    let keys = keys.as_items().unwrap_or_default().iter();
    let wanted = wanted.as_items().unwrap_or_default();
    let mut matching = Vec::new();
    for (key, value) in keys.zip(arguments.items(0)) {
        for other in wanted {
            match equal(key, other) {
                Some(true) => {
                    matching.push(value.clone());
                    break;
                }
                Some(false) => {}
                // From the reference: what may or may not match makes nothing match.
                None => return Ok(Value::list(arguments.element(), Vec::new())),
            }
        }
    }
    Ok(Value::list(arguments.element(), matching))
}

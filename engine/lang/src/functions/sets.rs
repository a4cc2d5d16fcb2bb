//! Set operations.

use platoform_value::{Marks, Type, Value, convert, unify};

use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const fn set(name: &'static str) -> Parameter {
    Parameter::of(name, Kind::Set).untyped()
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setunion", &[set("first_set")], Returns::Rule(common_type), |arguments| {
        combine(arguments, true, |sets, _| sets.concat())
    })
    .variadic(set("other_sets")),
    Function::new(
        "setintersection",
        &[set("first_set")],
        Returns::Rule(common_type),
        |arguments| {
            combine(arguments, false, |sets, has| {
                let in_all = |item: &&Value| (1..sets.len()).all(|index| has(index, item));
                sets[0].iter().filter(in_all).cloned().collect()
            })
        },
    )
    .variadic(set("other_sets")),
    Function::new("setsubtract", &[set("a"), set("b")], Returns::Rule(common_type), |arguments| {
        combine(arguments, false, |sets, has| {
            sets[0].iter().filter(|item| !has(1, item)).cloned().collect()
        })
    }),
    Function::new("setproduct", &[], Returns::Rule(product_type), product)
        .variadic(Parameter::any("sets").marked().unknown()),
];

/// A set of the type that the elements of all sets have in common. An empty set of unknown type
/// goes with any other.
fn common_type(values: &[Value]) -> Result<Type, Problem> {
    let mut kinds = Vec::new();
    for value in values {
        let element = value.kind().element().cloned().unwrap_or(Type::Dynamic);
        let empty = value.as_items().is_some_and(<[Value]>::is_empty);
        if !(empty && element == Type::Dynamic) {
            kinds.push(element);
        }
    }
    if kinds.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    let common = unify(&kinds).map(Type::set);
    common.ok_or_else(|| "given sets must all have compatible element types".into())
}

/// Picks from the elements of all sets, with a test whether the set at a position has an element.
type Select = fn(&[Vec<Value>], &dyn Fn(usize, &Value) -> bool) -> Vec<Value>;

/// Converts all sets to the type of the result and combines their elements.
fn combine(arguments: &Arguments<'_>, with_unknown: bool, select: Select) -> Outcome {
    let mut sets = Vec::with_capacity(arguments.values.len());
    for (index, value) in arguments.values.iter().enumerate() {
        let value = convert(value, &arguments.returns)
            .map_err(|error| Problem::at(index, error.message))?;
        if !value.is_known() || !with_unknown && !value.is_wholly_known() {
            return Ok(arguments.unknown());
        }
        sets.push(value.as_items().unwrap_or_default().to_vec());
    }
    let element = arguments.element();
    let texts: Vec<std::collections::HashSet<&str>> =
        sets.iter().map(|set| set.iter().filter_map(Value::as_str).collect()).collect();
    let has = |index: usize, item: &Value| match item.as_str() {
        Some(text) => texts[index].contains(text),
        None => sets[index].contains(item),
    };
    let selected = select(&sets, &has);
    Ok(Value::set(element, selected))
}

/// The most elements that `setproduct` gives.
const LARGEST_PRODUCT: usize = 1 << 20;

fn product_type(values: &[Value]) -> Result<Type, Problem> {
    if values.len() < 2 {
        return Err("at least two arguments are required".into());
    }
    let mut lists = true;
    let mut kinds = Vec::new();
    for (index, value) in values.iter().enumerate() {
        kinds.push(match value.kind() {
            Type::List(element) => (*element).clone(),
            Type::Set(element) => {
                lists = false;
                (*element).clone()
            }
            Type::Tuple(kinds) if kinds.is_empty() => Type::Dynamic,
            Type::Tuple(kinds) => unify(&kinds)
                .ok_or_else(|| Problem::at(index, "all elements must be of the same type"))?,
            _ => return Err(Problem::at(index, "a set or a list is required")),
        });
    }
    let element = Type::tuple(kinds);
    Ok(if lists { Type::list(element) } else { Type::set(element) })
}

fn product(arguments: &Arguments<'_>) -> Outcome {
    let marks = arguments.values.iter().fold(Marks::NONE, |marks, value| marks | value.marks());
    let Type::Tuple(kinds) = arguments.element() else { return Ok(arguments.unknown()) };
    let mut sets = Vec::with_capacity(arguments.values.len());
    // Elements that are not known, and numbers of elements that are not.
    let (mut unknown, mut uncounted) = (false, false);
    for (index, value) in arguments.values.iter().enumerate() {
        match (value.as_items(), value.kind()) {
            (Some(items), _) if value.is_counted() => {
                let converted = items.iter().map(|item| convert(item, &kinds[index]));
                let converted: Result<Vec<_>, _> = converted.collect();
                sets.push(converted.map_err(|error| Problem::at(index, error.message))?);
            }
            (None, Type::Tuple(none)) if none.is_empty() => sets.push(Vec::new()),
            (None, Type::Tuple(_)) => unknown = true,
            _ => uncounted = true,
        }
    }
    if uncounted || unknown && !sets.iter().any(Vec::is_empty) {
        return Ok(arguments.unknown().mark(marks));
    }
    let total = sets.iter().try_fold(1_usize, |total, set| total.checked_mul(set.len()));
    let Some(total) = total.filter(|total| *total <= LARGEST_PRODUCT) else {
        return Err(format!("the result would have more than {LARGEST_PRODUCT} elements").into());
    };
    let pick = |mut number: usize| {
        let mut tuple = Vec::with_capacity(sets.len());
        for set in sets.iter().rev() {
            tuple.push(set[number % set.len()].clone());
            number /= set.len();
        }
        tuple.reverse();
        Value::tuple(tuple)
    };
    Ok(arguments.sequence((0..total).map(pick).collect()).mark(marks))
}

//! Lists, sets and tuples as sequences.

use platoform_value::{Data, Number, Type, Unknown, Value, convert, unify};

use super::arguments::integer;
use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const LIST: Parameter = Parameter::any("list");

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("concat", &[], Returns::Rule(concat_type), concat)
        .variadic(Parameter::any("seqs").marked()),
    Function::new("flatten", &[LIST.marked()], Returns::Rule(flatten_type), flatten),
    Function::new("reverse", &[LIST.marked()], Returns::Rule(reverse_type), reverse),
    Function::new(
        "slice",
        &[LIST.marked(), Parameter::number("start_index"), Parameter::number("end_index")],
        Returns::Rule(slice_type),
        slice,
    ),
    Function::new(
        "chunklist",
        &[Parameter::of("list", Kind::List).marked(), Parameter::number("size").marked()],
        Returns::Rule(|values| Ok(Type::list(values[0].kind()))),
        chunklist,
    ),
    Function::new("compact", &[Parameter::of("list", Kind::Texts)], Returns::TEXTS, compact),
    Function::new("sort", &[Parameter::of("list", Kind::Texts).unknown()], Returns::TEXTS, sort),
    Function::new("range", &[], Returns::Always(Kind::Numbers), range)
        .variadic(Parameter::number("params")),
];

/// The elements of a known list or tuple, each with the marks of the whole on the result instead.
fn elements(value: &Value) -> impl Iterator<Item = Value> {
    value.as_items().unwrap_or_default().iter().cloned()
}

fn concat_type(values: &[Value]) -> Result<Type, Problem> {
    if values.is_empty() {
        return Err("at least one argument is required".into());
    }
    let kinds: Vec<_> = values.iter().map(Value::kind).collect();
    if kinds.iter().all(|kind| matches!(kind, Type::List(_)))
        && let Some(common) = unify(&kinds)
    {
        return Ok(common);
    }
    let mut elements = Vec::new();
    for (index, (value, kind)) in values.iter().zip(&kinds).enumerate() {
        match kind {
            Type::Tuple(kinds) => elements.extend(kinds.iter().cloned()),
            Type::List(element) => match value.as_items() {
                Some(items) => elements.extend(items.iter().map(|_| (**element).clone())),
                None => return Ok(Type::Dynamic),
            },
            _ => {
                let kind = kind.friendly_name();
                let message = format!("all arguments must be lists or tuples; got {kind}");
                return Err(Problem::at(index, message));
            }
        }
    }
    Ok(Type::tuple(elements))
}

fn concat(arguments: &Arguments<'_>) -> Outcome {
    let mut items = Vec::new();
    let mut marks = platoform_value::Marks::NONE;
    for (index, value) in arguments.values.iter().enumerate() {
        marks |= value.marks();
        if matches!(arguments.returns, Type::List(_)) {
            let value = convert(value, &arguments.returns)
                .map_err(|error| Problem::at(index, error.message))?;
            items.extend(elements(&value));
        } else {
            items.extend(elements(value));
        }
    }
    Ok(arguments.sequence(items).mark(marks))
}

fn flatten_type(values: &[Value]) -> Result<Type, Problem> {
    if !values[0].is_wholly_known() {
        return Ok(Type::Dynamic);
    }
    match values[0].kind() {
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => Ok(Type::Dynamic),
        _ => Err("can only flatten lists, sets and tuples".into()),
    }
}

fn flatten(arguments: &Arguments<'_>) -> Outcome {
    let mut flat = Vec::new();
    let mut marks = platoform_value::Marks::NONE;
    let known = gather(arguments.value(0), &mut flat, &mut marks);
    let result = if known { Value::tuple(flat) } else { Value::unknown(Type::Dynamic) };
    Ok(result.mark(marks))
}

/// Adds what is in a sequence, and in the sequences in it; false where one is unknown.
fn gather(value: &Value, flat: &mut Vec<Value>, marks: &mut platoform_value::Marks) -> bool {
    *marks |= value.marks();
    value.is_counted()
        && value.children().all(|item| {
            let unknown = !item.is_known();
            match item.kind() {
                Type::Dynamic if unknown => false,
                Type::List(_) | Type::Set(_) | Type::Tuple(_) if !item.is_null() => {
                    gather(item, flat, marks)
                }
                _ => {
                    flat.push(item.clone());
                    true
                }
            }
        })
}

fn reverse_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::Tuple(kinds) => Ok(Type::tuple(kinds.iter().rev().cloned().collect())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element)),
        kind => {
            let kind = kind.friendly_name();
            Err(Problem::at(0, format!("can only reverse list or tuple values, not {kind}")))
        }
    }
}

fn reverse(arguments: &Arguments<'_>) -> Outcome {
    let items = arguments.items(0).iter().rev().cloned().collect();
    Ok(arguments.sequence(items).mark(arguments.value(0).marks()))
}

fn slice_type(values: &[Value]) -> Result<Type, Problem> {
    let kind = values[0].kind();
    let kinds = match &kind {
        Type::Set(_) => {
            let message = "cannot slice a set, because its elements do not have indices; \
                           explicitly convert to a list if the ordering of the result is not \
                           important";
            return Err(Problem::at(0, message));
        }
        Type::Tuple(kinds) => Some(kinds.clone()),
        Type::List(_) => None,
        _ => return Err(Problem::at(0, "must be a list or tuple value")),
    };
    let length = kinds.as_ref().map(|kinds| kinds.len());
    let length = length.or_else(|| values[0].as_items().map(<[Value]>::len));
    let (start, end) = slice_bounds(values, length)?;
    Ok(match (kinds, start, end) {
        (None, ..) => kind,
        (Some(kinds), Some(start), Some(end)) => Type::tuple(kinds[start..end].to_vec()),
        _ => Type::Dynamic,
    })
}

fn slice_bounds(
    values: &[Value],
    length: Option<usize>,
) -> Result<(Option<usize>, Option<usize>), Problem> {
    let bound = |index: usize, name: &str| {
        let value = &values[index];
        if !value.is_known() {
            return Ok(None);
        }
        let position = integer(value)
            .map_err(|error| Problem::at(index, format!("invalid {name} index: {error}")))?;
        let position = usize::try_from(position)
            .map_err(|_| Problem::at(index, format!("{name} index must not be less than zero")))?;
        if length.is_some_and(|length| position > length) {
            let message = format!("{name} index must not be greater than the length of the list");
            return Err(Problem::at(index, message));
        }
        Ok(Some(position))
    };
    let (start, end) = (bound(1, "start")?, bound(2, "end")?);
    match (start, end) {
        (Some(start), Some(end)) if start > end => {
            Err(Problem::at(1, "start index must not be greater than end index"))
        }
        bounds => Ok(bounds),
    }
}

fn slice(arguments: &Arguments<'_>) -> Outcome {
    let items = arguments.items(0);
    let bounds = slice_bounds(&arguments.values, Some(items.len()))?;
    let (Some(start), Some(end)) = bounds else { return Ok(arguments.unknown()) };
    Ok(arguments.sequence(items[start..end].to_vec()).mark(arguments.value(0).marks()))
}

fn chunklist(arguments: &Arguments<'_>) -> Outcome {
    let (list, size) = (arguments.value(0), arguments.value(1));
    let marks = list.marks() | size.marks();
    let size = integer(size).map_err(|error| format!("invalid size: {error}"))?;
    let size = usize::try_from(size).map_err(|_| "the size argument must be positive")?;
    let items = arguments.items(0);
    let size = if size == 0 { items.len().max(1) } else { size };
    let inner = list.kind().element().cloned().unwrap_or(Type::Dynamic);
    let chunks = items.chunks(size).map(|chunk| Value::list(inner.clone(), chunk.to_vec()));
    Ok(Value::list(arguments.element(), chunks.collect()).mark(marks))
}

fn compact(arguments: &Arguments<'_>) -> Outcome {
    if !arguments.value(0).is_wholly_known() {
        return Ok(arguments.unknown());
    }
    let kept =
        arguments.items(0).iter().filter(|item| item.as_str().is_some_and(|text| !text.is_empty()));
    Ok(Value::list(Type::String, kept.cloned().collect()))
}

fn sort(arguments: &Arguments<'_>) -> Outcome {
    if let Data::Unknown(unknown) = arguments.value(0).data() {
        let kind = Type::list(Type::String);
        let length = unknown.length;
        return Ok(Value::refined(Unknown { not_null: true, length, ..Unknown::of(kind) }));
    }
    let items = arguments.items(0);
    if !arguments.value(0).is_wholly_known() {
        // Any element may come first, but it is known how many there are.
        let unknown = crate::eval::not_null(Type::String);
        return Ok(Value::list(Type::String, vec![unknown; items.len()]));
    }
    if let Some(index) = items.iter().position(Value::is_null) {
        let message = format!("given list element {index} is null; a null string cannot be sorted");
        return Err(message.into());
    }
    let mut sorted = items.to_vec();
    sorted.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    Ok(Value::list(Type::String, sorted))
}

/// The most numbers that `range` gives.
const LONGEST_RANGE: usize = 1024;

fn range(arguments: &Arguments<'_>) -> Outcome {
    let (zero, up, down) = (Number::ZERO, Number::from(1_i64), Number::from(-1_i64));
    let direction = |start: &Number, end: &Number| if end < start { &down } else { &up };
    let (start, end, step) = match arguments.values.len() {
        1 => (&zero, arguments.number(0), direction(&zero, arguments.number(0))),
        2 => {
            let (start, end) = (arguments.number(0), arguments.number(1));
            (start, end, direction(start, end))
        }
        3 => (arguments.number(0), arguments.number(1), arguments.number(2)),
        _ => return Err("must have one, two, or three arguments".into()),
    };
    let falling = step.is_negative();
    if falling && end > start {
        return Err(Problem::at(1, "end must be less than start when step is negative"));
    }
    if !falling && end < start {
        return Err(Problem::at(1, "end must be greater than start when step is positive"));
    }
    let mut numbers = Vec::new();
    let mut next = start.clone();
    while if falling { next > *end } else { next < *end } {
        if numbers.len() >= LONGEST_RANGE {
            return Err("more than 1024 values were generated; either decrease the difference \
                        between start and end or use a smaller step"
                .into());
        }
        numbers.push(Value::from(next.clone()));
        next = next.add(step).map_err(|error| error.to_string())?;
    }
    Ok(Value::list(Type::Number, numbers))
}

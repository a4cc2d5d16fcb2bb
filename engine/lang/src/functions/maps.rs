//! Maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_value::{Data, Entries, Marks, Type, Value, convert, quoted};

use super::{Arguments, Function, Kind, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "keys",
        &[Parameter::any("inputMap").unknown().marked()],
        Returns::Rule(keys_type),
        keys,
    ),
    Function::new(
        "values",
        &[Parameter::any("mapping").marked()],
        Returns::Rule(values_type),
        values,
    ),
    Function::new(
        "lookup",
        &[Parameter::any("inputMap").unknown().marked(), Parameter::text("key").unknown().marked()],
        Returns::Rule(lookup_type),
        lookup,
    )
    .variadic(Parameter::any("default").unknown().untyped().null().marked())
    .nullable(),
    Function::new("merge", &[], Returns::Rule(merge_type), merge)
        .variadic(Parameter::any("maps").untyped().null().marked()),
    Function::new(
        "zipmap",
        &[Parameter::of("keys", Kind::Texts).marked(), Parameter::any("values").marked()],
        Returns::Rule(zipmap_type),
        zipmap,
    ),
    Function::new(
        "transpose",
        &[Parameter::of("values", Kind::TextLists)],
        Returns::Always(Kind::TextLists),
        transpose,
    ),
];

fn keys_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(vec![Type::String; object.attributes.len()])),
        _ => Err(Problem::at(0, "must have map or object type")),
    }
}

fn keys(arguments: &Arguments<'_>) -> Outcome {
    let map = arguments.value(0);
    let text = |name: &Arc<str>| Value::string(name.clone());
    let names: Vec<Value> = match (map.kind(), map.as_entries()) {
        // The names of an unknown object's attributes are known.
        (Type::Object(object), _) => object.attributes.keys().map(text).collect(),
        (_, Some(entries)) => entries.keys().map(text).collect(),
        (_, None) => return Ok(arguments.unknown().mark(map.marks())),
    };
    Ok(arguments.sequence(names).mark(map.marks()))
}

fn values_type(values: &[Value]) -> Result<Type, Problem> {
    match values[0].kind() {
        Type::Map(element) => Ok(Type::List(element)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.values().cloned().collect())),
        _ => Err("values() requires a map as the first argument".into()),
    }
}

fn values(arguments: &Arguments<'_>) -> Outcome {
    let map = arguments.value(0);
    Ok(arguments.sequence(map.children().cloned().collect()).mark(map.marks()))
}

fn lookup_type(values: &[Value]) -> Result<Type, Problem> {
    if values.len() > 3 {
        let given = values.len();
        return Err(format!("lookup() takes two or three arguments, got {given}").into());
    }
    let default = values.get(2);
    match values[0].kind() {
        Type::Object(object) => {
            let Some(key) = values[1].as_str() else { return Ok(Type::Dynamic) };
            match (object.attributes.get(key), default) {
                (Some(kind), _) => Ok(kind.clone()),
                (None, Some(default)) => Ok(default.kind()),
                (None, None) => Err(Problem::at(
                    0,
                    format!("the given object has no attribute {key}", key = quoted(key)),
                )),
            }
        }
        Type::Map(element) => {
            if default.is_some_and(|default| convert(default, &element).is_err()) {
                let message = "the default value must have the same type as the map elements";
                return Err(Problem::at(2, message));
            }
            Ok((*element).clone())
        }
        _ => Err(Problem::at(0, "lookup() requires a map as the first argument")),
    }
}

fn lookup(arguments: &Arguments<'_>) -> Outcome {
    let (map, key) = (arguments.value(0), arguments.value(1));
    let marks = map.marks() | key.marks();
    let (Some(entries), Some(name)) = (map.as_entries(), key.as_str()) else {
        return Ok(arguments.unknown().mark(marks));
    };
    if let Some(found) = entries.get(name) {
        return Ok(found.clone().mark(marks));
    }
    match arguments.values.get(2) {
        Some(default) => {
            let default = convert(default, &arguments.returns)
                .map_err(|error| Problem::at(2, error.message))?;
            Ok(default.mark(marks))
        }
        None => {
            Err(Problem::from(format!("lookup failed to find key {name}", name = quoted(name)))
                .discreetly("lookup failed to find key (sensitive value)"))
        }
    }
}

fn merge_type(values: &[Value]) -> Result<Type, Problem> {
    let mut attributes = BTreeMap::new();
    let mut complete = true;
    for value in values {
        match (value.kind(), value.as_entries()) {
            (Type::Dynamic, _) => return Ok(Type::Dynamic),
            (Type::Object(object), _) if !value.is_null() => {
                attributes.extend(object.attributes.clone());
            }
            (Type::Map(element), Some(entries)) => {
                attributes.extend(entries.keys().map(|name| (name.clone(), (*element).clone())));
            }
            (Type::Map(_), None) if !value.is_null() => complete = false,
            (Type::Map(_) | Type::Object(_), _) => {}
            (kind, _) => {
                let kind = kind.friendly_name();
                return Err(format!("arguments must be maps or objects, got {kind:?}").into());
            }
        }
    }
    let mut kinds = values.iter().map(Value::kind);
    Ok(match kinds.next() {
        Some(first) if kinds.all(|kind| kind == first) => first,
        _ if !complete => Type::Dynamic,
        _ => Type::object(attributes),
    })
}

fn merge(arguments: &Arguments<'_>) -> Outcome {
    let present = arguments.values.iter().filter(|value| !value.is_null());
    // Beside null of no type the types of the others were not looked at. From the reference: there
    // a text in a set is a key and its value at once.
    let texts = |value: &Value| match value.data() {
        Data::Set(set) if set.element == Type::String => set.items.clone(),
        _ => Vec::new(),
    };
    let is_odd = |value: &Value| {
        value.as_entries().is_none()
            && value.as_items().is_none_or(|items| items.len() > texts(value).len())
    };
    if let Some(odd) = present.clone().find(|value| is_odd(value)) {
        let kind = odd.kind().friendly_name();
        return Err(format!("arguments must be maps or objects, got {kind:?}").into());
    }
    let marks = present.fold(Marks::NONE, |marks, value| marks | value.marks());
    let pairs = arguments.values.iter().flat_map(|value| {
        let entries = value.as_entries().into_iter().flat_map(Entries::iter);
        let entries = entries.map(|(name, value)| (name.clone(), value.clone()));
        let texts = texts(value).into_iter();
        entries.chain(texts.filter_map(|text| Some((text.as_str()?.into(), text))))
    });
    let merged: Entries = pairs.collect();
    let result = match &arguments.returns {
        Type::Map(element) => Value::map((**element).clone(), merged),
        _ => Value::object(merged),
    };
    Ok(result.mark(marks))
}

/// The keys as text, one for each of so many values; `None` while one is unknown.
fn key_names(keys: &Value, values: usize) -> Result<Option<Vec<Arc<str>>>, Problem> {
    if !keys.is_wholly_known() {
        return Ok(None);
    }
    let keys = keys.as_items().unwrap_or_default();
    if keys.len() != values {
        let keys = keys.len();
        let message = format!("number of keys ({keys}) does not match number of values ({values})");
        return Err(message.into());
    }
    let items = keys.iter().enumerate();
    let names = items.map(|(index, key)| {
        let missing = || Problem::from(format!("keys list has null value at index {index}"));
        key.as_str().map(Arc::from).ok_or_else(missing)
    });
    names.collect::<Result<_, _>>().map(Some)
}

fn zipmap_type(values: &[Value]) -> Result<Type, Problem> {
    match values[1].kind() {
        Type::List(element) => Ok(Type::Map(element)),
        Type::Tuple(kinds) => {
            let Some(names) = key_names(&values[0], kinds.len())? else {
                return Ok(Type::Dynamic);
            };
            Ok(Type::object(names.into_iter().zip(kinds.iter().cloned())))
        }
        _ => Err("values argument must be a list or tuple value".into()),
    }
}

fn zipmap(arguments: &Arguments<'_>) -> Outcome {
    let (keys, values) = (arguments.value(0), arguments.items(1));
    // A key has no marks of its own: they go to the whole.
    let marks = keys.deep_marks() | arguments.value(1).marks();
    let Some(names) = key_names(keys, values.len())? else {
        return Ok(arguments.unknown().mark(marks));
    };
    let entries: Entries = names.into_iter().zip(values.iter().cloned()).collect();
    let result = match &arguments.returns {
        Type::Map(element) => Value::map((**element).clone(), entries),
        _ => Value::object(entries),
    };
    Ok(result.mark(marks))
}

fn transpose(arguments: &Arguments<'_>) -> Outcome {
    let map = arguments.value(0);
    if !map.is_wholly_known() {
        return Ok(arguments.unknown());
    }
    let mut inverse: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (name, list) in map.as_entries().into_iter().flat_map(Entries::iter) {
        if list.is_null() {
            return Err("input must not contain null list".into());
        }
        for item in list.children() {
            let Some(text) = item.as_str() else {
                return Err(Problem::at(0, "input must not contain null values"));
            };
            inverse.entry(text.into()).or_default().push(Value::string(name.clone()));
        }
    }
    let lists = inverse.into_iter().map(|(name, names)| (name, Value::list(Type::String, names)));
    Ok(Value::map(Type::list(Type::String), lists.collect()))
}

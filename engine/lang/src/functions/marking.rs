//! Functions about marks.

use platoform_value::{Data, Marks, Type, Value};

use super::{Arguments, Function, Parameter, Problem, Returns};

const VALUE: Parameter = Parameter::any("value").null().unknown().untyped().marked();

pub(super) const FUNCTIONS: &[Function] = &[
    marking("sensitive", |arguments| Ok(arguments.value(0).clone().mark(Marks::SENSITIVE))),
    marking("nonsensitive", |arguments| {
        let value = arguments.value(0).clone();
        let kept = value.marks().without(Marks::SENSITIVE);
        Ok(value.unmark().mark(kept))
    }),
    marking("ephemeralasnull", |arguments| {
        Ok(arguments.value(0).clone().map_deep(&mut ephemeral_as_null))
    }),
    Function::new("issensitive", &[VALUE], Returns::BOOL, issensitive).nullable(),
];

const fn marking(
    name: &'static str,
    body: fn(&Arguments<'_>) -> Result<Value, Problem>,
) -> Function {
    Function::new(name, &[VALUE], Returns::Result, body).nullable()
}

/// An unknown value may yet become sensitive.
fn issensitive(arguments: &Arguments<'_>) -> Result<Value, Problem> {
    let value = arguments.value(0);
    let sensitive = value.marks().contains(Marks::SENSITIVE);
    if !sensitive && !value.is_known() {
        return Ok(Value::unknown(Type::Bool));
    }
    Ok(sensitive.into())
}

fn ephemeral_as_null(value: Value) -> Value {
    if !value.marks().contains(Marks::EPHEMERAL) {
        return value;
    }
    let marks = value.marks().without(Marks::EPHEMERAL);
    let replaced = match value.data() {
        // Its type may still become more precise, so it stays unknown.
        Data::Unknown(unknown) => Value::unknown(unknown.kind.clone()),
        _ => Value::null(value.kind()),
    };
    replaced.mark(marks)
}

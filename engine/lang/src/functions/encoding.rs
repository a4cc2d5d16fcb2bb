//! Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_value::Value;

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64encode", &[Parameter::text("str")], Returns::TEXT, |arguments| {
        Ok(STANDARD.encode(arguments.text(0)).into())
    }),
    Function::new("base64decode", &[Parameter::text("str").marked()], Returns::TEXT, base64decode),
];

fn base64decode(arguments: &Arguments<'_>) -> Outcome {
    let (text, marks) = (arguments.text(0), arguments.value(0).marks());
    // Line breaks are allowed anywhere, as in the reference.
    let compact = text.replace(['\r', '\n'], "");
    let Ok(bytes) = STANDARD.decode(compact) else {
        return Err(Problem::from(format!("failed to decode base64 data {text:?}"))
            .discreetly("failed to decode base64 data (sensitive value)"));
    };
    match String::from_utf8(bytes) {
        Ok(decoded) => Ok(Value::from(decoded).mark(marks)),
        Err(_) => Err("the result of decoding the provided string is not valid UTF-8".into()),
    }
}

//! UUIDs and password digests.

use platoform_value::{Type, Value, quoted};
use uuid::Uuid;

use super::arguments::integer;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("uuid", &[], Returns::TEXT, |arguments| {
        let random = arguments.context.volatile.map(|volatile| volatile.random());
        let text = random.map(|bytes| Uuid::from_bytes(bytes).hyphenated().to_string().into());
        Ok(text.unwrap_or_else(|| Value::unknown(Type::String)))
    }),
    Function::new(
        "uuidv5",
        &[Parameter::text("namespace"), Parameter::text("name")],
        Returns::TEXT,
        uuidv5,
    ),
    Function::new("bcrypt", &[Parameter::text("str")], Returns::TEXT, bcrypt)
        .variadic(Parameter::number("cost")),
];

fn uuidv5(arguments: &Arguments<'_>) -> Outcome {
    let namespace = match arguments.text(0) {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        text => parsed(text).map_err(|why| {
            Problem::from(format!("uuidv5() doesn't support namespace {text} ({why})"))
        })?,
    };
    Ok(Uuid::new_v5(&namespace, arguments.text(1).as_bytes()).hyphenated().to_string().into())
}

/// A UUID in one of its four forms, which their lengths tell apart.
fn parsed(text: &str) -> Result<Uuid, String> {
    const INVALID: &str = "invalid UUID format";
    let digits = match text.len() {
        36 | 32 => text,
        45 => {
            let (prefix, digits) = text.split_at_checked(9).ok_or(INVALID)?;
            if !prefix.eq_ignore_ascii_case("urn:uuid:") {
                return Err(format!("invalid urn prefix: {prefix}", prefix = quoted(prefix)));
            }
            digits
        }
        38 => text.get(1..37).ok_or(INVALID)?,
        length => return Err(format!("invalid UUID length: {length}")),
    };
    Uuid::try_parse(digits).map_err(|_| INVALID.into())
}

/// What is taken where no cost is given, or one below the least there is.
const DEFAULT_COST: i64 = 10;
const LEAST_COST: i64 = 4;
const GREATEST_COST: i64 = 31;
/// The greatest cost that this computes, in about a minute. Each one more takes twice the time.
const COST_LIMIT: i64 = 20;
/// Longest text, in bytes.
const LONGEST_PASSWORD: usize = 72;

fn bcrypt(arguments: &Arguments<'_>) -> Outcome {
    let cost = match &arguments.values[1..] {
        [] => DEFAULT_COST,
        [cost] => integer(cost)?,
        _ => return Err("bcrypt() takes no more than two arguments".into()),
    };
    let Some(volatile) = arguments.context.volatile else {
        return Ok(Value::unknown(Type::String));
    };
    let refused = |why: String| format!("error occured generating password {why}");
    let password = arguments.text(0);
    if password.len() > LONGEST_PASSWORD {
        return Err(refused("bcrypt: password length exceeds 72 bytes".into()).into());
    }
    if cost > GREATEST_COST {
        let why = format!("crypto/bcrypt: cost {cost} is outside allowed range (4,31)");
        return Err(refused(why).into());
    }
    let cost = if cost < LEAST_COST { DEFAULT_COST } else { cost };
    let Some(cost) = u32::try_from(cost).ok().filter(|_| cost <= COST_LIMIT) else {
        return Err(
            format!("a cost of {cost} would take hours; the greatest is {COST_LIMIT}").into()
        );
    };
    let parts = bcrypt::hash_with_salt(password, cost, volatile.random());
    let parts = parts.map_err(|error| refused(error.to_string()))?;
    Ok(parts.format_for_version(bcrypt::Version::TwoA).into())
}

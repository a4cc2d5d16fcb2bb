//! Base64, gzip and URL encoding.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use platoform_value::{Value, quoted};

use super::deflate::compress;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64encode", &[Parameter::text("str")], Returns::TEXT, |arguments| {
        Ok(STANDARD.encode(arguments.text(0)).into())
    }),
    Function::new("base64decode", &[Parameter::text("str").marked()], Returns::TEXT, base64decode),
    Function::new("base64gzip", &[Parameter::text("str")], Returns::TEXT, |arguments| {
        Ok(STANDARD.encode(gzip(arguments.text(0).as_bytes())).into())
    }),
    Function::new("urlencode", &[Parameter::text("str")], Returns::TEXT, |arguments| {
        let encoded = utf8_percent_encode(arguments.text(0), QUERY).to_string();
        Ok(encoded.replace("%20", "+").into())
    }),
];

/// What is encoded in the query of a URL.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Head of a [gzip](https://www.rfc-editor.org/rfc/rfc1952) file: deflate, no name, no time, made
/// on an unknown system.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = GZIP_HEAD.to_vec();
    file.extend(compress(bytes));
    file.extend(crc32fast::hash(bytes).to_le_bytes());
    // The format has the length modulo 2³² here.
    #[expect(clippy::cast_possible_truncation, reason = "modulo 2³²")]
    file.extend((bytes.len() as u32).to_le_bytes());
    file
}

fn base64decode(arguments: &Arguments<'_>) -> Outcome {
    let (text, marks) = (arguments.text(0), arguments.value(0).marks());
    // Line breaks are allowed anywhere, as in the reference.
    let compact = text.replace(['\r', '\n'], "");
    let Ok(bytes) = STANDARD.decode(compact) else {
        return Err(Problem::from(format!(
            "failed to decode base64 data {text}",
            text = quoted(text)
        ))
        .discreetly("failed to decode base64 data (sensitive value)"));
    };
    match String::from_utf8(bytes) {
        Ok(decoded) => Ok(Value::from(decoded).mark(marks)),
        Err(_) => Err("the result of decoding the provided string is not valid UTF-8".into()),
    }
}

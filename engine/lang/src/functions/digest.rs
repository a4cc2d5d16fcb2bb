//! Digests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use platoform_value::Value;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};

use super::files::raw;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

const STR: &[Parameter] = &[Parameter::text("str")];
const PATH: &[Parameter] = &[Parameter::text("path")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("md5", STR, Returns::TEXT, |arguments| hex::<Md5>(text(arguments))),
    Function::new("sha1", STR, Returns::TEXT, |arguments| hex::<Sha1>(text(arguments))),
    Function::new("sha256", STR, Returns::TEXT, |arguments| hex::<Sha256>(text(arguments))),
    Function::new("sha512", STR, Returns::TEXT, |arguments| hex::<Sha512>(text(arguments))),
    Function::new("base64sha256", STR, Returns::TEXT, |arguments| {
        base64::<Sha256>(text(arguments))
    }),
    Function::new("base64sha512", STR, Returns::TEXT, |arguments| {
        base64::<Sha512>(text(arguments))
    }),
    Function::new("filemd5", PATH, Returns::TEXT, |arguments| hex::<Md5>(&raw(arguments)?)),
    Function::new("filesha1", PATH, Returns::TEXT, |arguments| hex::<Sha1>(&raw(arguments)?)),
    Function::new("filesha256", PATH, Returns::TEXT, |arguments| hex::<Sha256>(&raw(arguments)?)),
    Function::new("filesha512", PATH, Returns::TEXT, |arguments| hex::<Sha512>(&raw(arguments)?)),
    Function::new("filebase64sha256", PATH, Returns::TEXT, |arguments| {
        base64::<Sha256>(&raw(arguments)?)
    }),
    Function::new("filebase64sha512", PATH, Returns::TEXT, |arguments| {
        base64::<Sha512>(&raw(arguments)?)
    }),
];

fn text<'a>(arguments: &'a Arguments<'_>) -> &'a [u8] {
    arguments.text(0).as_bytes()
}

fn hex<D: Digest>(bytes: &[u8]) -> Outcome {
    let digest = D::digest(bytes);
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

fn base64<D: Digest>(bytes: &[u8]) -> Outcome {
    Ok(STANDARD.encode(D::digest(bytes)).into())
}

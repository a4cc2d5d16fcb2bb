//! Values of options.

use std::time::Duration;

/// Most calls at the same time that can be asked for.
const PARALLELISM_LIMIT: usize = 1000;

/// A truth value as Terraform reads it.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("expected `true` or `false`".into()),
    }
}

/// A duration such as `10s` or `1m30s`.
pub fn duration(text: &str) -> Result<Duration, String> {
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    humantime::parse_duration(text)
        .map_err(|_| "expected a duration such as `10s` or `1m30s`".to_owned())
}

/// How many calls may run at the same time.
pub fn parallelism(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=PARALLELISM_LIMIT).contains(number));
    number.ok_or_else(|| format!("expected a number from 1 to {PARALLELISM_LIMIT}"))
}

/// Digits of a plan's digest.
const DIGEST_LENGTH: usize = 64;

/// The digest of a plan.
pub fn digest(text: &str) -> Result<String, String> {
    let digits = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if digits && text.len() == DIGEST_LENGTH {
        return Ok(text.to_owned());
    }
    Err(format!("expected the {DIGEST_LENGTH} hexadecimal digits that `plan -out=FILE` shows"))
}

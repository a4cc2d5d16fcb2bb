//! What an Engine's errors mean.

use bollard::errors::Error;
use platoform_provider::{Failure, FailureClass, Problem};

use crate::connect::causes;

/// The HTTP status of an Engine's refusal.
pub fn status(error: &Error) -> Option<u16> {
    match error {
        Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// Whether what was asked for is not there.
pub fn is_missing(error: &Error) -> bool {
    status(error) == Some(404)
}

/// The Engine's own words, or what went wrong on the way to it.
pub fn reason(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { message, .. } if !message.trim().is_empty() => {
            message.trim().to_owned()
        }
        Error::RequestTimeoutError => "the Engine did not answer in time".to_owned(),
        Error::DockerStreamError { error } => error.trim().to_owned(),
        other => causes(other),
    }
}

/// What is known of the effect of a request that should change something.
///
/// Refusals (4xx) come before any effect. After an Engine's internal error, a timeout or a broken
/// connection, nobody knows.
pub fn class(error: &Error) -> FailureClass {
    match error {
        Error::DockerResponseServerError { status_code: 400..=499, .. } => FailureClass::Fail,
        Error::HyperLegacyError { err } if err.is_connect() => FailureClass::Fail,
        Error::URLEncodedError { .. }
        | Error::URLParseError { .. }
        | Error::InvalidURIError { .. }
        | Error::JsonSerdeError { .. }
        | Error::HttpClientError { .. } => FailureClass::Fail,
        _ => FailureClass::Unknown,
    }
}

/// The failure of a request that should change something; `what` is the headline, e.g.
/// "Container cannot be created".
pub fn changing(what: &str, error: &Error) -> Failure {
    Failure { class: class(error), problems: vec![Problem::error(what, reason(error))] }
}

/// The failure of a request that only asked.
pub fn asking(what: &str, error: &Error) -> Problem {
    Problem::error(what, reason(error))
}

/// The failure of a create whose name is taken.
pub fn taken(noun: &str, name: &str) -> Failure {
    let detail = format!(
        "There is a {noun} `{name}` that was not made from this configuration, and nothing is taken over by its name. Choose another name, or remove what is there"
    );
    Failure::fail(Problem::error(format!("The name of the {noun} is taken"), detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status_code: u16) -> Error {
        Error::DockerResponseServerError { status_code, message: "no".into() }
    }

    #[test]
    fn only_refusals_are_known_to_have_no_effect() {
        assert_eq!(class(&refusal(409)), FailureClass::Fail);
        assert_eq!(class(&refusal(500)), FailureClass::Unknown);
        assert_eq!(class(&Error::RequestTimeoutError), FailureClass::Unknown);
        assert!(is_missing(&refusal(404)) && !is_missing(&refusal(400)));
    }
}

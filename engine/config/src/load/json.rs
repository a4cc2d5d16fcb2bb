//! The language's blocks as JSON syntax has them: which properties are arguments, which are blocks,
//! and what texts in them mean.

use platoform_lang::json::{
    Form::{Expression, Literal, Reference, References, Requirement, Template},
    Rest, Shape,
};

/// A whole file.
pub(super) const FILE: Shape = Shape {
    attributes: &[],
    blocks: &[
        ("terraform", &[], &SETTINGS),
        ("platoform", &[], &SETTINGS),
        ("required_providers", &[], &REQUIRED_PROVIDERS),
        ("provider", &["name"], &PROVIDER),
        ("variable", &["name"], &VARIABLE),
        ("locals", &[], &LOCALS),
        ("output", &["name"], &OUTPUT),
        ("module", &["name"], &MODULE),
        ("resource", &["type", "name"], &RESOURCE),
        ("data", &["type", "name"], &RESOURCE),
        ("ephemeral", &["type", "name"], &RESOURCE),
        ("moved", &[], &MOVED),
        ("removed", &[], &REMOVED),
        ("import", &[], &IMPORT),
        ("check", &["name"], &CHECK),
    ],
    rest: Rest::Refused,
};

/// A file of values for variables.
pub(crate) const VALUES: Shape =
    Shape { attributes: &[], blocks: &[], rest: Rest::Attributes(Literal) };

const SETTINGS: Shape = Shape {
    attributes: &[
        ("required_version", Literal),
        ("experiments", Reference),
        ("language", Reference),
    ],
    blocks: &[
        ("required_providers", &[], &REQUIRED_PROVIDERS),
        ("backend", &["type"], &BACKEND),
        ("cloud", &[], &BACKEND),
        ("provider_meta", &["provider"], &Shape::DEFERRED),
    ],
    rest: Rest::Refused,
};

const REQUIRED_PROVIDERS: Shape =
    Shape { attributes: &[], blocks: &[], rest: Rest::Attributes(Requirement) };

const BACKEND: Shape = Shape {
    attributes: &[],
    blocks: &[("workspaces", &[], &VALUES)],
    rest: Rest::Attributes(Literal),
};

const PROVIDER: Shape = Shape {
    attributes: &[
        ("alias", Literal),
        ("version", Literal),
        ("count", Template),
        ("depends_on", Reference),
        ("for_each", Template),
        ("source", Literal),
    ],
    blocks: &[
        ("lifecycle", &[], &Shape::DEFERRED),
        ("locals", &[], &Shape::DEFERRED),
        ("_", &[], &Shape::DEFERRED),
    ],
    rest: Rest::Deferred,
};

const VARIABLE: Shape = Shape {
    attributes: &[
        ("description", Literal),
        ("default", Literal),
        ("type", Reference),
        ("sensitive", Literal),
        ("nullable", Literal),
        ("ephemeral", Literal),
    ],
    blocks: &[("validation", &[], &CONDITION)],
    rest: Rest::Refused,
};

const CONDITION: Shape = Shape {
    attributes: &[("condition", Template), ("error_message", Template)],
    blocks: &[],
    rest: Rest::Refused,
};

const LOCALS: Shape = Shape { attributes: &[], blocks: &[], rest: Rest::Attributes(Template) };

const OUTPUT: Shape = Shape {
    attributes: &[
        ("description", Literal),
        ("value", Template),
        ("sensitive", Literal),
        ("ephemeral", Literal),
        ("depends_on", Reference),
    ],
    blocks: &[("precondition", &[], &CONDITION), ("postcondition", &[], &CONDITION)],
    rest: Rest::Refused,
};

const MODULE: Shape = Shape {
    attributes: &[
        ("source", Template),
        ("version", Template),
        ("count", Template),
        ("for_each", Template),
        ("depends_on", Reference),
        ("providers", References),
    ],
    blocks: &[
        ("lifecycle", &[], &LIFECYCLE),
        ("locals", &[], &Shape::DEFERRED),
        ("provider", &["type"], &Shape::DEFERRED),
        ("_", &[], &LOCALS),
    ],
    rest: Rest::Attributes(Template),
};

const RESOURCE: Shape = Shape {
    attributes: &[
        ("count", Template),
        ("for_each", Template),
        ("provider", Reference),
        ("depends_on", Reference),
    ],
    blocks: &[
        ("locals", &[], &Shape::DEFERRED),
        ("lifecycle", &[], &LIFECYCLE),
        ("connection", &[], &LOCALS),
        ("provisioner", &["type"], &PROVISIONER),
        ("_", &[], &Shape::DEFERRED),
    ],
    rest: Rest::Deferred,
};

const LIFECYCLE: Shape = Shape {
    attributes: &[
        ("create_before_destroy", Literal),
        ("prevent_destroy", Template),
        ("ignore_changes", Reference),
        ("replace_triggered_by", Expression),
        ("enabled", Template),
        ("destroy", Template),
    ],
    blocks: &[("precondition", &[], &CONDITION), ("postcondition", &[], &CONDITION)],
    rest: Rest::Refused,
};

const PROVISIONER: Shape = Shape {
    attributes: &[("when", Reference), ("on_failure", Reference)],
    blocks: &[
        ("connection", &[], &LOCALS),
        ("lifecycle", &[], &Shape::DEFERRED),
        ("_", &[], &LOCALS),
    ],
    rest: Rest::Attributes(Template),
};

const MOVED: Shape = Shape {
    attributes: &[("from", Reference), ("to", Reference)],
    blocks: &[],
    rest: Rest::Refused,
};

const REMOVED: Shape = Shape {
    attributes: &[("from", Reference)],
    blocks: &[
        ("lifecycle", &[], &LIFECYCLE),
        ("connection", &[], &LOCALS),
        ("provisioner", &["type"], &PROVISIONER),
    ],
    rest: Rest::Refused,
};

const IMPORT: Shape = Shape {
    attributes: &[
        ("provider", Reference),
        ("to", Expression),
        ("id", Template),
        ("identity", Template),
        ("for_each", Template),
    ],
    blocks: &[],
    rest: Rest::Refused,
};

const CHECK: Shape = Shape {
    attributes: &[],
    blocks: &[("data", &["type", "name"], &RESOURCE), ("assert", &[], &CONDITION)],
    rest: Rest::Refused,
};

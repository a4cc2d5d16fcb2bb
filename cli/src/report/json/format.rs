//! Versions of the formats, as far as clients tell them apart.

/// Of `validate -json`.
pub const VALIDATION: &str = "1.0";
/// Of the event streams of `init`, `plan`, `apply` and `destroy`.
pub const STREAM: &str = "1.2";

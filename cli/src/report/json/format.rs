//! Versions of the formats, as far as clients tell them apart.

/// Of `validate -json`.
pub const VALIDATION: &str = "1.0";
/// Of the event streams of `init`, `plan`, `apply` and `destroy`.
pub const STREAM: &str = "1.2";
/// Of `show -json FILE`.
pub const PLAN: &str = "1.2";
/// Of `show -json`.
pub const STATE: &str = "1.0";
/// Of `state pull`.
pub const STATE_FILE: u32 = 4;

//! Room for recursion.

/// What one level of recursion may take, in bytes, in a build without optimisation.
const RED_ZONE: usize = 128 << 10;
/// What is added when less than that is left, in bytes.
const SEGMENT: usize = 2 << 20;

/// Runs something that may call itself again through here, on a stack that has room for it.
pub(crate) fn with_stack<R>(run: impl FnOnce() -> R) -> R {
    stacker::maybe_grow(RED_ZONE, SEGMENT, run)
}

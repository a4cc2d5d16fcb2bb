//! A plan as one page: it needs nothing but itself, and a browser need not trust it.
//!
//! *Invariants:* all text is escaped; the policy of the page allows its own style and script by
//! their digests, and nothing else.

mod page;
mod parts;
#[cfg(test)]
mod tests;

pub use page::html;

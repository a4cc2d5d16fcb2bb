//! Building images: the context that is sent, and the request.

mod context;
mod ignore;

pub use context::stream;

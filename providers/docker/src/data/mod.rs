//! Data sources.

mod image;
mod network;

pub use image::ImageData;
pub use network::NetworkSource;

//! How much is too much.

use std::time::Duration;

/// Bounds for what comes from elsewhere. The default ones are far above what modules need.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of an archive or page as it is sent.
    pub download: u64,
    /// Bytes of all files of a package together.
    pub unpacked: u64,
    /// Files, directories and links of a package together.
    pub entries: u64,
    /// How many times larger than an archive its content may be, once that is over
    /// [`Limits::harmless`].
    pub expansion: u64,
    /// Bytes of content that are never too much for the size of their archive.
    pub harmless: u64,
    /// Bytes of the answer of a registry, and of a page that names an archive.
    pub answer: u64,
    /// Memory for decompression, in KiB.
    pub memory: u32,
    /// Addresses that one leads to after another.
    pub redirects: usize,
    /// Waiting for a connection.
    pub connect: Duration,
    /// Waiting for the next bytes.
    pub silence: Duration,
    /// Everything about one package.
    pub total: Duration,
    /// Packages fetched at the same time.
    pub parallel: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            download: 512 * MIB,
            unpacked: 2048 * MIB,
            entries: 200_000,
            expansion: 100,
            harmless: 16 * MIB,
            answer: 4 * MIB,
            memory: 128 * 1024,
            redirects: 10,
            connect: Duration::from_secs(30),
            silence: Duration::from_secs(60),
            total: Duration::from_secs(20 * 60),
            parallel: 8,
        }
    }
}

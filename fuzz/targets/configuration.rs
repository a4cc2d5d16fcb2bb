//! Any text is a configuration or is refused, all the way to a topology.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use platoform_config::load;
use platoform_diagnostic::MemoryFiles;
use platoform_fuzz::{Builtin, check_spans};

fuzz_target!(|bytes: &[u8]| {
    let mut files = MemoryFiles::default();
    files.insert("main.tf", bytes);
    let loaded = load(&files, Path::new("."), &Builtin);
    check_spans(&loaded.topology.sources, &loaded.diagnostics);
});

//! Any text is a configuration in JSON syntax or is refused, all the way to a topology.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use platoform_config::load;
use platoform_diagnostic::{MemoryFiles, Sources};
use platoform_fuzz::{Builtin, check_spans};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let mut sources = Sources::default();
        let file = sources.add("main.tf.json", text);
        let (_, found) = platoform_lang::json::parse(file, text);
        check_spans(&sources, &found);
    }
    let mut files = MemoryFiles::default();
    files.insert("main.tf.json", bytes);
    let loaded = load(&files, Path::new("."), &Builtin);
    check_spans(&loaded.topology.sources, &loaded.diagnostics);
});

//! Any text parses to a tree and diagnostics that point into it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_diagnostic::Sources;
use platoform_fuzz::check_spans;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (_, found) = platoform_lang::parse(file, text);
    check_spans(&sources, &found);
});

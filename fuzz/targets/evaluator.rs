//! Any expression has a value or diagnostics, and its value can be written as JSON where known.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_diagnostic::Sources;
use platoform_fuzz::{check_spans, evaluate};

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("console", text);
    let (expression, found) = platoform_lang::parse_expression(file, text, 0);
    check_spans(&sources, &found);
    if found.has_errors() {
        return;
    }
    match evaluate(&expression) {
        Ok(value) => assert!(value == value.clone(), "{value:?} is not itself"),
        Err(found) => check_spans(&sources, &found),
    }
});

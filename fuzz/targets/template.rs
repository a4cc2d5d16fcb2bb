//! Any text is a template or is refused, and what is parsed can be rendered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_diagnostic::Sources;
use platoform_fuzz::{check_spans, evaluate};

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("text.tftpl", text);
    let (expression, found) = platoform_lang::parse_template(file, text, 0);
    check_spans(&sources, &found);
    if !found.has_errors()
        && let Err(found) = evaluate(&expression)
    {
        check_spans(&sources, &found);
    }
});

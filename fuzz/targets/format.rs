//! Any text is formatted or refused; what is formatted stays as it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_diagnostic::Sources;
use platoform_fuzz::check_spans;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    match platoform_lang::format(file, text) {
        Ok(formatted) => {
            let file = sources.add("formatted.tf", &*formatted);
            let again = platoform_lang::format(file, &formatted);
            assert!(again.is_ok(), "{text:?} became {formatted:?}, which is refused");
        }
        Err(found) => check_spans(&sources, &found),
    }
});

//! Any text is a lock, which is read from what it is written as, or is refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_config::lock;
use platoform_diagnostic::Sources;
use platoform_fuzz::check_spans;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add("lock", text);
    match lock::parse_file(file, text) {
        Ok(lock) => assert_eq!(lock::parse(&lock.to_string()).expect("it was written"), lock),
        Err(found) => check_spans(&sources, &found),
    }
});

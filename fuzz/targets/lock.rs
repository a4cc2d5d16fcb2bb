//! Any text is a lock or is refused, and a lock that is written is read as the same one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use platoform_config::lock;
use platoform_diagnostic::Sources;
use platoform_fuzz::check_spans;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let file = sources.add(lock::LOCK_FILE, text);
    match lock::parse_file(file, text) {
        Ok(lock) => {
            let written = lock.to_string();
            let again = lock::parse(&written).expect("what was written can be read");
            assert_eq!(lock, again);
        }
        Err(found) => check_spans(&sources, &found),
    }
});

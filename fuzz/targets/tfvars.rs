//! Any bytes are a file of variables, as HCL and as JSON, or are refused.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use platoform_config::{VariableOrigin, tfvars};
use platoform_diagnostic::{MemoryFiles, Sources};
use platoform_fuzz::check_spans;

fuzz_target!(|bytes: &[u8]| {
    for name in ["terraform.tfvars", "terraform.tfvars.json"] {
        let mut files = MemoryFiles::default();
        files.insert(name, bytes);
        let mut sources = Sources::default();
        let origin = VariableOrigin::CommandLine;
        let (_, found) = tfvars(&files, Path::new(name), &origin, &mut sources);
        check_spans(&sources, &found);
    }
});

//! The program starts and says what it is.

use std::process::Command;

#[test]
fn version_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_platoform")).arg("version").output();
    let output = output.expect("the program runs");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with(concat!("platoform v", env!("CARGO_PKG_VERSION"))), "{text}");
}

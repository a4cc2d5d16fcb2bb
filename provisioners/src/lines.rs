//! Cutting what a program writes into lines.

use platoform_apply::Lines;

/// Bytes that are no whole line yet.
#[derive(Debug, Default)]
pub(crate) struct Splitter(Vec<u8>);

impl Splitter {
    /// Tells the lines that these bytes end.
    pub fn add(&mut self, bytes: &[u8], lines: Lines<'_>) {
        self.0.extend(bytes);
        while let Some(end) = self.0.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.0.drain(..=end).collect();
            tell(&line, lines);
        }
    }

    /// Tells what is left.
    pub fn finish(self, lines: Lines<'_>) {
        if !self.0.is_empty() {
            tell(&self.0, lines);
        }
    }
}

fn tell(line: &[u8], lines: Lines<'_>) {
    lines(String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']));
}

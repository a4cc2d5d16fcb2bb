//! Nonsense, and plenty of it: nothing panics, and every span is sound.

use super::super::{parse, parse_expression, parse_template};
use super::FILE;
use super::spans::Check;

const INPUTS: usize = 50_000;
const LONGEST: u64 = 24;

const FRAGMENTS: [&str; 72] = [
    "a", "b", "for", "in", "if", "else", "endif", "endfor", "true", "null", "é", "日", "-", "_",
    "1", "0", "1.5", ".", "..", "...", "e5", "\"", "\"", "\"", "\"a\"", "${", "%{", "${~", "~}",
    "$${", "%%{", "$", "%", "\\", "\\n", "\\u12", "\\ud800", "{", "}", "{", "}", "[", "]", "(",
    ")", "[*]", ".*", "=", "==", "=>", ":", "::", ",", "?", "!", "&&", "||", "&", "'", "`", ";",
    "<<E\n", "<<-E\n", "\nE\n", "\n", "\r\n", "\r", " ", "#", "/*", "*/", "\u{feff}",
];

/// A generator of numbers that are random enough (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn check(text: &str) {
    let check = Check(text);
    let (body, mut found) = parse(FILE, text);
    check.body(&body);
    let (expression, more) = parse_expression(FILE, text, 0);
    check.expression(&expression);
    found.extend(more);
    let (expression, more) = parse_template(FILE, text, 0);
    check.expression(&expression);
    found.extend(more);
    for one in &found {
        check.span(one.span.unwrap_or_else(|| panic!("a place for {one:?}")));
        one.labels.iter().for_each(|label| check.span(label.span));
    }
}

#[test]
fn nonsense_is_survived() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..INPUTS {
        let length = random.below(LONGEST) + 1;
        let text: String =
            (0..length).map(|_| FRAGMENTS[random.below(FRAGMENTS.len() as u64) as usize]).collect();
        check(&text);
    }
}

#[test]
fn every_beginning_of_a_good_file_is_survived() {
    let text =
        "a \"é\" {\n b = \"x${f(1, [2])}%{ if c }y%{ endif }\" # é\n d = <<-E\n  ${g}\n  E\n}\n";
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        check(&text[..end]);
        check(&text[end..]);
    }
}

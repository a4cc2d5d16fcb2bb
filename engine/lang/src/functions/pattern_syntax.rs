//! Regular expressions as [RE2](https://github.com/google/re2/wiki/Syntax) has them, written so
//! that the `regex` crate takes them the same way: `\d`, `\w`, `\s` and `\b` mean ASCII, `[a&&b]`
//! has no set operation, a brace that starts no count is itself, `\Q…\E` quotes.

/// The greatest count in `{n,m}`.
const LARGEST_REPEAT: u32 = 1000;

/// The names in `[[:alpha:]]`.
const NAMED_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// What is wrong with a pattern.
pub(super) struct Invalid {
    /// Why, in the words of Go.
    pub reason: String,
    /// The part of the pattern it is about.
    pub part: String,
}

impl Invalid {
    pub fn new(reason: impl Into<String>, part: impl Into<String>) -> Self {
        Self { reason: reason.into(), part: part.into() }
    }
}

/// The pattern in the syntax of the `regex` crate.
pub(super) fn translate(pattern: &str) -> Result<String, Invalid> {
    let mut reader = Reader { rest: pattern, out: String::new(), repeated: None };
    while let Some(next) = reader.rest.chars().next() {
        reader.item(next)?;
    }
    Ok(reader.out)
}

struct Reader<'a> {
    rest: &'a str,
    out: String,
    /// The repetition operator that ends right here.
    repeated: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// Takes so many bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn item(&mut self, next: char) -> Result<(), Invalid> {
        let before = self.repeated.take();
        match next {
            '*' | '+' | '?' => self.repetition(1, before)?,
            '{' => match count(self.rest) {
                Some((length, counts)) => {
                    let limit = |count: &str| count.parse().unwrap_or(u32::MAX) > LARGEST_REPEAT;
                    if counts.split(',').filter(|count| !count.is_empty()).any(limit) {
                        return Err(Invalid::new("invalid repeat count", format!("{{{counts}}}")));
                    }
                    self.repetition(length, before)?;
                }
                None => {
                    self.take(1);
                    self.out.push_str("\\{");
                }
            },
            '[' => self.class()?,
            '(' if self.rest.starts_with("(?") => self.group()?,
            '\\' => self.escape()?,
            '}' | ']' => {
                self.take(1);
                self.out.push('\\');
                self.out.push(next);
            }
            _ => {
                let taken = self.take(next.len_utf8());
                self.out.push_str(taken);
            }
        }
        Ok(())
    }

    fn repetition(&mut self, length: usize, before: Option<&str>) -> Result<(), Invalid> {
        let lazy = usize::from(self.rest[length..].starts_with('?'));
        let operator = self.take(length + lazy);
        if let Some(before) = before {
            return Err(Invalid::new(
                "invalid nested repetition operator",
                format!("{before}{operator}"),
            ));
        }
        self.out.push_str(operator);
        self.repeated = Some(operator);
        Ok(())
    }

    /// `(?…`: a name or flags.
    fn group(&mut self) -> Result<(), Invalid> {
        let inside = &self.rest[2..];
        let named = inside.starts_with("P<")
            || inside.starts_with('<') && !inside.starts_with("<=") && !inside.starts_with("<!");
        if named {
            let Some(end) = self.rest.find('>') else {
                return Err(Invalid::new("invalid named capture", self.rest));
            };
            let taken = self.take(end + 1);
            self.out.push_str(taken);
            return Ok(());
        }
        let flags = inside.bytes().take_while(|flag| b"imsU-".contains(flag)).count();
        if !matches!(inside.as_bytes().get(flags), Some(b':' | b')')) {
            let length = inside[flags..].chars().next().map_or(0, char::len_utf8);
            let wrong = &self.rest[..2 + flags + length];
            return Err(Invalid::new("invalid or unsupported Perl syntax", wrong));
        }
        let taken = self.take(2 + flags + 1);
        self.out.push_str(taken);
        Ok(())
    }

    /// A backslash and what belongs to it, outside a class.
    fn escape(&mut self) -> Result<(), Invalid> {
        if let Some(quoted) = self.rest.strip_prefix("\\Q") {
            let end = quoted.find("\\E");
            self.out.push_str(&regex::escape(&quoted[..end.unwrap_or(quoted.len())]));
            self.rest = end.map_or("", |end| &quoted[end + 2..]);
            return Ok(());
        }
        match self.rest.as_bytes().get(1) {
            Some(b'b') => self.out.push_str("(?-u:\\b)"),
            Some(b'B' | b'A' | b'z') => self.out.push_str(&self.rest[..2]),
            Some(kind @ (b'd' | b's' | b'w')) => self.out.push_str(&format!("[{}]", ascii(*kind))),
            Some(kind @ (b'D' | b'S' | b'W')) => {
                self.out.push_str(&format!("[^{}]", ascii(kind.to_ascii_lowercase())));
            }
            Some(b'p' | b'P') => return self.property(),
            _ => {
                let character = self.character()?;
                self.out.push_str(&character.literal());
                return Ok(());
            }
        }
        self.take(2);
        Ok(())
    }

    /// `\pN` or `\p{Greek}`.
    fn property(&mut self) -> Result<(), Invalid> {
        let length = match self.rest[2..].chars().next() {
            Some('{') => self.rest.find('}').map(|end| end + 1),
            Some(letter) => Some(2 + letter.len_utf8()),
            None => None,
        };
        let Some(length) = length else {
            return Err(Invalid::new("invalid character class range", self.rest));
        };
        let taken = self.take(length);
        match taken.strip_prefix("\\p{^") {
            Some(name) => self.out.push_str(&format!("\\P{{{name}")),
            None => self.out.push_str(taken),
        }
        Ok(())
    }

    /// One character, escaped or not.
    fn character(&mut self) -> Result<Character, Invalid> {
        let whole = self.rest;
        let mut characters = whole.chars();
        let first = characters.next().unwrap_or_default();
        if first != '\\' {
            self.take(first.len_utf8());
            return Ok(Character(first));
        }
        let Some(kind) = characters.next() else {
            return Err(Invalid::new("trailing backslash at end of expression", ""));
        };
        let invalid = || Invalid::new("invalid escape sequence", format!("\\{kind}"));
        let (length, code) = match kind {
            'a' => (2, 0x07),
            'f' => (2, 0x0c),
            't' => (2, 0x09),
            'n' => (2, 0x0a),
            'r' => (2, 0x0d),
            'v' => (2, 0x0b),
            'x' => hexadecimal(whole).ok_or_else(invalid)?,
            '0'..='7' => octal(whole).ok_or_else(invalid)?,
            _ if kind.is_ascii() && !kind.is_ascii_alphanumeric() => (2, kind.into()),
            _ => return Err(invalid()),
        };
        self.take(length);
        char::from_u32(code).map(Character).ok_or_else(invalid)
    }

    /// `[…]`.
    fn class(&mut self) -> Result<(), Invalid> {
        let whole = self.rest;
        let unclosed = || Invalid::new("missing closing ]", whole);
        let opening = if whole.starts_with("[^") { 2 } else { 1 };
        let taken = self.take(opening);
        self.out.push_str(taken);
        let mut first = true;
        loop {
            if self.rest.is_empty() {
                return Err(unclosed());
            }
            if self.rest.starts_with(']') && !first {
                self.take(1);
                self.out.push(']');
                return Ok(());
            }
            first = false;
            if let Some(end) = self.rest.strip_prefix("[:").and_then(|rest| rest.find(":]")) {
                let taken = self.take(end + 4);
                let name = taken[2..end + 2].trim_start_matches('^');
                if !NAMED_CLASSES.contains(&name) {
                    return Err(Invalid::new("invalid character class range", taken));
                }
                self.out.push_str(taken);
                continue;
            }
            match self.rest.strip_prefix('\\').and_then(|rest| rest.bytes().next()) {
                Some(kind @ (b'd' | b's' | b'w')) => self.out.push_str(ascii(kind)),
                Some(kind @ (b'D' | b'S' | b'W')) => {
                    self.out.push_str(&format!("[^{}]", ascii(kind.to_ascii_lowercase())));
                }
                Some(b'p' | b'P') => {
                    self.property()?;
                    continue;
                }
                _ => {
                    self.range()?;
                    continue;
                }
            }
            self.take(2);
        }
    }

    /// One character or a range of them in a class.
    fn range(&mut self) -> Result<(), Invalid> {
        let whole = self.rest;
        let low = self.character()?;
        self.out.push_str(&low.in_class());
        if self.rest.starts_with('-') && !self.rest[1..].starts_with(']') && self.rest.len() > 1 {
            self.take(1);
            let high = self.character()?;
            if high.0 < low.0 {
                let wrong = &whole[..whole.len() - self.rest.len()];
                return Err(Invalid::new("invalid character class range", wrong));
            }
            self.out.push('-');
            self.out.push_str(&high.in_class());
        }
        Ok(())
    }
}

/// What `\d`, `\s` and `\w` stand for in a class.
fn ascii(kind: u8) -> &'static str {
    match kind {
        b'd' => "0-9",
        b's' => "\\t\\n\\x0c\\r ",
        _ => "0-9A-Za-z_",
    }
}

/// The length and the inside of `{n}`, `{n,}` or `{n,m}` at the start of a text.
fn count(text: &str) -> Option<(usize, &str)> {
    let end = text.find('}')?;
    let counts = &text[1..end];
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then_some((end + 1, counts))
}

/// The length and the value of `\x41` or `\x{41}`.
fn hexadecimal(text: &str) -> Option<(usize, u32)> {
    let rest = text.get(2..)?;
    let (length, digits) = match rest.strip_prefix('{') {
        Some(braced) => {
            let end = braced.find('}')?;
            (end + 4, &braced[..end])
        }
        None => (4, rest.get(..2)?),
    };
    Some((length, u32::from_str_radix(digits, 16).ok()?))
}

/// The length and the value of `\101`; a single digit but zero would be a back reference.
fn octal(text: &str) -> Option<(usize, u32)> {
    let digits =
        text[1..].bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
    let digits = &text[1..=digits];
    if digits.len() == 1 && digits != "0" {
        return None;
    }
    Some((digits.len() + 1, u32::from_str_radix(digits, 8).ok()?))
}

/// A character that stands for itself.
struct Character(char);

impl Character {
    fn literal(&self) -> String {
        regex::escape(self.0.encode_utf8(&mut [0; 4]))
    }

    fn in_class(&self) -> String {
        if self.0.is_ascii_punctuation() { format!("\\{}", self.0) } else { self.0.into() }
    }
}

//! Classes of characters: `[a-z]`, `\d`, `\p{Greek}`.

use regex::Regex;

use super::syntax::{Invalid, Reader};

/// The names in `[[:alpha:]]`.
const NAMED_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// The general categories that `\p` names.
const CATEGORIES: [&str; 37] = [
    "Any", "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn",
    "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm",
    "So", "Z", "Zl", "Zp", "Zs",
];

impl Reader<'_> {
    /// `\pN` or `\p{Greek}`: a general category or a script.
    pub(super) fn property(&mut self) -> Result<(), Invalid> {
        let invalid = |part: &str| Invalid::new("invalid character class range", part);
        let length = match self.rest[2..].chars().next() {
            Some('{') => self.rest.find('}').map(|end| end + 1),
            Some(letter) => Some(2 + letter.len_utf8()),
            None => None,
        };
        let taken = self.take(length.ok_or_else(|| invalid(self.rest))?);
        let name = taken[2..].trim_start_matches('{').trim_end_matches('}');
        let (inverted, name) = match name.strip_prefix('^') {
            Some(name) => (true, name),
            None => (false, name),
        };
        let letter = if inverted == taken.starts_with("\\P") { 'p' } else { 'P' };
        let class = if CATEGORIES.contains(&name) {
            format!("\\{letter}{{{name}}}")
        } else {
            format!("\\{letter}{{Script={name}}}")
        };
        // Elsewhere names are taken in any case, and by other names.
        let proper =
            name.split('_').all(|word| word.starts_with(|first: char| first.is_uppercase()));
        if !proper || Regex::new(&class).is_err() {
            return Err(invalid(taken));
        }
        self.out.push_str(&class);
        Ok(())
    }

    /// `[…]`.
    pub(super) fn class(&mut self) -> Result<(), Invalid> {
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
pub(super) fn ascii(kind: u8) -> &'static str {
    match kind {
        b'd' => "0-9",
        b's' => "\\t\\n\\x0c\\r ",
        _ => "0-9A-Za-z_",
    }
}

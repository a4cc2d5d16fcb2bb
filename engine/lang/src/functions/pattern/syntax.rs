//! Regular expressions as [RE2](https://github.com/google/re2/wiki/Syntax) has them, written so
//! that the `regex` crate takes them the same way: `\d`, `\w`, `\s` and `\b` mean ASCII, `[a&&b]`
//! has no set operation, a brace that starts no count is itself, `\Q…\E` quotes.

use super::class::ascii;

/// The greatest count in `{n,m}`, and the greatest product of such counts within each other.
const LARGEST_REPEAT: u32 = 1000;

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

/// A pattern in the syntax of the `regex` crate.
pub(super) struct Translated {
    pub pattern: String,
    /// The names of the groups, which are left out of the pattern: here two may have the same one,
    /// and it may begin with a digit.
    pub names: Vec<Option<String>>,
}

pub(super) fn translate(pattern: &str) -> Result<Translated, Invalid> {
    let mut reader = Reader {
        rest: pattern,
        out: String::new(),
        names: Vec::new(),
        repeated: None,
        operand: None,
        open: vec![1],
    };
    while let Some(next) = reader.rest.chars().next() {
        reader.item(next)?;
    }
    Ok(Translated { pattern: reader.out, names: reader.names })
}

pub(super) struct Reader<'a> {
    pub rest: &'a str,
    pub out: String,
    pub names: Vec<Option<String>>,
    /// The repetition operator that ends right here.
    repeated: Option<&'a str>,
    /// How often what stands before this is repeated in itself at most; `None` where nothing does.
    pub operand: Option<u32>,
    /// The same for all that stands in the groups that are open.
    pub open: Vec<u32>,
}

impl<'a> Reader<'a> {
    /// Takes so many bytes.
    pub fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    fn item(&mut self, next: char) -> Result<(), Invalid> {
        let before = self.repeated.take();
        match next {
            '*' | '+' | '?' => return self.repetition(1, 1, before),
            '{' if let Some((length, counts)) = count(self.rest) => {
                let factor = greatest(counts)
                    .ok_or_else(|| Invalid::new("invalid repeat count", format!("{{{counts}}}")))?;
                return self.repetition(length, factor, before);
            }
            '(' => return self.group(),
            ')' => {
                self.take(1);
                self.out.push(')');
                let inside = if self.open.len() > 1 { self.open.pop() } else { None };
                self.operand = Some(inside.unwrap_or(1));
                self.settle();
                return Ok(());
            }
            '|' => {
                self.take(1);
                self.out.push('|');
                self.operand = None;
                return Ok(());
            }
            '[' => self.class()?,
            '\\' => self.escape()?,
            '{' | '}' | ']' => {
                self.take(1);
                self.out.push('\\');
                self.out.push(next);
            }
            _ => {
                let taken = self.take(next.len_utf8());
                self.out.push_str(taken);
            }
        }
        self.operand = Some(1);
        Ok(())
    }

    /// Lets the open group know how often the operand is repeated.
    fn settle(&mut self) {
        if let (Some(most), Some(times)) = (self.open.last_mut(), self.operand) {
            *most = times.max(*most);
        }
    }

    fn repetition(
        &mut self,
        length: usize,
        factor: u32,
        before: Option<&str>,
    ) -> Result<(), Invalid> {
        let lazy = usize::from(self.rest[length..].starts_with('?'));
        let operator = self.take(length + lazy);
        if let Some(before) = before {
            return Err(Invalid::new(
                "invalid nested repetition operator",
                format!("{before}{operator}"),
            ));
        }
        let Some(times) = self.operand else {
            return Err(Invalid::new("missing argument to repetition operator", operator));
        };
        let product = times * factor;
        if product > LARGEST_REPEAT && factor > 1 {
            return Err(Invalid::new("invalid repeat count", operator));
        }
        self.operand = Some(product);
        self.settle();
        self.out.push_str(operator);
        self.repeated = Some(operator);
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
}

/// The length and the inside of `{n}`, `{n,}` or `{n,m}` at the start of a text.
fn count(text: &str) -> Option<(usize, &str)> {
    let end = text.find('}')?;
    let counts = &text[1..end];
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then_some((end + 1, counts))
}

/// What `{n,m}` multiplies at most; `None` where a count is too large or the second one less.
fn greatest(counts: &str) -> Option<u32> {
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    let least: u32 = least.parse().ok().filter(|least| *least <= LARGEST_REPEAT)?;
    if most.is_empty() {
        return Some(least);
    }
    most.parse().ok().filter(|most| (least..=LARGEST_REPEAT).contains(most))
}

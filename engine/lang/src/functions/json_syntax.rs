//! What is wrong with a JSON document, in the words of Go's decoder.

/// A document under way.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

/// What stands between the parts of a value that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Object,
}

type Read<T> = Result<T, String>;

/// Where the first value of a document ends. What follows may begin with a closing bracket: the
/// reference does not look at it then.
///
/// # Errors
/// What is wrong.
pub(super) fn value_end(text: &str) -> Read<usize> {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    let mut open = Vec::new();
    loop {
        let mut complete = reader.begin(&mut open)?;
        while complete {
            let Some(inner) = open.last().copied() else {
                let end = reader.at;
                return match reader.next() {
                    None | Some(b']' | b'}') => Ok(end),
                    Some(_) => Err("extraneous data after JSON object".into()),
                };
            };
            let (close, context) = match inner {
                Open::Array => (b']', "after array element"),
                Open::Object => (b'}', "after object key:value pair"),
            };
            match reader.next().ok_or("EOF")? {
                b',' => {
                    reader.at += 1;
                    complete = false;
                    if inner == Open::Object {
                        reader.key("looking for beginning of object key string")?;
                    }
                }
                found if found == close => {
                    reader.at += 1;
                    open.pop();
                }
                found => return Err(invalid(found, context)),
            }
        }
    }
}

fn invalid(found: u8, context: &str) -> String {
    // A byte is shown as if it were a character.
    let shown = match char::from(found) {
        '\'' => "\\'".to_owned(),
        '"' => "\"".to_owned(),
        other => other.escape_debug().to_string(),
    };
    let space = if context.is_empty() { "" } else { " " };
    format!("invalid character '{shown}'{space}{context}")
}

impl Reader<'_> {
    /// The next byte that is no space.
    fn next(&mut self) -> Option<u8> {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// The byte right here, inside of a token.
    fn within(&self) -> Read<u8> {
        self.text.get(self.at).copied().ok_or_else(|| "unexpected EOF".into())
    }

    /// The beginning of a value; whether that is all of it.
    fn begin(&mut self, open: &mut Vec<Open>) -> Read<bool> {
        let found = self.next().ok_or("EOF")?;
        match found {
            b'[' => {
                self.at += 1;
                if self.next().ok_or("EOF")? == b']' {
                    self.at += 1;
                    return Ok(true);
                }
                open.push(Open::Array);
                return Ok(false);
            }
            b'{' => {
                self.at += 1;
                if self.next().ok_or("EOF")? == b'}' {
                    self.at += 1;
                    return Ok(true);
                }
                self.key("")?;
                open.push(Open::Object);
                return Ok(false);
            }
            b'"' => self.string()?,
            b't' => self.literal("true")?,
            b'f' => self.literal("false")?,
            b'n' => self.literal("null")?,
            b'-' | b'0'..=b'9' => self.number()?,
            other => return Err(invalid(other, "looking for beginning of value")),
        }
        Ok(true)
    }

    /// A key and its colon.
    fn key(&mut self, context: &str) -> Read<()> {
        match self.next().ok_or("EOF")? {
            b'"' => self.string()?,
            other => return Err(invalid(other, context)),
        }
        match self.next().ok_or("EOF")? {
            b':' => self.at += 1,
            other => return Err(invalid(other, "after object key")),
        }
        Ok(())
    }

    fn literal(&mut self, word: &str) -> Read<()> {
        for expected in word.bytes() {
            let found = self.within()?;
            if found != expected {
                let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                return Err(invalid(found, &context));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn string(&mut self) -> Read<()> {
        self.at += 1;
        loop {
            let found = self.within()?;
            self.at += 1;
            match found {
                b'"' => return Ok(()),
                b'\\' => self.escape()?,
                0..b' ' => return Err(invalid(found, "in string literal")),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Read<()> {
        let kind = self.within()?;
        self.at += 1;
        match kind {
            b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => Ok(()),
            b'u' => {
                for _ in 0..4 {
                    let digit = self.within()?;
                    if !digit.is_ascii_hexdigit() {
                        return Err(invalid(digit, "in \\u hexadecimal character escape"));
                    }
                    self.at += 1;
                }
                Ok(())
            }
            other => Err(invalid(other, "in string escape code")),
        }
    }

    fn number(&mut self) -> Read<()> {
        if self.text[self.at] == b'-' {
            self.at += 1;
        }
        if self.within()? == b'0' {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.text.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.text.get(self.at) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self, context: &str) -> Read<()> {
        let first = self.within()?;
        if !first.is_ascii_digit() {
            return Err(invalid(first, context));
        }
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        Ok(())
    }
}

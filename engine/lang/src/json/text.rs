//! Texts and numbers as JSON writes them.

/// The text that a token in quotes stands for.
///
/// # Errors
/// How many bytes of the token are right, counting the first that is wrong as Go's decoder does.
pub(super) fn unescape(source: &str) -> Result<String, usize> {
    let mut text = String::with_capacity(source.len());
    let mut rest = source.char_indices().skip(1).peekable();
    while let Some((at, character)) = rest.next() {
        match character {
            '"' => return Ok(text),
            '\\' => {
                let Some((at, selector)) = rest.next() else { return Err(source.len()) };
                let escaped = match selector {
                    '"' | '\\' | '/' => selector,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let (character, length) = code_point(source, at + 1)?;
                        for _ in 0..length {
                            rest.next();
                        }
                        character
                    }
                    _ => return Err(at + 1),
                };
                text.push(escaped);
            }
            '\0'..' ' => return Err(at + 1),
            _ => text.push(character),
        }
    }
    Err(source.len())
}

/// The character whose hexadecimal digits begin at `at`, and the length of what follows from there
/// on. Two surrogates make one character; a single one counts as unreadable.
fn code_point(source: &str, at: usize) -> Result<(char, usize), usize> {
    let high = digits(source, at)?;
    let second = at + 4;
    if (0xd800..0xdc00).contains(&high) && source[second..].starts_with("\\u") {
        let low = digits(source, second + 2)?;
        if (0xdc00..0xe000).contains(&low) {
            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 10));
        }
    }
    Ok((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 4))
}

fn digits(source: &str, at: usize) -> Result<u32, usize> {
    let mut code = 0;
    for index in at..at + 4 {
        let byte = source.as_bytes().get(index).ok_or(source.len())?;
        code = code * 16 + char::from(*byte).to_digit(16).ok_or(index + 1)?;
    }
    Ok(code)
}

/// Whether a text is a number by JSON's grammar, which knows no plus sign, no leading zeros and no
/// bare dots.
pub(super) fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(power) = rest.strip_prefix(['e', 'E']) {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        return !power.is_empty() && digits(power) == power.len();
    }
    rest.is_empty()
}

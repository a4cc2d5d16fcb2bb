//! Text as a YAML scalar, in the styles that libyaml chooses.

/// Columns after which quoted text is folded.
const WIDTH: usize = 80;

/// Whether text can be written as a literal block: it has several lines and nothing that a block
/// could not show.
pub(super) fn is_block(text: &str) -> bool {
    let characters = text.chars();
    let space_before_break = text.contains(" \n") || text.ends_with(' ');
    text.contains('\n') && !space_before_break && characters.clone().all(is_printable)
}

/// What libyaml's emitter takes for printable: no tab, nothing beyond the basic plane.
fn is_printable(character: char) -> bool {
    matches!(
        character,
        '\n' | '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}'
            | '\u{ff00}'..='\u{fffd}'
    )
}

fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Writes text as a literal block with its lines at an indentation.
pub(super) fn block(text: &str, indent: usize, out: &mut String) {
    out.push('|');
    if text.starts_with(|first| first == ' ' || is_break(first)) {
        out.push('2');
    }
    let mut last = text.chars().rev();
    match (last.next().is_some_and(is_break), last.next()) {
        (false, _) => out.push('-'),
        (true, Some(before)) if !is_break(before) => {}
        (true, _) => out.push('+'),
    }
    out.push('\n');
    let mut at_start = true;
    for character in text.chars() {
        if is_break(character) {
            at_start = true;
        } else if at_start {
            out.push_str(&" ".repeat(indent));
            at_start = false;
        }
        out.push(character);
    }
    if !at_start {
        out.push('\n');
    }
}

/// Writes text in double quotes; long text is folded at spaces into lines at an indentation, if
/// one is given.
pub(super) fn quoted(text: &str, indent: Option<usize>, out: &mut String) {
    let line = out.rfind('\n').map_or(0, |newline| newline + 1);
    let mut column = out[line..].chars().count() + 1;
    out.push('"');
    let mut after_space = false;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        if character != ' ' {
            after_space = false;
            let before = out.len();
            escaped(character, out);
            column += out[before..].chars().count();
            continue;
        }
        let folds = !after_space && column > WIDTH && index > 0;
        match (indent, characters.peek()) {
            (Some(indent), Some((_, next))) if folds => {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
                if *next == ' ' {
                    out.push('\\');
                    column += 1;
                }
            }
            _ => {
                out.push(' ');
                column += 1;
            }
        }
        after_space = true;
    }
    out.push('"');
}

fn escaped(character: char, out: &mut String) {
    let letter = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ if is_printable(character) => return out.push(character),
        _ => {
            let code = u32::from(character);
            out.push_str(&match code {
                0..=0xff => format!("\\x{code:02X}"),
                0x100..=0xffff => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            });
            return;
        }
    };
    out.push('\\');
    out.push(letter);
}

//! Groups: `(…)`, `(?P<name>…)`, `(?i:…)`, and flags: `(?i)`.

use super::syntax::{Invalid, Reader};

impl Reader<'_> {
    /// What opens a group, or flags.
    pub(super) fn group(&mut self) -> Result<(), Invalid> {
        if let Some(inside) = self.rest.strip_prefix("(?") {
            let named = inside.strip_prefix("P<").or_else(|| inside.strip_prefix('<'));
            return if named.is_some() { self.name() } else { self.flags() };
        }
        self.take(1);
        self.capture(None);
        Ok(())
    }

    fn capture(&mut self, name: Option<String>) {
        self.names.push(name);
        self.out.push('(');
        self.opened();
    }

    fn opened(&mut self) {
        self.open.push(1);
        self.operand = None;
    }

    /// `(?P<name>` or `(?<name>`.
    fn name(&mut self) -> Result<(), Invalid> {
        let Some(end) = self.rest.find('>') else {
            return Err(Invalid::new("invalid named capture", self.rest));
        };
        let taken = self.take(end + 1);
        let name = taken.trim_start_matches(['(', '?', 'P']);
        let name = &name[1..name.len() - 1];
        let word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        if name.is_empty() || !name.bytes().all(word) {
            return Err(Invalid::new("invalid named capture", taken));
        }
        self.capture(Some(name.to_owned()));
        Ok(())
    }

    /// `(?i)`, `(?i-s:`: for the rest of the group they stand in, or for a group of their own.
    fn flags(&mut self) -> Result<(), Invalid> {
        let (mut on, mut off) = (String::new(), String::new());
        let mut negated = false;
        for (index, flag) in self.rest.char_indices().skip(2) {
            let dangling = negated && off.is_empty();
            match flag {
                'i' | 'm' | 's' | 'U' => {
                    on.retain(|other| other != flag);
                    let flags = if negated { &mut off } else { &mut on };
                    flags.retain(|other| other != flag);
                    flags.push(flag);
                }
                '-' if !negated => negated = true,
                ':' | ')' if !dangling => {
                    let minus = if negated { "-" } else { "" };
                    self.take(index + 1);
                    if flag == ':' {
                        self.opened();
                    } else if on.is_empty() && off.is_empty() {
                        return Ok(());
                    }
                    self.out.push_str(&format!("(?{on}{minus}{off}{flag}"));
                    return Ok(());
                }
                _ => {
                    let wrong = &self.rest[..index + flag.len_utf8()];
                    return Err(Invalid::new("invalid or unsupported Perl syntax", wrong));
                }
            }
        }
        Err(Invalid::new("invalid or unsupported Perl syntax", self.rest))
    }
}

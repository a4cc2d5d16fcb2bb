//! Tables of comma-separated values ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)).
//!
//! Quotes are taken as strictly as Terraform takes them, and the line at fault is named; the
//! readers there are for CSV forgive both.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_value::{Type, Value, quoted};

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("csvdecode", &[Parameter::text("str")], Returns::Result, csvdecode)];

fn csvdecode(arguments: &Arguments<'_>) -> Outcome {
    let mut table = Table { rest: arguments.text(0), line: 0 };
    let header = table.record()?.ok_or("missing header line")?;
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for name in &header.fields {
        if !names.insert(name) {
            return Err(format!("duplicate column name {name}", name = quoted(name)).into());
        }
    }
    let names: Vec<Arc<str>> = header.fields.iter().map(|name| Arc::from(&**name)).collect();
    let mut rows = Vec::new();
    while let Some(record) = table.record()? {
        if record.fields.len() != names.len() {
            return Err(wrong(record.line, "wrong number of fields"));
        }
        let fields = record.fields.into_iter().map(Value::from);
        rows.push(Value::object(names.iter().cloned().zip(fields).collect()));
    }
    let row = Type::object(names.into_iter().map(|name| (name, Type::String)));
    Ok(Value::list(row, rows))
}

fn wrong(line: usize, why: &str) -> Problem {
    format!("CSV parse error on line {line}: {why}").into()
}

/// A table under way.
struct Table<'a> {
    rest: &'a str,
    /// Number of the last line that was read.
    line: usize,
}

/// One row.
struct Record {
    fields: Vec<String>,
    /// Where it starts.
    line: usize,
}

impl<'a> Table<'a> {
    /// The next line without its end; `\r\n` ends lines, too.
    fn line(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let (line, rest) = match self.rest.split_once('\n') {
            Some((line, rest)) => (line.strip_suffix('\r').unwrap_or(line), rest),
            None => (self.rest.strip_suffix('\r').unwrap_or(self.rest), ""),
        };
        self.rest = rest;
        Some(line)
    }

    /// The next row; empty lines are passed over.
    fn record(&mut self) -> Result<Option<Record>, Problem> {
        let text = loop {
            match self.line() {
                None => return Ok(None),
                Some("") => {}
                Some(text) => break text,
            }
        };
        let mut record = Record { fields: Vec::new(), line: self.line };
        let mut rest = Some(text);
        while let Some(text) = rest {
            rest = match text.strip_prefix('"') {
                Some(text) => self.quoted(text, &mut record.fields)?,
                None => {
                    let (field, rest) = match text.split_once(',') {
                        Some((field, rest)) => (field, Some(rest)),
                        None => (text, None),
                    };
                    if field.contains('"') {
                        return Err(wrong(self.line, "bare \" in non-quoted-field"));
                    }
                    record.fields.push(field.to_owned());
                    rest
                }
            };
        }
        Ok(Some(record))
    }

    /// A field after its opening quote, which may go over several lines; gives what follows it in
    /// the row.
    fn quoted(
        &mut self,
        mut text: &'a str,
        fields: &mut Vec<String>,
    ) -> Result<Option<&'a str>, Problem> {
        const UNBALANCED: &str = "extraneous or missing \" in quoted-field";
        let mut field = String::new();
        loop {
            let Some((before, after)) = text.split_once('"') else {
                field.push_str(text);
                field.push('\n');
                text = self.line().ok_or_else(|| wrong(self.line, UNBALANCED))?;
                continue;
            };
            field.push_str(before);
            match after.chars().next() {
                Some('"') => {
                    field.push('"');
                    text = &after[1..];
                }
                Some(',') => {
                    fields.push(field);
                    return Ok(Some(&after[1..]));
                }
                None => {
                    fields.push(field);
                    return Ok(None);
                }
                Some(_) => return Err(wrong(self.line, UNBALANCED)),
            }
        }
    }
}

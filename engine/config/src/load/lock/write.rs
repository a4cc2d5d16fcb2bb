//! Writing a lock.

use std::fmt::{self, Write as _};

use super::{Lock, LockedModule, LockedProvider};

const HEADER: &str = "\
# Kept by `platoform init`: the modules and providers that this configuration uses.
# It belongs into version control. `platoform init -upgrade` moves to newer ones.
";

impl fmt::Display for Lock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEADER)?;
        self.modules().iter().try_for_each(|module| write_module(formatter, module))?;
        self.providers().iter().try_for_each(|provider| write_provider(formatter, provider))
    }
}

fn write_module(formatter: &mut fmt::Formatter<'_>, module: &LockedModule) -> fmt::Result {
    let version = module.version.as_ref().map(ToString::to_string);
    let arguments = [
        ("constraints", module.constraints.as_deref()),
        ("version", version.as_deref()),
        ("location", module.location.as_deref()),
        ("revision", module.revision.as_deref()),
        ("directory", module.directory.as_deref()),
        ("hash", Some(module.hash.as_str())),
    ];
    block(formatter, "module", &module.source, &arguments)
}

fn write_provider(formatter: &mut fmt::Formatter<'_>, provider: &LockedProvider) -> fmt::Result {
    let version = provider.version.to_string();
    let arguments =
        [("constraints", provider.constraints.as_deref()), ("version", Some(&*version))];
    block(formatter, "provider", &provider.source, &arguments)
}

fn block(
    formatter: &mut fmt::Formatter<'_>,
    kind: &str,
    label: &str,
    arguments: &[(&str, Option<&str>)],
) -> fmt::Result {
    writeln!(formatter, "\n{kind} {} {{", quoted(label))?;
    let given = || arguments.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    let width = given().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, value) in given() {
        writeln!(formatter, "  {name:width$} = {}", quoted(value))?;
    }
    formatter.write_str("}\n")
}

/// Text in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '$' | '%' if characters.peek() == Some(&'{') => out.extend([character, character]),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
    out
}

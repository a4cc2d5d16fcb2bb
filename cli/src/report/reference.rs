//! Reference pages in Markdown, from provider schemas and the command line's grammar.

use std::fmt::Write as _;

use platoform_schema::{
    Attribute, AttributeKind, Block, BlockNesting, FunctionSignature, ProviderSchema,
};
use platoform_value::Value;

/// The page of a provider: its own block, then every kind and every function in order of their
/// names.
pub fn provider_page(name: &str, schema: &ProviderSchema) -> String {
    let mut page = format!("# The {name} provider\n\n");
    let _ = writeln!(page, "<!-- Written by `platoform reference {name}`. -->\n");
    page.push_str("Every attribute is one of: **required**, *optional*, computed. ");
    page.push_str("↻: a change needs a new object. 🔒: a secret.\n");
    if schema.provider.block != Block::default() {
        section(&mut page, &format!("provider \"{name}\""), &schema.provider.block);
    }
    for (kind, resource) in &schema.resources {
        section(&mut page, &format!("resource \"{kind}\""), &resource.schema.block);
    }
    for (kind, source) in &schema.data_sources {
        section(&mut page, &format!("data \"{kind}\""), &source.block);
    }
    for (function, signature) in &schema.functions {
        function_section(&mut page, &format!("provider::{name}::{function}"), signature);
    }
    page
}

fn function_section(page: &mut String, name: &str, signature: &FunctionSignature) {
    let parameters = signature.parameters.iter().map(|parameter| (parameter, ""));
    let variadic = signature.variadic.iter().map(|parameter| (parameter, "..."));
    let all: Vec<_> = parameters.chain(variadic).collect();
    let names: Vec<_> = all.iter().map(|(one, dots)| format!("{}{dots}", one.name)).collect();
    let _ = writeln!(page, "\n## {name}({})\n", names.join(", "));
    let _ = writeln!(page, "{}. Gives `{}`.\n", signature.summary, signature.result);
    if !signature.description.is_empty() {
        let _ = writeln!(page, "{}\n", signature.description.trim());
    }
    page.push_str("| parameter | type | |\n|---|---|---|\n");
    for (parameter, dots) in all {
        let text = cell(&parameter.description);
        let _ = writeln!(page, "| `{}{dots}` | `{}` | {text} |", parameter.name, parameter.kind);
    }
}

fn section(page: &mut String, title: &str, block: &Block) {
    let _ = writeln!(page, "\n## {title}\n");
    if !block.description.is_empty() {
        let _ = writeln!(page, "{}\n", block.description.trim());
    }
    page.push_str("| name | type | | |\n|---|---|---|---|\n");
    rows(page, "", block);
}

fn rows(page: &mut String, prefix: &str, block: &Block) {
    for (name, attribute) in &block.attributes {
        attribute_row(page, &format!("{prefix}{name}"), attribute);
    }
    for (name, nested) in &block.blocks {
        let path = format!("{prefix}{name}");
        let several = match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => "block",
            BlockNesting::List => "blocks in order",
            BlockNesting::Set => "blocks",
            BlockNesting::Map => "labelled blocks",
        };
        let most = nested.max_items.map(|most| format!(", at most {most}")).unwrap_or_default();
        let least = if nested.min_items > 0 { "**required**" } else { "*optional*" };
        let mark = if nested.replace { " ↻" } else { "" };
        let text = cell(&nested.block.description);
        let _ = writeln!(page, "| `{path}` | {several}{most} | {least}{mark} | {text} |");
        rows(page, &format!("{path}."), &nested.block);
    }
}

fn attribute_row(page: &mut String, path: &str, attribute: &Attribute) {
    let kind = attribute.implied_type();
    let mut how = match (attribute.required, attribute.optional) {
        (true, _) => "**required**".to_owned(),
        (_, true) => "*optional*".to_owned(),
        _ => "computed".to_owned(),
    };
    if attribute.replace {
        how.push_str(" ↻");
    }
    if attribute.sensitive {
        how.push_str(" 🔒");
    }
    let mut text = cell(&attribute.description);
    if let Some(default) = &attribute.default {
        let _ = write!(text, " Default: {}.", default_text(default));
    }
    let shown = if matches!(attribute.kind, AttributeKind::Nested(..)) {
        kind.friendly_name()
    } else {
        kind.to_string()
    };
    let _ = writeln!(page, "| `{path}` | `{shown}` | {how} | {} |", text.trim());
}

fn default_text(value: &Value) -> String {
    value.to_json().map_or_else(|_| String::new(), |json| format!("`{json}`"))
}

/// Text that fits into a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The page of all commands and their options.
pub fn commands_page(grammar: &clap::Command) -> String {
    let mut page =
        String::from("# Commands\n\n<!-- Written by `platoform reference commands`. -->\n");
    page.push_str("\nOptions are written with one dash or two. Those of all commands:\n\n");
    options(&mut page, grammar);
    for command in grammar.get_subcommands().filter(|command| !command.is_hide_set()) {
        command_section(&mut page, "", command);
    }
    page
}

fn command_section(page: &mut String, before: &str, command: &clap::Command) {
    let name = format!("{before}{}", command.get_name());
    if command.get_name() == "help" {
        return;
    }
    let _ = writeln!(page, "\n## platoform {name}\n");
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(page, "{about}.");
    if command.get_arguments().next().is_some() {
        page.push('\n');
    }
    options(page, command);
    for inner in command.get_subcommands() {
        command_section(page, &format!("{name} "), inner);
    }
}

fn options(page: &mut String, command: &clap::Command) {
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let value = argument.get_value_names().unwrap_or_default().join(" ");
        let takes = argument.get_action().takes_values();
        let name = match argument.get_long() {
            Some("help") => continue,
            Some(long) if takes && !value.is_empty() => format!("-{long}={value}"),
            Some(long) => format!("-{long}"),
            None => value,
        };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(page, "* `{name}`: {}", cell(&help));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::command::reference::{PAGES, page};

    /// The pages in `docs/reference` are what `platoform reference` writes.
    #[test]
    fn pages_are_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference");
        for name in PAGES {
            let kept = std::fs::read_to_string(folder.join(format!("{name}.md"))).unwrap();
            assert!(
                kept == page(name).unwrap(),
                "docs/reference/{name}.md is not current: \
                 `platoform reference {name} > docs/reference/{name}.md`"
            );
        }
    }
}

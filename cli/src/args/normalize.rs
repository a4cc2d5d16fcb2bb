//! Options with one dash, as Terraform has them.

use std::ffi::OsString;

use clap::Command;

/// Gives a second dash to options that have one, so that `-out=p` is `--out=p`. Values that
/// follow an option, numbers, single letters and everything after `--` stay as they are.
pub fn normalize(words: impl IntoIterator<Item = OsString>, grammar: &Command) -> Vec<OsString> {
    let valued = valued(grammar);
    let mut value_follows = false;
    let mut ended = false;
    let change = |(position, word): (usize, OsString)| {
        if ended || std::mem::take(&mut value_follows) || position == 0 {
            return word;
        }
        let Some(text) = word.to_str() else { return word };
        if position == 1 && matches!(text, "-v" | "-version" | "--version") {
            return "version".into();
        }
        ended = text == "--";
        let name = text.trim_start_matches('-');
        let option = text.starts_with('-') && name.starts_with(|first: char| first.is_alphabetic());
        if !option || ended || text == format!("-{}", name.chars().next().unwrap_or_default()) {
            return word;
        }
        value_follows = valued.iter().any(|option| option == name);
        format!("--{name}").into()
    };
    words.into_iter().enumerate().map(change).collect()
}

/// Names of the options that take the next word as their value.
fn valued(grammar: &Command) -> Vec<String> {
    let own = grammar.get_arguments().filter(|argument| {
        argument.get_action().takes_values() && !argument.is_require_equals_set()
    });
    let own = own.filter_map(|argument| argument.get_long().map(str::to_owned));
    own.chain(grammar.get_subcommands().flat_map(valued)).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Arguments;

    #[test]
    fn only_options_change() {
        let check = |line: &str, expected: &str| {
            let words = line.split(' ').map(OsString::from);
            let words = normalize(words, &Arguments::command());
            let words: Vec<_> = words.iter().filter_map(|word| word.to_str()).collect();
            assert_eq!(words.join(" "), expected);
        };
        check("p plan -var -x=1 -destroy", "p plan --var -x=1 --destroy");
        check("p plan -var=a=-b -h -12", "p plan --var=a=-b -h -12");
        check("p -chdir dir apply -- -file", "p --chdir dir apply -- -file");
        check("p plan -help", "p plan --help");
        check("-p -", "-p -");
    }
}

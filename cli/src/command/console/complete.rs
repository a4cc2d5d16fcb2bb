//! What a half-written name may become.

use std::collections::BTreeSet;

use platoform_config::{Module, ModuleId, Repetition, Resource, Topology};
use platoform_lang::functions;
use platoform_schema::Mode;

/// Everything that can be written, each with what it begins with.
#[derive(Debug, Default)]
pub struct Words(BTreeSet<String>);

/// Names that every configuration knows.
const FIXED: [&str; 5] =
    ["path.cwd", "path.module", "path.root", "terraform.applying", "terraform.workspace"];

impl Words {
    /// The functions, and what the root module declares.
    pub fn of(topology: &Topology) -> Self {
        let mut words = Self::default();
        words.0.extend(FIXED.map(str::to_owned));
        words.0.extend(functions::names().into_iter().map(|name| format!("{name}(")));
        if let Some(root) = topology.modules.get(ModuleId::ROOT.0 as usize) {
            words.0.extend(root.variables.keys().map(|name| format!("var.{name}")));
            words.0.extend(root.locals.keys().map(|name| format!("local.{name}")));
            root.resources.values().for_each(|resource| words.resource(resource));
            words.modules(topology, root);
        }
        words
    }

    fn resource(&mut self, resource: &Resource) {
        let id = &resource.id;
        let prefix = match id.mode {
            Mode::Managed => "",
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
        };
        let address = format!("{prefix}{}.{}", id.kind, id.name);
        if is_single(&resource.repetition) && resource.content.is_known() {
            let block = &resource.content.schema().block;
            let names = block.attributes.keys().chain(block.blocks.keys());
            self.0.extend(names.map(|name| format!("{address}.{name}")));
        }
        self.0.insert(address);
    }

    fn modules(&mut self, topology: &Topology, root: &Module) {
        for (name, call) in &root.calls {
            let address = format!("module.{name}");
            if is_single(&call.repetition) {
                let outputs = topology.module(call.module).outputs.keys();
                self.0.extend(outputs.map(|output| format!("{address}.{output}")));
            }
            self.0.insert(address);
        }
    }

    /// Where the name at the end of a line begins, and what it may become: names up to their next
    /// dot, so that a first step is not drowned in all that can follow.
    pub fn complete(&self, line: &str) -> (usize, Vec<String>) {
        let is_part = |character: char| {
            character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':')
        };
        let start = line.trim_end_matches(is_part).len();
        let begun = &line[start..];
        let range = self.0.range(begun.to_owned()..).take_while(|word| word.starts_with(begun));
        let mut found: Vec<String> = range
            .map(|word| match word[begun.len()..].find('.') {
                Some(dot) => word[..begun.len() + dot + 1].to_owned(),
                None => word.clone(),
            })
            .collect();
        found.dedup();
        (start, found)
    }
}

fn is_single(repetition: &Repetition) -> bool {
    matches!(repetition, Repetition::Single | Repetition::Enabled(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(line: &str) -> (usize, Vec<String>) {
        let words =
            ["var.size", "var.side", "module.web", "module.web.url", "local.x", "max(", "min("];
        Words(words.map(str::to_owned).into_iter().collect()).complete(line)
    }

    #[test]
    fn names_are_completed_step_by_step() {
        assert_eq!(complete("1 + v"), (4, vec!["var.".into()]));
        assert_eq!(complete("var.s"), (0, vec!["var.side".into(), "var.size".into()]));
        assert_eq!(complete("[module.w"), (1, vec!["module.web".into(), "module.web.".into()]));
        assert_eq!(complete("f(module.web."), (2, vec!["module.web.url".into()]));
        assert_eq!(complete("${m"), (2, vec!["max(".into(), "min(".into(), "module.".into()]));
        assert_eq!(complete("nothing.x"), (0, Vec::new()));
    }
}

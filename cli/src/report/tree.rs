//! Trees drawn with lines.

use std::fmt;

/// A label, and what is below it.
#[derive(Clone, Debug)]
pub struct Tree {
    /// One line.
    pub label: String,
    /// What is below.
    pub branches: Vec<Tree>,
}

impl Tree {
    fn draw(&self, formatter: &mut fmt::Formatter<'_>, margin: &str) -> fmt::Result {
        for (index, branch) in self.branches.iter().enumerate() {
            let last = index + 1 == self.branches.len();
            let (line, below) =
                if last { ("└── ", "    ") } else { ("├── ", "│   ") };
            writeln!(formatter, "{margin}{line}{}", branch.label)?;
            branch.draw(formatter, &format!("{margin}{below}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.label)?;
        self.draw(formatter, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_to_what_is_below() {
        let tree = |label: &str, branches| Tree { label: label.into(), branches };
        let leaf = |label| tree(label, Vec::new());
        let inner = tree("a", vec![leaf("b"), leaf("c")]);
        let text = tree(".", vec![inner.clone(), inner]).to_string();
        let expected = ".\n├── a\n│   ├── b\n│   └── c\n└── a\n    ├── b\n    └── c\n";
        assert_eq!(text, expected);
    }
}

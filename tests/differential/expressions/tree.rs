//! Expressions that were made up, in a form that can be made smaller.

/// Text with expressions in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree(pub Vec<Part>);

/// A part of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// An expression in parentheses where it needs them.
    Inner(Tree),
}

impl Tree {
    /// An expression without parts.
    pub fn leaf(text: impl Into<String>) -> Self {
        Self(vec![Part::Text(text.into())])
    }

    /// A text in which each `@` stands for the next of the expressions.
    pub fn of(pattern: &str, inner: Vec<Tree>) -> Self {
        let mut parts = Vec::new();
        let mut inner = inner.into_iter();
        for (index, text) in pattern.split('@').enumerate() {
            if index > 0 {
                parts.extend(inner.next().map(Part::Inner));
            }
            parts.push(Part::Text(text.to_owned()));
        }
        Self(parts)
    }

    /// Its text.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Inner(tree) => tree.text(),
            })
            .collect()
    }

    /// Smaller expressions that may still show what this one shows, the smallest first.
    pub fn smaller(&self) -> Vec<Tree> {
        let mut smaller: Vec<Tree> = self.inner().cloned().collect();
        for (index, part) in self.0.iter().enumerate() {
            let Part::Inner(tree) = part else { continue };
            let leaves = ["null", "1", "\"a\"", "[]", "{}", "[1]"].map(Tree::leaf);
            let leaves = leaves.into_iter().filter(|_| tree.0.len() > 1);
            for replacement in leaves.chain(tree.smaller()) {
                let mut parts = self.0.clone();
                parts[index] = Part::Inner(replacement);
                smaller.push(Tree(parts));
            }
        }
        smaller
    }

    fn inner(&self) -> impl Iterator<Item = &Tree> {
        self.0.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Inner(tree) => Some(tree),
        })
    }
}

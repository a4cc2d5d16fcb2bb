//! Graphs as pictures and text: things, and which of them come before which.

mod dot;
mod json;
mod layout;
mod mermaid;
mod svg;
#[cfg(test)]
mod tests;

pub use dot::dot;
pub use json::json;
pub use mermaid::mermaid;
pub use svg::{escaped, inline, svg};

/// A graph to be drawn. Names are as they are: each format makes them harmless.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Things.
    pub nodes: Vec<Node>,
    /// An arrow from the first to the second of each: numbers of nodes.
    pub edges: Vec<(usize, usize)>,
}

/// A thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What is done to it, or how many there are; may be empty.
    pub note: String,
    /// How it looks.
    pub tone: Tone,
}

/// How a thing looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Like any other.
    #[default]
    Plain,
    /// It is new.
    New,
    /// It changes.
    Changed,
    /// It goes.
    Gone,
}

impl Tone {
    /// In a word.
    fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

impl Drawing {
    /// Leaves out arrows to what other arrows lead to as well. A drawing that goes in circles stays
    /// as it is.
    pub fn reduce(&mut self) {
        let Some(order) = self.order() else { return };
        let next = self.next();
        let words = self.nodes.len().div_ceil(64);
        let mut reached = vec![vec![0_u64; words]; self.nodes.len()];
        let mut kept = Vec::new();
        let mut position = vec![0; self.nodes.len()];
        for (place, node) in order.iter().enumerate() {
            position[*node] = place;
        }
        for node in order.iter().rev() {
            let mut further = vec![0_u64; words];
            let mut targets = next[*node].clone();
            // What comes sooner leads to what comes later, so it is looked at first.
            targets.sort_by_key(|target| position[*target]);
            for target in targets {
                if further[target / 64] & (1 << (target % 64)) != 0 {
                    continue;
                }
                kept.push((*node, target));
                for (word, more) in further.iter_mut().zip(&reached[target]) {
                    *word |= more;
                }
                further[target / 64] |= 1 << (target % 64);
            }
            reached[*node] = further;
        }
        kept.sort_unstable();
        self.edges = kept;
    }

    /// For each thing what its arrows lead to.
    fn next(&self) -> Vec<Vec<usize>> {
        let mut next = vec![Vec::new(); self.nodes.len()];
        for (from, to) in &self.edges {
            next[*from].push(*to);
        }
        next
    }

    /// All things, each before what its arrows lead to; `None` where they go in circles.
    fn order(&self) -> Option<Vec<usize>> {
        let next = self.next();
        let mut waits = vec![0_usize; self.nodes.len()];
        for (_, to) in &self.edges {
            waits[*to] += 1;
        }
        let mut order: Vec<usize> = (0..waits.len()).filter(|node| waits[*node] == 0).collect();
        let mut done = 0;
        while let Some(node) = order.get(done).copied() {
            done += 1;
            for to in &next[node] {
                waits[*to] -= 1;
                if waits[*to] == 0 {
                    order.push(*to);
                }
            }
        }
        (order.len() == waits.len()).then_some(order)
    }
}

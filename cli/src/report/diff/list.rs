//! Lists and sets.

use std::collections::{HashMap, HashSet};

use platoform_value::{Step, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::node::{added, compare, has_parts, same, whole};
use super::{Diff, Forced, Shape, Sign};
use crate::report::literal::{is_secret, literal};

/// Lists with more elements than this together are compared position by position.
const ELEMENTS_LIMIT: usize = 20_000;

/// How two lists line up: each pair is a position before and one after.
pub type Pair = (Option<usize>, Option<usize>);

/// What happens to a list.
pub fn lists(before: &Value, after: &Value, forced: &Forced<'_>) -> Diff {
    let (before, after) =
        (before.as_items().unwrap_or_default(), after.as_items().unwrap_or_default());
    let items = align(before, after).into_iter().filter_map(|pair| match pair {
        (Some(old), Some(new)) => Some(compare(&before[old], &after[new], &forced.index(new))),
        (Some(old), None) => Some(forced.index(old).mark(whole(&before[old], Sign::Remove))),
        (None, Some(new)) => Some(forced.index(new).mark(added(&after[new]))),
        (None, None) => None,
    });
    Diff::new(Sign::Change, Shape::List { ordered: true, items: items.collect() })
}

/// What happens to a set: elements leave and enter, none changes.
pub fn sets(before: &Value, after: &Value) -> Diff {
    let (before, after) =
        (before.as_items().unwrap_or_default(), after.as_items().unwrap_or_default());
    let items = match_sets(before, after).into_iter().filter_map(|pair| match pair {
        (Some(old), Some(new)) => Some(compare(&before[old], &after[new], &Forced::default())),
        (Some(old), None) => Some(whole(&before[old], Sign::Remove)),
        (None, Some(new)) => Some(added(&after[new])),
        (None, None) => None,
    });
    Diff::new(Sign::Change, Shape::List { ordered: false, items: items.collect() })
}

/// Lines up two lists: equal elements by the longest common subsequence; between those, elements
/// with parts of their own are paired by position, because what changed is inside them.
pub fn align(before: &[Value], after: &[Value]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if before.len() + after.len() > ELEMENTS_LIMIT {
        gap(&mut pairs, before, after, 0..before.len(), 0..after.len());
        return pairs;
    }
    let mut identities = Identities::default();
    let old: Vec<usize> = before.iter().map(|value| identities.of(value)).collect();
    let new: Vec<usize> = after.iter().map(|value| identities.of(value)).collect();
    let (mut old_end, mut new_end) = (0, 0);
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            gap(&mut pairs, before, after, old_end..old_index, new_end..new_index);
            pairs.extend((0..len).map(|step| (Some(old_index + step), Some(new_index + step))));
            (old_end, new_end) = (old_index + len, new_index + len);
        }
    }
    gap(&mut pairs, before, after, old_end..before.len(), new_end..after.len());
    pairs
}

fn gap(
    pairs: &mut Vec<Pair>,
    before: &[Value],
    after: &[Value],
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
) {
    let common = old.len().min(new.len());
    let paired = |step: &usize| {
        let (before, after) = (&before[old.start + step], &after[new.start + step]);
        (has_parts(before) && (has_parts(after) || !after.is_known()))
            || (is_secret(before) && is_secret(after))
            || same(before, after)
    };
    let paired = (0..common).take_while(paired).count();
    pairs.extend((0..paired).map(|step| (Some(old.start + step), Some(new.start + step))));
    pairs.extend((old.start + paired..old.end).map(|index| (Some(index), None)));
    pairs.extend((new.start + paired..new.end).map(|index| (None, Some(index))));
}

/// Lines up two sets: what left first, then what stayed and what came in their own order.
pub fn match_sets(before: &[Value], after: &[Value]) -> Vec<Pair> {
    let mut identities = Identities::default();
    let old: HashMap<usize, usize> =
        before.iter().enumerate().map(|(index, value)| (identities.of(value), index)).collect();
    let new: Vec<usize> = after.iter().map(|value| identities.of(value)).collect();
    let stays: HashSet<usize> = new.iter().copied().collect();
    let mut left: Vec<usize> =
        old.iter().filter(|(id, _)| !stays.contains(id)).map(|(_, index)| *index).collect();
    left.sort_unstable();
    let left = left.into_iter().map(|index| (Some(index), None));
    let rest = new.iter().enumerate().map(|(index, id)| (old.get(id).copied(), Some(index)));
    left.chain(rest).collect()
}

/// Whether a step leads into a set.
pub fn is_element(step: &Step) -> bool {
    matches!(step, Step::Element(_))
}

/// Small numbers for values, equal for equal values; what is not wholly known equals nothing.
#[derive(Default)]
struct Identities {
    known: HashMap<String, usize>,
    next: usize,
}

impl Identities {
    fn of(&mut self, value: &Value) -> usize {
        self.next += 1;
        let fresh = self.next;
        if !value.is_wholly_known() {
            return fresh;
        }
        // Without marks: the text decides equality only and is not kept.
        *self.known.entry(literal(&value.clone().unmark_deep())).or_insert(fresh)
    }
}

//! A sorted, shared-key association list: the body of maps and objects.

use std::sync::Arc;

use crate::Value;

/// Key-value pairs in ascending order of their keys (by bytes), each key once. Compact and quick to
/// search; built once, then read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Entries(Vec<(Arc<str>, Value)>);

impl Entries {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let index = self.0.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        Some(&self.0[index].1)
    }

    /// Sets the value of a key, keeping the order. Linear in the number of entries: collect from
    /// an iterator to build many at once.
    pub fn insert(&mut self, key: Arc<str>, value: Value) {
        match self.0.binary_search_by(|(name, _)| (**name).cmp(&key)) {
            Ok(index) => self.0[index].1 = value,
            Err(index) => self.0.insert(index, (key, value)),
        }
    }

    /// All pairs in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// All keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.0.iter().map(|(key, _)| key)
    }

    /// All values in order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Arc<str>, Value)> for Entries {
    /// Of two pairs with the same key the later one stays.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(iter: I) -> Self {
        let mut pairs: Vec<(Arc<str>, Value)> = iter.into_iter().collect();
        if !pairs.is_sorted_by(|left, right| left.0 < right.0) {
            pairs.sort_by(|left, right| left.0.cmp(&right.0));
            pairs.dedup_by(|later, kept| {
                let same = later.0 == kept.0;
                if same {
                    std::mem::swap(later, kept);
                }
                same
            });
        }
        Self(pairs)
    }
}

impl IntoIterator for Entries {
    type Item = (Arc<str>, Value);
    type IntoIter = std::vec::IntoIter<(Arc<str>, Value)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_wins_and_order_holds() {
        let pair = |key: &str, number: i64| (Arc::from(key), Value::from(number));
        let mut entries: Entries = [pair("b", 1), pair("a", 2), pair("b", 3)].into_iter().collect();
        assert_eq!(entries.keys().map(|key| &**key).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(entries.get("b"), Some(&Value::from(3)));
        entries.insert(Arc::from("aa"), Value::from(4));
        assert_eq!(entries.keys().map(|key| &**key).collect::<Vec<_>>(), ["a", "aa", "b"]);
    }
}

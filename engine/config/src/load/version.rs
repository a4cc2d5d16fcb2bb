//! Version constraints: `>= 1.5, < 2.0`, `~> 3.0`, `!= 1.2.3`.

use std::cmp::Ordering;

/// The level of Terraform's language that this program stands for; `required_version` is compared
/// with it.
pub const LANGUAGE_LEVEL: &str = "1.11.4";

/// A version: numbers, and for one before a release what comes after `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    /// Three at least; shorter ones are filled up with zeros.
    numbers: Vec<u64>,
    /// How many numbers were written.
    written: usize,
    prerelease: Option<String>,
}

impl Version {
    /// `1`, `v1.2`, `1.2.3-beta1`, `1.2.3+build`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let allowed =
            |character: char| character.is_ascii_alphanumeric() || ".-~".contains(character);
        if prerelease.is_some_and(|text| text.is_empty() || !text.chars().all(allowed)) {
            return None;
        }
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let mut parsed = Vec::new();
        for part in numbers.split('.') {
            parsed.push(Some(part).filter(|part| digits(part))?.parse().ok()?);
        }
        let written = parsed.len();
        parsed.resize(written.max(3), 0);
        Some(Self { numbers: parsed, written, prerelease: prerelease.map(str::to_owned) })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, index| version.numbers.get(index).copied().unwrap_or(0);
        let numbers = (0..length).map(|index| number(self, index).cmp(&number(other, index)));
        let numbers = numbers.fold(Ordering::Equal, Ordering::then);
        numbers.then_with(|| match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => left.cmp(right),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Pessimistic,
}

/// Longer operators first, so that `>=` is not read as `>`.
const OPERATORS: [(&str, Operator); 7] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("~>", Operator::Pessimistic),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
];

/// Conditions that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constraint(Vec<(Operator, Version)>);

impl Constraint {
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split(',').map(str::trim).map(condition).collect::<Option<_>>().map(Self)
    }

    pub(super) fn allows(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, bound)| holds(*operator, version, bound))
    }
}

fn condition(text: &str) -> Option<(Operator, Version)> {
    for (symbol, operator) in OPERATORS {
        if let Some(rest) = text.strip_prefix(symbol) {
            return Some((operator, Version::parse(rest.trim())?));
        }
    }
    Some((Operator::Equal, Version::parse(text)?))
}

fn holds(operator: Operator, version: &Version, bound: &Version) -> bool {
    let ordering = version.compare(bound);
    // A version before a release is meant only by constraints that name one of the same release.
    let early = version.prerelease.is_some()
        && !(bound.prerelease.is_some() && version.numbers == bound.numbers);
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Greater => !early && ordering.is_gt(),
        Operator::GreaterOrEqual => !early && ordering.is_ge(),
        Operator::Less => !early && ordering.is_lt(),
        Operator::LessOrEqual => !early && ordering.is_le(),
        Operator::Pessimistic => {
            // All but the last number written must be equal: `~> 1.2` allows 1.9 but not 2.0.
            let fixed = bound.written.saturating_sub(1);
            let same = (0..fixed).all(|index| {
                version.numbers.get(index).copied().unwrap_or(0) == bound.numbers[index]
            });
            !early && ordering.is_ge() && same
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(constraint: &str, version: &str) -> bool {
        let constraint = Constraint::parse(constraint).unwrap_or_else(|| panic!("{constraint}"));
        constraint.allows(&Version::parse(version).unwrap_or_else(|| panic!("{version}")))
    }

    #[test]
    fn constraints_hold_as_in_terraform() {
        for (constraint, yes, no) in [
            (">= 1.5, < 2.0", "1.11.4", "2.0.0"),
            ("~> 1.2", "1.11.4", "2.0.0"),
            ("~> 1.2.3", "1.2.9", "1.3.0"),
            ("~> 1", "2.0.0", "0.9.0"),
            ("1.2", "1.2.0", "1.2.1"),
            ("= 1.2.3", "1.2.3", "1.2.4"),
            ("!= 1.2.3", "1.2.4", "1.2.3"),
            ("> 1.2", "1.2.1", "1.2.0"),
            ("<=1.2", "1.2.0", "1.2.1"),
            (">= 1.0.0-beta1", "1.0.0-beta2", "1.1.0-beta1"),
            (">= 1.0", "1.0.0", "1.0.0-beta1"),
        ] {
            assert!(allows(constraint, yes), "{constraint} allows {yes}");
            assert!(!allows(constraint, no), "{constraint} refuses {no}");
        }
    }

    #[test]
    fn what_is_no_constraint_is_refused() {
        for text in ["", ">= banana", "1..2", "~>", ">= 1, ", "=> 1", "1.2.x", "nope", "1-"] {
            assert_eq!(Constraint::parse(text), None, "{text}");
        }
    }
}

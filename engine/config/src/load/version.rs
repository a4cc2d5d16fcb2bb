//! Version constraints: `>= 1.5, < 2.0`, `~> 3.0`, `!= 1.2.3`.

use std::cmp::Ordering;
use std::fmt;

/// The level of Terraform's language that this program stands for; `required_version` is compared
/// with it.
pub const LANGUAGE_LEVEL: &str = "1.11.4";

/// A version: numbers, and for one before a release what comes after `-`.
///
/// Two are equal when neither comes before the other: what was written after `+` is not compared.
#[derive(Clone, Debug)]
pub struct Version {
    /// Three at least; shorter ones are filled up with zeros.
    numbers: Vec<u64>,
    /// How many numbers were written.
    written: usize,
    prerelease: Option<String>,
    /// What came after `+`.
    metadata: Option<String>,
}

impl Version {
    /// Reads `1`, `v1.2`, `1.2.3-beta1`, `1.2.3+build`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = match text.split_once('+') {
            Some((version, metadata)) => (version, Some(metadata)),
            None => (text, None),
        };
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let allowed =
            |character: char| character.is_ascii_alphanumeric() || ".-~".contains(character);
        let wrong = |text: &str| text.is_empty() || !text.chars().all(allowed);
        if prerelease.is_some_and(wrong) || metadata.is_some_and(wrong) {
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
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (prerelease, metadata) = (owned(prerelease), owned(metadata));
        Some(Self { numbers: parsed, written, prerelease, metadata })
    }

    /// Whether it comes before a release.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.prerelease.is_some()
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let number = |version: &Self, index| version.numbers.get(index).copied().unwrap_or(0);
        let numbers = (0..length).map(|index| number(self, index).cmp(&number(other, index)));
        let numbers = numbers.fold(Ordering::Equal, Ordering::then);
        numbers.then_with(|| match (&self.prerelease, &other.prerelease) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(left), Some(right)) => compare_prereleases(left, right),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(u64::to_string).collect();
        formatter.write_str(&numbers.join("."))?;
        if let Some(prerelease) = &self.prerelease {
            write!(formatter, "-{prerelease}")?;
        }
        self.metadata.as_ref().map_or(Ok(()), |metadata| write!(formatter, "+{metadata}"))
    }
}

/// Part by part: numbers by value and before words, words by their letters, fewer parts first.
fn compare_prereleases(left: &str, right: &str) -> Ordering {
    let part = |text: &str| match text.parse::<u64>() {
        Ok(number) => (false, number, String::new()),
        Err(_) => (true, 0, text.to_owned()),
    };
    left.split('.').map(part).cmp(right.split('.').map(part))
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
pub struct Constraint(Vec<(Operator, Version)>);

impl Constraint {
    /// Reads conditions with commas between them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',').map(str::trim).map(condition).collect::<Option<_>>().map(Self)
    }

    /// Whether a version meets all of them.
    #[must_use]
    pub fn allows(&self, version: &Version) -> bool {
        self.0.iter().all(|(operator, bound)| holds(*operator, version, bound))
    }

    /// Whether a version meets all of them and may be chosen: one before a release only where it
    /// is asked for by its exact name.
    #[must_use]
    pub fn chooses(&self, version: &Version) -> bool {
        let exact = |(operator, bound): &(Operator, Version)| {
            *operator == Operator::Equal && bound == version
        };
        self.allows(version) && (!version.is_prerelease() || self.0.iter().any(exact))
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (operator, bound)) in self.0.iter().enumerate() {
            let symbol = OPERATORS.iter().find(|(_, known)| known == operator);
            let symbol = symbol.map_or("", |(symbol, _)| symbol);
            let comma = if index == 0 { "" } else { ", " };
            let exact = bound.to_string();
            // `~> 1.2` and `~> 1.2.0` are not the same: only what was written is shown.
            let shown: Vec<String> =
                bound.numbers.iter().take(bound.written).map(u64::to_string).collect();
            let rest = exact.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let space = if *operator == Operator::Equal { "" } else { " " };
            let symbol = if *operator == Operator::Equal { "" } else { symbol };
            write!(formatter, "{comma}{symbol}{space}{}{rest}", shown.join("."))?;
        }
        Ok(())
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
    let ordering = version.cmp(bound);
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
            // One that starts before a release means only what comes before that release.
            let early = early || (bound.is_prerelease() && !version.is_prerelease());
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
            ("~> 1.0.0-beta1", "1.0.0-beta2", "1.0.0"),
        ] {
            assert!(allows(constraint, yes), "{constraint} allows {yes}");
            assert!(!allows(constraint, no), "{constraint} refuses {no}");
        }
    }

    #[test]
    fn versions_are_ordered_as_in_terraform() {
        let ordered = ["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0"];
        let ordered = ordered.map(|text| Version::parse(text).unwrap());
        assert!(ordered.is_sorted(), "{ordered:?}");
        assert_eq!(Version::parse("1.2"), Version::parse("v1.2.0+build"));
        assert_eq!(Version::parse("v1.2-rc.1+build").unwrap().to_string(), "1.2.0-rc.1+build");
    }

    #[test]
    fn early_versions_are_chosen_by_their_exact_name_only() {
        let chooses = |constraint: &str, version: &str| {
            Constraint::parse(constraint).unwrap().chooses(&Version::parse(version).unwrap())
        };
        assert!(chooses("1.0.0-beta1", "1.0.0-beta1") && chooses(">= 1.0", "1.0"));
        assert!(!chooses(">= 1.0.0-beta1", "1.0.0-beta2") && !chooses("!= 2.0", "1.0.0-beta1"));
    }

    #[test]
    fn constraints_are_written_in_one_way() {
        for (text, written) in
            [(">=1.0,<2", ">= 1.0, < 2"), ("= 1.2", "1.2"), ("~>1.2.0-rc1", "~> 1.2.0-rc1")]
        {
            assert_eq!(Constraint::parse(text).unwrap().to_string(), written);
        }
    }

    #[test]
    fn what_is_no_constraint_is_refused() {
        for text in ["", ">= banana", "1..2", "~>", ">= 1, ", "=> 1", "1.2.x", "nope", "1-"] {
            assert_eq!(Constraint::parse(text), None, "{text}");
        }
    }
}

//! What several kinds share: labels, owner marks, durations.

use std::collections::HashMap;
use std::time::Duration;

use platoform_provider::value::{Path, Step};
use platoform_provider::{AttributeType, Block, Field, OwnedObject, Owner, Problem};

/// How long the Engine may go on with a request whose client is gone. It does not end it, and a
/// busy Engine takes seconds to make a container.
pub(crate) const SETTLES: Duration = Duration::from_secs(10);

/// Label with the key of the action that made an object.
pub const KEY_LABEL: &str = "io.platoform.key";
/// Label with the lineage of the state that owns an object.
pub const LINEAGE_LABEL: &str = "io.platoform.lineage";

/// A label.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Label {
    /// Name of the label.
    #[attribute(required)]
    pub label: Field<String>,
    /// Value of the label.
    #[attribute(required)]
    pub value: Field<String>,
}

/// How long operations may take, as durations such as `20m`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Timeouts {
    /// Limit for making the object; `20m` unless set.
    #[attribute(optional)]
    pub create: Field<String>,
    /// Limit for changing it; `20m` unless set.
    #[attribute(optional)]
    pub update: Field<String>,
    /// Limit for removing it; `20m` unless set.
    #[attribute(optional)]
    pub delete: Field<String>,
}

/// The limit that Terraform's provider sets.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20 * 60);

/// One limit of a `timeouts` block.
pub fn limit(text: Option<&str>) -> Duration {
    let nanoseconds = text.and_then(nanoseconds).and_then(|number| u64::try_from(number).ok());
    nanoseconds.map_or(DEFAULT_TIMEOUT, Duration::from_nanos)
}

/// The labels of an object with its owner's mark.
pub fn owned(labels: &[Label], owner: &Owner) -> HashMap<String, String> {
    let mut all = plain(labels);
    all.insert(KEY_LABEL.into(), owner.key.to_string());
    all.insert(LINEAGE_LABEL.into(), owner.lineage.to_string());
    all
}

/// Label blocks as the Engine takes them.
pub fn plain(labels: &[Label]) -> HashMap<String, String> {
    let pair = |label: &Label| Some((label.label.get()?.clone(), label.value.get()?.clone()));
    labels.iter().filter_map(pair).collect()
}

/// Labels of an object as blocks, without our mark and without those that `inherited` holds with
/// the same value.
pub fn shown(
    labels: Option<&HashMap<String, String>>,
    inherited: Option<&HashMap<String, String>>,
) -> Vec<Label> {
    let visible = labels.into_iter().flatten().filter(|(name, value)| {
        let mark = *name == KEY_LABEL || *name == LINEAGE_LABEL;
        !mark && inherited.and_then(|inherited| inherited.get(*name)) != Some(*value)
    });
    let mut blocks: Vec<Label> = visible
        .map(|(label, value)| Label { label: label.clone().into(), value: value.clone().into() })
        .collect();
    blocks.sort_by(|left, right| left.label.as_str().cmp(&right.label.as_str()));
    blocks
}

/// The query that finds the objects of one action, or of one state.
pub fn mark_filter(label: &str, value: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([("label".into(), vec![format!("{label}={value}")])])
}

/// An object that a filter by lineage has found.
pub fn owned_object(
    kind: &str,
    id: String,
    name: Option<String>,
    labels: Option<&HashMap<String, String>>,
) -> OwnedObject {
    let owner = labels.and_then(|labels| labels.get(KEY_LABEL)).map(|key| key.as_str().into());
    OwnedObject { kind: kind.into(), id, name, owner }
}

/// Refuses labels that are ours.
pub fn check_labels(labels: &Field<Vec<Label>>, problems: &mut Vec<Problem>) {
    let ours = labels.items().iter().filter_map(|label| label.label.as_str());
    for name in ours.filter(|name| [KEY_LABEL, LINEAGE_LABEL].contains(name)) {
        let detail = format!("`{name}` marks what platoform makes; choose another name");
        problems.push(Problem::error("Reserved label", detail).at(Path::attribute("labels")));
    }
}

/// A duration as Go writes it (`1h30m`, `500ms`, `0`), in nanoseconds
/// (<https://pkg.go.dev/time#ParseDuration>).
pub fn nanoseconds(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0f64;
    while !rest.is_empty() || total == 0f64 && text.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..].find(|character: char| character.is_ascii_digit());
        let unit_end = unit_end.map_or(rest.len(), |length| end + length);
        let unit = match &rest[end..unit_end] {
            "ns" => 1f64,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += number * unit;
        rest = &rest[unit_end..];
    }
    // Above 2^53 ns (104 days) the last digits are rounded away; no such limit needs them.
    let total = if negative { -total } else { total };
    (total.abs() < 9.2e18).then_some(total as i64)
}

/// Refuses a text that is not a duration.
pub fn check_duration(field: &Field<String>, at: Path, problems: &mut Vec<Problem>) {
    let Some(text) = field.as_str().filter(|text| nanoseconds(text).is_none()) else { return };
    let detail = format!("`{text}` is not a duration; write for example `30s`, `1m30s` or `500ms`");
    problems.push(Problem::error("Not a duration", detail).at(at));
}

/// Refuses wrong durations of a `timeouts` block.
pub fn check_timeouts(timeouts: &Field<Timeouts>, problems: &mut Vec<Problem>) {
    let Some(timeouts) = timeouts.get() else { return };
    let at = |name: &str| Path::attribute("timeouts").join(Step::Attribute(name.into()));
    check_duration(&timeouts.create, at("create"), problems);
    check_duration(&timeouts.update, at("update"), problems);
    check_duration(&timeouts.delete, at("delete"), problems);
}

/// Refuses a name that Docker refuses (`[a-zA-Z0-9][a-zA-Z0-9_.-]*`), before it becomes part of a
/// request's path.
pub fn check_name(name: &Field<String>, problems: &mut Vec<Problem>) {
    let Some(name) = name.as_str() else { return };
    let mut bytes = name.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if !first || !bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        let detail = format!(
            "`{name}` must begin with a letter or digit and hold only letters, digits, `_`, `.` and `-`"
        );
        problems.push(Problem::error("Not a name", detail).at(Path::attribute("name")));
    }
}

/// The path of an attribute in one element of a set of blocks.
pub fn in_set(blocks: &'static str, element: &impl AttributeType, attribute: &str) -> Path {
    let element = Path::attribute(blocks).join(Step::Element(element.to_value()));
    element.join(Step::Attribute(attribute.into()))
}

/// A text that is neither null nor empty: Docker takes an empty text as none.
pub fn text(field: &Field<String>) -> Option<String> {
    field.get().filter(|text| !text.is_empty()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        for (text, number) in [
            ("0s", 0),
            ("0", 0),
            ("1m30s", 90_000_000_000),
            ("500ms", 500_000_000),
            ("1.5s", 1_500_000_000),
            ("1h0m0.25s", 3_600_250_000_000),
            ("-2us", -2_000),
        ] {
            assert_eq!(nanoseconds(text), Some(number), "{text}");
        }
        for text in ["", "5", "s", "5 s", "5x", "1m30"] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }

    #[test]
    fn our_mark_is_put_on_and_never_shown() {
        let owner = Owner { key: "k".into(), lineage: "l".into() };
        let label = Label { label: "a".into(), value: "1".into() };
        let all = owned(std::slice::from_ref(&label), &owner);
        assert_eq!(all.len(), 3);
        assert_eq!(all[KEY_LABEL], "k");
        assert_eq!(shown(Some(&all), None), [label]);
        let image = HashMap::from([("a".to_owned(), "1".to_owned())]);
        assert_eq!(shown(Some(&all), Some(&image)), []);
    }
}

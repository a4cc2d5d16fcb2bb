//! "Did you mean …?"

/// The name closest to what was given, if it is close enough to be a slip of the fingers.
pub(crate) fn closest<'a>(
    given: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(given.len()) < 3)
        .map(|name| (strsim::levenshtein(given, name), name))
        .filter(|(distance, _)| *distance < 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The same as a sentence of help; nothing when no name is close.
#[must_use]
pub fn did_you_mean<'a>(given: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(given, names).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        assert_eq!(closest("inputt", ["output", "input", "id"]), Some("input"));
        assert_eq!(closest("nope", ["input", "output"]), None);
    }
}

//! Permission bits as text.

use platoform_provider::value::Path;
use platoform_provider::{Field, Problem};

/// The permission bits that three or four octal digits name, up to 0777.
pub(crate) fn parse(text: &str) -> Option<u32> {
    let digits = (3..=4).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    let mode = u32::from_str_radix(text, 8).ok().filter(|_| digits)?;
    (mode <= 0o777).then_some(mode)
}

/// What is wrong with permissions, if something is known to be.
pub(crate) fn check(name: &str, permission: &Field<String>) -> Option<Problem> {
    let text = permission.as_str().filter(|text| parse(text).is_none())?;
    let detail = format!("`{text}` is not three or four octal digits from `000` to `0777`");
    Some(Problem::error("Invalid permissions", detail).at(Path::attribute(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_octal_digits_up_to_0777() {
        assert_eq!(parse("0777"), Some(0o777));
        assert_eq!(parse("640"), Some(0o640));
        for wrong in ["", "77", "1777", "0888", "00777", "+644", "-644", "0o64", "rwx"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}

//! Bytes to text, as far as they are UTF-8.

/// Stands for a byte that is not part of any character: a code point that no text may hold.
pub(super) const BROKEN: char = '\u{fdd0}';

/// The text that bytes are. Bytes that are not UTF-8 are kept in a form in which the parser reports
/// them where they mean something, and passes over them in comments, as Terraform does.
#[must_use]
pub fn decode(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let chunks = error.as_bytes().utf8_chunks();
            let mut text = String::with_capacity(error.as_bytes().len());
            for chunk in chunks {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| BROKEN));
            }
            text
        }
    }
}

/// Whether a broken byte begins here.
pub(super) fn is_broken(bytes: &[u8]) -> bool {
    let mut buffer = [0; 4];
    bytes.starts_with(BROKEN.encode_utf8(&mut buffer).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_bytes_are_kept_apart() {
        assert_eq!(decode("aé".into()), "aé");
        assert_eq!(decode(b"a\xff\xc3b".to_vec()), format!("a{BROKEN}{BROKEN}b"));
        assert!(is_broken(BROKEN.to_string().as_bytes()));
        assert!(!is_broken("\u{fdd1}".as_bytes()));
    }
}

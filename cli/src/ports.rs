//! Time and chance.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use platoform_apply::{Clock, Random};
use platoform_plan::Volatile;

/// Characters of keys: no two look alike, all may stand in a label.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of an owner key: 130 bits.
const OWNER_KEY_LENGTH: usize = 26;

/// The moment in RFC 3339.
pub fn timestamp() -> Arc<str> {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string().into()
}

/// Time since it was made.
#[derive(Debug)]
pub struct Stopwatch(pub Instant);

impl Clock for Stopwatch {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The moment in RFC 3339, to the microsecond.
pub fn timestamp_precise() -> String {
    humantime::format_rfc3339_micros(SystemTime::now()).to_string()
}

/// The system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance;

#[expect(clippy::expect_used, reason = "every system that this runs on has random numbers")]
fn bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}

impl Random for Chance {
    fn owner_key(&self) -> Arc<str> {
        let characters = bytes::<OWNER_KEY_LENGTH>().map(|byte| ALPHABET[usize::from(byte % 32)]);
        String::from_utf8_lossy(&characters).into()
    }

    fn deposed_key(&self) -> Arc<str> {
        format!("{:08x}", u32::from_be_bytes(bytes())).into()
    }
}

impl Volatile for Chance {
    fn timestamp(&self) -> String {
        timestamp().to_string()
    }

    fn random(&self) -> [u8; 16] {
        bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_their_form_and_differ() {
        let key = Chance.owner_key();
        assert_eq!(key.len(), 26);
        assert!(key.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_ne!(key, Chance.owner_key());
        assert!(u32::from_str_radix(&Chance.deposed_key(), 16).is_ok());
        assert_eq!(Chance.deposed_key().len(), 8);
    }
}

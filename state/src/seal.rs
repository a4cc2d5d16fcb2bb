//! Sealing: every state has a random key of its own, which is kept in it sealed with the user's.
//!
//! Sealed text is base64 of a version byte, a random nonce and what ChaCha20-Poly1305 makes of the
//! content. Its length tells the length of the content, and nothing else about it.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use platoform_plan::{Seal, SealError};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use crate::KeyError;
use crate::key::KEY;

const VERSION: u8 = 1;

/// Seals and opens with a state's key. Cheap to clone.
#[derive(Clone)]
pub struct Sealer(Arc<Keys>);

struct Keys {
    seal: LessSafeKey,
    mac: hmac::Key,
    random: SystemRandom,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// Works with a random key made now, and gives it sealed with the user's.
    pub(crate) fn create(key: &[u8; KEY], lineage: &str) -> Result<(Self, String), KeyError> {
        let data = DataKey::random()?;
        Ok((data.sealer()?, data.wrap(key, lineage)?))
    }

    /// One key per purpose from one key; the user's seals nothing but the state's.
    fn derive(key: &[u8; KEY]) -> Result<Self, KeyError> {
        let secret = Salt::new(HKDF_SHA256, b"platoform state").extract(key);
        let seal = secret.expand(&[b"seal"], &CHACHA20_POLY1305).map(UnboundKey::from);
        let mac = secret.expand(&[b"mac"], hmac::HMAC_SHA256).map(hmac::Key::from);
        match (seal, mac) {
            (Ok(seal), Ok(mac)) => {
                let random = SystemRandom::new();
                Ok(Self(Arc::new(Keys { seal: LessSafeKey::new(seal), mac, random })))
            }
            _ => Err(KeyError::Random),
        }
    }

    fn seal_with(&self, plain: &[u8], context: &str) -> Result<String, SealError> {
        let failed = |_| SealError("the system gives no random numbers".to_owned());
        let mut nonce = [0; NONCE_LEN];
        self.0.random.fill(&mut nonce).map_err(failed)?;
        let mut content = Zeroizing::new(plain.to_vec());
        let key = &self.0.seal;
        let tag = key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut content,
            )
            .map_err(failed)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + content.len() + tag.as_ref().len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&content);
        sealed.extend_from_slice(tag.as_ref());
        Ok(BASE64.encode(sealed))
    }

    fn open_with(&self, sealed: &str, context: &str) -> Result<Vec<u8>, SealError> {
        let failed = || SealError("it was sealed with another key, or changed since".to_owned());
        let mut sealed = BASE64.decode(sealed).map_err(|_| failed())?;
        let Some((&mut VERSION, rest)) = sealed.split_first_mut() else { return Err(failed()) };
        let Some((nonce, content)) = rest.split_first_chunk_mut::<NONCE_LEN>() else {
            return Err(failed());
        };
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.seal.open_in_place(nonce, Aad::from(context), content);
        opened.map(|plain| plain.to_vec()).map_err(|_| failed())
    }
}

/// A state's own key, in clear.
pub(crate) struct DataKey(Zeroizing<[u8; KEY]>);

impl DataKey {
    /// A new one.
    pub(crate) fn random() -> Result<Self, KeyError> {
        let mut data = Zeroizing::new([0; KEY]);
        SystemRandom::new().fill(&mut *data).map_err(|_| KeyError::Random)?;
        Ok(Self(data))
    }

    /// The key that [`DataKey::wrap`] sealed; `None` when the user's key is another.
    pub(crate) fn unwrap(
        key: &[u8; KEY],
        lineage: &str,
        wrapped: &str,
    ) -> Result<Option<Self>, KeyError> {
        let Ok(data) = Sealer::derive(key)?.open_with(wrapped, lineage).map(Zeroizing::new) else {
            return Ok(None);
        };
        let data = <[u8; KEY]>::try_from(data.as_slice()).map(Zeroizing::new);
        Ok(data.ok().map(Self))
    }

    /// It, sealed with the user's key.
    pub(crate) fn wrap(&self, key: &[u8; KEY], lineage: &str) -> Result<String, KeyError> {
        Sealer::derive(key)?.seal_with(&*self.0, lineage).map_err(|_| KeyError::Random)
    }

    /// What works with it.
    pub(crate) fn sealer(&self) -> Result<Sealer, KeyError> {
        Sealer::derive(&self.0)
    }
}

impl Seal for Sealer {
    fn seal(&self, plain: &[u8]) -> Result<String, SealError> {
        self.seal_with(plain, "")
    }

    fn open(&self, sealed: &str) -> Result<Vec<u8>, SealError> {
        self.open_with(sealed, "")
    }

    fn mac(&self, plain: &[u8]) -> String {
        BASE64.encode(hmac::sign(&self.0.mac, plain))
    }
}

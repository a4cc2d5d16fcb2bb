//! `rsadecrypt`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_value::{Value, quoted};
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};

use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "rsadecrypt",
    &[Parameter::text("ciphertext"), Parameter::text("privatekey")],
    Returns::TEXT,
    rsadecrypt,
)];

fn rsadecrypt(arguments: &Arguments<'_>) -> Outcome {
    let (text, key) = (arguments.text(0), arguments.text(1));
    let cipher = STANDARD.decode(text.replace(['\r', '\n'], "")).map_err(|_| {
        let say = |input: &str| {
            format!("failed to decode input {input}: cipher text must be base64-encoded")
        };
        Problem::at(0, say(&quoted(text).to_string())).discreetly(say("(sensitive value)"))
    })?;
    let key = private_key(key).map_err(|why| Problem::at(1, why))?;
    let plain = key.decrypt(Pkcs1v15Encrypt, &cipher);
    let plain = plain.map_err(|_| "failed to decrypt: crypto/rsa: decryption error")?;
    // The reference replaces what is not text, too.
    Ok(String::from_utf8_lossy(&plain).into_owned().into())
}

/// Reads a key in PEM: PKCS #1 or PKCS #8.
fn private_key(pem: &str) -> Result<RsaPrivateKey, String> {
    const MALFORMED: &str = "invalid private key: its content is not that of an RSA key";
    let Some(label) = label(pem) else {
        return Err("invalid private key: ssh: no key found".into());
    };
    match label {
        "RSA PRIVATE KEY" => RsaPrivateKey::from_pkcs1_pem(pem).map_err(|_| MALFORMED.into()),
        "PRIVATE KEY" => RsaPrivateKey::from_pkcs8_pem(pem).map_err(|_| MALFORMED.into()),
        "OPENSSH PRIVATE KEY" => {
            Err("invalid private key: OpenSSH's own form is not read; convert \
                                      it with `ssh-keygen -p -m PEM`"
                .into())
        }
        other => Err(format!(
            "invalid private key: ssh: unsupported key type {other}",
            other = quoted(other)
        )),
    }
}

/// The label of the first PEM block.
fn label(pem: &str) -> Option<&str> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    rest.contains(&format!("-----END {label}-----")).then_some(label)
}

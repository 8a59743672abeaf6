//! "Does this file come from us?" Ed25519 over the bytes of the file, nothing before and
//! nothing behind them: `openssl pkeyutl -rawin` signs and verifies the same.
//!
//! A model file begins with bytes that nothing else begins with, so a signature of one is
//! no signature of anything else.

use base64ct::{Base64, Encoding as _};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use ed25519_dalek::{
    PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, Signature, Signer as _, SigningKey, VerifyingKey,
};
use std::fmt;

/// What signs: whoever holds it speaks for the shop.
pub struct PrivateKey(SigningKey);

/// What is no key or no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// No PKCS#8 PEM file with an Ed25519 key.
    PrivateKey,
    /// Not 32 bytes in base64, or no point of the curve.
    PublicKey,
    /// Neither 64 bytes nor those in base64.
    Signature,
    /// The operating system gives no entropy.
    Entropy,
}

impl PrivateKey {
    /// A fresh one, from the operating system's entropy.
    ///
    /// # Errors
    /// [`SigningError::Entropy`].
    pub fn fresh() -> Result<Self, SigningError> {
        let mut secret = [0; ed25519_dalek::SECRET_KEY_LENGTH];
        getrandom::fill(&mut secret).map_err(|_| SigningError::Entropy)?;
        Ok(Self(SigningKey::from_bytes(&secret)))
    }

    /// The key in a PKCS#8 PEM file.
    ///
    /// # Errors
    /// [`SigningError::PrivateKey`].
    pub fn from_pem(pem: &str) -> Result<Self, SigningError> {
        SigningKey::from_pkcs8_pem(pem).map(Self).map_err(|_| SigningError::PrivateKey)
    }

    /// The PKCS#8 PEM file of this key.
    ///
    /// # Errors
    /// [`SigningError::PrivateKey`], which no key that was made or read gives.
    pub fn to_pem(&self) -> Result<String, SigningError> {
        // Without its public half: openssl reads no other.
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = pair.to_pkcs8_pem(ed25519_dalek::pkcs8::spki::der::pem::LineEnding::LF);
        pem.map(|pem| pem.as_str().to_owned()).map_err(|_| SigningError::PrivateKey)
    }

    /// The public half: 32 bytes in base64.
    pub fn public_key(&self) -> String {
        Base64::encode_string(self.0.verifying_key().as_bytes())
    }

    /// The signature of a file: 64 bytes in base64.
    pub fn sign(&self, file: &[u8]) -> String {
        Base64::encode_string(&self.0.sign(file).to_bytes())
    }
}

/// Whether the file is what the holder of the key signed. The signature is what stands in the
/// signature's file.
///
/// # Errors
/// - [`SigningError::PublicKey`]
/// - [`SigningError::Signature`]
pub fn verifies(public_key: &str, signature: &[u8], file: &[u8]) -> Result<bool, SigningError> {
    let key: [u8; PUBLIC_KEY_LENGTH] = decoded(public_key).ok_or(SigningError::PublicKey)?;
    let key = VerifyingKey::from_bytes(&key).map_err(|_| SigningError::PublicKey)?;
    let text = || decoded(str::from_utf8(signature).ok()?.trim());
    let raw: Option<[u8; SIGNATURE_LENGTH]> = signature.try_into().ok();
    let signature = raw.or_else(text).ok_or(SigningError::Signature)?;
    // Strict: keys of small order, under which a signature fits several files, fit none.
    Ok(key.verify_strict(file, &Signature::from_bytes(&signature)).is_ok())
}

fn decoded<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let n = Base64::decode(text, &mut bytes).ok()?.len();
    (n == N).then_some(bytes)
}

/// The key itself is never shown.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {})", self.public_key())
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrivateKey => "this is no Ed25519 key in a PKCS#8 PEM file",
            Self::PublicKey => "this is no public key: 32 bytes in base64",
            Self::Signature => "this is no signature: 64 bytes, also in base64",
            Self::Entropy => "the operating system gives no entropy",
        })
    }
}

impl std::error::Error for SigningError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test 1 of RFC 8032, section 7.1: the key and its public half.
    const SECRET: [u8; 32] = [
        0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c,
        0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae,
        0x7f, 0x60,
    ];

    fn key() -> PrivateKey {
        PrivateKey(SigningKey::from_bytes(&SECRET))
    }

    #[test]
    fn signatures_are_those_of_the_rfc() {
        assert_eq!(key().public_key(), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
        let signature = "5VZDAMNgrHKQhuLMgG6CioSHfx64458ydVJVn3TpajIe4Q2QZdlyV6QkUb0CHlcoB1M=";
        assert!(key().sign(b"").starts_with(&signature[..8]));
        assert_eq!(verifies(&key().public_key(), key().sign(b"").as_bytes(), b""), Ok(true));
    }

    #[test]
    fn a_changed_file_key_or_signature_is_refused() {
        let signature = key().sign(b"file");
        let verifies = |key: &str, signature: &[u8], file: &[u8]| verifies(key, signature, file);
        let public = key().public_key();
        assert_eq!(verifies(&public, format!("{signature}\n").as_bytes(), b"file"), Ok(true));
        let raw: [u8; SIGNATURE_LENGTH] = decoded(&signature).unwrap();
        assert_eq!(verifies(&public, &raw, b"file"), Ok(true));
        assert_eq!(verifies(&public, signature.as_bytes(), b"File"), Ok(false));
        let other = PrivateKey::fresh().unwrap();
        assert_eq!(verifies(&other.public_key(), signature.as_bytes(), b"file"), Ok(false));
        for bit in 0..raw.len() * 8 {
            let mut changed = raw;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verifies(&public, &changed, b"file"), Ok(false), "bit {bit}");
        }
    }

    #[test]
    fn what_is_no_key_or_signature_is_named() {
        let signature = key().sign(b"");
        for public in ["", "AAAA", "!", &signature] {
            let refused = verifies(public, signature.as_bytes(), b"");
            assert_eq!(refused, Err(SigningError::PublicKey), "{public}");
        }
        for signature in ["", "AAAA", "\u{fffd}", &format!("{signature}AAAA")] {
            let refused = verifies(&key().public_key(), signature.as_bytes(), b"");
            assert_eq!(refused, Err(SigningError::Signature), "{signature}");
        }
        // The neutral point: with it any file would have a signature.
        let neutral = Base64::encode_string(&[&[1][..], &[0; 31]].concat());
        assert_eq!(verifies(&neutral, &[&[1][..], &[0; 63]].concat(), b"any"), Ok(false));
    }

    #[test]
    fn a_key_is_read_back_and_never_shown() {
        let pem = key().to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{pem}");
        let again = PrivateKey::from_pem(&pem).unwrap();
        assert_eq!(again.public_key(), key().public_key());
        assert_eq!(PrivateKey::from_pem("x").unwrap_err(), SigningError::PrivateKey);
        let secret = Base64::encode_string(&SECRET);
        assert!(!format!("{again:?}").contains(&secret[..20]));
    }
}

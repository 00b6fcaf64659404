//! Hashes, and the functions whose result nobody can know beforehand.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};
use uuid::Uuid;

use super::{Arguments, Builtin, own, plain};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    plain(("base64sha256", "string", 1, 1, "The SHA-256 of the text, in Base64."), |arguments| {
        digest::<Sha256>(arguments).map(|bytes| Value::string(&STANDARD.encode(bytes)))
    }),
    plain(("base64sha512", "string", 1, 1, "The SHA-512 of the text, in Base64."), |arguments| {
        digest::<Sha512>(arguments).map(|bytes| Value::string(&STANDARD.encode(bytes)))
    }),
    own(("bcrypt", "string, cost", 1, 2, "Not known before apply: each call gives another hash."), |_| {
        Ok(Value::unknown("bcrypt gives another hash at each call"))
    }),
    plain(("md5", "string", 1, 1, "The MD5 of the text, in hexadecimal digits."), hexadecimal::<Md5>),
    own(("rsadecrypt", "ciphertext, privatekey", 2, 2, "Not computed: planfit decrypts nothing."), |_| {
        Ok(Value::unknown("planfit decrypts nothing").mark(true))
    }),
    plain(("sha1", "string", 1, 1, "The SHA-1 of the text, in hexadecimal digits."), hexadecimal::<Sha1>),
    plain(("sha256", "string", 1, 1, "The SHA-256 of the text, in hexadecimal digits."), hexadecimal::<Sha256>),
    plain(("sha512", "string", 1, 1, "The SHA-512 of the text, in hexadecimal digits."), hexadecimal::<Sha512>),
    own(("uuid", "", 0, 0, "Not known before apply: each call gives another id."), |_| {
        Ok(Value::unknown("uuid gives another id at each call"))
    }),
    plain(("uuidv5", "namespace, name", 2, 2, "The id that belongs to the name in the namespace."), uuidv5),
];

fn digest<D: Digest>(arguments: &Arguments<'_>) -> Result<Vec<u8>, String> {
    Ok(D::digest(arguments.text(0)?.as_bytes()).to_vec())
}

fn hexadecimal<D: Digest>(arguments: &Arguments<'_>) -> Result<Value, String> {
    let mut text = String::new();
    for byte in digest::<D>(arguments)? {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Value::string(&text))
}

fn uuidv5(arguments: &Arguments<'_>) -> Result<Value, String> {
    let (namespace, name) = (arguments.text(0)?, arguments.text(1)?);
    let namespace = match &*namespace {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        other => Uuid::parse_str(other).map_err(|_| "a namespace is dns, url, oid, x500 or a UUID".to_owned())?,
    };
    let mut bytes = [0; 16];
    let hash = Sha1::new().chain_update(namespace).chain_update(name.as_bytes()).finalize();
    bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
    Ok(Value::string(&uuid::Builder::from_sha1_bytes(bytes).into_uuid().to_string()))
}

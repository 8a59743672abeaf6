//! `mercer keygen`, `mercer sign`, `mercer verify`: does the file come from us?

use super::model_file::{Form, load, show};
use crate::signing::{PrivateKey, SigningError, verifies};
use crate::stage::Target;
use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Make a pair of keys to sign model files with.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer keygen --out shop.key

Prints the public key, for `load(url, { publicKey })`. Keep the file with the private one where
nobody else can read it, and never on the web server: who has it speaks for the shop. It is an
Ed25519 key in PKCS#8, as `openssl genpkey -algorithm ed25519` makes them.")]
pub struct KeygenArgs {
    /// Where the private key is written; a file that is there already is never replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Sign a model file, so that pages can tell it from any other.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer sign --model shop.mercer --key shop.key

Writes shop.mercer.sig beside the model and prints the public key. Serve both files in one folder;
a page that loads with `{ publicKey }` takes no other model. Sign after each training.")]
pub struct SignArgs {
    /// The model file
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The private key that `mercer keygen` made
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Find out whether a model file is the one that was signed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mercer verify --model shop.mercer --public-key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=

Exit code 1: the file is not what the key signed.")]
pub struct VerifyArgs {
    /// The model file, its signature beside it
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The public key that `mercer keygen` printed
    #[arg(long, value_name = "KEY")]
    public_key: String,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Said {
    Key { public_key: String },
    Verdict { status: &'static str },
}

/// Makes a pair of keys.
///
/// # Errors
/// - `--out` is there already, or cannot be written.
/// - The operating system gives no entropy.
pub fn keygen(args: &KeygenArgs) -> Result<bool> {
    let key = PrivateKey::fresh()?;
    let shown = args.out.display();
    write_private(&args.out, key.to_pem()?.as_bytes()).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow!("--out {shown}: there is a file already; a key is never replaced, name another")
        }
        _ => anyhow!("--out {shown}: cannot write there: {error}"),
    })?;
    say(args.json, &Said::Key { public_key: key.public_key() })
}

/// Signs a model file.
///
/// # Errors
/// - The model or the key cannot be read, or is none.
/// - The signature cannot be written.
pub fn sign(args: &SignArgs) -> Result<bool> {
    load(&args.model)?;
    let file = fs::read(&args.model).with_context(|| args.model.display().to_string())?;
    let shown = args.key.display();
    let pem = fs::read_to_string(&args.key)
        .with_context(|| format!("--key {shown}: cannot be read; `mercer keygen` makes one"))?;
    let key = PrivateKey::from_pem(&pem).map_err(|error| anyhow!("--key {shown}: {error}"))?;
    let target = Target::check_flag("--model", &beside(&args.model))?;
    target.write(format!("{}\n", key.sign(&file)).as_bytes())?;
    say(args.json, &Said::Key { public_key: key.public_key() })
}

/// Holds a model file against its signature; `false` if it is not what was signed.
///
/// # Errors
/// - The model or its signature cannot be read, or the signature or the key is none.
pub fn verify(args: &VerifyArgs) -> Result<bool> {
    let shown = args.model.display();
    let file = fs::read(&args.model)
        .with_context(|| format!("{shown}: cannot be read; check path and permissions"))?;
    let place = beside(&args.model);
    let signature = fs::read(&place)
        .with_context(|| format!("{}: cannot be read; `mercer sign` makes it", place.display()))?;
    let sound = match verifies(&args.public_key, &signature, &file) {
        Ok(sound) => sound,
        Err(SigningError::PublicKey) => bail!("--public-key: {}", SigningError::PublicKey),
        Err(error) => bail!("{}: {error}", place.display()),
    };
    say(args.json, &Said::Verdict { status: if sound { "ok" } else { "fail" } })?;
    Ok(sound)
}

/// `shop.mercer` → `shop.mercer.sig`
fn beside(model: &Path) -> PathBuf {
    let mut name = model.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn say(json: bool, said: &Said) -> Result<bool> {
    show(Form::of(json), said, || match said {
        Said::Key { public_key } => format!("{public_key}\n"),
        Said::Verdict { status: "ok" } => "ok\n".to_owned(),
        Said::Verdict { .. } => {
            "FAIL: the file was changed, or signed with another key\n".to_owned()
        }
    })?;
    Ok(true)
}

/// A new file that only its owner can read.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

//! Keys and signatures, from the command line.

mod support;

use support::{Desk, repository};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.put("shop.mercer", std::fs::read(repository("tests/golden/small.mercer")).unwrap());
    desk
}

#[test]
fn a_signed_file_is_verified_and_a_changed_one_is_not() {
    let desk = desk();
    let made = desk.run("keygen --out shop.key");
    assert_eq!((made.code, made.stderr.as_str()), (Some(0), ""));
    let key = made.stdout.trim();
    let signed = desk.run("sign --model shop.mercer --key shop.key");
    assert_eq!((signed.code, signed.stdout.trim()), (Some(0), key));
    assert_eq!(desk.names(), ["shop.key", "shop.mercer", "shop.mercer.sig"]);
    let verify = format!("verify --model shop.mercer --public-key {key}");
    let verified = desk.run(&verify);
    assert_eq!((verified.code, verified.stdout.as_str()), (Some(0), "ok\n"));

    let other = desk.run("keygen --out other.key --json").stdout;
    let other: serde_json::Value = serde_json::from_str(&other).unwrap();
    let other = other["public_key"].as_str().unwrap().to_owned();
    let refused = desk.run(&format!("verify --model shop.mercer --public-key {other} --json"));
    assert_eq!((refused.code, refused.stdout.contains("\"fail\"")), (Some(1), true));

    let mut bytes = desk.bytes("shop.mercer");
    *bytes.last_mut().unwrap() ^= 1;
    desk.put("shop.mercer", bytes);
    let changed = desk.run(&verify);
    assert_eq!(changed.code, Some(1));
    assert!(changed.stdout.starts_with("FAIL"), "{}", changed.stdout);
    // What is no model is not signed.
    let broken = desk.run("sign --model shop.mercer --key shop.key");
    assert_eq!(broken.code, Some(2), "{}", broken.stderr);
}

#[test]
fn a_key_is_its_owners_and_is_never_replaced() {
    let desk = desk();
    assert_eq!(desk.run("keygen --out shop.key").code, Some(0));
    let key = desk.bytes("shop.key");
    assert!(key.starts_with(b"-----BEGIN PRIVATE KEY-----"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.path("shop.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can read it");
    }
    let again = desk.run("keygen --out shop.key");
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("never replaced"), "{}", again.stderr);
    assert!(desk.bytes("shop.key") == key);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let desk = desk();
    desk.put("page.html", "<html>");
    for (line, part) in [
        ("sign --model shop.mercer --key none", "mercer keygen"),
        ("sign --model shop.mercer --key page.html", "no Ed25519 key"),
        ("sign --model page.html --key none", "page.html"),
        ("verify --model shop.mercer --public-key AAAA", "shop.mercer.sig"),
        ("verify --model none --public-key AAAA", "none"),
        ("keygen --out nowhere/shop.key", "nowhere"),
    ] {
        let ran = desk.run(line);
        assert_eq!(ran.code, Some(2), "{line}");
        assert!(ran.stderr.contains(part), "{line}: {}", ran.stderr);
    }
    desk.put("shop.mercer.sig", "<html>");
    let key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    for (key, part) in [(key, "no signature"), ("AAAA", "--public-key")] {
        let ran = desk.run(&format!("verify --model shop.mercer --public-key {key}"));
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}

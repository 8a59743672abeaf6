//! From the path in a request to a file on disk, and never to one outside the site.

use std::path::{Path, PathBuf};

/// Folders and the paths they are served under.
pub(crate) struct Site {
    /// Prefix with a slash at both ends, and the folder; the longest prefix first.
    mounts: Vec<(String, PathBuf)>,
    isolation: Isolation,
}

/// Whether pages share a process with those of other origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// As browsers do by themselves.
    Usual,
    /// Cross-origin isolated: a finer clock, and nothing of other origins.
    Isolated,
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This file.
    File(PathBuf),
    /// A folder asked for without the slash at its end: the path with it.
    Folder(String),
    /// Nothing that may be served.
    Nothing,
    /// The path's percent-encoding is broken.
    Malformed,
}

impl Site {
    /// A site that serves `folder` at `/`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { mounts: vec![("/".to_owned(), folder.to_owned())], isolation: Isolation::Usual }
    }

    /// Serves `folder` under `prefix` too; `pkg`, `/pkg` and `/pkg/` mean the same.
    #[must_use]
    pub(crate) fn mount(mut self, prefix: &str, folder: &Path) -> Self {
        let name = prefix.trim_matches('/');
        let prefix = if name.is_empty() { "/".to_owned() } else { format!("/{name}/") };
        self.mounts.retain(|(known, _)| *known != prefix);
        self.mounts.push((prefix, folder.to_owned()));
        self.mounts.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        self
    }

    /// The same site with its pages cross-origin isolated.
    #[must_use]
    pub(crate) fn isolated(self) -> Self {
        Self { isolation: Isolation::Isolated, ..self }
    }

    pub(crate) fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// Where `target`, a path with or without a query, leads.
    pub(crate) fn find(&self, target: &str) -> Found {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let Some(decoded) = percent_decode(path) else { return Found::Malformed };
        let mount = self.mounts.iter().find_map(|(prefix, folder)| {
            decoded.strip_prefix(prefix.as_str()).map(|rest| (folder, rest))
        });
        let Some((folder, rest)) = mount else { return Found::Nothing };
        match inside(folder, rest) {
            Some(file) if file.is_file() => Found::File(file),
            Some(folder) if folder.is_dir() && !path.ends_with('/') => {
                // `//host/` would lead a browser to another host.
                Found::Folder(format!("/{}/", path.trim_start_matches('/')))
            }
            Some(folder) if folder.is_dir() => index_of(&folder),
            _ => Found::Nothing,
        }
    }
}

fn index_of(folder: &Path) -> Found {
    match inside(folder, "index.html") {
        Some(index) if index.is_file() => Found::File(index),
        _ => Found::Nothing,
    }
}

/// The existing file or folder `rest` names below `folder`; `None` if there is none, or if
/// it lies elsewhere, whether by `..` or by a symbolic link.
fn inside(folder: &Path, rest: &str) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_plain = |name: &str| name != "." && name != ".." && !name.contains(['\\', '\0', ':']);
    let names = rest.split('/').filter(|name| !name.is_empty());
    let mut path = folder.clone();
    for name in names {
        if !is_plain(name) {
            return None;
        }
        path.push(name);
    }
    // A file is not a folder: `/app.js/` leads nowhere.
    if rest.ends_with('/') && path.is_file() {
        return None;
    }
    let path = path.canonicalize().ok()?;
    path.starts_with(&folder).then_some(path)
}

/// The text behind `%20` and its like; `None` if the encoding is broken or hides no UTF-8.
fn percent_decode(path: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::process::test_folder;

    /// `secret` lies beside the folders that are served.
    fn site(name: &str) -> (Site, PathBuf) {
        let top = test_folder(name).canonicalize().unwrap();
        for folder in ["www/cart", "www/pkg", "pkg/wasm"] {
            fs::create_dir_all(top.join(folder)).unwrap();
        }
        for file in ["secret", "www/index.html", "www/cart/index.html", "www/a b+é.js", "pkg/x.js"]
        {
            fs::write(top.join(file), file).unwrap();
        }
        fs::write(top.join("www/pkg/x.js"), "shadowed").unwrap();
        (Site::new(&top.join("www")).mount("/pkg", &top.join("pkg")), top)
    }

    #[test]
    fn paths_lead_to_files() {
        let (site, top) = site("route-files");
        for (target, file) in [
            ("/", "www/index.html"),
            ("/?q=/../secret", "www/index.html"),
            ("/cart/", "www/cart/index.html"),
            ("/cart/index.html", "www/cart/index.html"),
            ("/a%20b+%C3%A9.js", "www/a b+é.js"),
            ("/pkg/x.js", "pkg/x.js"),
            ("/p%6bg/x.js", "pkg/x.js"),
        ] {
            assert_eq!(site.find(target), Found::File(top.join(file)), "{target}");
        }
        assert_eq!(site.find("/cart"), Found::Folder("/cart/".to_owned()));
        assert_eq!(site.find("//cart"), Found::Folder("/cart/".to_owned()));
    }

    #[test]
    fn nothing_outside_is_reachable() {
        let (site, _) = site("route-outside");
        for target in [
            "/../secret",
            "/..%2fsecret",
            "/%2e%2e/secret",
            "/%2E%2E%2Fsecret",
            "/cart/../../secret",
            "/pkg/../secret",
            "/pkg/%2e%2e/secret",
            "/..\\secret",
            "/..%5csecret",
            "//etc/passwd",
            "/%2fetc/passwd",
            "/c:/windows",
            "/index.html%00.js",
            "/index.html/",
            "/.",
            "/pkg/",
            "/pkg/wasm/",
            "/missing",
        ] {
            assert_eq!(site.find(target), Found::Nothing, "{target}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_outside() {
        let (site, top) = site("route-link");
        std::os::unix::fs::symlink(top.join("secret"), top.join("www/link")).unwrap();
        std::os::unix::fs::symlink(top.join("www/index.html"), top.join("www/home")).unwrap();
        assert_eq!(site.find("/link"), Found::Nothing);
        assert_eq!(site.find("/home"), Found::File(top.join("www/index.html")));
    }

    #[test]
    fn broken_encoding_is_malformed() {
        let (site, _) = site("route-encoding");
        for target in ["/%", "/%4", "/%zz", "/%ff", "/%+1"] {
            assert_eq!(site.find(target), Found::Malformed, "{target}");
        }
    }

    #[test]
    fn a_mount_at_the_root_replaces_the_folder() {
        let (site, top) = site("route-replace");
        let site = site.mount("/", &top.join("pkg"));
        assert_eq!(site.find("/x.js"), Found::File(top.join("pkg/x.js")));
        assert_eq!(site.find("/index.html"), Found::Nothing);
    }
}

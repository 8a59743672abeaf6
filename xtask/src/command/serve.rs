//! `cargo xtask serve`: the static file server alone.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, ensure};

use crate::cli::{Args, Command, Opt};
use crate::http::{self, Port, Site};
use crate::process::root;

pub(super) const DEFAULT_PORT: u16 = 8377;

pub(super) const PORT: Opt = Opt {
    name: "--port",
    value: Some("N"),
    help: "where to listen; 0 takes any free port (default 8377 or the next free one)",
};

pub(super) const COMMAND: Command = Command {
    name: "serve",
    about: "Serves www/ at / and pkg/ at /pkg/ on the loopback address",
    details: "
Prints the URL on stdout, then answers until Ctrl-C. Builds nothing: `cargo xtask demo`
does. Relative folders are seen from the repository's root.
",
    options: &[
        PORT,
        Opt {
            name: "--mount",
            value: Some("PATH=DIR"),
            help: "serves another folder too, or instead: `--mount /=dist`; may be repeated",
        },
        Opt {
            name: "--isolated",
            value: None,
            help: "keeps pages apart from other origins; browsers then give them a finer clock",
        },
        Opt {
            name: "--while-stdin-open",
            value: None,
            help: "stops when stdin ends, so that a server never outlives its tests",
        },
    ],
    run,
};

fn run(args: &Args) -> Result<()> {
    let mut site = shop_site();
    for mount in args.all("--mount") {
        let (prefix, folder) = parse_mount(mount)?;
        site = site.mount(prefix, &folder);
    }
    if args.has("--isolated") {
        site = site.isolated();
    }
    let port = port(args)?;
    if args.has("--while-stdin-open") {
        let listener = open(port)?;
        thread::spawn(move || http::serve(&listener, site));
        let _ = io::stdin().read_to_end(&mut Vec::new());
        return Ok(());
    }
    serve(port, site)
}

/// The storefront and the package.
pub(super) fn shop_site() -> Site {
    Site::new(&root().join("www")).mount("/pkg/", &root().join("pkg"))
}

/// Prints the URL and answers until the process ends.
///
/// # Errors
/// - the port is taken.
pub(super) fn serve(port: Port, site: Site) -> Result<()> {
    let listener = open(port)?;
    eprintln!("Ctrl-C stops it");
    http::serve(&listener, site);
    Ok(())
}

/// The port the command line asks for.
///
/// # Errors
/// - the value of `--port` is no port.
pub(super) fn port(args: &Args) -> Result<Port> {
    Ok(args.number("--port")?.map_or(Port::From(DEFAULT_PORT), Port::Exactly))
}

fn open(port: Port) -> Result<std::net::TcpListener> {
    let listener = http::listen(port)?;
    println!("{}", http::url(&listener)?);
    Ok(listener)
}

fn parse_mount(text: &str) -> Result<(&str, PathBuf)> {
    let (prefix, folder) = text.split_once('=').with_context(|| {
        format!("`--mount {text}`: expected a path and a folder, as in `--mount /pkg/=pkg`")
    })?;
    let folder = root().join(Path::new(folder));
    ensure!(folder.is_dir(), "`--mount {text}`: {} is no folder", folder.display());
    Ok((prefix, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_needs_a_path_and_an_existing_folder() {
        assert_eq!(parse_mount("/x=xtask").unwrap(), ("/x", root().join("xtask")));
        let said = parse_mount("xtask").unwrap_err().to_string();
        assert!(said.contains("--mount /pkg/=pkg"), "{said}");
        let said = parse_mount("/x=no-such-folder").unwrap_err().to_string();
        assert!(said.contains("is no folder"), "{said}");
    }
}

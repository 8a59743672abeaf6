//! A static file server for one's own machine: the demo and the browser tests use it. It
//! answers GET and HEAD on the loopback address, one thread a connection.

mod mime;
mod request;
mod route;

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

pub(crate) use request::Request;
pub(crate) use route::{Found, Isolation, Site};

/// How long a client may take to say what it wants, the first time and each later one, or to take
/// what it asked for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What tells a browser to isolate a page, and that a file may be part of one.
const ISOLATED: [&str; 3] = [
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Embedder-Policy: require-corp",
    "Cross-Origin-Resource-Policy: same-origin",
];

/// Which port to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Port {
    /// This one and no other; 0 lets the system choose.
    Exactly(u16),
    /// This one or, if it is taken, the next free one.
    From(u16),
}

/// Listens on the loopback address.
///
/// # Errors
/// - the port is taken (or the twenty after it, for [`Port::From`]) or not permitted.
pub(crate) fn listen(port: Port) -> Result<TcpListener> {
    let (first, last) = match port {
        Port::Exactly(port) => (port, port),
        Port::From(port) => (port, port.saturating_add(20)),
    };
    let mut refusal = None;
    for port in first..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => refusal = Some(error),
        }
    }
    let refusal = refusal.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    Err(refusal).with_context(|| {
        format!("cannot listen on port {first}; `--port 0` takes any that is free")
    })
}

/// The address to type into a browser.
///
/// # Errors
/// - the listener is broken.
pub(crate) fn url(listener: &TcpListener) -> Result<String> {
    let address: SocketAddr = listener.local_addr()?;
    Ok(format!("http://{address}/"))
}

/// Answers requests until the process ends.
pub(crate) fn serve(listener: &TcpListener, site: Site) {
    let site = Arc::new(site);
    for connection in listener.incoming() {
        // A connection that broke before it began concerns nobody else.
        let Ok(connection) = connection else { continue };
        let site = Arc::clone(&site);
        thread::spawn(move || {
            // The client went away: there is nobody left to tell.
            let _ = converse(connection, &site);
        });
    }
}

fn converse(mut connection: TcpStream, site: &Site) -> io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    connection.set_nodelay(true)?;
    loop {
        let (answer, goes_on) = match Request::read(&mut connection) {
            Ok(request) => (answer(&request, site), request.goes_on),
            Err(refusal) => match refusal.status() {
                Some(status) => (Answer::text(status), false),
                None => return Ok(()),
            },
        };
        let answer = if goes_on { answer } else { answer.into_last() };
        connection.write_all(&answer.bytes)?;
        if !goes_on {
            return connection.flush();
        }
    }
}

/// A whole answer as it goes over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    bytes: Vec<u8>,
}

impl Answer {
    fn text(status: &str) -> Self {
        Self::new(status, &["Content-Type: text/plain; charset=utf-8"], status.as_bytes())
    }

    fn new(status: &str, headers: &[&str], body: &[u8]) -> Self {
        let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        for header in headers.iter().chain(&["X-Content-Type-Options: nosniff"]) {
            head.push_str(header);
            head.push_str("\r\n");
        }
        Self { bytes: [head.as_bytes(), b"\r\n", body].concat() }
    }

    /// The one after which the connection ends.
    fn into_last(mut self) -> Self {
        let after_status =
            self.bytes.windows(2).position(|two| two == b"\r\n").map_or(0, |end| end + 2);
        self.bytes.splice(after_status..after_status, *b"Connection: close\r\n");
        self
    }

    /// Without the body, but with its length in the head.
    fn headless(mut self) -> Self {
        let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n");
        self.bytes.truncate(end.map_or(self.bytes.len(), |end| end + 4));
        self
    }
}

/// Answers one request.
pub(crate) fn answer(request: &Request, site: &Site) -> Answer {
    let whole = match request.method.as_str() {
        "GET" | "HEAD" => match site.find(&request.target) {
            Found::File(path) => file(&path, request, site.isolation()),
            Found::Folder(with_slash) => {
                let location = format!("Location: {with_slash}");
                Answer::new("301 Moved Permanently", &[&location], b"")
            }
            Found::Nothing => not_found(),
            Found::Malformed => Answer::text("400 Bad Request"),
        },
        _ => Answer::new("405 Method Not Allowed", &["Allow: GET, HEAD"], b""),
    };
    if request.method == "HEAD" { whole.headless() } else { whole }
}

fn file(path: &Path, request: &Request, isolation: Isolation) -> Answer {
    let Ok(body) = fs::read(path) else { return not_found() };
    let tag = entity_tag(&body);
    let tag_header = format!("ETag: {tag}");
    // Files change under a developer's hands: ask every time, send only what changed.
    let cache = "Cache-Control: no-cache";
    if request.knows(&tag) {
        return Answer::new("304 Not Modified", &[&tag_header, cache], b"").without_length();
    }
    let kind = format!("Content-Type: {}", mime::of(path));
    let usual = [&kind, &tag_header, cache];
    match isolation {
        Isolation::Usual => Answer::new("200 OK", &usual, &body),
        Isolation::Isolated => Answer::new("200 OK", &[&usual[..], &ISOLATED].concat(), &body),
    }
}

impl Answer {
    /// A 304 describes a body it does not have: its length would be a lie.
    fn without_length(self) -> Self {
        let text = String::from_utf8_lossy(&self.bytes).replace("Content-Length: 0\r\n", "");
        Self { bytes: text.into_bytes() }
    }
}

fn entity_tag(body: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    body.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

fn not_found() -> Answer {
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
                <title>Not found</title><h1>Not found</h1>\
                <p>There is no such file. <a href=\"/\">To the start</a></p></html>\n";
    Answer::new("404 Not Found", &["Content-Type: text/html; charset=utf-8"], page.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::process::test_folder;

    fn site(name: &str) -> Site {
        let folder = test_folder(name);
        fs::write(folder.join("index.html"), "<p>shop</p>").unwrap();
        fs::write(folder.join("mercer_bg.wasm"), b"\0asm").unwrap();
        fs::create_dir(folder.join("cart")).unwrap();
        fs::write(folder.join("cart/index.html"), "cart").unwrap();
        Site::new(&folder)
    }

    fn ask(site: &Site, head: &str) -> String {
        let request = Request::parse(head).unwrap();
        String::from_utf8(answer(&request, site).bytes).unwrap()
    }

    #[test]
    fn a_file_comes_with_its_type_and_length() {
        let site = site("http-file");
        let page = ask(&site, "GET / HTTP/1.1\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n"), "{page}");
        assert!(page.contains("Content-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.ends_with("\r\n\r\n<p>shop</p>"), "{page}");
        let wasm = ask(&site, "GET /mercer_bg.wasm?v=1 HTTP/1.1\r\n");
        assert!(wasm.contains("Content-Type: application/wasm\r\n"), "{wasm}");
    }

    #[test]
    fn an_isolated_site_says_so() {
        let plain = ask(&site("http-usual"), "GET / HTTP/1.1\r\n");
        let isolated = ask(&site("http-isolated").isolated(), "GET / HTTP/1.1\r\n");
        for header in ISOLATED {
            assert!(isolated.contains(&format!("{header}\r\n")), "{isolated}");
            assert!(!plain.contains(header), "{plain}");
        }
    }

    #[test]
    fn head_is_get_without_the_body() {
        let site = site("http-head");
        let get = ask(&site, "GET / HTTP/1.1\r\n");
        let head = ask(&site, "HEAD / HTTP/1.1\r\n");
        assert_eq!(format!("{head}<p>shop</p>"), get);
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let site = site("http-etag");
        let first = ask(&site, "GET / HTTP/1.1\r\n");
        let tag = first.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
        let again = ask(&site, &format!("GET / HTTP/1.1\r\nIf-None-Match: \"x\", {tag}\r\n"));
        assert!(again.starts_with("HTTP/1.1 304 "), "{again}");
        assert!(again.ends_with("\r\n\r\n") && !again.contains("Content-Length"), "{again}");
        let other = ask(&site, "GET / HTTP/1.1\r\nIf-None-Match: \"x\"\r\n");
        assert!(other.starts_with("HTTP/1.1 200 "), "{other}");
    }

    #[test]
    fn what_cannot_be_answered_says_so() {
        let site = site("http-errors");
        for (head, status) in [
            ("GET /none HTTP/1.1\r\n", "404"),
            ("GET /../Cargo.toml HTTP/1.1\r\n", "404"),
            ("GET /%2e%2e/Cargo.toml HTTP/1.1\r\n", "404"),
            ("GET /%zz HTTP/1.1\r\n", "400"),
            ("POST / HTTP/1.1\r\n", "405"),
        ] {
            let said = ask(&site, head);
            assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {said}");
        }
        let moved = ask(&site, "GET /cart HTTP/1.1\r\n");
        assert!(moved.starts_with("HTTP/1.1 301 ") && moved.contains("Location: /cart/\r\n"));
    }

    #[test]
    fn serves_over_a_socket_and_survives_nonsense() {
        let listener = listen(Port::Exactly(0)).unwrap();
        let address = listener.local_addr().unwrap();
        let site = site("http-socket");
        thread::spawn(move || serve(&listener, site));
        let exchange = |bytes: &[u8]| {
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(bytes).unwrap();
            let mut said = String::new();
            connection.read_to_string(&mut said).map(|_| said)
        };
        assert!(exchange(b"\xff\xfe\r\n\r\n").unwrap().starts_with("HTTP/1.1 400 "));
        let last = b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
        let said = exchange(last).unwrap();
        assert!(
            said.contains("\r\nConnection: close\r\n") && said.ends_with("<p>shop</p>"),
            "{said}"
        );
        assert_eq!(exchange(b"GET / HTTP/1.0\r\n\r\n").unwrap(), said);
    }

    #[test]
    fn several_answers_go_over_one_connection() {
        let listener = listen(Port::Exactly(0)).unwrap();
        let mut connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let site = site("http-several");
        thread::spawn(move || serve(&listener, site));
        for path in ["/", "/cart/", "/none"] {
            write!(connection, "GET {path} HTTP/1.1\r\n\r\n").unwrap();
            // The next request waits for this answer, as those of browsers do.
            let mut said = [0; 2048];
            let n_bytes = connection.read(&mut said).unwrap();
            let said = String::from_utf8_lossy(&said[..n_bytes]);
            assert!(said.starts_with("HTTP/1.1 ") && !said.contains("Connection: close"), "{said}");
        }
        connection.write_all(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
        let mut rest = String::new();
        connection.read_to_string(&mut rest).unwrap();
        assert!(rest.ends_with("<p>shop</p>"), "{rest}");
    }

    #[test]
    fn a_taken_port_is_an_error_or_the_next_one() {
        let taken = listen(Port::Exactly(0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let said = listen(Port::Exactly(port)).unwrap_err().to_string();
        assert!(said.contains(&format!("port {port}")), "{said}");
        if port < u16::MAX - 20 {
            let next = listen(Port::From(port)).unwrap().local_addr().unwrap().port();
            assert!(next > port);
        }
    }
}

//! The head of a request, read with a limit.

use std::io::Read;

/// More than any browser sends to a page's own server.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// What a client asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// `GET`, `HEAD`, …
    pub(crate) method: String,
    /// The path and query as they came, percent-encoded.
    pub(crate) target: String,
    known_tags: Vec<String>,
    /// Whether another request may follow on the same connection.
    pub(crate) goes_on: bool,
}

/// Why a request could not be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing was said: the client went, or is done with the connection.
    Silence,
    /// It is not HTTP, or it stopped in the middle.
    Malformed,
    /// Its head is longer than this server reads.
    TooLong,
}

impl Refusal {
    /// The status line's number and words; `None` where nobody waits for an answer.
    pub(crate) fn status(&self) -> Option<&'static str> {
        match self {
            Self::Silence => None,
            Self::Malformed => Some("400 Bad Request"),
            Self::TooLong => Some("431 Request Header Fields Too Large"),
        }
    }
}

impl Request {
    /// Reads up to the blank line; a body, if any, is left alone.
    ///
    /// # Errors
    /// - the client stopped or timed out before the blank line, or sent no HTTP;
    /// - the head is longer than 16 KiB.
    pub(crate) fn read(client: &mut impl Read) -> Result<Self, Refusal> {
        let mut head = Vec::new();
        let mut chunk = [0; 1024];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            if head.len() > MAX_HEAD_BYTES {
                return Err(Refusal::TooLong);
            }
            match client.read(&mut chunk) {
                Ok(0) | Err(_) if head.is_empty() => return Err(Refusal::Silence),
                Ok(0) | Err(_) => return Err(Refusal::Malformed),
                Ok(n_bytes) => head.extend_from_slice(&chunk[..n_bytes]),
            }
        }
        std::str::from_utf8(&head).ok().and_then(Self::parse).ok_or(Refusal::Malformed)
    }

    /// Reads the text of a head; `None` if it is not HTTP/1.
    pub(crate) fn parse(head: &str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        if !version.starts_with("HTTP/1.") || !target.starts_with('/') || words.next().is_some() {
            return None;
        }
        let headers: Vec<_> = lines.filter_map(|line| line.split_once(':')).collect();
        let said = |wanted| {
            let named = move |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(wanted);
            headers.iter().filter(named).flat_map(|(_, words)| words.split(',')).map(str::trim)
        };
        Some(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            known_tags: said("if-none-match")
                .map(|tag| tag.trim_start_matches("W/").to_owned())
                .collect(),
            // A body would be read as the next request.
            goes_on: version != "HTTP/1.0"
                && ["GET", "HEAD"].contains(&method)
                && !said("connection").any(|word| word.eq_ignore_ascii_case("close"))
                && said("content-length").chain(said("transfer-encoding")).next().is_none(),
        })
    }

    /// Whether the client already holds the version with this entity tag.
    pub(crate) fn knows(&self, tag: &str) -> bool {
        self.known_tags.iter().any(|known| known == tag || known == "*")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_target_and_known_tags_are_read() {
        let head = "GET /a%20b?q HTTP/1.1\r\nHost: x\r\nif-none-match: W/\"1\", \"2\"\r\n\r\n";
        let request = Request::read(&mut head.as_bytes()).unwrap();
        assert_eq!((&*request.method, &*request.target), ("GET", "/a%20b?q"));
        assert!(request.knows("\"1\"") && request.knows("\"2\"") && !request.knows("\"3\""));
        assert!(!Request::parse("GET / HTTP/1.1\r\n").unwrap().knows("\"1\""));
    }

    #[test]
    fn what_is_not_a_request_is_refused() {
        assert_eq!(Request::read(&mut &b""[..]), Err(Refusal::Silence));
        for head in [
            "GET / HTTP/1.1\r\n",
            "GET /\r\n\r\n",
            "GET / SPDY/3\r\n\r\n",
            "GET http://elsewhere/ HTTP/1.1\r\n\r\n",
            "GET / extra HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}\r\n\r\n",
        ] {
            assert_eq!(Request::read(&mut head.as_bytes()), Err(Refusal::Malformed), "{head:?}");
        }
        assert_eq!(Request::read(&mut &b"GET /\xff HTTP/1.1\r\n\r\n"[..]), Err(Refusal::Malformed));
    }

    #[test]
    fn a_connection_goes_on_unless_it_cannot() {
        let goes_on = |head: &str| Request::parse(head).unwrap().goes_on;
        assert!(goes_on("GET / HTTP/1.1\r\nConnection: keep-alive\r\n"));
        for last in [
            "GET / HTTP/1.1\r\nconnection: Close\r\n",
            "GET / HTTP/1.0\r\n",
            "POST / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 3\r\n",
        ] {
            assert!(!goes_on(last), "{last}");
        }
    }

    #[test]
    fn an_endless_head_is_refused() {
        let endless = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(1_000_000));
        assert_eq!(Request::read(&mut endless.as_bytes()), Err(Refusal::TooLong));
    }
}

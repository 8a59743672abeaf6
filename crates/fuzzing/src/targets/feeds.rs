use crate::heap;
use mercer_trainer::ingest::{
    ColumnMap, IngestError, ReadOptions, Strictness, days, read_catalog, read_log,
};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// First bytes of what is unpacked by other people's code, into more than it was.
const PACKED: [&[u8]; 3] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"];

/// A file of rows is read or refused, as a log and as a catalogue; what of it is dropped is
/// counted.
///
/// # Panics
/// If a promise is broken; and where the disk refuses the file that the readers read.
pub(super) fn run(bytes: &[u8]) {
    if PACKED.iter().any(|magic| bytes.starts_with(magic)) {
        return;
    }
    let path = scratch();
    write(&path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let options = options(bytes.first().is_some_and(|first| first & 0x20 == 0));
    heap::bounded(bytes.len(), || match read_log(std::slice::from_ref(&path), &options) {
        Ok((log, report)) => {
            let events: usize = log.sessions.iter().map(|session| session.events.len()).sum();
            assert!(events > 0 && report.rows_read >= report.n_rejected());
        }
        Err(error) => check(&error),
    });
    heap::bounded(bytes.len(), || match read_catalog(&path, &options) {
        Ok((catalog, _)) => assert!(catalog.items().iter().all(|item| !item.id.is_empty())),
        Err(error) => check(&error),
    });
    if let Ok(text) = std::str::from_utf8(bytes) {
        drop(text.lines().map(days).collect::<Vec<_>>());
    }
}

/// Over what stood there: a file that is emptied first is flushed to the disk by some systems,
/// which takes longer than all the rest.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).create(true).truncate(false).open(path)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)
}

/// A file of this thread's own.
fn scratch() -> PathBuf {
    thread_local! {
        static PATH: PathBuf = {
            let thread = format!("{:?}", std::thread::current().id());
            let number: String = thread.chars().filter(char::is_ascii_digit).collect();
            std::env::temp_dir().join(format!("mercer-fuzz-{}-{number}", std::process::id()))
        };
    }
    PATH.with(Clone::clone)
}

fn options(strict: bool) -> ReadOptions {
    let strictness = if strict { Strictness::Strict } else { Strictness::Lenient };
    ReadOptions { columns: ColumnMap::default(), strictness, ..ReadOptions::default() }
}

/// A refusal says something.
fn check(error: &IngestError) {
    assert!(!error.to_string().is_empty());
}

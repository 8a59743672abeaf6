use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

use super::delimited::Delimited;
use super::jsonl::JsonLines;
use super::parquet::ParquetRows;
use super::row::Rows;
use super::{IngestError, Progress};

/// Bytes asked of the disk and of the decompressor at a time.
const CHUNK_BYTES: usize = 256 * 1024;
/// The most bytes one row may have. Real descriptions stay far below; a longer row is a
/// missing line end or a stray quote.
pub(super) const MAX_ROW_BYTES: usize = 1 << 20;

/// Opens a file of rows. What it is, compressed or not, is told by its first bytes; its
/// name has no say.
///
/// # Errors
/// The file cannot be opened, is empty, or is of a kind that is not read.
pub(super) fn open<'a>(
    path: &'a Path,
    progress: &'a dyn Progress,
) -> Result<Box<dyn Rows + 'a>, IngestError> {
    let io_error = |error| IngestError::from_io(path, &error);
    let metadata = std::fs::metadata(path).map_err(io_error)?;
    if metadata.is_dir() {
        return Err(IngestError::Directory { path: path.to_path_buf() });
    }
    let mut file = File::open(path).map_err(io_error)?;
    progress.start(path, metadata.len());
    let head = read_head(&mut file).map_err(io_error)?;
    if head.starts_with(b"PAR1") {
        return Ok(Box::new(ParquetRows::open(path, file, metadata.len(), progress)?));
    }
    let rest = Cursor::new(head.clone()).chain(Counted { file, progress });
    let mut text = decompressed(&head, rest).map_err(io_error)?;
    let start = text.fill_buf().map_err(|error| damaged(path, 0, &error))?;
    refuse_other_kinds(path, start)?;
    if start.starts_with(b"\xEF\xBB\xBF") {
        text.consume(3);
    }
    let lines = Lines { path, text, number: 0 };
    open_text(lines)
}

fn open_text<'a>(mut lines: Lines<'a>) -> Result<Box<dyn Rows + 'a>, IngestError> {
    let mut first = Vec::new();
    loop {
        first.clear();
        match lines.read(&mut first)? {
            Line::End => return Err(IngestError::Empty { path: lines.path.to_path_buf() }),
            Line::TooLong(_) => {
                return Err(IngestError::Unsupported {
                    path: lines.path.to_path_buf(),
                    what: format!("line {} is longer than {MAX_ROW_BYTES} bytes", lines.number),
                    fix: "a log is a header line and one line a row; check the export".to_owned(),
                });
            }
            Line::Read if first.trim_ascii().is_empty() => {}
            Line::Read => break,
        }
    }
    match first.trim_ascii_start() {
        [b'{', ..] => Ok(Box::new(JsonLines::open(lines, first)?)),
        [b'[', ..] => Err(IngestError::Unsupported {
            path: lines.path.to_path_buf(),
            what: "this is one JSON array".to_owned(),
            fix: "write one object a line, for example with jq -c '.[]'".to_owned(),
        }),
        _ => Ok(Box::new(Delimited::open(lines, first)?)),
    }
}

fn read_head(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(4);
    file.take(4).read_to_end(&mut head)?;
    Ok(head)
}

fn decompressed<'a>(head: &[u8], raw: impl Read + 'a) -> std::io::Result<Box<dyn BufRead + 'a>> {
    let raw = BufReader::with_capacity(CHUNK_BYTES, raw);
    Ok(if head.starts_with(&[0x1f, 0x8b]) {
        let plain = flate2::bufread::MultiGzDecoder::new(raw);
        Box::new(BufReader::with_capacity(CHUNK_BYTES, plain))
    } else if head == [0x28, 0xb5, 0x2f, 0xfd] {
        let plain = zstd::stream::read::Decoder::with_buffer(raw)?;
        Box::new(BufReader::with_capacity(CHUNK_BYTES, plain))
    } else {
        Box::new(raw)
    })
}

fn refuse_other_kinds(path: &Path, start: &[u8]) -> Result<(), IngestError> {
    let (what, fix) = match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            ("this is UTF-16 text", "save it as UTF-8 (iconv -f UTF-16 -t UTF-8)")
        }
        [b'P', b'K', 3, 4, ..] => {
            ("this is a zip or spreadsheet file", "unpack it, or export it as CSV")
        }
        [b'P', b'A', b'R', b'1', ..] => {
            ("this is a compressed Parquet file", "decompress it; Parquet compresses inside")
        }
        [b'B', b'Z', b'h', ..] => ("this is a bzip2 file", "decompress it, or use gzip or zstd"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => {
            ("this is an xz file", "decompress it, or use gzip or zstd")
        }
        [0x1f, 0x8b, ..] => ("this was compressed twice", "decompress it once"),
        _ => return Ok(()),
    };
    let (what, fix) = (what.to_owned(), fix.to_owned());
    Err(IngestError::Unsupported { path: path.to_path_buf(), what, fix })
}

fn damaged(path: &Path, line: u64, error: &std::io::Error) -> IngestError {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::InvalidInput
        // What the zstd decoder calls every flaw of the stream.
        | ErrorKind::Other => {
            IngestError::Damaged { path: path.to_path_buf(), line, why: error.to_string() }
        }
        _ => IngestError::from_io(path, error),
    }
}

/// A file that tells how much of it was read.
struct Counted<'a> {
    file: File,
    progress: &'a dyn Progress,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.progress.finish();
    }
}

/// What reading one line came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The line was appended, without its end.
    Read,
    /// The line has this many bytes, more than a row may have, and was skipped.
    TooLong(u64),
    /// There are no more lines.
    End,
}

/// The lines of a text, counted.
pub(super) struct Lines<'a> {
    pub(super) path: &'a Path,
    text: Box<dyn BufRead + 'a>,
    /// The number of the line read last, from 1.
    pub(super) number: u64,
}

impl Lines<'_> {
    /// Appends the next line to `line`, without `\n` or `\r\n`. No more than
    /// [`MAX_ROW_BYTES`] of it are ever held.
    ///
    /// # Errors
    /// The file cannot be read, or its compressed stream is damaged.
    pub(super) fn read(&mut self, line: &mut Vec<u8>) -> Result<Line, IngestError> {
        let start = line.len();
        let mut bytes = 0u64;
        loop {
            let chunk = match self.text.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged(self.path, self.number, &error)),
            };
            let end = memchr::memchr(b'\n', chunk);
            let piece = &chunk[..end.unwrap_or(chunk.len())];
            let is_last = end.is_some() || chunk.is_empty();
            let used = piece.len() + usize::from(end.is_some());
            bytes += used as u64;
            if line.len() - start + piece.len() <= MAX_ROW_BYTES {
                line.extend_from_slice(piece);
            } else {
                line.truncate(start);
                // Past the limit nothing more is kept, whatever its length.
                self.text.consume(used);
                return self.skip_line(bytes, end.is_some());
            }
            self.text.consume(used);
            if is_last {
                break;
            }
        }
        if bytes == 0 {
            return Ok(Line::End);
        }
        self.number += 1;
        if line.len() > start && line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(Line::Read)
    }

    /// Reads on to the end of a line that is not kept.
    fn skip_line(&mut self, mut bytes: u64, mut ended: bool) -> Result<Line, IngestError> {
        self.number += 1;
        while !ended {
            let chunk = match self.text.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged(self.path, self.number, &error)),
            };
            let end = memchr::memchr(b'\n', chunk);
            let used = end.map_or(chunk.len(), |end| end + 1);
            ended = end.is_some() || chunk.is_empty();
            bytes += used as u64;
            self.text.consume(used);
        }
        Ok(Line::TooLong(bytes))
    }
}

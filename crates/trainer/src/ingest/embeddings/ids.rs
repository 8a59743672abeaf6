use std::io::Read;
use std::path::{Path, PathBuf};

use super::{EmbeddingsError, open};
use crate::ingest::IngestError;
use crate::ingest::error::clipped;
use crate::ingest::intern::Interner;
use crate::ingest::row::long_id;

/// Reads the ids of `rows` vectors from `named`, or from the file beside `vectors`.
pub(super) fn read(
    vectors: &Path,
    named: Option<&Path>,
    rows: usize,
) -> Result<Interner, EmbeddingsError> {
    let path = named.map_or_else(|| vectors.with_extension("ids.txt"), Path::to_path_buf);
    let opened = open(&path);
    if matches!(opened, Err(EmbeddingsError::File(IngestError::NotFound { .. }))) && named.is_none()
    {
        return Err(EmbeddingsError::NoIds { path: vectors.to_path_buf(), looked: path });
    }
    let mut bytes = Vec::new();
    opened?
        .read_to_end(&mut bytes)
        .map_err(|error| EmbeddingsError::File(IngestError::from_io(&path, &error)))?;
    parse(&bytes, &path, rows)
}

fn parse(bytes: &[u8], path: &Path, rows: usize) -> Result<Interner, EmbeddingsError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let bytes = bytes.trim_ascii_end();
    let mut ids = Interner::default();
    let mut n_ids = 0;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|_| !bytes.is_empty());
    for (line, row) in lines.zip(1..) {
        let id = std::str::from_utf8(line).map_err(|_| {
            let why = "the id is not UTF-8; save the file as UTF-8".to_owned();
            EmbeddingsError::Row { path: path.to_path_buf(), row, why }
        })?;
        add(&mut ids, id.trim(), (path, row))?;
        n_ids += 1;
    }
    if n_ids == rows {
        Ok(ids)
    } else {
        Err(EmbeddingsError::IdCount { path: path.to_path_buf(), ids: n_ids, rows })
    }
}

/// Adds an id that must be new.
pub(super) fn add(
    ids: &mut Interner,
    id: &str,
    (path, row): (&Path, u64),
) -> Result<(), EmbeddingsError> {
    let refuse = |why| Err(EmbeddingsError::Row { path: PathBuf::from(path), row, why });
    if id.is_empty() {
        return refuse("the id is empty; every vector needs one".to_owned());
    }
    if let Some(flaw) = long_id(id, None) {
        return refuse(flaw.detail);
    }
    if u64::from(ids.intern(id)) + 1 != row {
        return refuse(format!("`{}` was there before; give each item one vector", clipped(id)));
    }
    Ok(())
}

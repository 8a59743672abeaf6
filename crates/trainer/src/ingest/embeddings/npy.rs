//! The array format of NumPy (its "npy format" description, versions 1 to 3): magic, version,
//! length of the header, a Python dictionary, then the numbers.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use ndarray::{Array2, ShapeBuilder};

use super::EmbeddingsError;
use crate::ingest::IngestError;

/// The first bytes of a `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// Bytes of a header at most; NumPy writes about 120.
const MAX_HEADER: u32 = 64 * 1024;

/// How the numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F16,
    F32,
    F64,
}

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    kind: Kind,
    by_columns: bool,
    rows: usize,
    columns: usize,
}

/// Reads what follows the magic, `[n_rows, dim]`.
pub(super) fn read(path: &Path, file: File) -> Result<Array2<f32>, EmbeddingsError> {
    let io_error = |error| EmbeddingsError::File(IngestError::from_io(path, &error));
    let bytes = file.metadata().map_err(io_error)?.len();
    let mut file = BufReader::with_capacity(1 << 18, file);
    let refuse = |why: String| EmbeddingsError::Header { path: path.to_path_buf(), why };
    let (text, start) = header_text(&mut file).map_err(refuse)?;
    let header = Header::parse(&text).map_err(refuse)?;
    if header.rows == 0 || header.columns == 0 {
        return Err(EmbeddingsError::NoVectors { path: path.to_path_buf() });
    }
    // The file bounds what is allocated.
    let expected = header.bytes();
    let found = bytes.saturating_sub(start);
    if expected != Some(found) {
        let expected = expected.unwrap_or(u64::MAX);
        return Err(EmbeddingsError::Length { path: path.to_path_buf(), expected, found });
    }
    let mut numbers = Vec::with_capacity(header.rows * header.columns);
    let mut buffer = vec![0; header.kind.bytes()];
    for _ in 0..header.rows * header.columns {
        file.read_exact(&mut buffer).map_err(io_error)?;
        numbers.push(header.kind.number(&buffer));
    }
    shaped(&header, numbers, path)
}

fn shaped(header: &Header, numbers: Vec<f32>, path: &Path) -> Result<Array2<f32>, EmbeddingsError> {
    let shape = (header.rows, header.columns).set_f(header.by_columns);
    let array = Array2::from_shape_vec(shape, numbers).expect("as many numbers as were read");
    let array = array.as_standard_layout().into_owned();
    let broken =
        array.rows().into_iter().zip(1..).find(|(row, _)| !row.iter().all(|x| x.is_finite()));
    match broken {
        None => Ok(array),
        Some((_, row)) => Err(EmbeddingsError::Row {
            path: path.to_path_buf(),
            row,
            why: "the vector holds a number that is not finite; leave the item out or mend it"
                .to_owned(),
        }),
    }
}

/// The dictionary, and where the numbers begin.
fn header_text(file: &mut impl Read) -> Result<(String, u64), String> {
    let cut = || "the file ends within its header; save it again".to_owned();
    let mut version = [0; 2];
    file.read_exact(&mut version).map_err(|_| cut())?;
    let mut length = [0; 4];
    let width: usize = match version[0] {
        1 => 2,
        2 | 3 => 4,
        other => return Err(format!("version {other} of the .npy format is not read")),
    };
    file.read_exact(&mut length[..width]).map_err(|_| cut())?;
    let length = u32::from_le_bytes(length);
    if length > MAX_HEADER {
        return Err(format!("the header would have {length} bytes; the file is damaged"));
    }
    let mut text = Vec::new();
    file.take(u64::from(length)).read_to_end(&mut text).map_err(|_| cut())?;
    if text.len() < length as usize {
        return Err(cut());
    }
    let start = (MAGIC.len() + version.len() + width) as u64 + u64::from(length);
    let text = String::from_utf8(text).map_err(|_| "the header is damaged".to_owned())?;
    Ok((text, start))
}

impl Header {
    fn parse(text: &str) -> Result<Self, String> {
        let missing = |key: &str| format!("the header has no `{key}`; the file is damaged");
        let descr = value(text, "descr").ok_or_else(|| missing("descr"))?;
        let by_columns = value(text, "fortran_order").ok_or_else(|| missing("fortran_order"))?;
        let shape = value(text, "shape").ok_or_else(|| missing("shape"))?;
        let (rows, columns) = Self::shape(shape)?;
        let by_columns = match by_columns {
            "True" => true,
            "False" => false,
            other => return Err(format!("`fortran_order` is `{other}`; the file is damaged")),
        };
        Ok(Self { kind: Kind::parse(descr)?, by_columns, rows, columns })
    }

    fn shape(text: &str) -> Result<(usize, usize), String> {
        let sizes: Option<Vec<usize>> = text
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty())
            .map(|size| size.trim_end_matches('L').parse().ok())
            .collect();
        match sizes.as_deref() {
            Some(&[rows, columns]) => Ok((rows, columns)),
            Some(sizes) => Err(format!(
                "the array has {} dimensions; vectors stand in two, one row an item",
                sizes.len()
            )),
            None => Err(format!("`shape` is `({text})`; the file is damaged")),
        }
    }

    fn bytes(&self) -> Option<u64> {
        let numbers = self.rows.checked_mul(self.columns)?;
        numbers.checked_mul(self.kind.bytes())?.try_into().ok()
    }
}

/// The value of a key of the dictionary, without quotes and brackets.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let from = text.find(&format!("'{key}'"))? + key.len() + 2;
    let rest = text[from..].trim_start().strip_prefix(':')?.trim_start();
    for (open, close) in [('\'', '\''), ('(', ')')] {
        if let Some(inner) = rest.strip_prefix(open) {
            return inner.split_once(close).map(|(inner, _)| inner.trim());
        }
    }
    rest.split([',', '}']).next().map(str::trim)
}

impl Kind {
    fn parse(descr: &str) -> Result<Self, String> {
        match descr {
            "<f2" => Ok(Self::F16),
            "<f4" => Ok(Self::F32),
            "<f8" => Ok(Self::F64),
            other => Err(format!(
                "the numbers are `{other}`; save them as f16, f32 or f64, little-endian, for \
                 example with numpy.save(file, array.astype(\"<f4\"))"
            )),
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::F16 => 2,
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// The number of these bytes, as many as [`Kind::bytes`] says.
    fn number(self, bytes: &[u8]) -> f32 {
        match self {
            Self::F16 => f16(u16::from_le_bytes([bytes[0], bytes[1]])),
            Self::F32 => f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
            #[expect(clippy::cast_possible_truncation, reason = "vectors are kept as f32")]
            Self::F64 => f64::from_le_bytes(std::array::from_fn(|at| bytes[at])) as f32,
        }
    }
}

/// A half-precision number (IEEE 754 binary16).
fn f16(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    sign * match (bits >> 10) & 0x1f {
        0 => fraction * 2.0_f32.powi(-14),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        exponent => (1.0 + fraction) * 2.0_f32.powi(i32::from(exponent) - 15),
    }
}

use super::*;
use ::parquet::data_type::{ByteArray, ByteArrayType, FloatType};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use std::path::PathBuf;
use std::sync::Arc;

/// A `.npy` file of version 1 with this dictionary.
fn npy(dictionary: &str, numbers: &[u8]) -> Vec<u8> {
    let mut bytes = npy::MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(u16::try_from(dictionary.len()).unwrap().to_le_bytes());
    bytes.extend(dictionary.as_bytes());
    bytes.extend(numbers);
    bytes
}

fn head(descr: &str, fortran: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}      \n")
}

fn f32s(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// Reads a `.npy` file and its ids; the error as it is printed.
fn read(vectors: &[u8], ids: impl AsRef<[u8]>) -> Result<Embeddings, String> {
    let folder = Folder::new();
    let path = folder.put("v.npy", vectors);
    folder.put("v.ids.txt", ids);
    read_embeddings(&path, None).map_err(|error| error.to_string())
}

#[test]
fn every_width_and_both_orders_are_read() {
    let numbers = [1.0, -2.5, 0.0, 65504.0, 0.25, 6.103_515_6e-5];
    let halves: Vec<u8> = [0x3c00_u16, 0xc100, 0, 0x7bff, 0x3400, 0x0400]
        .iter()
        .flat_map(|half| half.to_le_bytes())
        .collect();
    let doubles: Vec<u8> =
        numbers.iter().flat_map(|number| f64::from(*number).to_le_bytes()).collect();
    let turned = [0, 3, 1, 4, 2, 5].map(|at| numbers[at]);
    for (descr, fortran, bytes) in [
        ("<f4", "False", f32s(&numbers)),
        ("<f2", "False", halves),
        ("<f8", "False", doubles),
        ("<f4", "True", f32s(&turned)),
    ] {
        let read = read(&npy(&head(descr, fortran, "(2, 3)"), &bytes), "a\r\nb\r\n").unwrap();
        assert_eq!((read.len(), read.dim()), (2, 3), "{descr}");
        assert_eq!(read.find("a").unwrap().to_vec(), numbers[..3], "{descr}");
        assert_eq!(read.find("b").unwrap().to_vec(), numbers[3..], "{descr}");
        assert!(read.find("c").is_none());
    }
}

#[test]
fn hostile_files_are_refused_by_name_row_and_reason() {
    let good = head("<f4", "False", "(2, 2)");
    let four = f32s(&[1.0, 2.0, 3.0, 4.0]);
    let nan = f32s(&[1.0, 2.0, 3.0, f32::NAN]);
    let sized = |shape: &str| npy(&head("<f4", "False", shape), &four);
    let mut version = npy(&good, &four);
    version[6] = 9;
    let mut long = npy(&good, &four);
    long[8..10].copy_from_slice(&[0xff, 0xff]);
    for (bytes, ids, words) in [
        (npy(&good, &nan), "a\nb", "v.npy:2: the vector holds a number that is not finite"),
        (npy(&good, &four[..15]), "a\nb", "tells of 16 bytes of vectors and 15 are there"),
        (npy(&good, &[four.clone(), vec![0]].concat()), "a\nb", "16 bytes of vectors and 17"),
        (npy(&good, &four), "a", "v.ids.txt: 1 ids for 2 vectors"),
        (npy(&good, &four), "a\nb\nc\n", "v.ids.txt: 3 ids for 2 vectors"),
        (npy(&good, &four), "a\na\n", "v.ids.txt:2: `a` was there before"),
        (npy(&good, &four), "a\n\nb\n", "v.ids.txt:2: the id is empty"),
        (npy(&good, &four), "", "0 ids for 2 vectors"),
        (sized("(4,)"), "a\nb", "1 dimensions"),
        (sized("(1, 2, 2)"), "a\nb", "3 dimensions"),
        (sized("()"), "a\nb", "0 dimensions"),
        (sized("(-2, 2)"), "a\nb", "the file is damaged"),
        (sized("(0, 4)"), "", "there is no vector"),
        (sized("(4, 0)"), "a\nb\nc\nd", "there is no vector"),
        (sized("(4294967296, 4294967296)"), "a", "tells of"),
        (sized("(99999999999999999999999, 2)"), "a", "the file is damaged"),
        (npy(&head(">f4", "False", "(2, 2)"), &four), "a\nb", "the numbers are `>f4`"),
        (npy(&head("|O", "False", "(2, 2)"), &four), "a\nb", "the numbers are `|O`"),
        (npy(&head("<f4", "Maybe", "(2, 2)"), &four), "a\nb", "`fortran_order` is `Maybe`"),
        (npy("{'descr': '<f4'}", &four), "a\nb", "no `fortran_order`"),
        (npy("", &four), "a\nb", "no `descr`"),
        (version, "a\nb", "version 9"),
        (long, "a\nb", "the file ends within its header"),
        (b"\x93NUMPY\x01".to_vec(), "a\nb", "the file ends within its header"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(), "a\nb", "the file is damaged"),
        (b"".to_vec(), "a\nb", "neither a .npy file nor Parquet"),
        (b"item_id,e0\na,1\n".to_vec(), "a", "neither a .npy file nor Parquet"),
        (b"PAR1\x15\x04\x15PAR1".to_vec(), "a", "v.npy: row 0: the Parquet data"),
    ] {
        let error = read(&bytes, ids).unwrap_err();
        assert!(error.contains(words), "no `{words}` in: {error}");
    }
    let error = read(&npy(&good, &four), b"a\n\xff\n").unwrap_err();
    assert!(error.contains("v.ids.txt:2: the id is not UTF-8"), "{error}");
}

#[test]
fn no_byte_of_a_header_makes_it_panic() {
    let sound = npy(&head("<f4", "False", "(2, 2)"), &f32s(&[1.0, 2.0, 3.0, 4.0]));
    for at in 0..sound.len() - 16 {
        for flip in [0x01, 0x55, 0x80] {
            let mut bytes = sound.clone();
            bytes[at] ^= flip;
            drop(read(&bytes, "a\nb"));
        }
    }
}

#[test]
fn missing_files_and_ids_are_named() {
    let folder = Folder::new();
    let path = folder.put("v.npy", npy(&head("<f4", "False", "(1, 1)"), &f32s(&[1.0])));
    let text = |ids| read_embeddings(&path, ids).unwrap_err().to_string();
    assert!(text(None).contains("v.ids.txt, or name the file with --embedding-ids"));
    assert!(text(Some(Path::new("absent.txt"))).contains("absent.txt: there is no such file"));
    let ids = folder.put("ids.txt", "a");
    assert_eq!(read_embeddings(&path, Some(&ids)).unwrap().len(), 1);
    let missing = read_embeddings(Path::new("absent.npy"), None).unwrap_err();
    assert_eq!(missing.to_string(), "absent.npy: there is no such file; check the path");
    let directory = read_embeddings(folder.0.path(), None).unwrap_err();
    assert!(matches!(directory, EmbeddingsError::File(IngestError::Directory { .. })));
}

/// A Parquet file of this schema: ids, then columns of numbers with their levels.
fn parquet(schema: &str, ids: &[&str], columns: &[(&[f32], Option<&[i16]>)]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let ids: Vec<ByteArray> = ids.iter().map(|id| ByteArray::from(*id)).collect();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&ids, None, None).unwrap();
    column.close().unwrap();
    for (numbers, repetition) in columns {
        let mut column = group.next_column().unwrap().unwrap();
        let present = vec![1; numbers.len()];
        let definition = repetition.map(|_| present.as_slice());
        let typed = column.typed::<FloatType>();
        typed.write_batch(numbers, definition, *repetition).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

const LISTS: &str = "message m { required binary id (UTF8); required group embedding (LIST) { \
                     repeated group list { required float element; } } }";
const SPREAD: &str =
    "message m { required binary sku (UTF8); required float e0; required float e1; }";

#[test]
fn parquet_has_lists_or_columns() {
    let folder = Folder::new();
    let lists = parquet(LISTS, &["a", "b"], &[(&[1.0, 2.0, 3.0, 4.0], Some(&[0, 1, 0, 1]))]);
    let spread = parquet(SPREAD, &["a", "b"], &[(&[1.0, 3.0], None), (&[2.0, 4.0], None)]);
    for bytes in [lists, spread] {
        let path = folder.put("v.parquet", bytes);
        let read = read_embeddings(&path, None).unwrap();
        assert_eq!((read.len(), read.dim()), (2, 2));
        assert_eq!(read.find("b").unwrap().to_vec(), [3.0, 4.0]);
        let twice = read_embeddings(&path, Some(Path::new("ids.txt"))).unwrap_err().to_string();
        assert!(twice.contains("leave out --embedding-ids ids.txt"), "{twice}");
    }
}

#[test]
fn hostile_parquet_is_refused_by_row_and_reason() {
    let ragged = parquet(LISTS, &["a", "b"], &[(&[1.0, 2.0, 3.0], Some(&[0, 1, 0]))]);
    let infinite = parquet(SPREAD, &["a"], &[(&[1.0], None), (&[f32::INFINITY], None)]);
    let twice = parquet(SPREAD, &["a", "a"], &[(&[1.0, 3.0], None), (&[2.0, 4.0], None)]);
    let empty = parquet(SPREAD, &[], &[(&[], None), (&[], None)]);
    let plain = parquet(
        "message m { required binary id (UTF8); required float x; }",
        &["a"],
        &[(&[1.0], None)],
    );
    let nameless = parquet(
        "message m { required binary x (UTF8); required float e0; }",
        &["a"],
        &[(&[1.0], None)],
    );
    let cut = ragged[..ragged.len() - 9].to_vec();
    for (bytes, words) in [
        (ragged, "v.parquet:2: the vector has 1 coordinates, the first has 2"),
        (infinite, "v.parquet:1: the vector holds a number that is not finite"),
        (twice, "v.parquet:2: `a` was there before"),
        (empty, "there is no vector"),
        (plain, "no column holds vectors"),
        (nameless, "there is no column `item_id`"),
        (cut, "the Parquet data"),
    ] {
        let folder = Folder::new();
        let path = folder.put("v.parquet", bytes);
        let error = read_embeddings(&path, None).unwrap_err().to_string();
        assert!(error.contains(words), "no `{words}` in: {error}");
    }
}

//! One log, written in every format, reads as the same log.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mercer::types::EventKind;
use mercer_trainer::ingest::{Availability, IngestError, ReadOptions, read_catalog, read_log};
use mercer_trainer::log::Log;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read(path: PathBuf) -> Log {
    read_log(&[path], &ReadOptions::default()).unwrap().0
}

/// Session, item, event word, time in milliseconds, dwell.
type RowText = (String, String, &'static str, i64, Option<u32>);

const HEADER: [&str; 5] = ["session_id", "item_id", "event_type", "timestamp", "dwell_ms"];

fn cells(row: &RowText) -> [String; 5] {
    let (session, item, kind, time, dwell) = row.clone();
    let dwell = dwell.map_or_else(String::new, |dwell| dwell.to_string());
    [session, item, kind.to_owned(), time.to_string(), dwell]
}

fn delimited(rows: &[RowText], separator: char, end: &str) -> Vec<u8> {
    let quoted = |cell: &str| {
        if cell.contains([separator, '"', '\n']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    let header = HEADER.map(str::to_owned);
    let mut text = String::new();
    for row in std::iter::once(header).chain(rows.iter().map(cells)) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(&separator.to_string()));
        text.push_str(end);
    }
    text.into_bytes()
}

fn json_lines(rows: &[RowText]) -> Vec<u8> {
    let mut text = String::new();
    for (session, item, kind, time, dwell) in rows {
        let row = serde_json::json!({
            "session_id": session, "item_id": item, "event_type": kind, "timestamp": time,
            "dwell_ms": dwell, "context": {"page": [1, 2]},
        });
        writeln!(text, "{row}").unwrap();
    }
    text.into_bytes()
}

fn parquet_file(rows: &[RowText], compression: Compression) -> Vec<u8> {
    let schema = parse_message_type(
        "message log { required binary session_id (UTF8); required binary item_id (UTF8);
         required binary event_type (UTF8); required int64 timestamp (TIMESTAMP_MILLIS);
         optional double dwell_ms; }",
    );
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut bytes = Vec::new();
    let mut writer =
        SerializedFileWriter::new(&mut bytes, Arc::new(schema.unwrap()), Arc::new(properties))
            .unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in 0..3 {
        let values: Vec<ByteArray> =
            rows.iter().map(|row| ByteArray::from(cells(row)[column].as_str())).collect();
        let mut out = group.next_column().unwrap().unwrap();
        out.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        out.close().unwrap();
    }
    let times: Vec<i64> = rows.iter().map(|row| row.3).collect();
    let mut out = group.next_column().unwrap().unwrap();
    out.typed::<Int64Type>().write_batch(&times, None, None).unwrap();
    out.close().unwrap();
    let dwells: Vec<f64> = rows.iter().filter_map(|row| row.4).map(f64::from).collect();
    let levels: Vec<i16> = rows.iter().map(|row| i16::from(row.4.is_some())).collect();
    let mut out = group.next_column().unwrap().unwrap();
    out.typed::<DoubleType>().write_batch(&dwells, Some(&levels), None).unwrap();
    out.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn a_row() -> impl Strategy<Value = RowText> {
    let word = prop::sample::select(vec!["view_item", "add_to_cart", "purchase", "search"]);
    (
        "[a-z]",
        "[0-9a-zé\"][ ,;|\t\n\"a-zü]{0,6}[0-9a-z\"]",
        word,
        1_600_000_000_000..1_600_000_900_000_i64,
        proptest::option::of(0..10_000_000_u32),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_format_reads_as_the_same_log(rows in prop::collection::vec(a_row(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let csv = delimited(&rows, ',', "\n");
        let expected = read(file(folder.path(), "log.csv", &csv));
        let mut kept: Vec<_> = expected.items.iter().map(ToString::to_string).collect();
        let mut written: Vec<_> = rows.iter().map(|row| row.1.clone()).collect();
        kept.sort();
        written.sort();
        written.dedup();
        prop_assert_eq!(kept, written, "ids come back verbatim");

        // The names lie: bytes decide.
        for (name, bytes) in [
            ("crlf.csv", delimited(&rows, ',', "\r\n")),
            ("log.tsv", delimited(&rows, '\t', "\n")),
            ("semicolon.csv", delimited(&rows, ';', "\n")),
            ("pipe.txt", delimited(&rows, '|', "\n")),
            ("bom.csv", [b"\xEF\xBB\xBF", &*csv].concat()),
            ("log.csv.gz", gzip(&csv)),
            ("members.csv", [gzip(&csv[..20]), gzip(&csv[20..])].concat()),
            ("zstd.csv", zstd::encode_all(&*csv, 1).unwrap()),
            ("log.jsonl", json_lines(&rows)),
            ("jsonl.zst", zstd::encode_all(&*json_lines(&rows), 1).unwrap()),
            ("log.parquet", parquet_file(&rows, Compression::UNCOMPRESSED)),
            ("snappy.parquet", parquet_file(&rows, Compression::SNAPPY)),
            ("zstd.parquet", parquet_file(&rows, Compression::ZSTD(ZstdLevel::default()))),
            ("gzip.parquet", parquet_file(&rows, Compression::GZIP(GzipLevel::default()))),
        ] {
            prop_assert_eq!(&read(file(folder.path(), name, &bytes)), &expected, "{}", name);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let folder = tempfile::tempdir().unwrap();
        for head in [&b""[..], b"session_id,item_id\n", b"{\"session_id\":1,\"item_id\":1}\n"] {
            let path = file(folder.path(), "log", &[head, &bytes].concat());
            let _ = read_log(&[path], &ReadOptions::default());
        }
    }
}

#[test]
fn damaged_parquet_is_an_error_or_a_log_never_a_panic() {
    let rows: Vec<RowText> = (0..50)
        .map(|n| (format!("s{}", n / 5), format!("i{n}"), "view_item", 1_600_000_000_000 + n, None))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let sound = parquet_file(&rows, Compression::SNAPPY);
    for at in (4..sound.len()).step_by(3) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        let path = file(folder.path(), "log.parquet", &bytes);
        if let Err(error) = read_log(&[path], &ReadOptions::default()) {
            assert!(error.to_string().contains("log.parquet"), "{error}");
        }
    }
    let path = file(folder.path(), "log.parquet", &sound[..sound.len() / 2]);
    let error = read_log(&[path], &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, IngestError::Parquet { row: 0, .. }), "{error}");
}

#[test]
fn the_visits_of_a_user_are_cut_by_half_an_hour_of_silence() {
    let folder = tempfile::tempdir().unwrap();
    let text = "visitorid,product_id,event,time\n\
        u,a,view,2026-05-09T10:00:00Z\nv,x,view,2026-05-09T09:00:00Z\n\
        u,b,addtocart,2026-05-09 10:30:00\nu,c,transaction,2026-05-09T13:00:00.001+02:00\n";
    let log = read(file(folder.path(), "log.csv", text.as_bytes()));
    let ids: Vec<&str> = log.sessions.iter().map(|session| &*session.id).collect();
    assert_eq!(ids, ["v#1", "u#1", "u#2"]);
    let first = &log.sessions[1];
    assert_eq!(first.user.as_deref(), Some("u"));
    let kinds: Vec<EventKind> = first.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::ViewItem, EventKind::AddToCart]);
    assert_eq!(first.events[0].dwell_ms, Some(30 * 60 * 1000));
    assert_eq!(first.events[1].dwell_ms, None, "the end of a visit is not seen");
}

#[test]
fn positions_order_a_users_only_session_across_files() {
    let folder = tempfile::tempdir().unwrap();
    let later = file(folder.path(), "later.tsv", b"user_id\tposition\titem_id\n1\t10\tc\n");
    let early = file(folder.path(), "early.tsv", b"user_id\tposition\titem_id\n1\t9\tb\n1\t2\ta\n");
    let (log, report) = read_log(&[later, early], &ReadOptions::default()).unwrap();
    let order: Vec<&str> = log.sessions[0]
        .events
        .iter()
        .filter_map(|event| event.item.map(|item| &*log.items[item.at()]))
        .collect();
    assert_eq!((log.sessions.len(), order), (1, vec!["a", "b", "c"]));
    assert_eq!(report.out_of_order, 2);
}

#[test]
fn a_session_id_that_two_users_share_is_two_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let text = "session_id,user_id,item_id\n1,u,a\n1,v,b\n1,u,c\n2,,d\n2,u,e\n";
    let path = file(folder.path(), "log.csv", text.as_bytes());
    let (log, report) = read_log(&[path], &ReadOptions::default()).unwrap();
    let shape: Vec<(&str, usize)> =
        log.sessions.iter().map(|session| (&*session.id, session.events.len())).collect();
    assert_eq!(shape, [("1#u", 2), ("1#v", 1), ("2", 2)]);
    assert_eq!(report.shared_session_ids, 1);
}

#[test]
fn searches_and_impressions_keep_their_words_and_places() {
    let folder = tempfile::tempdir().unwrap();
    let text = "{\"session_id\":1,\"event_type\":\"search\",\"query\":\"red cup\"}\n\
        {\"session_id\":1,\"event_type\":\"impression\",\"item_id\":7,\"list_position\":3}\n\
        {\"session_id\":1,\"event_type\":\"click\",\"item_id\":7,\"list_position\":3}\n";
    let log = read(file(folder.path(), "log.jsonl", text.as_bytes()));
    let events = &log.sessions[0].events;
    assert_eq!(events[0].query.as_deref(), Some("red cup"));
    assert_eq!((events[0].item, events[1].list_position), (None, Some(3)));
    assert_eq!(events[2].kind, EventKind::SelectItem);
}

#[test]
fn a_json_key_that_appears_late_is_still_a_column() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "{\"session_id\":1,\"item_id\":2}\n".repeat(3000);
    text.push_str("{\"session_id\":1,\"item_id\":2,\"dwell_ms\":5}\n");
    let log = read(file(folder.path(), "log.jsonl", text.as_bytes()));
    assert_eq!(log.sessions[0].events[3000].dwell_ms, Some(5));
}

#[test]
fn a_catalogue_has_its_path_its_price_and_its_other_columns() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "id,title,product_type,price,availability,item_group_id,colour,size\n\
        7,\"A \"\"fine\"\" cup\n(blue)\",Home > Kitchen > Cups,\"1,299.50 EUR\",out of stock,g,blue,\n";
    let json = r#"{"id":7,"title":"A \"fine\" cup\n(blue)","product_type":["Home","Kitchen","Cups"],
        "price":1299.5,"availability":false,"item_group_id":"g","colour":["blue"],"size":null}"#;
    for (name, text) in [("items.csv", csv), ("items.jsonl", &json.replace("\n        ", ""))] {
        let path = file(folder.path(), name, text.as_bytes());
        let (catalog, report) = read_catalog(&path, &ReadOptions::default()).unwrap();
        let item = catalog.find("7").unwrap();
        assert_eq!(&*item.title, "A \"fine\" cup\n(blue)");
        assert_eq!(item.category, ["Home", "Kitchen", "Cups"]);
        assert_eq!((item.price, item.availability), (Some(1299.5), Some(Availability::OutOfStock)));
        assert_eq!(item.group.as_deref(), Some("g"));
        let attributes: Vec<(&str, &str)> =
            item.attributes.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(attributes, [("colour", "blue")]);
        assert_eq!((report.items, report.values_left_out.len()), (1, 0), "{report}");
    }
}

#[test]
fn columns_are_left_out_by_name_whatever_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,title,price,held_out,colour\n7,Cup,5,1,blue\n";
    let path = file(folder.path(), "items.csv", text.as_bytes());
    let ignored = ["held_out", "price"].map(str::to_owned).to_vec();
    let options = ReadOptions { ignored, ..ReadOptions::default() };
    let (catalog, _) = read_catalog(&path, &options).unwrap();
    let item = catalog.find("7").unwrap();
    assert_eq!((&*item.title, item.price), ("Cup", None));
    let names: Vec<&str> = item.attributes.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["colour"]);
}

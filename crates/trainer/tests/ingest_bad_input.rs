//! Every way a log or a catalogue can be broken is named, with the place and the fix.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use mercer_trainer::ingest::check::{self, Status};
use mercer_trainer::ingest::{ColumnMap, Input, ReadOptions, Strictness, read_catalog, read_log};
use mercer_trainer::log::Log;

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read(path: &Path) -> Result<Log, String> {
    let read = read_log(&[path.to_path_buf()], &ReadOptions::default());
    read.map(|(log, _)| log).map_err(|error| error.to_string())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A log of `n` rows that does not compress to nothing.
fn long_log(n: u64) -> Vec<u8> {
    let mut text = b"session_id,item_id,timestamp\n".to_vec();
    for row in 0..n {
        let item = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        writeln!(text, "s{},{item},{}", row / 4, 1_600_000_000 + row).unwrap();
    }
    text
}

#[test]
fn files_that_cannot_be_read_say_where_and_what_to_do() {
    let gz = gzip(&long_log(50_000));
    let zstd = zstd::encode_all(long_log(50_000).as_slice(), 1).unwrap();
    let damaged_gz = [&gz[..2000], &[0xff; 50], &gz[2050..]].concat();
    let quote = b"session_id,item_id,query\na,1,x\nb,2,\"lost\nc,3,y\n".as_slice();
    let nested = br#"{"session":1,"events":[{"aid":1,"ts":1600000000}]}"#.as_slice();
    let huge = vec![b'x'; 10 << 20];
    for (name, bytes, messages) in [
        ("empty.csv", b"".as_slice(), &["empty.csv: ", "empty", "header line"][..]),
        ("blank.csv", b"\n \n\r\n", &["blank.csv: ", "empty"]),
        ("bom.csv", b"\xEF\xBB\xBF", &["bom.csv: ", "empty"]),
        ("header.csv", b"session_id,item_id\n", &["header.csv:1: ", "no row below"]),
        (
            "missing.csv",
            b"session_id,itm_id\na,1\n",
            &[
                "missing.csv:1: ",
                "`item_id`",
                "`session_id`, `itm_id`",
                "--column item_id=NAME",
                "did you mean `itm_id`?",
            ],
        ),
        ("session.csv", b"item_id,n\n1,2\n", &["session.csv:1: ", "`session_id`", "`user_id`"]),
        ("order.csv", b"user_id,item_id\n1,2\n", &["order.csv:1: ", "`timestamp`", "`position`"]),
        ("spaces.csv", b"session_id item_id\na 1\n", &["one column", "comma"]),
        ("no_header.csv", b"a,1\nb,2\n", &["`a`, `1`", "must be the header"]),
        ("twice.csv", b"session_id,sku,product_id\na,1,1\n", &["`sku`, `product_id`", "--column"]),
        ("quote.csv", quote, &["quote.csv:3: query: ", "not closed", "double the quotes"]),
        ("array.json", b"[{\"session_id\":1}]", &["array.json: ", "array", "jq -c '.[]'"]),
        ("nested.jsonl", nested, &["nested.jsonl:1: ", "`events`", "jq -c 'del(.events)"]),
        ("pretty.json", b"{\n \"a\": 1\n}\n", &["pretty.json:1: ", "`item_id`"]),
        ("sheet.xlsx", b"PK\x03\x04....", &["sheet.xlsx: ", "spreadsheet", "CSV"]),
        ("utf16.csv", b"\xFF\xFEs\0e\0", &["utf16.csv: ", "UTF-16", "UTF-8"]),
        ("mac.csv", b"session_id,item_id\ra,1\rb,2\r", &["mac.csv: ", "carriage return", "tr '"]),
        ("latin.csv", b"session_id,item_id,gr\xF6\xDFe\na,1,2\n", &["latin.csv: ", "UTF-8"]),
        ("cut.parquet", b"PAR1 and then nothing", &["cut.parquet: ", "Parquet"]),
        ("cut.csv.gz", &gz[..gz.len() / 2], &["cut.csv.gz:", "breaks off", "again"]),
        ("tail.csv.gz", &gz[..gz.len() - 4], &["tail.csv.gz:50001: ", "breaks off"]),
        ("cut.csv.zst", &zstd[..zstd.len() / 2], &["cut.csv.zst:", "breaks off"]),
        ("damaged.csv.gz", &damaged_gz, &["damaged.csv.gz:", "damaged"]),
        ("twice.gz", &gzip(&gz), &["compressed twice"]),
        ("huge.csv", &huge, &["huge.csv: line 1 is longer than 1048576 bytes"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let error = read(&file(folder.path(), name, bytes)).unwrap_err();
        for message in messages {
            assert!(error.contains(message), "{name}: no `{message}` in: {error}");
        }
    }
}

#[test]
fn paths_that_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let error = read(folder.path()).unwrap_err();
    assert!(error.contains("is a directory; name the files in it"), "{error}");
    let error = read(&folder.path().join("absent.csv")).unwrap_err();
    assert!(error.contains("absent.csv: there is no such file"), "{error}");
    let error = read_log(&[], &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("--events FILE"), "{error}");
}

#[test]
fn files_of_one_log_must_be_ordered_alike() {
    let folder = tempfile::tempdir().unwrap();
    let a = file(folder.path(), "a.csv", b"session_id,item_id,timestamp\na,1,1600000000\n");
    let b = file(folder.path(), "b.csv", b"session_id,item_id\na,1\n");
    let error = read_log(&[a, b], &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("b.csv:1: `timestamp`") && error.contains("a.csv"), "{error}");
}

#[test]
fn a_mapped_column_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "log.csv", b"session_id,article\na,1\n");
    let columns = ColumnMap::parse(&["item_id=artcle".to_owned()]).unwrap();
    let options = ReadOptions { columns, ..ReadOptions::default() };
    let error = read_log(&[path], &options).unwrap_err().to_string();
    for message in [
        "log.csv:1: ",
        "--column item_id=artcle",
        "did you mean `article`?",
        "`session_id`, `article`",
    ] {
        assert!(error.contains(message), "{error}");
    }
}

/// One sound row, one broken row below it, and what is said of that.
const BROKEN_ROWS: &[(&str, &[u8], &str)] = &[
    ("a,1,view,1600000000,0", b"a,2,view,1600000001", "2: the row has 4 fields, the header 5"),
    ("a,1,view,1600000000,0", b"a,2,view,1600000001,0,x", "the row has 6 fields"),
    ("a,1,view,1600000000,0", b",2,view,1600000001,0", "session_id: the value is empty"),
    ("a,1,view,1600000000,0", b"a, ,view,1600000001,0", "item_id: the value is empty"),
    ("a,1,view,1600000000,0", b"a,2,,1600000001,0", "event_type: the value is empty"),
    ("a,1,view,1600000000,0", b"a,2,scroll,1600000001,0", "event_type: `scroll` is no event type"),
    ("a,1,view,1600000000,0", b"a,2,view,,0", "timestamp: the value is empty"),
    ("a,1,view,1600000000,0", b"a,2,view,today,0", "timestamp: `today` is not a time; write 2026-"),
    ("a,1,view,1600000000,0", b"a,2,view,-5,0", "timestamp: `-5` is a time before 1990"),
    ("a,1,view,1600000000,0", b"a,2,view,2999-01-01,0", "timestamp: `2999-01-01` is a time before"),
    ("a,1,view,1600000000,0", b"a,2,view,1600000001,x", "dwell_ms: `x` is not a number from 0"),
    ("a,1,view,1600000000,0", b"a,2,view,1600000001,-1", "dwell_ms: `-1` is not a number from 0"),
    (
        "a,1,view,1600000000,0",
        b"a,\xF6,view,1600000001,0",
        "item_id: byte 1 of the value is not UTF-8",
    ),
    (
        "a,1,view,1600000000,0",
        b"a,\"2\"x,view,1600000001,0",
        "item_id: there is text after the closing",
    ),
];

#[test]
fn broken_rows_are_counted_with_their_place_and_strict_makes_them_errors() {
    let folder = tempfile::tempdir().unwrap();
    for (sound, broken, message) in BROKEN_ROWS {
        let header = b"session_id,item_id,event_type,timestamp,dwell_ms\n".as_slice();
        let text = [header, sound.as_bytes(), b"\n", broken, b"\n"].concat();
        let path = file(folder.path(), "log.csv", &text);
        let files = [path];
        let (log, report) = read_log(&files, &ReadOptions::default()).unwrap();
        assert_eq!((log.n_events(), report.rows_read, report.n_rejected()), (1, 2, 1), "{message}");
        let example = &report.rejected[0].examples[0];
        assert!(example.contains("log.csv:3: "), "{example}");
        let message = message.strip_prefix("2: ").unwrap_or(message);
        assert!(example.contains(message), "no `{message}` in: {example}");
        assert!(report.to_string().contains(example.as_str()));

        let strict = ReadOptions { strictness: Strictness::Strict, ..ReadOptions::default() };
        let error = read_log(&files, &strict).unwrap_err().to_string();
        assert!(error.contains("log.csv:3: ") && error.contains("--strict"), "{error}");
    }
}

#[test]
fn broken_json_rows_are_counted_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let rows: [(&str, &str); 6] = [
        (r#"{"session_id":"a","item_id":2"#, "each line must be one whole JSON object"),
        ("[1]", "expected a JSON object"),
        (r#"{"session_id":"a","item_id":2} x"#, "trailing characters"),
        (r#"{"session_id":"a","item_id":{"id":2}}"#, "item_id: the value is an object"),
        (r#"{"session_id":"a","item_id":[2,3]}"#, "item_id: the value is a list"),
        (r#"{"session_id":"a","item_id":12345678901234567890123}"#, "write it as a string"),
    ];
    for (broken, message) in rows {
        let text = format!(
            "{{\"session_id\":\"a\",\"item_id\":1}}\n{broken}\n{{\"item_id\":3,\"session_id\":\"a\"}}\n"
        );
        let path = file(folder.path(), "log.jsonl", text.as_bytes());
        let (log, report) = read_log(&[path], &ReadOptions::default()).unwrap();
        assert_eq!(log.items, ["1".into(), "3".into()]);
        let example = &report.rejected[0].examples[0];
        assert!(example.contains("log.jsonl:2: ") && example.contains(message), "{example}");
    }
}

#[test]
fn a_line_of_ten_megabytes_is_one_broken_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = b"session_id,item_id\na,1\nb,".to_vec();
    text.resize(text.len() + (10 << 20), b'x');
    text.extend_from_slice(b"\nc,2\n");
    let path = file(folder.path(), "log.csv", &text);
    let (log, report) = read_log(&[path], &ReadOptions::default()).unwrap();
    assert_eq!((log.n_events(), report.n_rejected()), (2, 1));
    let example = &report.rejected[0].examples[0];
    assert!(example.contains("log.csv:3: the line has 1048"), "{example}");
}

#[test]
fn when_no_row_is_sound_the_first_reasons_are_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"session_id,item_id,timestamp\na,1,yesterday\nb,,1600000000\n";
    let error = read(&file(folder.path(), "log.csv", text)).unwrap_err();
    for message in ["none of the 2 rows", "log.csv:2: timestamp", "log.csv:3: item_id"] {
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn duplicates_are_dropped_counted_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"session_id,item_id,timestamp\na,1,1600000000\na,2,1600000000\na,1,1600000000\n\
        a,1,1600000001\n";
    let files = [file(folder.path(), "log.csv", text)];
    let (log, report) = read_log(&files, &ReadOptions::default()).unwrap();
    assert_eq!((log.n_events(), report.duplicates.rows, report.rows_kept), (3, 1, 3));
    assert!(report.duplicates.examples[0].contains("log.csv:4: "), "{report}");
    let strict = ReadOptions { strictness: Strictness::Strict, ..ReadOptions::default() };
    let error = read_log(&files, &strict).unwrap_err().to_string();
    assert!(error.contains("log.csv:4: "), "{error}");
}

#[test]
fn without_time_and_position_a_repeat_is_no_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "log.csv", b"session_id,item_id\na,1\na,1\n");
    assert_eq!(read(&path).unwrap().n_events(), 2);
}

#[test]
fn times_written_in_two_ways_are_read_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"session_id,item_id,timestamp\na,2,1600000060000\na,1,1600000000\n";
    let path = file(folder.path(), "log.csv", text);
    let (log, report) = read_log(&[path], &ReadOptions::default()).unwrap();
    let times: Vec<_> = log.sessions[0].events.iter().map(|event| event.time_ms).collect();
    assert_eq!(times, [Some(1_600_000_000_000), Some(1_600_000_060_000)]);
    assert_eq!(log.sessions[0].events[0].dwell_ms, Some(60_000));
    assert_eq!(report.out_of_order, 1);
    assert!(report.warnings()[0].contains("1 as seconds, 1 as milliseconds"), "{report}");
}

#[test]
fn a_catalogue_keeps_the_first_of_an_id_and_the_row_of_a_broken_price() {
    let folder = tempfile::tempdir().unwrap();
    let text = b"id,name,price,in_stock\nA,Cup,15.00 USD,yes\nA,Mug,1,yes\nB,Jug,\"1,5\",perhaps\n\
        ,Jar,1,no\n";
    let path = file(folder.path(), "items.csv", text);
    let (catalog, report) = read_catalog(&path, &ReadOptions::default()).unwrap();
    assert_eq!(catalog.items().len(), 2);
    assert_eq!(&*catalog.find("A").unwrap().title, "Cup");
    assert_eq!(catalog.find("B").unwrap().price, None);
    assert_eq!((report.duplicates.rows, report.n_rejected()), (1, 1));
    let text = report.to_string();
    for message in [
        "items.csv:3: `A` was there before",
        "items.csv:4: price: `1,5` is not a price",
        "items.csv:4: in_stock: `perhaps`",
        "items.csv:5: id: the value is empty",
    ] {
        assert!(text.contains(message), "no `{message}` in: {text}");
    }
    let error = read_catalog(&file(folder.path(), "x.csv", b"a,b\n1,2\n"), &ReadOptions::default());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("--column catalog.item_id=NAME"), "{error}");
}

/// The status of one check over a log and a catalogue.
fn status_of(name: &str, log: &str, catalog: &str) -> Status {
    let folder = tempfile::tempdir().unwrap();
    let options = ReadOptions::default();
    let log = file(folder.path(), "log.csv", log.as_bytes());
    let catalog = file(folder.path(), "items.csv", catalog.as_bytes());
    let (log, log_report) = read_log(&[log], &options).unwrap();
    let catalog = Some(read_catalog(&catalog, &options).unwrap());
    let report = check::run(Input { log, log_report, catalog });
    let check = report.checks.iter().find(|check| check.name == name).unwrap();
    assert_eq!(check.fix.is_empty(), check.status == Status::Ok, "{check:?}");
    assert!(check.finding.chars().any(|c| c.is_ascii_digit()) || check.status == Status::Ok);
    assert!(report.to_string().contains(&check.finding));
    check.status
}

fn sessions(n: usize, items: &[usize]) -> String {
    let mut text = "session_id,item_id,position\n".to_owned();
    for session in 0..n {
        for (position, item) in items.iter().enumerate() {
            let item = (session + item) % 7;
            writeln!(text, "s{session},i{item},{position}").unwrap();
        }
    }
    text
}

#[test]
fn each_check_fails_on_the_data_it_is_for() {
    let catalog = "item_id,title,price\ni0,Cup,1\ni1,Mug,2\n";
    let stranger = "item_id,title\nX,Cup\n";
    let one_item = "session_id,item_id,position\na,1,0\na,1,1\n";
    let once = "session_id,item_id\na,1\na,2\nb,3\nb,4\n";
    let shown = "session_id,item_id,event_type\na,1,impression\na,2,impression\n";
    let crawl = sessions(3, &(0..501).collect::<Vec<_>>());
    for (name, log, catalog, expected) in [
        ("sessions", &*sessions(3, &[0, 1]), catalog, Status::Fail),
        ("sessions", &sessions(20, &[0, 1]), catalog, Status::Warn),
        ("sessions", &sessions(1000, &[0, 1]), catalog, Status::Ok),
        ("session-length", &sessions(20, &[0]), catalog, Status::Fail),
        ("session-length", &sessions(20, &[0, 1]), catalog, Status::Ok),
        ("items", one_item, catalog, Status::Fail),
        ("item-events", once, catalog, Status::Fail),
        ("event-types", shown, catalog, Status::Fail),
        ("event-types", once, catalog, Status::Ok),
        ("bots", &crawl, catalog, Status::Warn),
        ("repeats", &crawl, catalog, Status::Warn),
        ("log-in-catalog", once, stranger, Status::Fail),
        ("log-in-catalog", &sessions(9, &[0]), catalog, Status::Warn),
        ("catalog-in-log", once, stranger, Status::Warn),
        ("titles", once, catalog, Status::Ok),
        ("categories", once, catalog, Status::Warn),
        ("prices", once, stranger, Status::Warn),
        ("times", once, catalog, Status::Warn),
        ("catalog-ids", once, "item_id\n1\n1\n", Status::Warn),
        ("log-rejects", "session_id,item_id\na,1\n,2\n", catalog, Status::Fail),
    ] {
        assert_eq!(status_of(name, log, catalog), expected, "{name} of {log:.60}");
    }
}

#[test]
fn a_rating_is_a_number_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        b"user_id,item_id,position,stars\nu,a,0,4.5\nu,b,1,\nu,c,2,good\nu,d,3,NaN\nu,e,4,1e39\n";
    let path = file(folder.path(), "stars.csv", text);
    let columns = ColumnMap::parse(&["rating=stars".to_owned()]).unwrap();
    let options = ReadOptions { columns, ..ReadOptions::default() };
    let (log, report) = read_log(std::slice::from_ref(&path), &options).unwrap();
    let ratings: Vec<_> = log.sessions[0].events.iter().map(|event| event.rating).collect();
    assert_eq!(ratings, [Some(4.5), None]);
    let said = report.to_string();
    assert!(said.contains("3 × rating: not a rating") || said.contains("3 × stars"), "{said}");
    assert!(said.contains("stars.csv:4: ") && said.contains("`good` is not a rating"), "{said}");
    let strict = ReadOptions { strictness: Strictness::Strict, ..options };
    let error = read_log(&[path], &strict).unwrap_err().to_string();
    assert!(error.contains("stars.csv:4: ") && error.contains("write a number"), "{error}");
}

//! Whatever is wrong with the input, `mercer` names it, says what to do, and leaves no file
//! behind that is not whole.

mod support;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use support::{Desk, Ran, repository};

const HEADER: &str = "session_id,item_id,event_type,timestamp\n";

/// A log that can be trained on: twelve sessions of three steps.
fn sound_log() -> String {
    let mut log = HEADER.to_owned();
    for session in 0..12 {
        for step in 0..3 {
            let (item, time) =
                ((session + step * 2) % 7, 1_600_000_000 + session * 900 + step * 40);
            writeln!(log, "s{session},i{item},view_item,{time}").unwrap();
        }
    }
    log
}

/// The log as clicks in lists, the positions taking turns.
fn with_list_positions(log: &str, positions: &[&str]) -> String {
    let mut rows = log.lines();
    let mut listed = format!("{},list_position\n", rows.next().unwrap());
    for (row, position) in rows.zip(positions.iter().cycle()) {
        writeln!(listed, "{},{position}", row.replace("view_item", "select_item")).unwrap();
    }
    listed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An error: exit code 2, one `error:` line on stderr with all of `words`, nothing on stdout.
fn assert_refused(ran: &Ran, what: &str, words: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{what}: {}", ran.stderr);
    assert!(ran.stderr.contains("error: "), "{what}: {}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{what}: no `{word}` in: {}", ran.stderr);
    }
    assert_calm(ran, what);
}

fn assert_calm(ran: &Ran, what: &str) {
    for noise in ["panicked", "RUST_BACKTRACE", "Os {", "Custom {"] {
        assert!(!ran.stderr.contains(noise), "{what}: {}", ran.stderr);
    }
}

const OLD: &[u8] = b"the model of yesterday";

#[test]
fn logs_that_cannot_be_trained_on() {
    let huge = vec![b'x'; 10 << 20];
    let gz = gzip(sound_log().as_bytes());
    let ones = "session_id,item_id\na,1\nb,2\nc,1\n";
    let single = "session_id,item_id\na,1\na,1\nb,1\nb,1\n";
    let shown = "session_id,item_id,event_type\na,1,impression\na,2,impression\n";
    let absurd = format!("{HEADER}a,1,view,-5\na,2,view,99999999999999999999\nb,1,view,1\n");
    let long_ids = format!("session_id,item_id\na,{0}\na,{0}x\n", "é".repeat(129));
    let utf8 = b"session_id,item_id\na,\xF6\na,\xFF\n".as_slice();
    for (name, bytes, words) in [
        ("empty.csv", b"".as_slice(), &["empty.csv: the file is empty", "header line"][..]),
        ("header.csv", HEADER.as_bytes(), &["header.csv:1: ", "no row below"]),
        ("missing.csv", b"session_id,prod\na,1\n", &["missing.csv:1: ", "`item_id`", "--column"]),
        ("wrong.csv", b"session_id:item_id\na:1\n", &["wrong.csv:1: ", "no separator", "comma"]),
        ("latin.csv", utf8, &["latin.csv:2: item_id: byte 1", "save the file as UTF-8"]),
        ("quote.csv", b"session_id,item_id\na,\"1\nb,2\n", &["quote.csv:2: item_id", "not closed"]),
        ("absurd.csv", absurd.as_bytes(), &["absurd.csv:2: timestamp: `-5`", "before 1990"]),
        ("long.csv", long_ids.as_bytes(), &["long.csv:2: item_id: `é", "258 bytes", "at most 256"]),
        ("ones.csv", ones.as_bytes(), &["ones.csv: every session has a single step", "--column"]),
        (
            "single.csv",
            single.as_bytes(),
            &["single.csv: every event is about one item", "--column"],
        ),
        ("shown.csv", shown.as_bytes(), &["shown.csv: no event says", "`view_item`"]),
        ("cut.csv.gz", &gz[..gz.len() / 2], &["cut.csv.gz:", "breaks off", "again"]),
        ("page.html", b"<!doctype html>\n<p>\n", &["page.html:1: ", "no separator"]),
        ("cut.parquet", b"PAR1\x15\x04\x15PAR1", &["cut.parquet: ", "Parquet", "again"]),
        ("huge.csv", &huge, &["huge.csv: line 1 is longer", "check the export"]),
    ] {
        let desk = Desk::new();
        desk.put(name, bytes);
        desk.put("old.mercer", OLD);
        let ran = desk.run(&format!("train --events {name} --out old.mercer"));
        assert_refused(&ran, name, words);
        assert_eq!(desk.bytes("old.mercer"), OLD, "{name}");
        assert_eq!(desk.names().len(), 2, "{name}: {:?}", desk.names());
        let ran = desk.run(&format!("check --events {name}"));
        assert!(
            ran.code == Some(2) || (ran.code == Some(1) && ran.stdout.contains("FAIL ")),
            "{name}"
        );
        assert_calm(&ran, name);
    }
}

/// A Parquet file of two text columns with dictionaries.
fn parquet_log() -> Vec<u8> {
    let schema =
        "message log { required binary session_id (UTF8); required binary item_id (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for of in [6, 1] {
        let values: Vec<ByteArray> =
            (0..30).map(|row| ByteArray::from((row / of % 7).to_string().as_str())).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn damaged_parquet_prints_no_panic() {
    let desk = Desk::new();
    let sound = parquet_log();
    desk.put("sound.parquet", &sound);
    assert!(desk.run("check --events sound.parquet").stdout.contains("30 read"));
    let mut n_errors = 0;
    for at in (4..sound.len()).step_by(2) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        desk.put("log.parquet", bytes);
        let ran = desk.run("check --events log.parquet");
        assert!(ran.code.is_some_and(|code| code <= 2), "byte {at}: {ran:?}");
        assert_calm(&ran, &format!("byte {at}"));
        if ran.code == Some(2) {
            assert_refused(&ran, &format!("byte {at}"), &["log.parquet"]);
            n_errors += 1;
        }
    }
    assert!(n_errors > 20, "{n_errors}");
}

/// Two vectors of one coordinate.
fn npy(numbers: [f32; 2]) -> Vec<u8> {
    let dictionary = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend([u8::try_from(dictionary.len()).unwrap(), 0]);
    bytes.extend(dictionary);
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

#[test]
fn arguments_that_do_not_fit_the_files() {
    let desk = Desk::new();
    desk.put("log.csv", sound_log());
    desk.put("other.csv", "item_id,title\nX-1,Cup\n");
    desk.put("twice.csv", "item_id,title\ni1,Cup\ni1,Mug\n");
    desk.put("v.npy", npy([1.0, 2.0]));
    desk.put("nan.npy", npy([1.0, f32::NAN]));
    desk.put("one.txt", "i1\n");
    desk.put("strange.txt", "X-1\nX-2\n");
    std::fs::create_dir(desk.path("folder")).unwrap();
    for (arguments, words) in [
        ("--events folder", &["folder: this is a directory", "folder/*.csv"][..]),
        ("--events absent.csv", &["absent.csv: there is no such file"]),
        ("--events log.csv --column item_id=sku", &["log.csv:1: --column item_id=sku", "found"]),
        ("--events log.csv --column shape=x", &["--column shape=x: there is no column `shape`"]),
        ("--events log.csv --column item_id", &["--column item_id: write it as OURS=THEIRS"]),
        ("--events log.csv --catalog absent.csv", &["absent.csv: there is no such file"]),
        (
            "--events log.csv --catalog other.csv",
            &["other.csv: the log and the catalogue share no item", "`i0`", "`X-1`", "--column"],
        ),
        (
            "--events log.csv --catalog twice.csv --strict",
            &["twice.csv:3: `i1` was there before", "--strict"],
        ),
        ("--events log.csv log.csv --strict", &["log.csv:2: ", "--strict"]),
        (
            "--events log.csv --catalog other.csv --ignore-column titel",
            &["other.csv:1: --ignore-column titel: no column", "did you mean `title`?"],
        ),
        (
            "--events log.csv --catalog other.csv --ignore-column item_id",
            &["other.csv:1: no column for `item_id`"],
        ),
        ("--events log.csv --embeddings absent.npy", &["absent.npy: there is no such file"]),
        ("--events log.csv --embeddings log.csv", &["log.csv: this is neither a .npy file nor"]),
        ("--events log.csv --embeddings v.npy", &["v.npy: the ids of the vectors", "v.ids.txt"]),
        ("--events log.csv --embedding-ids one.txt", &["--embeddings <FILE>"]),
        (
            "--events log.csv --embeddings v.npy --embedding-ids one.txt",
            &["one.txt: 1 ids for 2 vectors"],
        ),
        (
            "--events log.csv --embeddings v.npy --embedding-ids strange.txt",
            &["v.npy: it has a vector for none of the shop's items", "`i0`"],
        ),
        (
            "--events log.csv --embeddings nan.npy --embedding-ids strange.txt",
            &["nan.npy:2: the vector holds a number that is not finite"],
        ),
        ("--events log.csv --content-dim 0", &["--content-dim"]),
        (
            "--events log.csv --embeddings v.npy --model ials",
            &["--embeddings: --model ials has no such setting", "--confidence"],
        ),
    ] {
        let ran = desk.run(&format!("train {arguments} --out new.mercer"));
        assert_refused(&ran, arguments, words);
        assert!(!desk.names().iter().any(|name| name.contains("new.mercer")), "{arguments}");
    }
    let ran = desk.run("check --events log.csv --catalog other.csv");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("FAIL  log-in-catalog"), "{}", ran.stdout);
}

#[test]
fn a_fit_that_runs_off_is_told_as_such() {
    let desk = Desk::new();
    let log = |users: u32, rating: &dyn Fn(u32, u32) -> i64| {
        let mut log = "user_id,item_id,timestamp,rating\n".to_owned();
        for (user, step) in (0..users).flat_map(|user| (0..8).map(move |step| (user, step))) {
            let (item, time) = ((user * 7 + step) % 20, 1_600_000_000 + user * 900 + step);
            writeln!(log, "u{user},i{item},{time},{}", rating(user, item)).unwrap();
        }
        log
    };
    let far = |user, item| if item == 1 { [-1_000_000, 1_000_000][user as usize % 2] } else { 3 };
    desk.put("far.csv", log(300, &far));
    let train = "train --model ratings --out new.mercer --events";
    // The longest steps along the longest vectors.
    let ran = desk.run(&format!("{train} far.csv --dim 512 --rate 0.1 --ridge 0"));
    assert_refused(&ran, "ratings", &["the fit ran off", "--rate", "far outside"]);
    desk.put("equal.csv", log(30, &|_, _| 3));
    let ran = desk.run(&format!("{train} equal.csv"));
    assert_refused(&ran, "ratings", &["equal.csv", "all ratings are equal", "--column rating"]);
    assert_eq!(desk.names(), ["equal.csv", "far.csv"]);
    // A wide scale is no reason to run off.
    let wide = |user, item| [-1_000_000, 9_000_000][((user + item) % 2) as usize];
    desk.put("far.csv", log(30, &wide));
    let ran = desk.run(&format!("{train} far.csv --dim 16"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    // The largest confidence that is allowed fits into a file.
    let most = "train --events far.csv --model ials --dim 16 --out new.mercer --confidence";
    assert_refused(&desk.run(&format!("{most} 1000000")), "ials", &["--confidence", "999999"]);
    let ran = desk.run(&format!("{most} 999999"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
}

#[test]
fn flaws_that_are_counted_and_survived() {
    let log = sound_log();
    let rows = log.strip_prefix(HEADER).unwrap();
    let reversed: Vec<&str> = rows.lines().rev().collect();
    let reversed = format!("{HEADER}{}\n", reversed.join("\n"));
    let quoted = log.replace("i1,", "\"i,\"\"1\"\"\nb\",");
    let mixed =
        format!("{log}s0,i1,view_item,1600000123456\ns0,i2,view_item,2020-09-13T12:30:00Z\n");
    let negative = format!("{log}s1,i3,view_item,-1600000000\n");
    let latin = [log.as_bytes(), b"s1,caf\xE9,view_item,1600000123\n"].concat();
    let long_line = format!("{log}s1,{},view_item,1600000123\n", "x".repeat(10 << 20));
    let long_id = format!("{log}s1,{},view_item,1600000123\n", "x".repeat(257));
    let once = "session_id,item_id\na,1\na,2\nb,3\nb,4\n".to_owned();
    let bom = format!("\u{feff}{log}");
    let semicolon = log.replace(',', ";");
    let listed = with_list_positions(&log, &["0", "", "99999999999999999999", "3.5"]);
    let below = with_list_positions(&log, &["-3", "1"]);
    let words = with_list_positions(&log, &["top", "1"]);
    for (name, bytes, said) in [
        ("reversed.csv", reversed.as_bytes(), ""),
        ("bom.csv", bom.as_bytes(), ""),
        ("semicolon.csv", semicolon.as_bytes(), ""),
        ("quoted.csv", quoted.as_bytes(), ""),
        ("once.csv", once.as_bytes(), ""),
        ("listed.csv", listed.as_bytes(), ""),
        ("below.csv", below.as_bytes(), "below.csv:2: list_position: `-3` is not a number from 0"),
        ("words.csv", words.as_bytes(), "words.csv:2: list_position: `top` is not a number"),
        ("mixed.csv", mixed.as_bytes(), "times are written in 3 ways"),
        ("negative.csv", negative.as_bytes(), "negative.csv:38: timestamp: `-1600000000`"),
        ("latin.csv", &latin, "latin.csv:38: item_id: byte 4 of the value is not UTF-8"),
        ("line.csv", long_line.as_bytes(), "line.csv:38: the line has 10485"),
        ("id.csv", long_id.as_bytes(), "an id of more than 256 bytes"),
    ] {
        trains_all_the_same(name, bytes, said);
    }
}

/// A model comes of it; what is wrong, if anything, is said, and is an error with `--strict`.
fn trains_all_the_same(name: &str, bytes: &[u8], said: &str) {
    let desk = Desk::new();
    desk.put(name, bytes);
    let line = format!("train --events {name} --epochs 1 --threads 1 --dim 16 --out m.mercer");
    let ran = desk.run(&line);
    assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
    assert!(ran.stderr.contains(said), "{name}: no `{said}` in: {}", ran.stderr);
    assert_calm(&ran, name);
    if !said.is_empty() {
        let ran = desk.run(&format!("evaluate --model m.mercer --events {name}"));
        assert!(ran.stderr.contains(said), "evaluate {name}: {}", ran.stderr);
    }
    if said.contains(':') {
        let ran = desk.run(&format!("{line} --strict"));
        assert_refused(&ran, name, &[said, "--strict"]);
    }
    let mut names = [name, "m.mercer"];
    names.sort_unstable();
    assert_eq!(desk.names(), names);
}

#[test]
fn a_catalogue_with_flaws_is_used_and_told_of() {
    let desk = Desk::new();
    desk.put("log.csv", sound_log());
    let long = "x".repeat(300);
    desk.put(
        "items.csv",
        format!("id,title,price\ni1,Cup,1\ni1,Mug,2\ni2,Jug,dear\n{long},Jar,1\n"),
    );
    let line = "train --events log.csv --catalog items.csv --epochs 1 --out m.mercer";
    let ran = desk.run(line);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    for said in [
        "items.csv:3: `i1` was there before",
        "items.csv:4: price: `dear` is not a price",
        "items.csv:5: id: `xxx",
    ] {
        assert!(ran.stderr.contains(said), "no `{said}` in: {}", ran.stderr);
    }
}

#[test]
fn files_that_are_no_model() {
    let desk = Desk::new();
    let model = std::fs::read(repository("tests/golden/small.mercer")).unwrap();
    let mut newer = model.clone();
    newer[8] = 99;
    let mut flipped = model.clone();
    flipped[1500] ^= 1;
    desk.put("log.csv", sound_log());
    desk.put("cut.mercer", &model[..model.len() / 2]);
    desk.put("page.mercer", "<!doctype html><title>404</title>".repeat(20));
    desk.put("empty.mercer", "");
    desk.put("newer.mercer", newer);
    desk.put("flipped.mercer", flipped);
    desk.put("other.mercer", &model);
    std::fs::create_dir(desk.path("folder.mercer")).unwrap();
    for (name, words) in [
        ("cut.mercer", &["cut.mercer: ", "2752 bytes long, only 1376", "copy the file again"][..]),
        ("page.mercer", &["page.mercer: this is not a Mercer model file", "`mercer train`"]),
        ("empty.mercer", &["empty.mercer: this is not a Mercer model file"]),
        ("newer.mercer", &["newer.mercer: ", "version 99", "update"]),
        ("flipped.mercer", &["flipped.mercer: ", "changed", "copy the file again"]),
        ("folder.mercer", &["folder.mercer: this is a folder"]),
        ("absent.mercer", &["absent.mercer: there is no such file"]),
    ] {
        for rest in ["inspect", "recommend", "evaluate --events log.csv"] {
            let ran = desk.run(&format!("{rest} --model {name}"));
            assert_refused(&ran, name, words);
        }
    }
    for rest in
        ["evaluate --model other.mercer", "compare --model other.mercer --with other.mercer"]
    {
        let ran = desk.run(&format!("{rest} --events log.csv"));
        assert_refused(&ran, rest, &["log.csv: the model knows none", "`i0`", "`10`"]);
    }
}

#[test]
fn judging_that_cannot_be_done() {
    let desk = Desk::new();
    desk.put("m.mercer", std::fs::read(repository("tests/golden/small.mercer")).unwrap());
    desk.put("log.csv", "session_id,item_id\na,moka-pot\na,boot-42\nb,tent-1p\nb,boot-42\n");
    desk.put("far.csv", "session_id,item_id\na,X-1\n");
    desk.put("ones.csv", "session_id,item_id\na,moka-pot\nb,boot-42\n");
    desk.put(
        "items.csv",
        "item_id,brand,cold_holdout,tags\nmoka-pot,Acme,0,\nboot-42,Alp,1,\ntent-1p,Alp,2,\n",
    );
    desk.put("other.csv", "item_id,title\nX-1,Cup\n");
    desk.put("broken.csv", "item_id,title\nmoka-pot,\"Cup\n");
    for (arguments, words) in [
        ("--events log.csv --only brand=Alp", &["--catalog <FILE>"][..]),
        ("--events log.csv --catalog items.csv --only brand", &["'brand'", "NAME=VALUE"]),
        ("--events log.csv --catalog items.csv --only =1", &["'=1'", "NAME=VALUE"]),
        (
            "--events log.csv --catalog items.csv --only cold_holdot=1",
            &["items.csv: no product has an attribute `cold_holdot`", "mean `cold_holdout`?"],
        ),
        (
            "--events log.csv --catalog items.csv --only shape=1",
            &["items.csv: no product has an attribute `shape`; there are `brand`, `cold_holdout`"],
        ),
        (
            "--events log.csv --catalog items.csv --only cold_holdout=yes",
            &["no product has this value of `cold_holdout`; there are `0`, `1`, `2`"],
        ),
        (
            "--events log.csv --catalog items.csv --only cold_holdout=0",
            &["--only cold_holdout=0: log.csv: no case is left", "leave one out"],
        ),
        ("--events log.csv --catalog absent.csv", &["absent.csv: there is no such file"]),
        ("--events log.csv --catalog other.csv", &["other.csv: the log and the catalogue share"]),
        ("--events log.csv --catalog broken.csv", &["broken.csv:2: title", "not closed"]),
        ("--events ones.csv", &["ones.csv: nothing to predict", "--history"]),
        ("--events log.csv --history log.csv", &["--history log.csv: this is one of --events"]),
        ("--events log.csv --seed x", &["'x'", "--seed"]),
        ("--events log.csv --at 2000", &["`2000` is no length of slate"]),
    ] {
        for command in ["evaluate", "compare --with m.mercer"] {
            let ran = desk.run(&format!("{command} --model m.mercer {arguments}"));
            assert_refused(&ran, &format!("{command} {arguments}"), words);
        }
    }
    let ran = desk.run("evaluate --model m.mercer --events log.csv --training absent.csv");
    assert_refused(&ran, "--training", &["absent.csv: there is no such file"]);
    let ran = desk.run("evaluate --model m.mercer --events log.csv --training far.csv");
    assert_refused(&ran, "--training", &["--training: far.csv: the model knows none"]);
    for (line, words) in [
        ("compare --model m.mercer --with absent.mercer", &["absent.mercer: there is no such"][..]),
        ("compare --model m.mercer --with log.csv", &["log.csv: this is not a Mercer model file"]),
    ] {
        assert_refused(&desk.run(&format!("{line} --events log.csv")), line, words);
    }
}

#[test]
fn places_where_no_model_can_be_written() {
    let desk = Desk::new();
    desk.put("log.csv", sound_log());
    desk.put("file", "x");
    std::fs::create_dir(desk.path("folder")).unwrap();
    for (out, words) in [
        ("folder", &["--out folder: this is a folder; name a file in it"][..]),
        ("new/", &["--out new/: this is a folder"]),
        ("no/such/m.mercer", &["there is no folder no/such", "mkdir -p no/such"]),
        ("file/m.mercer", &["there is no folder file"]),
        ("log.csv", &["--out log.csv: this is an input"]),
    ] {
        let ran = desk.run(&format!("train --events log.csv --out {out}"));
        assert_refused(&ran, out, words);
        assert!(!ran.stderr.contains("fitting"), "{out}: found out before the work");
    }
    assert_eq!(desk.bytes("log.csv"), sound_log().into_bytes());
    assert_eq!(desk.names(), ["file", "folder", "log.csv"]);
}

/// What only Unix can be asked for: permissions, limits, signals.
#[cfg(unix)]
mod unix {
    use super::*;
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Child, Command, Stdio};

    #[test]
    fn a_folder_without_permission_and_a_device() {
        let desk = Desk::new();
        desk.put("log.csv", sound_log());
        std::fs::create_dir(desk.path("locked")).unwrap();
        let locked = std::fs::Permissions::from_mode(0o555);
        std::fs::set_permissions(desk.path("locked"), locked).unwrap();
        // Root may write anywhere but into the kernel's own folders.
        let folders = [desk.path("locked").display().to_string(), "/sys".to_owned()];
        let refuses = |folder: &&String| std::fs::File::create(format!("{folder}/probe")).is_err();
        let folder = folders.iter().find(refuses).expect("some folder is locked");
        let ran = desk.run(&format!("train --events log.csv --out {folder}/m.mercer"));
        assert_refused(&ran, folder, &["/m.mercer: cannot write there", "permissions"]);
        assert!(!ran.stderr.contains("fitting"), "found out before the work");

        let ran = desk.run("train --events log.csv --out /dev/null");
        assert_refused(&ran, "/dev/null", &["--out /dev/null: this is a device"]);
    }

    /// Runs `mercer` with files limited to 2 to 4 kB, as on a disk that is almost full.
    fn run_on_a_full_disk(desk: &Desk, arguments: &str) -> Ran {
        let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
        let mercer = desk.command(&[]);
        let mut command = Command::new("sh");
        command.current_dir(desk.path(".")).args(["-c", script]).arg(mercer.get_program());
        Ran::from(command.args(arguments.split_whitespace()).output().unwrap())
    }

    #[test]
    fn a_full_disk_leaves_the_old_model() {
        let desk = Desk::new();
        desk.put("log.csv", sound_log());
        desk.put("m.mercer", OLD);
        let line = "train --events log.csv --epochs 1 --threads 1 --out m.mercer";
        let ran = run_on_a_full_disk(&desk, line);
        assert_refused(&ran, "full disk", &["cannot write m.mercer", "make room"]);
        assert!(ran.stderr.contains("fitting"), "it got as far as the writing");
        assert_eq!(desk.bytes("m.mercer"), OLD);
        assert_eq!(desk.names(), ["log.csv", "m.mercer"]);

        let ran = run_on_a_full_disk(&desk, "synth --out shop --items 60 --sessions 400");
        assert_refused(&ran, "full disk", &["cannot write", "make room"]);
        assert_eq!(std::fs::read_dir(desk.path("shop")).unwrap().count(), 0);
        assert_eq!(desk.run(line).code, Some(0), "with room it works");
        assert_ne!(desk.bytes("m.mercer"), OLD);
    }

    /// Reads stderr up to a line that begins with `start`.
    fn wait_for(stderr: &mut impl BufRead, start: &str) {
        let mut line = String::new();
        while !line.starts_with(start) {
            line.clear();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "no line `{start}…`");
        }
    }

    fn interrupt(mut child: Child, mut stderr: impl Read, signal: &str) -> Ran {
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        let mut stdout = String::new();
        child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        Ran { stdout, stderr: rest, code: child.wait().unwrap().code() }
    }

    fn start(desk: &Desk, arguments: &[&str]) -> (Child, BufReader<impl Read + use<>>) {
        let mut command = desk.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        (child, stderr)
    }

    #[test]
    fn an_interrupted_training_leaves_the_old_model() {
        let desk = Desk::new();
        desk.put("log.csv", sound_log());
        desk.put("m.mercer", OLD);
        for signal in ["-INT", "-TERM"] {
            let epochs = "1000000000";
            let (child, mut stderr) = start(
                &desk,
                &["train", "--events", "log.csv", "--epochs", epochs, "--out", "m.mercer"],
            );
            wait_for(&mut stderr, "epoch 2 of");
            let ran = interrupt(child, stderr, signal);
            assert_refused(&ran, signal, &["interrupted"]);
            assert_eq!(desk.bytes("m.mercer"), OLD);
            assert_eq!(desk.names(), ["log.csv", "m.mercer"]);
        }
    }

    #[test]
    fn an_interrupted_reading_ends_at_once() {
        let desk = Desk::new();
        assert!(Command::new("mkfifo").arg(desk.path("pipe")).status().unwrap().success());
        let (child, mut stderr) = start(&desk, &["train", "--events", "pipe", "--out", "m.mercer"]);
        let mut pipe = std::fs::OpenOptions::new().write(true).open(desk.path("pipe")).unwrap();
        pipe.write_all(sound_log().as_bytes()).unwrap();
        wait_for(&mut stderr, "reading pipe");
        let ran = interrupt(child, stderr, "-INT");
        assert_refused(&ran, "reading", &["interrupted"]);
        assert_eq!(desk.names(), ["pipe"]);
    }

    #[test]
    fn a_reader_who_leaves_is_no_failure_and_a_full_stdout_is_one() {
        let desk = Desk::new();
        desk.put("m.mercer", std::fs::read(repository("tests/golden/small.mercer")).unwrap());
        let mut child = desk
            .command(&["inspect", "--model", "m.mercer", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        assert_eq!(child.wait().unwrap().code(), Some(0));
        if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
            let mut inspect = desk.command(&["inspect", "--model", "m.mercer"]);
            let ran = Ran::from(inspect.stdout(full).output().unwrap());
            assert_refused(&ran, "/dev/full", &["standard output", "No space left"]);
        }
    }
}

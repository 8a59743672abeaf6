#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::allow_attributes_without_reason
)]
use mercer_trainer::{evaluate::*, features::*, fit::session, fit::*, log::*, pack::*};
use std::collections::HashMap;
fn read(path: &str) -> Log {
    let out = std::process::Command::new("zcat").arg(path).output().unwrap().stdout;
    let t = String::from_utf8(out).unwrap();
    let mut log = Log::default();
    let mut ix = HashMap::new();
    let mut cur = String::new();
    for l in t.lines().skip(1) {
        let mut p = l.split('\t');
        let s = p.next().unwrap();
        p.next();
        let it = p.next().unwrap();
        let i = *ix.entry(it.to_string()).or_insert_with(|| {
            log.items.push(it.into());
            log.items.len() as u32 - 1
        });
        if s != cur {
            cur = s.into();
            log.sessions.push(LogSession { id: s.into(), user: None, events: vec![] });
        }
        log.sessions.last_mut().unwrap().events.push(LogEvent {
            kind: mercer::types::EventKind::ViewItem,
            item: Some(LogItem(i)),
            time_ms: None,
            dwell_ms: None,
            list_position: None,
            query: None,
        });
    }
    log
}
struct W(std::time::Instant, std::sync::atomic::AtomicU64);
impl Watch for W {
    fn progress(&self, d: u64, t: u64, l: f32) {
        let s = d * 40 / t;
        if self.1.swap(s, std::sync::atomic::Ordering::Relaxed) != s {
            eprintln!(
                "{:.1}% loss {l:.3} {:.0}s",
                d as f64 * 100.0 / t as f64,
                self.0.elapsed().as_secs_f64()
            );
        }
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let dir = &a[1];
    let mut st = session::Settings::default();
    for kv in &a[2..] {
        let (k, v) = kv.split_once('=').unwrap();
        match k {
            "epochs" => st.epochs = v.parse().unwrap(),
            "neg" => st.negatives = v.parse().unwrap(),
            "dropout" => st.dropout = v.parse().unwrap(),
            "rate" => st.rate = v.parse().unwrap(),
            "batch" => st.batch = v.parse().unwrap(),
            "dim" => st.dim = v.parse().unwrap(),
            "threads" => st.threads = v.parse().unwrap(),
            _ => panic!(),
        }
    }
    let log = read(&format!("{dir}/train.tsv.gz"));
    let seq = Sequences::build(&log).unwrap();
    eprintln!("{} items {} sessions {} steps", seq.n_items(), seq.n_sessions(), seq.steps.len());
    let f = session::fit(&seq, &st, &W(std::time::Instant::now(), Default::default())).unwrap();
    println!(
        "tau {} pos {:?} ret {:?}",
        f.encoder.temperature, &f.encoder.position, &f.encoder.returning
    );
    let test = read(&format!("{dir}/test.tsv.gz"));
    for w in [mercer::kernels::CodeWidth::Four, mercer::kernels::CodeWidth::Eight] {
        let parts = pack(&seq, f.clone(), Packing { width: w, min_sessions: 5 }, "{}".into());
        let file = mercer::model::write(&parts).unwrap();
        let e = mercer::Engine::load(&file).unwrap();
        let c = cases(&test, None, Protocol::EveryPrefix);
        let t = std::time::Instant::now();
        let r = mercer_trainer::evaluate::evaluate(
            &e,
            &c,
            &Options {
                at: "20".parse().unwrap(),
                seen: mercer::types::Seen::Include,
                threads: 2,
                seed: 1,
            },
            &|_| (),
        );
        println!("{w:?} {} bytes, eval {:.1}s {:?}", file.len(), t.elapsed().as_secs_f64(), r);
    }
}

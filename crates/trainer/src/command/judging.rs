//! What every command that judges a ranker on a log is asked, and how it goes about it.

use super::input::{is_same, tell_rejects};
use crate::evaluate::{Cutoffs, Options, Protocol, Ranker, Report, cases, evaluate};
use crate::ingest::{
    BytesBar, ColumnMap, IngestReport, ReadOptions, SESSION_GAP_MS, Strictness, read_log,
};
use crate::log::Log;
use crate::progress::Bar;
use anyhow::{Result, bail};
use clap::Args;
use mercer::types::Seen;
use std::path::PathBuf;

/// On what to judge, and how.
#[derive(Debug, Args)]
pub(super) struct JudgingArgs {
    /// Logs to predict, in any format that `train` reads
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub(super) events: Vec<PathBuf>,
    /// What the same sessions or users did before: known to the session, never predicted
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub(super) history: Vec<PathBuf>,
    /// Which steps are predicted
    #[arg(long, value_enum, default_value = "every-prefix")]
    pub(super) protocol: Protocol,
    /// Lengths of slate to judge
    #[arg(long, value_name = "N,N,…", default_value = "5,10,20")]
    pub(super) at: Cutoffs,
    /// Leave items that the shopper has been on out of the slate
    #[arg(long)]
    pub(super) exclude_seen: bool,
    /// Read our column OURS from the column THEIRS, for example `item_id=product_id`
    #[arg(long = "column", value_name = "OURS=THEIRS")]
    pub(super) columns: Vec<String>,
    /// Make the first broken or duplicate row an error
    #[arg(long)]
    pub(super) strict: bool,
    /// Threads to use [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Seed of the bootstrap
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(super) json: bool,
}

impl JudgingArgs {
    /// Refuses `files` that hold the answers; `flag` named them.
    pub(super) fn check_apart(&self, flag: &str, files: &[PathBuf]) -> Result<()> {
        let same = |path: &&PathBuf| self.events.iter().any(|other| is_same(path, other));
        match files.iter().find(same) {
            Some(path) => bail!(
                "{flag} {}: this is one of --events, so its sessions would know what is to be \
                 predicted; name what came before",
                path.display()
            ),
            None => Ok(()),
        }
    }

    /// How files are to be read, with a bar on stderr.
    pub(super) fn reading(&self) -> Result<ReadOptions> {
        Ok(ReadOptions {
            columns: ColumnMap::parse(&self.columns)?,
            strictness: if self.strict { Strictness::Strict } else { Strictness::Lenient },
            session_gap_ms: SESSION_GAP_MS,
            progress: Box::new(BytesBar::default()),
        })
    }

    /// Reads logs, and tells what was left out of them.
    pub(super) fn read(&self, files: &[PathBuf]) -> Result<(Log, IngestReport)> {
        let (log, report) = read_log(files, &self.reading()?)?;
        tell_rejects(&report)?;
        Ok((log, report))
    }

    /// Ranks every case of `test`, which was read from [`Self::events`].
    pub(super) fn judge(
        &self,
        ranker: &dyn Ranker,
        (test, read): &(Log, IngestReport),
    ) -> Result<Report> {
        let history =
            if self.history.is_empty() { None } else { Some(self.read(&self.history)?.0) };
        let cases = cases(test, history.as_ref(), self.protocol);
        if cases.is_empty() {
            bail!(
                "{}: nothing to predict: no session of the log has a second step; check that \
                 --column session_id=… names the right column, or give --history",
                read.files.join(", ")
            );
        }
        let total = cases.iter().map(|case| case.predictions.len() as u64).sum();
        let bar = Bar::new("judging", total);
        bar.say(&format!("judging {total} cases"));
        let report = evaluate(ranker, &cases, &self.options(), &|n| bar.advance(n));
        bar.finish();
        Ok(report)
    }

    fn options(&self) -> Options {
        let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Options {
            at: self.at.clone(),
            seen: if self.exclude_seen { Seen::LeaveOut } else { Seen::Include },
            threads: self.threads.map_or_else(all, usize::from),
            seed: self.seed,
        }
    }
}

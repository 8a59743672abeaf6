//! Commands, their options, and the help made from them: one table, so that help and
//! parser cannot disagree.

use std::fmt::Write as _;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

/// One chore.
pub(crate) struct Command {
    /// The word after `cargo xtask`.
    pub(crate) name: &'static str,
    /// One line for the overview.
    pub(crate) about: &'static str,
    /// What it does in detail, wrapped at 80 columns.
    pub(crate) details: &'static str,
    pub(crate) options: &'static [Opt],
    pub(crate) run: fn(&Args) -> Result<()>,
}

/// One option of a command.
#[derive(Clone, Copy)]
pub(crate) struct Opt {
    /// With its dashes: `--port`. A word without is the name, in the help, of a word that is
    /// given by itself.
    pub(crate) name: &'static str,
    /// The name of its value in the help; `None` for a switch.
    pub(crate) value: Option<&'static str>,
    pub(crate) help: &'static str,
}

impl Command {
    /// The text of `--help`.
    pub(crate) fn help(&self) -> String {
        let mut text = format!("{}\n\nUsage: cargo xtask {}", self.about, self.name);
        for option in self.options {
            let _ = write!(text, " [{}]", option.form());
        }
        let _ = write!(text, "\n\n{}\n", self.details.trim());
        for option in self.options {
            let _ = write!(text, "\n  {:<18} {}", option.form(), option.help);
        }
        text.trim_end().to_owned()
    }
}

impl Opt {
    fn form(&self) -> String {
        match self.value {
            Some(value) => format!("{} {value}", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// The list of all commands.
pub(crate) fn overview(commands: &[Command]) -> String {
    let mut text = String::from("The chores of the project.\n\nUsage: cargo xtask COMMAND\n");
    for command in commands {
        let _ = write!(text, "\n  {:<8} {}", command.name, command.about);
    }
    text.push_str("\n\n`cargo xtask COMMAND --help` says more about one of them.");
    text
}

/// The options that were given, in their order.
#[derive(Debug, Default)]
pub(crate) struct Args {
    given: Vec<(&'static str, String)>,
}

impl Args {
    /// Reads `words` by the table; takes `--name value`, `--name=value`, and words by
    /// themselves where the table has a name for them.
    ///
    /// # Errors
    /// - a word that is no option of the table, or one more than it has names for;
    /// - an option without its value, or a switch with one.
    pub(crate) fn parse(options: &[Opt], words: &[String]) -> Result<Self> {
        let mut args = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut by_itself = options.iter().filter(|option| !option.name.starts_with('-'));
            let free = by_itself.find(|option| !args.has(option.name));
            if let Some(option) = free.filter(|_| !word.starts_with('-')) {
                args.given.push((option.name, word.clone()));
                continue;
            }
            let (name, inline) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let Some(option) = options.iter().find(|option| option.name == name) else {
                bail!("`{word}` is not an option of this command");
            };
            let value = match (option.value, inline) {
                (None, None) => String::new(),
                (None, Some(_)) => bail!("`{name}` takes no value"),
                (Some(_), Some(value)) => value,
                (Some(what), None) => words
                    .next()
                    .with_context(|| format!("`{name}` needs a value: `{name} {what}`"))?
                    .clone(),
            };
            args.given.push((option.name, value));
        }
        Ok(args)
    }

    /// Whether the switch was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| *given == name)
    }

    /// Every value given for the option, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.given.iter().filter(|(given, _)| *given == name).map(|(_, v)| v.as_str()).collect()
    }

    /// The last value given for the option, as a number.
    ///
    /// # Errors
    /// - the value is not a whole number of that size.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.all(name).pop() else { return Ok(None) };
        let Ok(number) = text.parse() else {
            bail!("`{name} {text}`: expected a whole number that is not negative nor too large");
        };
        Ok(Some(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: [Opt; 2] = [
        Opt { name: "--port", value: Some("N"), help: "where" },
        Opt { name: "--list", value: None, help: "names only" },
    ];

    fn parse(line: &str) -> Result<Args> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Args::parse(&OPTIONS, &words)
    }

    #[test]
    fn both_forms_of_a_value_are_read_and_the_last_wins() {
        let args = parse("--port 1 --list --port=2").unwrap();
        assert_eq!(args.all("--port"), ["1", "2"]);
        assert_eq!(args.number::<u16>("--port").unwrap(), Some(2));
        assert!(args.has("--list"));
        assert!(!parse("").unwrap().has("--list"));
        assert_eq!(parse("").unwrap().number::<u16>("--port").unwrap(), None);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, part) in [
            ("--prot 1", "`--prot` is not an option"),
            ("stray", "`stray` is not an option"),
            ("--port", "`--port N`"),
            ("--list=yes", "`--list` takes no value"),
        ] {
            let message = parse(line).unwrap_err().to_string();
            assert!(message.contains(part), "{line}: {message}");
        }
        for line in ["--port x", "--port -1", "--port 70000"] {
            assert!(parse(line).unwrap().number::<u16>("--port").is_err(), "{line}");
        }
    }

    #[test]
    fn a_word_by_itself_needs_a_name() {
        let options = [Opt { name: "DATA", value: None, help: "" }, OPTIONS[0]];
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<String>>();
        let args = Args::parse(&options, &words("--port 1 folder")).unwrap();
        assert_eq!((args.all("DATA"), args.all("--port")), (vec!["folder"], vec!["1"]));
        let said = Args::parse(&options, &words("one two")).unwrap_err().to_string();
        assert!(said.contains("`two` is not an option"), "{said}");
    }

    #[test]
    fn help_lists_every_option() {
        let command = Command {
            name: "serve",
            about: "Serves.",
            details: "More.",
            options: &OPTIONS,
            run: |_| Ok(()),
        };
        let help = command.help();
        assert!(help.contains("Usage: cargo xtask serve [--port N] [--list]"), "{help}");
        assert!(help.contains("--list             names only"), "{help}");
        assert!(overview(&[command]).contains("  serve    Serves."));
    }
}

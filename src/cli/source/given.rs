//! `--var` and `--var-file` in the order of the command line: as in Terraform the later one wins, whichever it is.

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::terraform::config::values::Asked;

const VAR: &str = "var";
const VAR_FILE: &str = "var_file";

/// What is given to variables, in the order of the command line.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Values(pub(in crate::cli) Vec<Asked>);

impl Args for Values {
    fn augment_args(command: Command) -> Command {
        let repeatable = |id: &'static str| Arg::new(id).action(ArgAction::Append);
        command
            .arg(
                repeatable(VAR)
                    .long("var")
                    .value_name("NAME=VALUE")
                    .value_parser(ValueParser::new(assignment))
                    .help("The value of a variable of the root module (directories of HCL); repeatable"),
            )
            .arg(repeatable(VAR_FILE).long("var-file").value_name("FILE").help(
                "A file with values of variables, .tfvars or .tfvars.json; repeatable, the last one wins, and so it \
                 does among --var and --var-file",
            ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Values {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let places = |id: &str| matches.indices_of(id).into_iter().flatten();
        let pairs = matches.get_many::<(String, String)>(VAR).into_iter().flatten();
        let pairs = pairs.map(|(name, text)| Asked::Text { name: name.clone(), text: text.clone() });
        let files = matches.get_many::<String>(VAR_FILE).into_iter().flatten().cloned().map(Asked::File);
        let mut asked: Vec<(usize, Asked)> = places(VAR).zip(pairs).chain(places(VAR_FILE).zip(files)).collect();
        asked.sort_by_key(|(place, _)| *place);
        Ok(Self(asked.into_iter().map(|(_, asked)| asked).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a variable is given as NAME=VALUE")?;
    match name.trim() {
        "" => Err("a variable needs a name before the =".to_owned()),
        name => Ok((name.to_owned(), value.to_owned())),
    }
}

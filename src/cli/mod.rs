//! The command line: the only part that reads files, prints, and writes what was asked for.

mod args;
mod check;
mod file;
mod guide;
mod links;
mod output;
mod pager;
mod replace;
mod rules;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

use crate::server;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It did its job and has nothing to complain of.
    Clean = 0,
    /// There are findings (or, with `--diff`, changes).
    Findings = 1,
    /// It could not do its job, or not all of it.
    Failure = 2,
}

/// A command that prints to what it is given.
type Run = dyn FnOnce(&mut dyn Write) -> anyhow::Result<Status>;

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    log_to_stderr();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // `--help` and `--version` are "errors", too, which go to standard output.
            let status = if error.use_stderr() { Status::Failure } else { Status::Clean };
            let _ = error.print();
            return ExitCode::from(status as u8);
        }
    };
    let run: Box<Run> = match cli.command {
        None => Box::new(move |out| check::run(&cli.check, out)),
        Some(Command::Check(args)) => Box::new(move |out| check::run(&args, out)),
        Some(Command::Guide(args)) => Box::new(move |out| guide::run(&args, out)),
        Some(Command::Rules(args)) => Box::new(move |out| rules::run(&args, out)),
        // It writes from other threads, so that nobody may hold standard output.
        Some(Command::Server(_)) => return serve(),
    };
    let mut stdout = BufWriter::new(io::stdout().lock());
    let result = run(&mut stdout);
    let status = match result.and_then(|status| Ok(stdout.flush().map(|()| status)?)) {
        Ok(status) => status,
        Err(error) if is_broken_pipe(&error) => {
            // What could not be written is still in the buffer and would be tried again.
            let _ = stdout.into_parts();
            Status::Clean
        }
        Err(error) => {
            complain(format_args!("{error:#}"));
            Status::Failure
        }
    };
    ExitCode::from(status as u8)
}

/// Serves an editor. The protocol has its own exit status: 0 if the client said `shutdown` first, else 1.
fn serve() -> ExitCode {
    match server::run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(format_args!("the server can't start: {error}"));
            ExitCode::from(Status::Failure as u8)
        }
    }
}

/// Whether the reader of our output went away, as `head` does: that is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Tells the user on standard error why something was not done. That nobody listens there is no failure.
fn complain(message: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "error: {message}");
}

/// Tells the user on standard error what they may want to know.
fn remark(message: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{message}");
}

fn log_to_stderr() {
    // A second call, as in a test, keeps the first logger.
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .try_init();
    // A panic inside an analysis is caught and reported with the file; here it only says where it was.
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}

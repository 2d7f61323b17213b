//! `check`: find the files, analyse them all, settle them, print what was found.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::args::{CheckArgs, Format};
use super::file::{Action, Change, Checked, Failure, Job, Looked, Outcome};
use super::output::{self, Summary};
use super::{Status, complain, remark};
use crate::config::{ConfigError, Overrides, PathPattern, Resolver};
use crate::fix::Applicability;
use crate::project::Project;
use crate::read::{self, Unread};
use crate::source::{MAX_SIZE, Source};
use crate::walk::{self, Found};

/// What an analysis thread needs at most: see the crate's invariants.
const STACK_SIZE: usize = 32 * 1024 * 1024;

/// Checks what the arguments name and prints to `out` what was found.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<Status> {
    let cwd = std::env::current_dir().context("the working folder can't be found")?;
    let resolver = Arc::new(Resolver::new(overrides(args, &cwd)?));
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_SIZE).build().context("no threads can be started")?;
    if args.paths.iter().any(|path| path == Path::new("-")) {
        if args.paths.len() > 1 {
            bail!("`-` is standard input and can't be combined with other paths");
        }
        return standard_input(args, &cwd, resolver, &pool, out);
    }
    let (files, problems) = walk::find(&args.paths, &cwd, &resolver)?;
    let failures: Vec<Failure> =
        problems.into_iter().map(|problem| Failure::new(problem.path, problem.message)).collect();
    if files.is_empty() && failures.is_empty() {
        remark("warning: no Python files found under these paths");
    }
    let least = least_sure(args);
    let action = match (args.diff, args.fix || args.unsafe_fixes) {
        (true, _) => Action::Try(least),
        (false, true) => Action::Fix(least),
        (false, false) => Action::Report,
    };
    let job = Job { resolver, action, hints: args.hints, project: Project::default() };
    let look = |file: Found| {
        let source = read::read(&file.absolute);
        job.look(file, source)
    };
    let looked = pool.install(|| files.into_par_iter().map(look).collect());
    job.project.set_roots(walk::roots(&args.paths, &cwd, &job.resolver));
    let report = Report::new(&job, looked, failures, &pool);
    report.complain(args.quiet);
    if args.diff {
        report.print_changes(args, out)?;
        return Ok(report.status(!report.changes.is_empty()));
    }
    report.print_findings(args, &pool, out)?;
    Ok(report.status(report.has_failing))
}

/// Fixes print the fixed text, so that findings go to standard error: an editor may put our output in place of its buffer.
fn standard_input(
    args: &CheckArgs,
    cwd: &Path,
    resolver: Arc<Resolver>,
    pool: &rayon::ThreadPool,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let shown = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("-"));
    let absolute = cwd.join(args.stdin_filename.as_deref().unwrap_or(Path::new("stdin.py")));
    let path = if args.stdin_filename.is_some() { &absolute } else { &shown };
    let is_filter = (args.fix || args.unsafe_fixes) && !args.diff;
    let action = if is_filter || args.diff { Action::Try(least_sure(args)) } else { Action::Report };
    let original = read::read_stream(io::stdin().lock(), 0).context("standard input can't be read")?;
    let source = Source::from_bytes(path, original.clone()).map_err(Unread::from);
    let job = Job { resolver, action, hints: args.hints, project: Project::default() };
    let file = Found::standard_input(shown.clone(), absolute.clone());
    let looked = pool.install(|| job.look(file, source));
    job.project.set_roots(walk::roots(args.stdin_filename.as_slice(), cwd, &job.resolver));
    let report = Report::new(&job, vec![looked], Vec::new(), pool);
    report.complain(args.quiet);
    if args.diff {
        report.print_changes(args, out)?;
        return Ok(report.status(!report.changes.is_empty()));
    }
    if !is_filter {
        report.print_findings(args, pool, out)?;
        return Ok(report.status(report.has_failing));
    }
    let fixed = report.changes.first().map(|change| change.after.to_bytes());
    // Whatever happens, the reader gets its text back – unless it is too large for us to have it.
    if original.len() <= MAX_SIZE {
        out.write_all(fixed.as_ref().and_then(Option::as_ref).unwrap_or(&original))?;
    }
    if fixed.is_some_and(|bytes| bytes.is_none()) {
        bail!("{}: not fixed: the fixed text has a character that its encoding lacks", output::path(path));
    }
    out.flush()?;
    match report.print_findings(args, pool, &mut io::stderr().lock()) {
        // That nobody listens to standard error is no failure.
        Err(error) if error.is::<io::Error>() => {}
        printed => printed?,
    }
    Ok(report.status(report.has_failing))
}

fn least_sure(args: &CheckArgs) -> Applicability {
    if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

fn overrides(args: &CheckArgs, cwd: &Path) -> anyhow::Result<Overrides> {
    let pattern = |pattern: &String| {
        PathPattern::new(cwd, pattern).with_context(|| format!("--exclude: wrong pattern `{pattern}`"))
    };
    Ok(Overrides {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        target_version: args.target_version,
        fail_on: args.fail_on,
        exclude: args.exclude.iter().map(pattern).collect::<anyhow::Result<_>>()?,
        suppressions: !args.no_suppress,
        isolated: args.isolated,
        file: args.config.as_ref().map(|path| cwd.join(path)),
        ..Overrides::default()
    })
}

/// What a run found and did.
struct Report {
    checked: Vec<Checked>,
    changes: Vec<Change>,
    failures: Vec<Failure>,
    remarks: Vec<Failure>,
    misconfigured: Vec<Arc<ConfigError>>,
    has_failing: bool,
    summary: Summary,
}

impl Report {
    fn new(job: &Job, looked: Vec<Looked>, failures: Vec<Failure>, pool: &rayon::ThreadPool) -> Report {
        let mut report = Report {
            summary: Summary::new(looked.len(), failures.len()),
            checked: Vec::new(),
            changes: Vec::new(),
            failures,
            remarks: Vec::new(),
            misconfigured: Vec::new(),
            has_failing: false,
        };
        let mut analysed = Vec::new();
        for look in looked {
            match look {
                Looked::Quiet => continue,
                Looked::Analysed(file) => {
                    analysed.push(file);
                    continue;
                }
                Looked::NotPython(remark) => {
                    report.remarks.push(remark);
                    report.summary.files -= 1;
                    continue;
                }
                Looked::Failed(failure) => report.failures.push(failure),
                Looked::Misconfigured(error) if report.misconfigured.contains(&error) => {}
                Looked::Misconfigured(error) => report.misconfigured.push(error),
            }
            report.summary.files -= 1;
            report.summary.unchecked += 1;
        }
        let outcomes: Vec<Outcome> = pool.install(|| analysed.into_par_iter().map(|file| job.settle(*file)).collect());
        for outcome in outcomes {
            report.summary.hidden += outcome.hidden;
            report.summary.unfixed += usize::from(!outcome.failures.is_empty());
            report.has_failing |= outcome.has_failing;
            report.checked.extend(outcome.checked);
            report.changes.extend(outcome.change);
            report.failures.extend(outcome.failures);
        }
        report.failures.sort();
        report.summary.count(&report.checked, &report.changes);
        report
    }

    /// Names what could not be done, and what is none of our business.
    fn complain(&self, is_quiet: bool) {
        self.remarks.iter().filter(|_| !is_quiet).for_each(remark);
        self.misconfigured.iter().for_each(complain);
        self.failures.iter().for_each(complain);
    }

    fn print_changes(&self, args: &CheckArgs, out: &mut dyn Write) -> anyhow::Result<()> {
        let is_coloured = args.color.for_stdout();
        for change in &self.changes {
            output::diff(change, is_coloured, out)?;
        }
        out.flush()?;
        if !args.quiet && self.summary.files > 0 {
            remark(self.summary.of_diff());
        }
        Ok(())
    }

    fn print_findings(&self, args: &CheckArgs, pool: &rayon::ThreadPool, out: &mut dyn Write) -> anyhow::Result<()> {
        let (format, is_coloured) = (args.output_format, args.color.for_stdout());
        let texts = pool.install(|| output::render(format, &self.checked, is_coloured));
        output::write(format, &texts, out)?;
        if args.quiet || self.summary.files + self.summary.unchecked == 0 {
            return Ok(());
        }
        if format == Format::Json {
            // Standard output is for the program that reads the JSON.
            out.flush()?;
            remark(&self.summary);
        } else {
            writeln!(out, "{}", self.summary)?;
        }
        Ok(())
    }

    fn status(&self, has_found: bool) -> Status {
        if !self.failures.is_empty() || !self.misconfigured.is_empty() {
            Status::Failure
        } else if has_found {
            Status::Findings
        } else {
            Status::Clean
        }
    }
}

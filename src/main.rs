use std::path::PathBuf;

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::project::Project;
use pyprep_lint::rules::Rule;
use pyprep_lint::source::Source;
use rayon::prelude::*;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut args = std::env::args().skip(1);
    let rules = args.next().expect("rules");
    let rules: Vec<&Rule> = rules.split(',').filter_map(Rule::find).collect();
    let config = Config::new(rules, pyprep_lint::config::DEFAULT_TARGET);
    let files: Vec<PathBuf> = args
        .flat_map(ignore::Walk::new)
        .filter_map(Result::ok)
        .map(|entry| entry.into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py" || extension == "pyi"))
        .collect();
    rayon::ThreadPoolBuilder::new().stack_size(32 << 20).build_global().unwrap();
    files.par_iter().for_each(|path| {
        let source = match Source::from_bytes(path, std::fs::read(path).unwrap()) {
            Ok(source) => source,
            Err(error) => return eprintln!("{}: {error}", path.display()),
        };
        let result = analyse(&source, &config);
        if let Some(trouble) = result.not_analysed() {
            eprintln!("{}: {}", path.display(), trouble.message);
        }
        for diagnostic in settle(&source, &result, &Project::default(), &config) {
            let (line, column) = source.position(diagnostic.range.start());
            println!(
                "{}:{line}:{column}: {}[{}] {}",
                path.display(),
                diagnostic.severity.as_str(),
                diagnostic.rule.code,
                diagnostic.message
            );
        }
    });
}

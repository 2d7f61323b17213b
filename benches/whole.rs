//! The whole job over a folder, in one program: `whole parse DIR` reads and parses every file and does nothing else, `whole lint
//! DIR` analyses and settles them with all rules. What the second costs over the first is what the linter itself costs.
//! `benches/compare.sh` runs both, and ruff.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use pyprep_lint::analyse::{analyse, settle};
use pyprep_lint::config::Config;
use pyprep_lint::project::Project;
use pyprep_lint::source::Source;
use rayon::prelude::*;
use ruff_python_ast::PySourceType;
use ruff_python_parser::parse_unchecked_source;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [mode, folder] = &arguments[..] else {
        // `cargo bench` without arguments, as in a check that everything builds.
        return eprintln!("usage: whole parse|lint DIR");
    };
    let files = files(Path::new(folder));
    rayon::ThreadPoolBuilder::new().stack_size(32 << 20).build_global().expect("the first pool");
    let count = AtomicUsize::new(0);
    let config = Config::default();
    files.par_iter().for_each(|path| {
        let Ok(bytes) = std::fs::read(path) else { return };
        let found = match mode.as_str() {
            "parse" => {
                let text = String::from_utf8_lossy(&bytes);
                parse_unchecked_source(&text, PySourceType::Python).syntax().body.len()
            }
            _ => Source::from_bytes(path, bytes).map_or(0, |source| {
                let result = analyse(&source, &config);
                settle(&source, &result, &Project::default(), &config).len()
            }),
        };
        count.fetch_add(found, Ordering::Relaxed);
    });
    println!(
        "{} files, {} {}",
        files.len(),
        count.into_inner(),
        if mode == "parse" { "statements" } else { "findings" }
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (sender, receiver) = std::sync::mpsc::channel();
    ignore::WalkBuilder::new(folder).threads(2).build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            if let Ok(entry) = entry
                && entry.path().extension().is_some_and(|extension| extension == "py")
            {
                sender.send(entry.into_path()).expect("the receiver lives");
            }
            ignore::WalkState::Continue
        })
    });
    drop(sender);
    receiver.into_iter().collect()
}

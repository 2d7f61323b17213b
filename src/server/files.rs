//! The files of the workspace that are not open: found, read and watched behind everything that open documents need.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::session::Session;
use super::workspace::Folder;
use crate::analyse::facts;
use crate::{read, walk};

/// Finds the files of all folders. New ones are to be read, those that are gone are forgotten.
pub fn walk(session: &Session) {
    // What comes while we look is none of those that are gone.
    let known = session.project.paths();
    let mut found: FxHashSet<PathBuf> = FxHashSet::default();
    let mut roots = Vec::new();
    for (folder, resolver) in session.workspace.resolvers() {
        if let Ok((files, _)) = walk::find(std::slice::from_ref(&folder), &folder, &resolver) {
            found.extend(files.into_iter().map(|file| file.absolute));
        }
        roots.extend(resolver.projects());
        roots.push(folder);
    }
    session.project.set_roots(roots);
    session.unsettle(|asked| !asked.is_empty());
    known.iter().filter(|path| !found.contains(&***path)).for_each(|path| forget(session, path));
    if let Some(watch) = session.own_watch() {
        let folders = session.workspace.folders();
        let folders = found.iter().filter_map(|path| path.parent()).chain(folders.iter().map(Folder::path));
        // What came into a folder before it was watched is found in a second walk.
        if folders.fold(false, |is_new, folder| watch.add_folder(folder) | is_new) {
            session.walk();
        }
    }
    let mut new: Vec<PathBuf> = found.into_iter().filter(|path| !session.project.has(path)).collect();
    new.sort_unstable();
    session.load(new);
}

/// Reads what there is to know of a file; unless it is open, since the text in the editor counts.
pub fn load(session: &Session, path: &Path) {
    let around = session.workspace.resolvers().filter(|(folder, _)| path.starts_with(folder));
    let innermost = around.max_by_key(|(folder, _)| folder.as_os_str().len());
    // What is wrong with a configuration is told when it matters to what the user sees.
    let settings = innermost.and_then(|(_, resolver)| resolver.settings(path).ok());
    let config = settings.map_or_else(Default::default, |settings| settings.config(path));
    let _turn = session.turn(path);
    let facts = read::read(path).map(|source| facts(&source, &config));
    let documents = session.documents();
    if documents.has_open(path) {
        return;
    }
    let change = match facts {
        Ok(facts) => session.project.set(path, facts),
        Err(_) => session.project.remove(path),
    };
    drop(documents);
    session.spread(change);
}

/// Sees what has become of a file, or of all below a folder.
pub fn look(session: &Session, path: &Path) {
    let mut around = session.workspace.resolvers().filter(|(folder, _)| !walk::skips(folder, path));
    if path.is_file() && around.any(|(folder, resolver)| walk::finds(&folder, path, &resolver)) {
        return load(session, path);
    }
    if path.is_dir() {
        if around.next().is_some() {
            session.walk();
        }
        return;
    }
    session.own_watch().inspect(|watch| watch.forget(path));
    let gone = session.project.paths().into_iter().filter(|known| known.starts_with(path));
    gone.for_each(|known| forget(session, &known));
}

fn forget(session: &Session, path: &Path) {
    let _turn = session.turn(path);
    let documents = session.documents();
    let change = if documents.has_open(path) { None } else { session.project.remove(path) };
    drop(documents);
    session.spread(change);
}

//! Replaces a file as a whole: either all of the new text is there or all of the old.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};

use crate::source::Source;

/// Writes `new` over the file that was read as `old`. A link stays a link, permissions and owner are kept.
pub fn replace(old: &Source, new: &Source) -> anyhow::Result<()> {
    let path = old.path().canonicalize().context("not fixed")?;
    let Some(bytes) = new.to_bytes() else {
        bail!("not fixed: the fixed text has a character that the file's encoding lacks; save the file as UTF-8");
    };
    let metadata = path.metadata().context("not fixed")?;
    if metadata.permissions().readonly() {
        bail!("not fixed: the file is read-only; make it writable");
    }
    // What can't be written back byte for byte must not be touched; nor what somebody else has changed meanwhile.
    let current = fs::read(&path).context("not fixed")?;
    if old.to_bytes() != Some(current) {
        bail!("not fixed: the file has changed, or its encoding can't be written back unchanged; save it as UTF-8");
    }
    if has_other_names(&metadata) {
        return write_in_place(&path, &bytes).context("not fixed");
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .prefix(".pyprep-lint-")
        .tempfile_in(folder)
        .context("not fixed: no file can be made beside it")?;
    temporary.write_all(&bytes).context("not fixed")?;
    if !keep_owner(temporary.as_file(), &metadata) {
        return write_in_place(&path, &bytes).context("not fixed");
    }
    temporary.as_file().set_permissions(metadata.permissions()).context("not fixed")?;
    temporary.persist(&path).context("not fixed")?;
    Ok(())
}

/// For a file that would lose its other names or its owner if another took its place.
fn write_in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).truncate(true).open(path)?;
    file.write_all(bytes)
}

#[cfg(unix)]
fn has_other_names(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &fs::Metadata) -> bool {
    false
}

/// Gives `file` the owner that `wanted` tells; false if that is not allowed.
#[cfg(unix)]
fn keep_owner(file: &File, wanted: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |metadata: &fs::Metadata| (metadata.uid(), metadata.gid());
    file.metadata().is_ok_and(|now| {
        owner(&now) == owner(wanted) || std::os::unix::fs::fchown(file, Some(wanted.uid()), Some(wanted.gid())).is_ok()
    })
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) -> bool {
    true
}

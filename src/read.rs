//! Reading files: bytes from the disk, decoded as Python does.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::notebook::Unreadable;
use crate::source::{DecodeError, MAX_SIZE, Source};

/// Why there is nothing to analyse.
#[derive(Debug)]
pub enum Unread {
    /// It could not be read: what was not done and why.
    Failed(String),
    /// It is a notebook in another language.
    NotPython(String),
}

impl From<DecodeError> for Unread {
    fn from(error: DecodeError) -> Unread {
        match error {
            DecodeError::Notebook(Unreadable::Language(_)) => Unread::NotPython(error.to_string()),
            _ => Unread::Failed(error.to_string()),
        }
    }
}

/// Reads a file and decodes it as Python does.
pub fn read(path: &Path) -> Result<Source, Unread> {
    let unreadable = |error: io::Error| {
        Unread::Failed(match error.kind() {
            io::ErrorKind::NotFound => "not analysed: there is no such file (any more), or it links to none".to_owned(),
            io::ErrorKind::PermissionDenied => {
                "not analysed: you may not read it; change its permissions or exclude it".to_owned()
            }
            _ => format!("not analysed: it can't be read: {error}"),
        })
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if size > MAX_SIZE {
        return Err(DecodeError::TooLarge(size).into());
    }
    let bytes = read_stream(file, size).map_err(unreadable)?;
    Ok(Source::from_bytes(path, bytes)?)
}

/// Reads to the end, or as far as is needed to see that it is too much for [`Source::from_bytes`].
pub fn read_stream(from: impl Read, expected: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(expected + 1);
    from.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

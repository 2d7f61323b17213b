//! Addresses of documents, and the paths that they stand for.

use std::path::{Path, PathBuf};

use tower_lsp_server::ls_types::Uri;

/// The path of a file on this machine; `None` for buffers and for files elsewhere.
pub fn to_path(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    is_file.then(|| uri.to_file_path()).flatten().map(std::borrow::Cow::into_owned)
}

/// What a document without a file is called, for its kind and for the configuration: the end of its address, in `home`.
pub fn invented_path(uri: &Uri, home: Option<&Path>) -> PathBuf {
    let path = uri.path().decode().to_string_lossy();
    let name = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("untitled");
    home.unwrap_or(Path::new("/")).join(name)
}

/// The address of a file.
pub fn from_path(path: &Path) -> Option<Uri> {
    Uri::from_file_path(path)
}

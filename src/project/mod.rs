//! What is known across files. Still empty: `settle` answers from the one file alone.

/// The files of a run or workspace, as far as rules need them.
#[derive(Debug, Default)]
pub struct Project {}

//! How much a lesson gives away at once: the steps of the hint ladder.

use std::str::FromStr;

use crate::nearest::suggestion;

/// What a hover shows first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Teach {
    /// A question to think about, and where the answer is.
    Nudge,
    /// What happens in the reader's code, then the remedy.
    #[default]
    Explain,
    /// The remedy, then what happens.
    Fix,
}

impl Teach {
    /// The words for them in configurations.
    pub const NAMES: [&str; 3] = ["nudge", "explain", "fix"];
}

impl FromStr for Teach {
    type Err = String;

    fn from_str(word: &str) -> Result<Teach, String> {
        match word {
            "nudge" => Ok(Teach::Nudge),
            "explain" => Ok(Teach::Explain),
            "fix" => Ok(Teach::Fix),
            _ => {
                let nearest = suggestion(word, Teach::NAMES);
                let known = if nearest.is_empty() { "; write nudge, explain or fix" } else { &nearest };
                Err(format!("`teach`: unknown level `{word}`{known}"))
            }
        }
    }
}

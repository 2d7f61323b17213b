//! What is wrong with the configuration: the user is told of each mistake once, for as long as it is there.

use rustc_hash::FxHashSet;

/// The mistakes that are known, by what is said of them.
#[derive(Debug, Default)]
pub struct Mistakes {
    /// Those that were there when everything was looked at before.
    before: FxHashSet<String>,
    /// Those that are there now; nothing until something has been looked at.
    now: Option<FxHashSet<String>>,
}

impl Mistakes {
    /// Everything is about to be looked at anew: what is not found again has been corrected.
    pub fn look_again(&mut self) {
        // One change on disk is often reported several times in a row.
        if let Some(now) = self.now.take() {
            self.before = now;
        }
    }

    /// Something has been looked at and is right.
    pub fn none_here(&mut self) {
        self.now.get_or_insert_default();
    }

    /// Something is wrong. Returns whether the user doesn't know it yet.
    pub fn is_news(&mut self, mistake: &str) -> bool {
        self.now.get_or_insert_default().insert(mistake.to_owned()) && !self.before.contains(mistake)
    }
}

#[cfg(test)]
mod tests {
    use super::Mistakes;

    #[test]
    fn each_is_told_once_until_it_is_made_again() {
        let mut mistakes = Mistakes::default();
        assert!(mistakes.is_news("a"));
        assert!(!mistakes.is_news("a"));
        mistakes.look_again();
        mistakes.look_again();
        assert!(!mistakes.is_news("a"), "it is still there");
        assert!(mistakes.is_news("b"));
        mistakes.look_again();
        mistakes.none_here();
        mistakes.look_again();
        assert!(mistakes.is_news("a"), "made again");
    }
}

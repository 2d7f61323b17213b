//! A small set of words that may say "perhaps", never a wrong "no": a Bloom filter. It tells which of some thousand files
//! can have to do with a name, without an index that would have to be kept current.

use std::hash::BuildHasher;
use std::path::Path;

use rustc_hash::FxBuildHasher;

/// The set, of 64 bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words([u64; 8]);

/// A word's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word(u64);

impl Word {
    /// The number of a text.
    pub fn of(text: &str) -> Word {
        Word(FxBuildHasher.hash_one(text))
    }
}

impl Words {
    /// Adds a word.
    pub fn add(&mut self, text: &str) {
        for (index, bit) in bits(Word::of(text)) {
            self.0[index] |= bit;
        }
    }

    /// Adds the parts of a dotted path.
    pub fn add_path(&mut self, path: &str) {
        path.split('.').filter(|part| !part.is_empty()).for_each(|part| self.add(part));
    }

    /// Adds what a file is called: its name without the extension, and that of its folder.
    pub fn add_names_of(&mut self, path: &Path) {
        let folder = path.parent().and_then(Path::file_name);
        [path.file_stem(), folder]
            .into_iter()
            .flatten()
            .filter_map(|name| name.to_str())
            .for_each(|name| self.add(name));
    }

    /// Whether the word may have been added.
    pub fn may_have(&self, word: Word) -> bool {
        bits(word).into_iter().all(|(index, bit)| self.0[index] & bit != 0)
    }
}

/// The two bits of a word.
fn bits(word: Word) -> [(usize, u64); 2] {
    [word.0 >> 55, word.0 >> 46 & 0x1ff].map(|bit| ((bit >> 6) as usize, 1 << (bit & 63)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_found_and_most_else_is_not() {
        let mut words = Words::default();
        (0..60).for_each(|number| words.add(&format!("name{number}")));
        words.add_path("..shop.prices");
        words.add_names_of(Path::new("a/desk/till.py"));
        assert!((0..60).all(|number| words.may_have(Word::of(&format!("name{number}")))));
        assert!(["shop", "prices", "desk", "till"].iter().all(|name| words.may_have(Word::of(name))));
        let wrong = (0..1000).filter(|number| words.may_have(Word::of(&format!("other{number}")))).count();
        assert!(wrong < 150, "{wrong}");
    }
}

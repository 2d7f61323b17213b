//! A small set of words that may say "perhaps", never a wrong "no": a Bloom filter. It tells which of some thousand files
//! can have to do with a name, without an index that would have to be kept current.

use std::hash::BuildHasher;
use std::path::Path;

use rustc_hash::FxBuildHasher;

/// The set, of 128 bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words([u64; 16]);

/// A word, as the numbers of its bits in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Word([u16; 3]);

impl Word {
    /// The bits of a text.
    pub fn of(text: &str) -> Word {
        Word::of_bytes(text.as_bytes())
    }

    fn of_bytes(text: &[u8]) -> Word {
        let hash = FxBuildHasher.hash_one(text);
        Word([54, 44, 34].map(|shift| (hash >> shift & 0x3ff) as u16))
    }
}

impl Words {
    /// Adds a word.
    pub fn add(&mut self, text: &str) {
        self.add_word(Word::of(text));
    }

    fn add_word(&mut self, word: Word) {
        for bit in word.0 {
            self.0[usize::from(bit >> 6)] |= 1 << (bit & 63);
        }
    }

    /// Adds the parts of a dotted path.
    pub fn add_path(&mut self, path: &str) {
        let parts = path.as_bytes().split(|&byte| byte == b'.').filter(|part| !part.is_empty());
        parts.for_each(|part| self.add_word(Word::of_bytes(part)));
    }

    /// Adds what a file is called: its name without the extension, and that of its folder.
    pub fn add_names_of(&mut self, path: &Path) {
        path.file_stem().and_then(|name| name.to_str()).inspect(|name| self.add(name));
        self.add_folders_of(path, 1);
    }

    /// Adds the names of so many folders around a file.
    pub fn add_folders_of(&mut self, path: &Path, count: usize) {
        path.iter().rev().skip(1).take(count).filter_map(|name| name.to_str()).for_each(|name| self.add(name));
    }

    /// Whether the word may have been added.
    pub fn may_have(&self, word: Word) -> bool {
        word.0.iter().all(|bit| self.0[usize::from(bit >> 6)] >> (bit & 63) & 1 == 1)
    }
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
        assert!(wrong < 20, "{wrong}");
    }
}

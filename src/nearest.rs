//! What the reader probably meant by a word that we don't know.

/// The candidate most like `word`, if one is like it at all. Case does not matter.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    most_alike(word, candidates, 0.75)
}

/// The candidate that `word` can only be a slip of the keyboard for, where words that are none of ours are to be expected.
pub fn misspelt<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    most_alike(word, candidates, 0.9)
}

fn most_alike<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>, least: f64) -> Option<&'c str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > least)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?` for the candidate most like `word`, else nothing: the end of an error message.
pub fn suggestion<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |found| format!("; did you mean `{found}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_nothing_else() {
        let keys = ["select", "ignore", "severity"];
        assert_eq!(nearest("selct", keys), Some("select"));
        assert_eq!(nearest("Ignores", keys), Some("ignore"));
        assert_eq!(nearest("zzz", keys), None);
        assert_eq!(misspelt("selct", keys), Some("select"));
        assert_eq!(misspelt("python", ["path", "run"]), None);
        assert_eq!(suggestion("severty", keys), "; did you mean `severity`?");
    }
}

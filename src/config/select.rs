//! Which rules a user means: codes, prefixes, names, `ALL`; the most specific word decides.

use std::fmt;
use std::str::FromStr;

use crate::nearest::suggestion;
use crate::rules::{RULES, Rule};

/// One word of `select`, `ignore` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `ALL`: every rule.
    All,
    /// The first letters of codes, in upper case: `PP03` is question 3.
    Prefix(String),
    /// One rule, by code or name.
    Rule(&'static Rule),
}

impl Selector {
    /// Whether it means `rule`.
    pub fn covers(&self, rule: &Rule) -> bool {
        match self {
            Selector::All => true,
            Selector::Prefix(prefix) => rule.code.starts_with(prefix.as_str()),
            Selector::Rule(only) => *only == rule,
        }
    }

    /// The greater, the more exactly it says what it means; the most specific word decides.
    pub fn specificity(&self) -> usize {
        match self {
            Selector::All => 0,
            Selector::Prefix(prefix) => prefix.len(),
            Selector::Rule(_) => usize::MAX,
        }
    }
}

impl FromStr for Selector {
    type Err = UnknownSelector;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word.eq_ignore_ascii_case("ALL") {
            return Ok(Selector::All);
        }
        if let Some(rule) = Rule::find(word) {
            return Ok(Selector::Rule(rule));
        }
        let prefix = word.to_ascii_uppercase();
        if prefix.starts_with('P') && RULES.iter().any(|rule| rule.code.starts_with(&prefix)) {
            return Ok(Selector::Prefix(prefix));
        }
        Err(UnknownSelector(word.to_owned()))
    }
}

/// A word that means no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSelector(String);

impl std::error::Error for UnknownSelector {}

impl fmt::Display for UnknownSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`{}", self.0, rule_suggestion(&self.0, []))
    }
}

/// The end of an error message about a word that names no rule: ours for a peer's code, or the nearest code, name or other
/// word that could stand there.
pub fn rule_suggestion<'c>(word: &str, others: impl IntoIterator<Item = &'c str>) -> String {
    let ours = RULES.iter().find(|rule| rule.equivalents.iter().any(|code| code.eq_ignore_ascii_case(word)));
    match ours {
        Some(rule) => format!("; here it is `{}` ({})", rule.name, rule.code),
        None => suggestion(word, RULES.iter().flat_map(|rule| [rule.name, rule.code]).chain(others)),
    }
}

/// Changes `enabled` (by rule index) as `select` and `ignore` say. A `select` replaces what was enabled before; of words
/// that are equally specific, `ignore` wins.
pub fn apply(enabled: &mut [bool], select: Option<&[Selector]>, ignore: &[Selector]) {
    let best = |words: &[Selector], rule: &Rule| {
        words.iter().filter(|word| word.covers(rule)).map(Selector::specificity).max()
    };
    for rule in RULES {
        let selected = select.and_then(|select| best(select, rule));
        let ignored = best(ignore, rule);
        let enabled = &mut enabled[rule.index];
        *enabled = match (select, selected, ignored) {
            (_, None, Some(_)) | (Some(_), None, None) => false,
            (_, Some(selected), ignored) => ignored.is_none_or(|ignored| selected > ignored),
            (None, None, None) => *enabled,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<Selector> {
        list.iter().map(|word| word.parse().unwrap()).collect()
    }

    fn enabled(select: Option<&[&str]>, ignore: &[&str]) -> Vec<&'static str> {
        let mut enabled = vec![true; RULES.len()];
        apply(&mut enabled, select.map(words).as_deref(), &words(ignore));
        RULES.iter().filter(|rule| enabled[rule.index]).map(|rule| rule.code).collect()
    }

    #[test]
    fn the_most_specific_word_decides() {
        assert_eq!(enabled(Some(&["PP0301"]), &[]), ["PP0301"]);
        assert_eq!(enabled(Some(&["PP0301"]), &["PP03"]), ["PP0301"]);
        assert!(!enabled(Some(&["PP03"]), &["mutable-default-argument"]).contains(&"PP0301"));
        assert_eq!(enabled(Some(&["PP0301"]), &["PP0301"]), [""; 0]);
        assert_eq!(enabled(Some(&["ALL"]), &["PP"]), [""; 0]);
        assert!(!enabled(None, &["pp03"]).contains(&"PP0301"));
        assert!(enabled(None, &["PP03"]).contains(&"PP0002"));
    }

    #[test]
    fn unknown_words_get_the_nearest_name() {
        let message = |word: &str| word.parse::<Selector>().unwrap_err().to_string();
        assert_eq!(
            message("mutable-default-arg"),
            "unknown rule `mutable-default-arg`; did you mean `mutable-default-argument`?"
        );
        assert_eq!(message("B006"), "unknown rule `B006`; here it is `mutable-default-argument` (PP0301)");
        assert_eq!(message("!!"), "unknown rule `!!`");
    }
}

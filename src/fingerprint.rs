//! Names for findings that survive edits elsewhere in the file: what baselines and merge-request reports compare.

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// The fingerprints of one file's findings, in their order: 16 hex digits each, made of the rule, the qualified name of the scope,
/// the code without its layout, and a count of what is alike in these. No line numbers, and not the file's name: it is
/// unique within its file.
pub fn fingerprints(source: &Source, diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
    diagnostics
        .iter()
        .map(|diagnostic| {
            let mut hash = Fnv::default();
            hash.write(diagnostic.rule.code);
            hash.write(&diagnostic.scope);
            source.text()[diagnostic.range].split_whitespace().for_each(|word| hash.write(word));
            let ordinal = seen.entry(hash.0).or_default();
            *ordinal += 1;
            hash.write(&ordinal.to_string());
            format!("{:016x}", hash.0)
        })
        .collect()
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>): fingerprints are stored, so the function must never change,
/// which the standard library and hash crates don't promise of theirs.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, text: &str) {
        // The byte at the end keeps "a", "b" and "ab" apart; it occurs in no UTF-8.
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use ruff_text_size::{TextRange, TextSize};

    use super::*;
    use crate::rules::Rule;

    fn fingerprints_of(text: &str, scope: &str) -> Vec<String> {
        let source = Source::from_text("x.py", text);
        let diagnostics: Vec<Diagnostic> = text
            .match_indices("f(")
            .map(|(start, _)| {
                let end = start + text[start..].find(')').unwrap() + 1;
                let range = TextRange::new(TextSize::new(start as u32), TextSize::new(end as u32));
                let rule = Rule::find("PP0801").unwrap();
                Diagnostic {
                    scope: scope.to_owned(),
                    ..Diagnostic::new(rule, range, crate::diagnostic::Severity::Warning, "")
                }
            })
            .collect();
        fingerprints(&source, &diagnostics)
    }

    #[test]
    fn layout_and_place_do_not_matter() {
        assert_eq!(fingerprints_of("f(a, b)", "C.m"), fingerprints_of("\n# new\nx = f(a,\n      b)", "C.m"));
    }

    #[test]
    fn scope_code_and_count_do() {
        let base = fingerprints_of("f(a)", "C.m");
        assert_ne!(base, fingerprints_of("f(a)", "C.n"));
        assert_ne!(base, fingerprints_of("f(b)", "C.m"));
        let twice = fingerprints_of("f(a); f(a)", "C.m");
        assert_eq!(twice[0], base[0]);
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn they_never_change() {
        assert_eq!(fingerprints_of("f(a)", "C.m"), ["91e0715dd58c8ae7"]);
    }
}

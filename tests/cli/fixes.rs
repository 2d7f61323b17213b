//! `--fix`, `--unsafe-fixes`, `--diff`: what happens to files.

use std::fs;

use crate::project::{BROKEN, FRESH, Project, STALE, is_written};

#[test]
fn fixes_change_what_they_must_and_nothing_else() {
    let project = Project::with(&[("a.py", STALE), ("b.py", FRESH), ("c.py", BROKEN)]);
    let before = fs::metadata(project.path("b.py")).unwrap().modified().unwrap();
    let run = project.run("--fix --hints").status(1).silent();
    assert!(run.stdout.ends_with("fixed 1 finding in 1 file · 1 finding left in 1 file\n"), "{run:?}");
    assert_eq!(project.read("a.py"), FRESH.as_bytes());
    assert_eq!(fs::metadata(project.path("b.py")).unwrap().modified().unwrap(), before);
    assert_eq!(project.read("c.py"), BROKEN.as_bytes());
    project.run("a.py --fix --hints").status(0).silent().shows("no findings in 1 file\n");
    assert_eq!(fs::read_dir(project.path("")).unwrap().count(), 3, "nothing is left behind");
}

#[test]
fn what_is_not_shown_is_not_fixed() {
    let project = Project::with(&[("a.py", STALE)]);
    project.run("--fix").status(0);
    assert_eq!(project.read("a.py"), STALE.as_bytes());
}

#[test]
fn safe_fixes_are_applied_by_both_flags() {
    for flags in ["--fix", "--unsafe-fixes", "--fix --unsafe-fixes"] {
        let project = Project::with(&[("a.py", STALE)]);
        project.run(&format!("{flags} --hints")).status(0);
        assert_eq!(project.read("a.py"), FRESH.as_bytes(), "{flags}");
    }
}

#[test]
fn unsafe_fixes_need_their_flag() {
    let text = "def f(x=[]):\n    x.append(1)\n    return x\n";
    let project = Project::with(&[("a.py", text)]);
    project.run("--fix --select PP0301");
    assert_eq!(project.read("a.py"), text.as_bytes());
    project.run("--unsafe-fixes --select PP0301");
    let fixed = String::from_utf8(project.read("a.py")).unwrap();
    assert_eq!(fixed.contains("x=None"), is_written("PP0301"), "{fixed}");
}

#[test]
fn diff_writes_nothing() {
    let project = Project::with(&[("a.py", STALE), ("b.py", BROKEN)]);
    let run = project.run("--diff --hints").status(1);
    assert_eq!(run.stdout, format!("--- a.py\n+++ a.py\n@@ -1 +1 @@\n-{STALE}+{FRESH}"));
    assert_eq!(run.stderr, "would fix 1 finding in 1 file\n");
    assert_eq!(project.read("a.py"), STALE.as_bytes());
    let run = project.run("--diff --fix --hints b.py").status(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "nothing to fix\n"));
    let run = project.run("--diff --unsafe-fixes --hints -q a.py").status(1).silent();
    assert!(run.stdout.starts_with("--- a.py\n"), "{run:?}");
}

#[test]
fn diff_tells_of_a_missing_line_end() {
    let project = Project::with(&[("a.py", STALE.trim_end())]);
    project.run("--diff --hints").status(1).shows("+x = 1\n\\ No newline at end of file\n");
}

#[test]
fn line_ends_are_kept() {
    for end in ["\n", "\r\n", "\r"] {
        let lines = |stale: &str| ["# first", stale, "y = '''a", "b'''", ""].join(end);
        let project = Project::with(&[("a.py", &lines(STALE.trim_end()))]);
        project.run("--fix --hints").status(0);
        assert_eq!(String::from_utf8(project.read("a.py")).unwrap(), lines("x = 1"));
        // A comment on a line of its own goes with its line.
        let project = Project::with(&[("a.py", &lines("# pyprep: ignore[PP0002]"))]);
        project.run("--fix --hints").status(0);
        assert_eq!(String::from_utf8(project.read("a.py")).unwrap(), lines("").replacen(&end.repeat(2), end, 1));
    }
}

#[test]
fn byte_order_mark_and_encoding_are_kept() {
    let fixed = |stale: &[u8], fresh: &[u8]| {
        let project = Project::with(&[]);
        project.write("a.py", stale);
        project.run("--fix --hints").status(0).silent();
        assert_eq!(project.read("a.py"), fresh);
    };
    fixed(format!("\u{feff}{STALE}").as_bytes(), format!("\u{feff}{FRESH}").as_bytes());
    fixed(
        b"# -*- coding: latin-1 -*-\ny = '\xe9\x85'\nx = 1  # pyprep: ignore[PP0002]\n",
        b"# -*- coding: latin-1 -*-\ny = '\xe9\x85'\nx = 1\n",
    );
    fixed(b"# coding: cp1252\ny = '\x80'\nx = 1  # pyprep: ignore[PP0002]\n", b"# coding: cp1252\ny = '\x80'\nx = 1\n");
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use crate::project::{FRESH, Project, STALE};

    #[test]
    fn permissions_are_kept() {
        let project = Project::with(&[("a.py", STALE)]);
        fs::set_permissions(project.path("a.py"), Permissions::from_mode(0o751)).unwrap();
        project.run("--fix --hints").status(0);
        assert_eq!(project.read("a.py"), FRESH.as_bytes());
        assert_eq!(fs::metadata(project.path("a.py")).unwrap().mode() & 0o777, 0o751);
    }

    #[test]
    fn links_are_kept() {
        let project = Project::with(&[("real/a.py", STALE), ("b.py", STALE)]);
        symlink("real/a.py", project.path("link.py")).unwrap();
        fs::hard_link(project.path("b.py"), project.path("c.py")).unwrap();
        project.run("--fix --hints link.py b.py").status(0);
        assert!(project.path("link.py").is_symlink());
        for path in ["real/a.py", "b.py", "c.py"] {
            assert_eq!(project.read(path), FRESH.as_bytes(), "{path}");
        }
        assert_eq!(fs::metadata(project.path("b.py")).unwrap().nlink(), 2);
    }

    #[test]
    fn a_file_that_may_not_be_written_is_2() {
        let project = Project::with(&[("a.py", STALE), ("b.py", STALE)]);
        fs::set_permissions(project.path("a.py"), Permissions::from_mode(0o444)).unwrap();
        let run = project.run("--fix --hints").status(2);
        let run = run.complains("error: a.py: not fixed: the file is read-only; make it writable");
        run.shows("fixed 1 finding in 1 file · 1 finding left in 1 file · 1 file could not be fixed");
        assert_eq!(project.read("a.py"), STALE.as_bytes());
        assert_eq!(project.read("b.py"), FRESH.as_bytes());
    }
}

/// Runs on the demo; whatever rules there are, its fixes must leave code that parses and be done after one run.
#[test]
fn the_demo_can_be_fixed() {
    let project = Project::with(&[]);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/demo");
    for path in ["pyproject.toml", "cafe/__init__.py", "cafe/orders.py", "cafe/menu.py", "cafe/bells.py"] {
        project.write(path, fs::read(format!("{demo}/{path}")).unwrap());
    }
    project.run("--unsafe-fixes --hints").silent().hides("could not be fixed").hides("PP0002");
    let run = project.run("--diff --unsafe-fixes --hints").status(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "nothing to fix\n"));
}

//! Which files are checked.

use crate::project::{BROKEN, Project};

/// The files with findings, in the order in which they are printed.
fn files(project: &Project, arguments: &str) -> Vec<String> {
    let run = project.run(&format!("{arguments} --output-format concise -q"));
    run.stdout.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

fn all_broken(paths: &[&str]) -> Project {
    let project = Project::with(&[]);
    paths.iter().for_each(|path| project.write(path, BROKEN));
    project
}

#[test]
fn folders_are_walked_for_python() {
    let project = all_broken(&["b/c.py", "a.py", "b/d.pyi", "b/e.pyw", "b/f.txt", "b/g", ".hidden/h.py"]);
    assert_eq!(files(&project, ""), [".hidden/h.py", "a.py", "b/c.py", "b/d.pyi", "b/e.pyw"]);
    assert_eq!(files(&project, "b"), ["b/c.py", "b/d.pyi", "b/e.pyw"]);
}

#[test]
fn folders_of_other_peoples_code_are_skipped_unless_named() {
    let names =
        [".venv", "venv", "node_modules", "site-packages", "__pycache__", "build", "dist", ".git", ".tox", ".eggs"];
    let project = all_broken(&["a.py"]);
    for name in names {
        project.write(&format!("deep/{name}/x.py"), BROKEN);
    }
    assert_eq!(files(&project, ""), ["a.py"]);
    for name in names {
        assert_eq!(files(&project, &format!("deep/{name}")), [format!("deep/{name}/x.py")]);
    }
}

#[test]
fn named_files_are_checked_whatever_they_are() {
    let project = all_broken(&["script", "notes.txt", "build/x.py", "generated/y.py"]);
    project.write(".gitignore", "generated\n");
    assert_eq!(
        files(&project, "script notes.txt build/x.py generated/y.py --exclude script"),
        ["build/x.py", "generated/y.py", "notes.txt", "script"]
    );
}

#[test]
fn gitignore_counts_outside_of_repositories_too() {
    let project = all_broken(&["a.py", "generated/b.py", "c/d.py", "c/e.py", "f/g.py"]);
    project.write(".gitignore", "generated/\n/f/*\n");
    project.write("c/.gitignore", "e.py\n");
    assert_eq!(files(&project, ""), ["a.py", "c/d.py"]);
    assert_eq!(files(&project, "c"), ["c/d.py"]);
    // A folder that was named is walked.
    assert_eq!(files(&project, "generated"), ["generated/b.py"]);
    assert_eq!(files(&project, "f"), ["f/g.py"]);
}

#[test]
fn exclude_leaves_files_and_folders_out() {
    let project = all_broken(&["a.py", "old/b.py", "src/old/c.py", "src/d_test.py"]);
    assert_eq!(files(&project, "--exclude old"), ["a.py", "src/d_test.py"]);
    assert_eq!(files(&project, "--exclude src/old,*_test.py"), ["a.py", "old/b.py"]);
    project.write("pyprep-lint.toml", "exclude = ['src']\n");
    assert_eq!(files(&project, ""), ["a.py", "old/b.py"]);
    assert_eq!(files(&project, "--exclude old"), ["a.py"]);
    assert_eq!(files(&project, "--isolated"), ["a.py", "old/b.py", "src/d_test.py", "src/old/c.py"]);
}

#[test]
fn each_file_is_checked_once() {
    let project = all_broken(&["a.py", "b/c.py"]);
    let absolute = project.path("a.py");
    assert_eq!(
        files(&project, &format!("a.py ./a.py b/../a.py {} . b b/c.py", absolute.display())),
        ["a.py", "b/c.py"]
    );
}

#[cfg(unix)]
#[test]
fn links_lead_neither_astray_nor_in_circles() {
    use std::os::unix::fs::symlink;
    let project = all_broken(&["a.py", "b/c.py"]);
    symlink("..", project.path("b/loop")).unwrap();
    symlink("b", project.path("folder.py")).unwrap();
    symlink("a.py", project.path("z.py")).unwrap();
    symlink("nobody@host", project.path(".#a.py")).unwrap();
    // The same file under another name is the same file.
    assert_eq!(files(&project, ""), ["a.py", "b/c.py"]);
    assert_eq!(files(&project, "folder.py"), ["folder.py/c.py"]);
    assert_eq!(files(&project, "z.py"), ["z.py"]);
    project.run("").status(1).silent();
}

#[test]
fn a_folder_called_like_a_file_is_a_folder() {
    let project = all_broken(&["x.py/a.py"]);
    assert_eq!(files(&project, ""), ["x.py/a.py"]);
    assert_eq!(files(&project, "x.py"), ["x.py/a.py"]);
}

#[test]
fn paths_are_shown_from_the_working_folder() {
    let project = all_broken(&["src/a.py"]);
    let absolute = project.path("src");
    assert_eq!(files(&project, &absolute.display().to_string()), ["src/a.py"]);
    let mut command = project.command(&["..", "--output-format", "concise", "-q"]);
    std::fs::create_dir(project.path("other")).unwrap();
    let output = command.current_dir(project.path("other")).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("../src/a.py:1:9: "), "{output:?}");
}

#[test]
fn the_order_does_not_depend_on_threads() {
    let project = Project::with(&[]);
    for index in 0..60 {
        project.write(&format!("{}/{index:02}.py", index % 7), BROKEN.repeat(1 + index % 3));
    }
    let first = project.run("");
    for threads in ["1", "2", "8"] {
        let output = project.command::<&str>(&[]).env("RAYON_NUM_THREADS", threads).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), first.stdout);
    }
}

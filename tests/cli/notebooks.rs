//! Notebooks on the command line: places are told by cell, and fixes are written back into the file.

use snapbox::{assert_data_eq, str};

use crate::project::Project;

/// A notebook as Jupyter writes it: one Markdown cell, then these code cells.
fn notebook(cells: &[&str]) -> String {
    let markdown = serde_json::json!({"cell_type": "markdown", "metadata": {}, "source": ["# A title"]});
    let code = cells.iter().map(|text| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        serde_json::json!({"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": lines})
    });
    let cells: Vec<serde_json::Value> = std::iter::once(markdown).chain(code).collect();
    let notebook = serde_json::json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4});
    serde_json::to_string_pretty(&notebook).expect("JSON") + "\n"
}

/// A decorator in one cell, a decorated function in the next, and a mistake in the last.
fn project() -> Project {
    let decorator = "def log(f):\n    def wrapper():\n        return f()\n    return wrapper";
    Project::with(&[("a.ipynb", &notebook(&["%matplotlib inline", decorator, "@log\ndef g(): pass\n", "x = )\n"]))])
}

#[test]
fn full() {
    let run = project().run("").status(1).silent();
    assert_data_eq!(
        run.stdout,
        str![[r#"
warning[PP1201]: functions wrapped by `log` lose their name and docstring: add `@functools.wraps(f)`
 --> a.ipynb:cell 3:2:5
  |
2 |     def wrapper():
  |     ^^^^^^^^^^^
  |
 ::: a.ipynb:cell 4:1:1
  |
1 | @log
  | ---- `g` is called `wrapper` from here on
  |
  = note: line 1 of cell 3: `@log` hands over a function, as `f`
  = note: line 2 of cell 3: a new function is made, with the name `wrapper`
  = note: line 1 of cell 4: `g` now stands for that one, and says that it is `wrapper`
  = help: Copy the identity with `functools.wraps(f)` (try `--unsafe-fixes` and look at the result)
  = learn: Q12 What are decorators, and how do you write one?
           https://freebytes.in/tools/interview-questions/python.php#:~:text=takes%20another%20function%20as%20input

error[PP0002]: a value is missing here
 --> a.ipynb:cell 5:1:5
  |
1 | x = )
  |     ^
  |
  = note: line 1 of cell 5: Python can't make sense of `x = )`
  = note: nothing in this cell runs before that is mended, not even the lines above

2 findings in 1 file · revise Q12

"#]]
    );
}

#[test]
fn concise() {
    let run = project().run("--output-format concise").status(1).silent();
    assert_data_eq!(
        run.stdout,
        str![[r#"
a.ipynb:cell 3:2:5: warning[PP1201] functions wrapped by `log` lose their name and docstring: add `@functools.wraps(f)`
a.ipynb:cell 5:1:5: error[PP0002] a value is missing here
2 findings in 1 file · revise Q12

"#]]
    );
}

#[test]
fn json() {
    let run = project().run("--output-format json --select PP1201").status(1);
    assert_data_eq!(
        run.stdout,
        str![[r#"
[
  {
    "cell": 3,
    "code": "PP1201",
    "end_location": {
      "row": 2,
      "column": 16
    },
    "filename": "[FOLDER]/a.ipynb",
    "fix": {
      "applicability": "unsafe",
      "edits": [
        {
          "cell": 2,
          "content": "/nimport functools",
          "end_location": {
            "row": 1,
            "column": 19
          },
          "location": {
            "row": 1,
            "column": 19
          }
        },
        {
          "cell": 3,
          "content": "@functools.wraps(f)/n    ",
          "end_location": {
            "row": 2,
            "column": 5
          },
          "location": {
            "row": 2,
            "column": 5
          }
        }
      ],
      "message": "Copy the identity with `functools.wraps(f)`"
    },
    "location": {
      "row": 2,
      "column": 5
    },
    "message": "functions wrapped by `log` lose their name and docstring: add `@functools.wraps(f)`",
    "noqa_row": 2,
    "url": "https://freebytes.in/tools/interview-questions/python.php#:~:text=takes%20another%20function%20as%20input",
    "name": "missing-functools-wraps",
    "severity": "warning",
    "question": 12,
    "fingerprint": "41c24ea9097fcc2d",
    "related": [
      {
        "cell": 4,
        "message": "`g` is called `wrapper` from here on",
        "location": {
          "row": 1,
          "column": 1
        },
        "end_location": {
          "row": 1,
          "column": 5
        }
      }
    ],
    "steps": [
      {
        "cell": 3,
        "message": "line 1 of cell 3: `@log` hands over a function, as `f`",
        "location": {
          "row": 1,
          "column": 8
        },
        "end_location": {
          "row": 1,
          "column": 8
        }
      },
      {
        "cell": 3,
        "message": "line 2 of cell 3: a new function is made, with the name `wrapper`",
        "location": {
          "row": 2,
          "column": 9
        },
        "end_location": {
          "row": 2,
          "column": 16
        }
      },
      {
        "cell": 4,
        "message": "line 1 of cell 4: `g` now stands for that one, and says that it is `wrapper`",
        "location": {
          "row": 1,
          "column": 1
        },
        "end_location": {
          "row": 1,
          "column": 5
        }
      }
    ]
  }
]

"#]]
    );
}

#[test]
fn diff() {
    let run = project().run("--diff --unsafe-fixes").status(1);
    assert_data_eq!(
        run.stdout,
        str![[r#"
--- a.ipynb:cell 2
+++ a.ipynb:cell 2
@@ -1 +1,2 @@
 %matplotlib inline
+import functools
--- a.ipynb:cell 3
+++ a.ipynb:cell 3
@@ -1,4 +1,5 @@
 def log(f):
+    @functools.wraps(f)
     def wrapper():
         return f()
     return wrapper

"#]]
    );
    assert_eq!(run.stderr, "would fix 1 finding in 1 file\n");
}

#[test]
fn fixes_are_written_into_the_file() {
    let before = notebook(&["x = f() is 1", "y = f() is 2\n"]);
    let project = Project::with(&[("a.ipynb", &before)]);
    project.run("--unsafe-fixes").status(0).silent().shows("fixed 2 findings in 1 file");
    let fixed = before.replace("is 1", "== 1").replace("is 2", "== 2");
    assert_eq!(String::from_utf8(project.read("a.ipynb")).unwrap(), fixed);
    project.run("--unsafe-fixes").status(0).silent().shows("no findings in 1 file");
}

#[test]
fn standard_input_is_a_notebook_by_its_name() {
    let project = Project::with(&[]);
    let text = notebook(&["x = f() is 1"]);
    project
        .pipe("- --stdin-filename b.ipynb --output-format concise", &text)
        .status(1)
        .shows("b.ipynb:cell 2:1:9: error");
    let run = project.pipe("- --stdin-filename b.ipynb --unsafe-fixes", &text).status(0);
    assert_eq!(run.stdout, text.replace("is 1", "== 1"));
    project
        .pipe("- --stdin-filename b.ipynb --diff --unsafe-fixes", &text)
        .status(1)
        .shows("+++ b.ipynb:cell 2\n@@ -1 +1 @@\n");
    // Without a name it is Python, and JSON mostly is.
    project.pipe("-", &text).hides("cell 2:");
}

#[test]
fn folders_are_walked_for_notebooks() {
    let project = Project::with(&[]);
    for path in ["a.ipynb", "b/c.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "generated/d.ipynb"] {
        project.write(path, notebook(&["x = f() is 1"]));
    }
    let run = project.run("-q --output-format concise --exclude generated").status(1).silent();
    let files: Vec<&str> = run.stdout.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files, ["a.ipynb", "b/c.ipynb"]);
    project.write("pyprep-lint.toml", "[per-file-ignores]\n'*.ipynb' = ['PP3001']\n");
    project.run("").status(0).silent().shows("no findings in");
}

#[test]
fn comments_count_in_their_cell() {
    let stale = "f() is 1\n# pyprep: ignore[PP3001]";
    let project =
        Project::with(&[("a.ipynb", &notebook(&[stale, "f() is 2", "f() is 3  # pyprep: ignore[PP3001] why"]))]);
    let run = project.run("-q --hints --output-format concise").status(1).silent();
    let places: Vec<&str> = run.stdout.lines().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(places, ["2:1:5:", "2:2:1:", "3:1:5:"]);
    project.write("a.ipynb", notebook(&["f() is 1", "# pyprep: ignore-file[PP3001] on purpose"]));
    project.run("").status(0).silent();
    project.run("--no-suppress").status(1);
}

#[test]
fn what_is_no_python_is_not_called_clean() {
    let foreign = notebook(&["x <- 1"])
        .replace("\"metadata\": {},\n  \"nb", "\"metadata\": {\"language_info\": {\"name\": \"R\"}},\n  \"nb");
    let project = Project::with(&[("r.ipynb", &foreign), ("a.ipynb", &notebook(&["x = 1"]))]);
    let run = project.run("").status(0);
    assert_eq!(run.stdout, "no findings in 1 file\n");
    assert_eq!(run.stderr, "r.ipynb: left out: a notebook for R, not for Python\n");
    project.run("-q").status(0).silent();
    assert_eq!(project.pipe("- --stdin-filename r.ipynb --fix -q", &foreign).status(0).silent().stdout, foreign);
}

#[test]
fn what_cannot_be_read_is_told() {
    let project = Project::with(&[("a.ipynb", "{\n<<<<<<< HEAD\n"), ("b.ipynb", &notebook(&["f() is 1"]))]);
    let run = project
        .run("--output-format concise")
        .status(2)
        .shows("b.ipynb:cell 2:1:5")
        .shows("1 file could not be checked");
    assert_eq!(
        run.stderr,
        "error: a.ipynb: not analysed: it is no valid notebook (key must be a string at line 2 column 1); \
         restore it from Jupyter or from version control\n"
    );
    project.write("a.ipynb", notebook(&[&vec!["1"; 20_000].join(" + ")]));
    project.run("").status(2).complains("error: a.ipynb: not analysed: more than about 5000 operators");
    project.write("a.ipynb", "");
    project.run("a.ipynb").status(0).silent().shows("no findings in 1 file");
    project.write("a.ipynb", format!("{}{}", notebook(&["x = 1"]), " ".repeat(17 << 20)));
    project
        .run("a.ipynb")
        .status(2)
        .complains("over the limit of 16 MiB; split the file (clear the outputs of a notebook)");
}

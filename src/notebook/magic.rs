//! Which cells are Python: a magic in the first line may hand the cell to another language
//! (<https://ipython.readthedocs.io/en/stable/interactive/magics.html#cell-magics>).

/// Cell magics that run the cell as Python of the notebook: IPython's own, then well-known extensions'.
const PYTHON: [&str; 17] = [
    "capture",
    "debug",
    "prun",
    "time",
    "timeit",
    "cache",
    "heat",
    "ipytest",
    "lprun",
    "memit",
    "mprun",
    "mypy",
    "notify",
    "pyinstrument",
    "scalene",
    "snakeviz",
    "wandb",
];

/// With these, Databricks' notebooks hand a whole cell to another language: one percent sign.
const DATABRICKS: [&str; 6] = ["%md", "%md-sandbox", "%sh", "%fs", "%scala", "%r"];

/// Line magics that people write without their percent sign, as IPython allows where nothing else is in the cell.
const BARE: [&str; 24] = [
    "cat",
    "cd",
    "conda",
    "cp",
    "env",
    "less",
    "load_ext",
    "ls",
    "mamba",
    "man",
    "matplotlib",
    "mkdir",
    "more",
    "mv",
    "pip",
    "pylab",
    "reload_ext",
    "rm",
    "rmdir",
    "run",
    "set_env",
    "time",
    "timeit",
    "uv",
];

/// Where the Python of a cell starts: at 0, or behind a cell magic's line; `None` if the cell is no Python.
pub fn code_start(text: &str) -> Option<usize> {
    let code = text.trim_start();
    let start = text.len() - code.len();
    let line = code.lines().next().unwrap_or_default();
    let word = line.split_whitespace().next().unwrap_or_default();
    if let Some(name) = word.strip_prefix("%%") {
        // `%%time?` asks for help about it.
        let is_python = PYTHON.contains(&name) || name.ends_with('?');
        return is_python.then(|| (start + line.len() + line_end(&code[line.len()..])).min(text.len()));
    }
    let is_alone = line.trim_end() == word;
    let is_other_language = DATABRICKS.contains(&word) || word == "%sql" && is_alone;
    let is_bare_magic =
        BARE.contains(&word) && !is_alone && code.trim_end() == line.trim_end() && is_argument(line, word);
    (!is_other_language && !is_bare_magic).then_some(0)
}

/// Whether what follows the word can be a magic's argument: `pip install x`, but not `pip = 1`.
fn is_argument(line: &str, word: &str) -> bool {
    let rest = line.trim_start()[word.len()..].trim_start();
    rest.starts_with(|first: char| first.is_alphanumeric() || "-./~_\"'".contains(first))
        && !["if ", "in ", "is ", "and ", "or ", "not "].iter().any(|keyword| rest.starts_with(keyword))
}

fn line_end(rest: &str) -> usize {
    if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::code_start;

    #[test]
    fn python_cells() {
        for text in [
            "",
            "x = 1",
            "%matplotlib inline\nx = 1",
            "!pip install x",
            "%sql SELECT 1\nx = 1",
            "# %%bash\nx",
            "pip = 1",
            "ls",
            "ls\nx = 1",
            "run if x else y",
            "cd(x)",
        ] {
            assert_eq!(code_start(text), Some(0), "{text}");
        }
    }

    #[test]
    fn cell_magics_that_run_python() {
        for (text, code) in [
            ("%%time\nx = 1", "x = 1"),
            ("%%time\r\nx = 1", "x = 1"),
            ("\n  \n%%timeit -n 10\nx", "x"),
            ("%%capture out\n", ""),
            ("%%prun", ""),
            ("%%bash?\n", ""),
        ] {
            assert_eq!(code_start(text).map(|start| &text[start..]), Some(code), "{text}");
        }
    }

    #[test]
    fn other_languages() {
        for text in [
            "%%bash\nls",
            "%%html\n<p>",
            "\n%%javascript\nalert()",
            "%%writefile a.py\nx = 1",
            "%%",
            "%%python2\nprint 1",
            "%sql\nSELECT 1",
            "%md\n# Title",
            "%sh ls",
            "pip install numpy",
            "ls -la",
        ] {
            assert_eq!(code_start(text), None, "{text}");
        }
    }
}

//! The rules: what a rule is, how its checks are called, and the table of all of them.
//!
//! A rule is a page under `rules/`, a Rust file here and a `mod` line. Its checks are stateless functions that take one typed
//! node and a [`Context`]; they ask the model instead of walking, and report what they find.

use std::ops::Deref;

use ruff_python_ast::{self as ast, AnyNodeRef, NodeKind, PythonVersion};
use ruff_python_parser::{ParseError, UnsupportedSyntaxError, semantic_errors::SemanticSyntaxError};
use ruff_text_size::TextRange;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Related, Severity, Step, Tag};
use crate::fix::{Applicability, Fix};
use crate::project::View;
use crate::python::tokens::Tokens;
use crate::python::{Model, ScopeId};
use crate::source::{Line, Source};

mod default_argument;
mod none_sentinel;
pub mod q00_tool;
pub mod q01_what_is_python;
pub mod q02_core_data_types;
pub mod q03_functions;
pub mod q04_loops;
pub mod q05_list_tuple_set;
pub mod q06_strings;
pub mod q07_files;
pub mod q08_exceptions;
pub mod q09_modules;
pub mod q10_list_comprehensions;
pub mod q12_decorators;
pub mod q28_closures;
pub mod q30_cpython_internals;
pub mod q39_lru_cache;

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// One rule: what its page says of it, and its checks.
#[derive(Debug)]
pub struct Rule {
    /// Its place in [`RULES`].
    pub index: usize,
    /// `PP0301`.
    pub code: &'static str,
    /// `mutable-default-argument`.
    pub name: &'static str,
    /// The question it belongs to; 0 for rules about the tool itself.
    pub question: u8,
    /// The severity of its findings, unless they or the configuration say otherwise.
    pub severity: Severity,
    /// How sure its usual fix is; `None` if it has none.
    pub fix: Option<Applicability>,
    /// How editors set its findings off.
    pub tag: Option<Tag>,
    /// Other tools' codes and names for the same mistake.
    pub equivalents: &'static [&'static str],
    /// The version that brought it.
    pub since: &'static str,
    /// What somebody would type into a search box.
    pub symptoms: &'static [&'static str],
    /// Codes of related rules.
    pub see_also: &'static [&'static str],
    /// Whether *What Python does* can be run.
    pub runs: bool,
    /// Whether it runs for those who don't ask for it.
    pub on_by_default: bool,
    /// Where its page stands under `rules/`: `03-functions/mutable-default-argument.md`.
    pub path: &'static str,
    /// The page's text, front matter included.
    pub page: &'static str,
    /// What it looks at.
    pub checks: &'static [Check],
}

impl PartialEq for Rule {
    fn eq(&self, other: &Rule) -> bool {
        self.index == other.index
    }
}

impl Eq for Rule {}

impl Rule {
    /// The rule with this code (in any case) or name.
    pub fn find(code_or_name: &str) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
    }

    /// The question it belongs to, if that has a page.
    pub fn question(&self) -> Option<&'static Question> {
        Question::find(self.question)
    }
}

/// One question of the guide.
#[derive(Debug)]
pub struct Question {
    /// 1 to 40.
    pub number: u8,
    /// `Basic`, `Intermediate`, `Advanced`, `Experienced` or `Performance`.
    pub level: &'static str,
    /// As an interviewer would ask it.
    pub title: &'static str,
    /// Words that occur once in the published guide, in the matching answer.
    pub fragment: &'static str,
    /// Where its page stands under `rules/`: `03-functions/README.md`.
    pub path: &'static str,
    /// The page's text, front matter included.
    pub page: &'static str,
}

impl Question {
    /// The question with this number.
    pub fn find(number: u8) -> Option<&'static Question> {
        QUESTIONS.iter().find(|question| question.number == number)
    }

    /// The rules that catch its common mistakes, by code.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        rules_of(self.number)
    }

    /// What it is about, in the word that names its folder: `functions`.
    pub fn topic(&self) -> &'static str {
        self.path.split_once('-').and_then(|(_, rest)| rest.split_once('/')).map_or("", |(topic, _)| topic)
    }
}

/// The rules of a question, by code; 0 gives those about the tool itself.
pub fn rules_of(question: u8) -> impl Iterator<Item = &'static Rule> {
    RULES.iter().filter(move |rule| rule.question == question)
}

/// Errors that keep a file from compiling, in source order each.
pub struct SyntaxErrors<'a> {
    /// What the parser rejects.
    pub parser: &'a [ParseError],
    /// What the compiler's later checks reject.
    pub semantic: &'a [SemanticSyntaxError],
    /// Syntax that the target version does not have yet.
    pub unsupported: &'a [UnsupportedSyntaxError],
}

/// Declares [`Check`] with one variant per node kind, its `kind()` and its dispatch.
macro_rules! checks {
    ($($variant:ident: $node:ident),* $(,)?) => {
        /// What a rule looks at, and the function that looks.
        #[derive(Clone, Copy, Debug)]
        pub enum Check {
            $(
                #[doc = concat!("Every `", stringify!($node), "`.")]
                $variant(for<'a> fn(&'a ast::$node, &mut Context<'_, 'a>)),
            )*
            /// Every scope, the module first.
            Scope(for<'a> fn(ScopeId, &mut Context<'_, 'a>)),
            /// The whole file, once.
            Module(for<'a> fn(&'a ast::ModModule, &mut Context<'_, 'a>)),
            /// The errors that keep the file from compiling, once.
            SyntaxErrors(for<'a> fn(&SyntaxErrors<'_>, &mut Context<'_, 'a>)),
        }

        impl Check {
            /// The kind of node that the check wants; `None` for those called once or per scope.
            pub fn kind(&self) -> Option<NodeKind> {
                match self {
                    $(Check::$variant(_) => Some(NodeKind::$node),)*
                    Check::Scope(_) | Check::Module(_) | Check::SyntaxErrors(_) => None,
                }
            }

            /// Calls the check if `node` is what it wants.
            pub fn run<'a>(&self, node: AnyNodeRef<'a>, context: &mut Context<'_, 'a>) {
                match (self, node) {
                    $((Check::$variant(run), AnyNodeRef::$node(node)) => run(node, context),)*
                    _ => {}
                }
            }
        }
    };
}

checks! {
    FunctionDef: StmtFunctionDef,
    ClassDef: StmtClassDef,
    Return: StmtReturn,
    Delete: StmtDelete,
    Break: StmtBreak,
    Continue: StmtContinue,
    Assign: StmtAssign,
    AugAssign: StmtAugAssign,
    AnnAssign: StmtAnnAssign,
    For: StmtFor,
    While: StmtWhile,
    If: StmtIf,
    With: StmtWith,
    Match: StmtMatch,
    Raise: StmtRaise,
    Try: StmtTry,
    Assert: StmtAssert,
    Import: StmtImport,
    ImportFrom: StmtImportFrom,
    ExprStmt: StmtExpr,
    ExceptHandler: ExceptHandlerExceptHandler,
    Parameters: Parameters,
    BoolOp: ExprBoolOp,
    BinOp: ExprBinOp,
    UnaryOp: ExprUnaryOp,
    Lambda: ExprLambda,
    Dict: ExprDict,
    Set: ExprSet,
    ListComp: ExprListComp,
    SetComp: ExprSetComp,
    DictComp: ExprDictComp,
    Generator: ExprGenerator,
    Await: ExprAwait,
    Yield: ExprYield,
    Compare: ExprCompare,
    Call: ExprCall,
    Attribute: ExprAttribute,
    Subscript: ExprSubscript,
    StringLiteral: ExprStringLiteral,
    FString: ExprFString,
}

/// All that is known about the file being analysed.
#[derive(Clone, Copy)]
pub struct Code<'m, 'a> {
    /// The file.
    pub source: &'m Source,
    /// Its scopes, names, values and paths.
    pub model: &'m Model<'a>,
    /// Its tokens, comments included.
    pub tokens: Tokens<'a>,
    /// What the user asked for.
    pub config: &'m Config,
}

impl Code<'_, '_> {
    /// The oldest Python that the code must run on.
    pub fn target_version(&self) -> PythonVersion {
        self.config.target_version
    }

    /// The line where `range` starts, for texts that name lines.
    pub fn line(&self, range: impl ruff_text_size::Ranged) -> Line {
        self.source.named_line(range.start())
    }
}

/// What a check gets besides its node.
pub struct Context<'m, 'a> {
    code: Code<'m, 'a>,
    pub(crate) rule: &'static Rule,
    pub(crate) findings: Vec<Finding<'a>>,
}

impl<'m, 'a> Context<'m, 'a> {
    pub(crate) fn new(code: Code<'m, 'a>, rule: &'static Rule) -> Self {
        Context { code, rule, findings: Vec::new() }
    }

    /// Reports a finding of the rule whose check is running.
    pub fn report(&mut self, mut finding: Finding<'a>) {
        finding.rule = Some(self.rule);
        self.findings.push(finding);
    }
}

impl<'m, 'a> Deref for Context<'m, 'a> {
    type Target = Code<'m, 'a>;

    fn deref(&self) -> &Code<'m, 'a> {
        &self.code
    }
}

type Steps<'a> = Box<dyn FnOnce(&Code<'_, 'a>) -> Vec<Step> + 'a>;
type LazyFix<'a> = Box<dyn FnOnce(&Code<'_, 'a>) -> Option<Fix> + 'a>;
/// What becomes of a pending finding once all files are known. Owns what it needs: the tree is gone by then.
pub type Answer = Box<dyn Fn(Diagnostic, &View<'_>) -> Option<Diagnostic> + Send + Sync>;

/// A finding while the tree still stands. Its steps and fixes are made only if it is shown.
pub struct Finding<'a> {
    pub(crate) rule: Option<&'static Rule>,
    pub(crate) range: TextRange,
    pub(crate) message: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) question: Option<u8>,
    pub(crate) names: Vec<(&'static str, String)>,
    pub(crate) related: Vec<Related>,
    pub(crate) steps: Option<Steps<'a>>,
    pub(crate) fixes: Vec<LazyFix<'a>>,
    pub(crate) answer: Option<Answer>,
}

impl<'a> Finding<'a> {
    /// A finding at the smallest code that must change. The message says what Python will do, then the remedy; it starts
    /// lower-case or with a back-tick and has no final period.
    pub fn new(range: TextRange, message: impl Into<String>) -> Self {
        Finding {
            rule: None,
            range,
            message: message.into(),
            severity: None,
            question: None,
            names: Vec::new(),
            related: Vec::new(),
            steps: None,
            fixes: Vec::new(),
            answer: None,
        }
    }

    /// Gives it another severity than the rule's.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Sends the reader to another question than the rule's.
    pub fn question(mut self, question: u8) -> Self {
        self.question = Some(question);
        self
    }

    /// Fills `{key}` in the rule's page with one of the reader's names.
    pub fn name(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.names.push((key, value.into()));
        self
    }

    /// Points to another place that belongs to the finding.
    pub fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { range, message: message.into() });
        self
    }

    /// Tells what happens in the reader's code, line by line.
    pub fn steps(mut self, steps: impl FnOnce(&Code<'_, 'a>) -> Vec<Step> + 'a) -> Self {
        self.steps = Some(Box::new(steps));
        self
    }

    /// Makes it hang on other files: when they are known, `answer` gets it and what this file sees of the project, and gives
    /// back what is to be shown, if anything.
    pub fn pending(
        mut self,
        answer: impl Fn(Diagnostic, &View<'_>) -> Option<Diagnostic> + Send + Sync + 'static,
    ) -> Self {
        self.answer = Some(Box::new(answer));
        self
    }

    /// Adds a remedy. The first one that comes out is what `--fix` applies.
    pub fn fix(mut self, fix: impl FnOnce(&Code<'_, 'a>) -> Option<Fix> + 'a) -> Self {
        self.fixes.push(Box::new(fix));
        self
    }
}

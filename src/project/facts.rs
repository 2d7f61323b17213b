//! What other files may want to know of one: owned, small, gathered from the model's tables while the tree still stands.

use std::path::Path;

use compact_str::CompactString;
use memchr::memchr_iter;
use ruff_python_ast::{self as ast, AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextSize};

use super::search::INIT;
use super::words::Words;
use crate::python::model::{ScopeFlags, SymbolFlags};
use crate::python::{Model, ScopeId};
use crate::source::{Place, Source, SourceKind};

/// The most folders above a file whose packages a relative import is taken to run.
pub(super) const MAX_PACKAGES: usize = 8;

/// One file's facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Every import statement, in source order.
    pub imports: Box<[Import]>,
    /// The public names that the module binds at its top level.
    pub names: Box<[CompactString]>,
    /// What its `__all__` lists, if it has one.
    pub all: Option<Box<[CompactString]>>,
    /// Whether it may have names, or names in its `__all__`, that can't be read off its text.
    pub is_open: bool,
    /// The names that it reads and nothing in it binds; gathered only where a star import may bring them.
    pub unbound: Box<[CompactString]>,
    /// Its decorators that come from other files.
    pub decorators: Box<[Decorator]>,
    /// Whether it is a program: it has code under a main guard.
    pub is_script: bool,
    /// What it is called and all that it mentions of other files.
    pub(super) words: Words,
}

/// The name of the module or package in a file, without those of the packages around it.
pub(super) fn name_of(path: &Path) -> Option<&str> {
    let name = if path.ends_with(INIT) { path.parent().and_then(Path::file_name) } else { path.file_stem() };
    name.and_then(|name| name.to_str())
}

/// An import statement; one for each module that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module as it is written, with the dots of a relative import.
    pub module: CompactString,
    /// What is taken from it.
    pub taken: Taken,
    /// Whether only type checkers see it.
    pub is_type_checking_only: bool,
    /// Where the statement starts.
    pub place: Place,
}

impl Import {
    /// Whether `module` may be that of the file at `path`, which is called `name`, as far as its own text tells.
    pub(super) fn may_name(&self, path: &Path, name: &str) -> bool {
        let Some(rest) = self.module.strip_suffix(name) else {
            // A package can be named by dots alone.
            return self.module.ends_with('.') && path.ends_with(INIT);
        };
        let mut folders = path.iter().rev().skip(if path.ends_with(INIT) { 2 } else { 1 });
        let mut parts = rest.rsplit('.');
        parts.next() == Some("")
            && parts.all(|part| part.is_empty() || folders.next().is_some_and(|folder| folder == part))
    }

    /// Whether it may run a module of this name, as far as its own text tells.
    pub(super) fn may_run(&self, name: &str) -> bool {
        let takes = || matches!(&self.taken, Taken::Names(names) if names.iter().any(|taken| taken.name == name));
        self.module.starts_with('.') || self.module.split('.').any(|part| part == name) || takes()
    }
}

/// What an import takes from a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// `import module`: binds the first part of its name.
    Whole,
    /// `import module as name`.
    As(CompactString),
    /// `from module import name as other, …`.
    Names(Box<[TakenName]>),
    /// `from module import *`.
    Star,
}

/// A name that is taken from a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenName {
    /// As the module calls it.
    pub name: CompactString,
    /// As it is called here, if otherwise.
    pub alias: Option<CompactString>,
}

impl TakenName {
    /// The name that is bound.
    pub fn bound(&self) -> &str {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// A use as a decorator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decorator {
    /// What stands behind the `@`, without the arguments of calls: `shop.retry`.
    pub path: CompactString,
    /// How often it is called there: once in `@retry(3)`.
    pub calls: u8,
    /// The function that it decorates; `None` for a class.
    pub function: Option<CompactString>,
    /// Where it stands.
    pub place: Place,
}

impl Facts {
    /// What `name` of other modules is called here, where it is called otherwise.
    pub(super) fn aliases_of(&self, name: &str) -> Vec<&str> {
        let names = self.imports.iter().filter_map(|import| match &import.taken {
            Taken::Names(names) => Some(names),
            _ => None,
        });
        let named = names.flat_map(|names| names.iter()).filter(|taken| taken.name == name);
        named.filter_map(|taken| taken.alias.as_deref()).collect()
    }

    /// Gathers the facts of a file.
    pub fn gather(source: &Source, model: &Model) -> Facts {
        let mut facts = Facts::default();
        facts.words.add_names_of(source.path());
        facts.add_imports(source, model);
        let has_stars = model.scope_flags(ScopeId::MODULE).contains(ScopeFlags::STAR_IMPORT);
        facts.add_decorators(source, model, has_stars);
        let exports = model.exports();
        facts.is_open = exports.as_ref().is_some_and(|exports| !exports.is_complete) || model.has_unseen_names();
        facts.all = exports.map(|exports| exports.names.into_iter().map(CompactString::from).collect());
        facts.is_script = source.kind() == SourceKind::Python && model.has_main_guard();
        let is_bound = SymbolFlags::LOCAL | SymbolFlags::IMPORTED | SymbolFlags::DECLARED_GLOBAL;
        facts.names = model
            .symbols_in(ScopeId::MODULE)
            .filter(|&symbol| model.symbol_flags(symbol).intersects(is_bound))
            .map(|symbol| model.name(symbol))
            .filter(|name| !name.starts_with('_'))
            .map(CompactString::from)
            .collect();
        if has_stars {
            facts.unbound = model.unbound().map(|symbol| CompactString::from(model.name(symbol))).collect();
        }
        facts
    }

    fn add_imports(&mut self, source: &Source, model: &Model) {
        let mut lines = Lines::new(source);
        let mut imports = Vec::with_capacity(model.imports().len());
        let mut is_relative = false;
        for &id in model.imports() {
            let place = lines.place(model.node(id).start());
            let is_type_checking_only = model.is_type_checking_only(id);
            let mut add = |module: CompactString, taken: Taken| {
                imports.push(Import { module, taken, is_type_checking_only, place });
            };
            match model.node(id) {
                AnyNodeRef::StmtImport(node) => {
                    for alias in &node.names {
                        self.words.add_path(&alias.name);
                        let taken = alias.asname.as_ref().map_or(Taken::Whole, |name| Taken::As(name.as_str().into()));
                        add(alias.name.as_str().into(), taken);
                    }
                }
                AnyNodeRef::StmtImportFrom(node) => {
                    let mut module = CompactString::from(".".repeat(node.level as usize));
                    module.push_str(node.module.as_deref().unwrap_or_default());
                    self.words.add_path(&module);
                    is_relative |= node.level > 0;
                    let name = |alias: &ast::Alias| TakenName {
                        name: alias.name.as_str().into(),
                        alias: alias.asname.as_ref().map(|name| name.as_str().into()),
                    };
                    let taken = match &*node.names {
                        [star] if star.name.as_str() == "*" => Taken::Star,
                        names => Taken::Names(names.iter().map(name).collect()),
                    };
                    node.names.iter().for_each(|alias| self.words.add(alias.name.as_str()));
                    add(module, taken);
                }
                _ => {}
            }
        }
        if is_relative {
            // They run the packages around the file, whose names they don't mention.
            self.words.add_folders_of(source.path(), MAX_PACKAGES);
        }
        self.imports = imports.into();
    }

    fn add_decorators(&mut self, source: &Source, model: &Model, has_stars: bool) {
        let mut lines = Lines::new(source);
        let mut decorators = Vec::new();
        for &id in model.decorators() {
            let AnyNodeRef::Decorator(node) = model.node(id) else { continue };
            let Some((path, calls)) = imported_path(model, &node.expression, has_stars) else { continue };
            let function = match model.parent(id).map(|parent| model.node(parent)) {
                Some(AnyNodeRef::StmtFunctionDef(node)) => Some(node.name.as_str().into()),
                _ => None,
            };
            self.words.add_path(&path);
            decorators.push(Decorator { path, calls, function, place: lines.place(node.range.start()) });
        }
        self.decorators = decorators.into();
    }
}

/// The dotted path that a decorator names, and how often it is called, if its first part is imported.
fn imported_path(model: &Model, decorator: &Expr, has_stars: bool) -> Option<(CompactString, u8)> {
    let (mut expr, mut calls) = (decorator, 0);
    while let Expr::Call(call) = expr {
        (expr, calls) = (&call.func, calls + 1);
    }
    let start = expr;
    while let Expr::Attribute(attribute) = expr {
        expr = &attribute.value;
    }
    let root = model.symbol_of(expr.as_name_expr()?)?;
    let is_foreign = match model.symbol_scope(root) {
        ScopeId::BUILTINS => has_stars,
        _ => model.symbol_flags(root).contains(SymbolFlags::IMPORTED),
    };
    let path = |expr: &Expr| -> CompactString { model.slice(expr).split_whitespace().collect() };
    is_foreign.then(|| (path(start), calls))
}

/// Counts lines from one place to the next.
struct Lines<'s> {
    source: &'s Source,
    counted: usize,
    line: usize,
}

impl<'s> Lines<'s> {
    fn new(source: &'s Source) -> Lines<'s> {
        Lines { source, counted: 0, line: 1 }
    }

    /// The place of a statement, which nothing but white space stands before; the offsets must not get less.
    fn place(&mut self, offset: TextSize) -> Place {
        if !self.source.cells().is_empty() {
            return self.source.place(offset);
        }
        let (text, offset) = (self.source.text().as_bytes(), offset.to_usize());
        self.line += memchr_iter(b'\n', &text[self.counted..offset]).count();
        self.counted = offset;
        let column = text[..offset].iter().rev().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
        Place { cell: None, line: self.line, column: column + 1 }
    }
}

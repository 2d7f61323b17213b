//! Calls that open files or read and write them whole: which they are, and how text is encoded there.

use ruff_python_ast::{self as ast, AnyNodeRef, Expr};

use super::exceptions::last_name;
use super::model::{BindingKind, Model, Read};
use super::values::Type;

/// How a function that opens a file takes its mode and its encoding.
#[derive(Clone, Copy, Debug)]
struct Signature {
    /// The position of `mode`; `None` where there is no such parameter.
    mode: Option<usize>,
    /// What the mode is if it isn't given.
    default: &'static str,
    /// Whether a mode without `b` and `t` means bytes, as for compressed files.
    needs_t: bool,
    /// The position of `encoding`; further than any argument where it can only be named.
    encoding: usize,
}

const OPEN: Signature = Signature { mode: Some(1), default: "r", needs_t: false, encoding: 3 };
const PACKED: Signature = Signature { mode: Some(1), default: "rb", needs_t: true, encoding: 3 };
const TEMPORARY: Signature = Signature { mode: Some(0), default: "w+b", needs_t: false, encoding: 2 };
const WHOLE: Signature = Signature { mode: None, default: "r", needs_t: false, encoding: 0 };

/// Functions and classes that can open a file as text.
const FUNCTIONS: &[(&str, Signature)] = &[
    ("builtins.open", OPEN),
    ("io.open", OPEN),
    ("os.fdopen", OPEN),
    ("gzip.open", PACKED),
    ("bz2.open", PACKED),
    ("lzma.open", Signature { encoding: usize::MAX, ..PACKED }),
    ("io.TextIOWrapper", Signature { encoding: 1, ..WHOLE }),
    ("tempfile.TemporaryFile", TEMPORARY),
    ("tempfile.NamedTemporaryFile", TEMPORARY),
    ("tempfile.SpooledTemporaryFile", Signature { mode: Some(1), encoding: 3, ..TEMPORARY }),
];

/// Methods of `pathlib.Path` that do.
const METHODS: &[(&str, Signature)] = &[
    ("open", Signature { mode: Some(0), encoding: 2, ..OPEN }),
    ("read_text", WHOLE),
    ("write_text", Signature { encoding: 1, ..WHOLE }),
];

/// What is opened, as a text speaks of it, by the functions and classes that open it: module, name, what.
const OPENERS: &[(&str, &str, &str)] = &[
    ("builtins", "open", "file"),
    ("io", "open", "file"),
    ("io", "FileIO", "file"),
    ("codecs", "open", "file"),
    ("os", "fdopen", "file"),
    ("gzip", "open", "file"),
    ("gzip", "GzipFile", "file"),
    ("bz2", "open", "file"),
    ("bz2", "BZ2File", "file"),
    ("lzma", "open", "file"),
    ("lzma", "LZMAFile", "file"),
    ("tempfile", "TemporaryFile", "file"),
    ("tempfile", "NamedTemporaryFile", "file"),
    ("tempfile", "SpooledTemporaryFile", "file"),
    ("wave", "open", "sound file"),
    ("zipfile", "ZipFile", "archive"),
    ("tarfile", "open", "archive"),
    ("tarfile", "TarFile", "archive"),
    ("tarfile.TarFile", "open", "archive"),
    ("shelve", "open", "shelf"),
    ("dbm", "open", "database"),
    ("socket", "socket", "socket"),
    ("socket", "create_connection", "socket"),
    ("urllib.request", "urlopen", "connection"),
];

/// What a call that opens text says about its encoding.
#[derive(Clone, Copy, Debug)]
pub enum TextEncoding<'a> {
    /// Nothing.
    Unnamed,
    /// `None`, which is nothing, too.
    None(&'a Expr),
    /// Something.
    Named,
}

impl<'a> Model<'a> {
    /// What `call` says about the encoding, if it certainly opens, reads or writes a file as text.
    pub fn text_encoding(&self, call: &'a ast::ExprCall) -> Option<TextEncoding<'a>> {
        let arguments = &call.arguments;
        let is_spread = arguments.args.iter().any(Expr::is_starred_expr)
            || arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        let signature = self.text_signature(call).filter(|_| !is_spread)?;
        if let Some(position) = signature.mode {
            let mode = match arguments.find_argument_value("mode", position) {
                None => signature.default,
                Some(Expr::StringLiteral(mode)) => mode.value.to_str(),
                Some(_) => return None,
            };
            if mode.contains('b') || signature.needs_t && !mode.contains('t') {
                return None;
            }
        }
        Some(match arguments.find_argument_value("encoding", signature.encoding) {
            None => TextEncoding::Unnamed,
            Some(value @ Expr::NoneLiteral(_)) => TextEncoding::None(value),
            Some(_) => TextEncoding::Named,
        })
    }

    fn text_signature(&self, call: &ast::ExprCall) -> Option<Signature> {
        let find = |table: &[(&str, Signature)], name: &str| {
            table.iter().find(|(known, _)| *known == name).map(|(_, signature)| *signature)
        };
        if let Some(path) = self.qualified_name(&call.func) {
            return find(FUNCTIONS, path.as_str());
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        let signature = find(METHODS, method.attr.as_str())?;
        self.is_path(&method.value).then_some(signature)
    }

    /// What `call` opens, in a word, if it certainly opens something that has to be closed.
    pub fn opened_kind(&self, call: &ast::ExprCall) -> Option<&'static str> {
        // Most calls open nothing, which their last name alone shows.
        if !self.may_be_named(&call.func, |name| OPENERS.iter().any(|(_, opener, _)| *opener == name)) {
            return None;
        }
        if let Some(path) = self.qualified_name(&call.func) {
            let (module, name) = path.as_str().rsplit_once('.')?;
            let row = OPENERS.iter().find(|(within, opener, _)| *opener == name && *within == module);
            return row.map(|(_, _, kind)| *kind);
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        (method.attr.as_str() == "open" && self.is_path(&method.value)).then_some("file")
    }

    /// Whether a call that opens something works on a file that is open already and that others close: `ZipFile(buffer)`.
    pub fn wraps_open_file(&self, call: &'a ast::ExprCall) -> bool {
        let arguments = &call.arguments;
        if ["fileobj", "closefd"].iter().any(|name| arguments.find_keyword(name).is_some()) {
            return true;
        }
        let is_wrapper = self.qualified_name(&call.func).is_some_and(|path| {
            ["gzip.", "bz2.", "lzma.", "zipfile.", "tarfile.", "wave."]
                .iter()
                .any(|module| path.as_str().starts_with(module))
        });
        let target = arguments.args.first().or(arguments.find_keyword("file").map(|keyword| &keyword.value));
        is_wrapper && target.is_some_and(|target| self.opening(target).is_some() || self.is_open_file(target))
    }

    /// Whether `expr` certainly is an open file, not a file's name: by its class, or as it is read elsewhere.
    fn is_open_file(&self, expr: &Expr) -> bool {
        if let Expr::Name(name) = expr
            && let Some(symbol) = self.symbol_of(name)
        {
            let is_method = |read: &Read| {
                let parent = self.parent(read.node).map(|id| self.node(id));
                matches!(parent, Some(AnyNodeRef::ExprAttribute(node)) if is_file_method(node.attr.as_str()))
            };
            let annotation = match self.only_binding(symbol).map(|binding| binding.kind) {
                Some(BindingKind::Parameter(node)) => node.annotation(),
                _ => None,
            };
            if self.reads(symbol).any(is_method) || annotation.is_some_and(is_stream) {
                return true;
            }
        }
        match self.type_of(expr) {
            Some(Type::Instance(_)) => true,
            Some(Type::External(class)) => class.as_str().starts_with("io."),
            _ => false,
        }
    }

    /// The call that opened the file `expr`: itself, or the one that its name was last bound to, by `=` or `with`.
    pub fn opening(&self, expr: &'a Expr) -> Option<&'a ast::ExprCall> {
        let is_file = |call: &&ast::ExprCall| self.opened_kind(call) == Some("file");
        let Expr::Name(name) = expr else { return expr.as_call_expr().filter(is_file) };
        let mut last = None;
        for binding in self.bindings(self.symbol_of(name)?) {
            let value = match binding.kind {
                BindingKind::With(item) => Some(&item.context_expr),
                _ => binding.value(),
            };
            let call = value.and_then(Expr::as_call_expr).filter(is_file)?;
            if last.is_none() || binding.range.start() < name.range.start() {
                last = Some(call);
            }
        }
        last
    }

    /// Whether `expr` certainly is a `pathlib.Path`.
    pub fn is_path(&self, expr: &Expr) -> bool {
        matches!(self.type_of(expr), Some(Type::External(class)) if class.as_str() == "pathlib.Path")
    }
}

fn is_file_method(name: &str) -> bool {
    matches!(name, "read" | "write" | "seek" | "tell" | "flush" | "readable" | "getvalue" | "getbuffer")
}

/// Whether an annotation names a class of open files.
fn is_stream(annotation: &Expr) -> bool {
    let class = match annotation {
        Expr::Subscript(node) => &*node.value,
        other => other,
    };
    matches!(last_name(class), Some("IO" | "BinaryIO" | "TextIO" | "BufferedReader" | "BytesIO" | "RawIOBase"))
}

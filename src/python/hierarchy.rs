//! Which exception classes are below which: builtins, the standard library, classes of the file.

use ruff_python_ast::{self as ast, Expr, Operator};

use super::model::{Binding, Model};

/// How many bases and names are followed.
const MAX_STEPS: u8 = 16;

/// Other names of classes, and the minor version of the Python that made them one; 0 if all have
/// (<https://docs.python.org/3/library/exceptions.html>).
#[rustfmt::skip]
const ALIASES: &[(&str, &str, u8)] = &[
    ("EnvironmentError", "OSError", 0),
    ("IOError", "OSError", 0),
    ("WindowsError", "OSError", 0),
    ("asyncio.TimeoutError", "TimeoutError", 11),
    ("asyncio.exceptions.BrokenBarrierError", "asyncio.BrokenBarrierError", 0),
    ("asyncio.exceptions.CancelledError", "asyncio.CancelledError", 0),
    ("asyncio.exceptions.IncompleteReadError", "asyncio.IncompleteReadError", 0),
    ("asyncio.exceptions.InvalidStateError", "asyncio.InvalidStateError", 0),
    ("asyncio.exceptions.TimeoutError", "TimeoutError", 11),
    ("concurrent.futures.TimeoutError", "TimeoutError", 11),
    ("getopt.error", "getopt.GetoptError", 0),
    ("http.client.error", "http.client.HTTPException", 0),
    ("io.BlockingIOError", "BlockingIOError", 0),
    ("json.decoder.JSONDecodeError", "json.JSONDecodeError", 0),
    ("os.error", "OSError", 0),
    ("re.PatternError", "re.error", 0),
    ("select.error", "OSError", 0),
    ("socket.error", "OSError", 0),
    ("socket.timeout", "TimeoutError", 10),
    ("ssl.SSLCertVerificationError", "ssl.CertificateError", 0),
    ("threading.ThreadError", "RuntimeError", 0),
    ("xml.parsers.expat.error", "xml.parsers.expat.ExpatError", 0),
    ("zipfile.BadZipfile", "zipfile.BadZipFile", 0),
    ("zipfile.error", "zipfile.BadZipFile", 0),
];

/// Builtin exceptions and those of the standard library, each with its parents, by name.
#[rustfmt::skip]
const PARENTS: &[(&str, &str)] = &[
    ("ArithmeticError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BaseException", ""),
    ("BaseExceptionGroup", "BaseException"),
    ("BlockingIOError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("BufferError", "Exception"),
    ("BytesWarning", "Warning"),
    ("ChildProcessError", "OSError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionError", "OSError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("DeprecationWarning", "Warning"),
    ("EOFError", "Exception"),
    ("EncodingWarning", "Warning"),
    ("Exception", "BaseException"),
    ("ExceptionGroup", "BaseExceptionGroup Exception"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("FloatingPointError", "ArithmeticError"),
    ("FutureWarning", "Warning"),
    ("GeneratorExit", "BaseException"),
    ("ImportError", "Exception"),
    ("ImportWarning", "Warning"),
    ("IndentationError", "SyntaxError"),
    ("IndexError", "LookupError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("KeyError", "LookupError"),
    ("KeyboardInterrupt", "BaseException"),
    ("LookupError", "Exception"),
    ("MemoryError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("NameError", "Exception"),
    ("NotADirectoryError", "OSError"),
    ("NotImplementedError", "RuntimeError"),
    ("OSError", "Exception"),
    ("OverflowError", "ArithmeticError"),
    ("PendingDeprecationWarning", "Warning"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("PythonFinalizationError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("ReferenceError", "Exception"),
    ("ResourceWarning", "Warning"),
    ("RuntimeError", "Exception"),
    ("RuntimeWarning", "Warning"),
    ("StopAsyncIteration", "Exception"),
    ("StopIteration", "Exception"),
    ("SyntaxError", "Exception"),
    ("SyntaxWarning", "Warning"),
    ("SystemError", "Exception"),
    ("SystemExit", "BaseException"),
    ("TabError", "IndentationError"),
    ("TimeoutError", "OSError"),
    ("TypeError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeError", "ValueError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("argparse.ArgumentError", "Exception"),
    ("argparse.ArgumentTypeError", "Exception"),
    ("asyncio.BrokenBarrierError", "RuntimeError"),
    ("asyncio.CancelledError", "BaseException"),
    ("asyncio.IncompleteReadError", "EOFError"),
    ("asyncio.InvalidStateError", "Exception"),
    ("asyncio.QueueEmpty", "Exception"),
    ("asyncio.QueueFull", "Exception"),
    ("asyncio.TimeoutError", "Exception"),
    ("asyncio.exceptions.TimeoutError", "Exception"),
    ("binascii.Error", "ValueError"),
    ("concurrent.futures.BrokenExecutor", "RuntimeError"),
    ("concurrent.futures.CancelledError", "Exception"),
    ("concurrent.futures.InvalidStateError", "Exception"),
    ("concurrent.futures.TimeoutError", "Exception"),
    ("configparser.DuplicateOptionError", "configparser.Error"),
    ("configparser.DuplicateSectionError", "configparser.Error"),
    ("configparser.Error", "Exception"),
    ("configparser.InterpolationDepthError", "configparser.InterpolationError"),
    ("configparser.InterpolationError", "configparser.Error"),
    ("configparser.InterpolationMissingOptionError", "configparser.InterpolationError"),
    ("configparser.InterpolationSyntaxError", "configparser.InterpolationError"),
    ("configparser.MissingSectionHeaderError", "configparser.ParsingError"),
    ("configparser.NoOptionError", "configparser.Error"),
    ("configparser.NoSectionError", "configparser.Error"),
    ("configparser.ParsingError", "configparser.Error"),
    ("csv.Error", "Exception"),
    ("dataclasses.FrozenInstanceError", "AttributeError"),
    ("decimal.Clamped", "decimal.DecimalException"),
    ("decimal.DecimalException", "ArithmeticError"),
    ("decimal.DivisionByZero", "decimal.DecimalException ZeroDivisionError"),
    ("decimal.FloatOperation", "decimal.DecimalException TypeError"),
    ("decimal.Inexact", "decimal.DecimalException"),
    ("decimal.InvalidOperation", "decimal.DecimalException"),
    ("decimal.Overflow", "decimal.Inexact decimal.Rounded"),
    ("decimal.Rounded", "decimal.DecimalException"),
    ("decimal.Subnormal", "decimal.DecimalException"),
    ("decimal.Underflow", "decimal.Inexact decimal.Rounded decimal.Subnormal"),
    ("ftplib.Error", "Exception"),
    ("ftplib.error_perm", "ftplib.Error"),
    ("ftplib.error_proto", "ftplib.Error"),
    ("ftplib.error_reply", "ftplib.Error"),
    ("ftplib.error_temp", "ftplib.Error"),
    ("getopt.GetoptError", "Exception"),
    ("graphlib.CycleError", "ValueError"),
    ("gzip.BadGzipFile", "OSError"),
    ("http.client.BadStatusLine", "http.client.HTTPException"),
    ("http.client.HTTPException", "Exception"),
    ("http.client.IncompleteRead", "http.client.HTTPException"),
    ("http.client.InvalidURL", "http.client.HTTPException"),
    ("http.client.LineTooLong", "http.client.HTTPException"),
    ("http.client.RemoteDisconnected", "ConnectionResetError http.client.BadStatusLine"),
    ("importlib.metadata.PackageNotFoundError", "ModuleNotFoundError"),
    ("io.UnsupportedOperation", "OSError ValueError"),
    ("ipaddress.AddressValueError", "ValueError"),
    ("ipaddress.NetmaskValueError", "ValueError"),
    ("json.JSONDecodeError", "ValueError"),
    ("locale.Error", "Exception"),
    ("lzma.LZMAError", "Exception"),
    ("multiprocessing.ProcessError", "Exception"),
    ("multiprocessing.TimeoutError", "multiprocessing.ProcessError"),
    ("pickle.PickleError", "Exception"),
    ("pickle.PicklingError", "pickle.PickleError"),
    ("pickle.UnpicklingError", "pickle.PickleError"),
    ("queue.Empty", "Exception"),
    ("queue.Full", "Exception"),
    ("re.error", "Exception"),
    ("shutil.Error", "OSError"),
    ("shutil.ReadError", "OSError"),
    ("shutil.SameFileError", "shutil.Error"),
    ("shutil.SpecialFileError", "OSError"),
    ("smtplib.SMTPAuthenticationError", "smtplib.SMTPResponseException"),
    ("smtplib.SMTPConnectError", "smtplib.SMTPResponseException"),
    ("smtplib.SMTPDataError", "smtplib.SMTPResponseException"),
    ("smtplib.SMTPException", "OSError"),
    ("smtplib.SMTPHeloError", "smtplib.SMTPResponseException"),
    ("smtplib.SMTPNotSupportedError", "smtplib.SMTPException"),
    ("smtplib.SMTPRecipientsRefused", "smtplib.SMTPException"),
    ("smtplib.SMTPResponseException", "smtplib.SMTPException"),
    ("smtplib.SMTPSenderRefused", "smtplib.SMTPResponseException"),
    ("smtplib.SMTPServerDisconnected", "smtplib.SMTPException"),
    ("socket.gaierror", "OSError"),
    ("socket.herror", "OSError"),
    ("socket.timeout", "OSError"),
    ("sqlite3.DataError", "sqlite3.DatabaseError"),
    ("sqlite3.DatabaseError", "sqlite3.Error"),
    ("sqlite3.Error", "Exception"),
    ("sqlite3.IntegrityError", "sqlite3.DatabaseError"),
    ("sqlite3.InterfaceError", "sqlite3.Error"),
    ("sqlite3.InternalError", "sqlite3.DatabaseError"),
    ("sqlite3.NotSupportedError", "sqlite3.DatabaseError"),
    ("sqlite3.OperationalError", "sqlite3.DatabaseError"),
    ("sqlite3.ProgrammingError", "sqlite3.DatabaseError"),
    ("sqlite3.Warning", "Exception"),
    ("ssl.CertificateError", "ssl.SSLError ValueError"),
    ("ssl.SSLEOFError", "ssl.SSLError"),
    ("ssl.SSLError", "OSError"),
    ("ssl.SSLSyscallError", "ssl.SSLError"),
    ("ssl.SSLWantReadError", "ssl.SSLError"),
    ("ssl.SSLWantWriteError", "ssl.SSLError"),
    ("ssl.SSLZeroReturnError", "ssl.SSLError"),
    ("statistics.StatisticsError", "ValueError"),
    ("struct.error", "Exception"),
    ("subprocess.CalledProcessError", "subprocess.SubprocessError"),
    ("subprocess.SubprocessError", "Exception"),
    ("subprocess.TimeoutExpired", "subprocess.SubprocessError"),
    ("tarfile.ExtractError", "tarfile.TarError"),
    ("tarfile.ReadError", "tarfile.TarError"),
    ("tarfile.TarError", "Exception"),
    ("threading.BrokenBarrierError", "RuntimeError"),
    ("tkinter.TclError", "Exception"),
    ("tomllib.TOMLDecodeError", "ValueError"),
    ("unittest.SkipTest", "Exception"),
    ("urllib.error.ContentTooShortError", "urllib.error.URLError"),
    ("urllib.error.HTTPError", "urllib.error.URLError"),
    ("urllib.error.URLError", "OSError"),
    ("xml.etree.ElementTree.ParseError", "SyntaxError"),
    ("xml.parsers.expat.ExpatError", "Exception"),
    ("xml.sax.SAXException", "Exception"),
    ("xml.sax.SAXParseException", "xml.sax.SAXException"),
    ("xmlrpc.client.Error", "Exception"),
    ("xmlrpc.client.Fault", "xmlrpc.client.Error"),
    ("xmlrpc.client.ProtocolError", "xmlrpc.client.Error"),
    ("xmlrpc.client.ResponseError", "xmlrpc.client.Error"),
    ("zipfile.BadZipFile", "Exception"),
    ("zipfile.LargeZipFile", "Exception"),
    ("zipimport.ZipImportError", "ImportError"),
    ("zlib.error", "Exception"),
    ("zoneinfo.ZoneInfoNotFoundError", "KeyError"),
];

/// An exception class that is known.
#[derive(Clone, Copy, Debug)]
pub enum ExceptionClass<'a> {
    /// A builtin, or one of the standard library by its dotted path.
    Library(&'static str),
    /// A class of the file.
    File(&'a ast::StmtClassDef),
}

impl PartialEq for ExceptionClass<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (ExceptionClass::Library(one), ExceptionClass::Library(two)) => one == two,
            (ExceptionClass::File(one), ExceptionClass::File(two)) => std::ptr::eq(*one, *two),
            _ => false,
        }
    }
}

/// The classes above a class, itself included.
#[derive(Debug)]
pub struct Lineage<'a> {
    /// Those that are known.
    pub classes: Vec<ExceptionClass<'a>>,
    /// Whether these are all.
    pub is_complete: bool,
}

impl Lineage<'_> {
    /// Whether the builtin `name` is among them.
    pub fn has_builtin(&self, name: &str) -> bool {
        self.classes.iter().any(|class| matches!(class, ExceptionClass::Library(path) if *path == name))
    }
}

/// What an `except` clause names.
#[derive(Debug, Default)]
pub struct Named<'a> {
    /// The classes that are known, each with the expression that names it.
    pub classes: Vec<(ExceptionClass<'a>, &'a Expr)>,
    /// Whether there may be others.
    pub is_open: bool,
}

impl<'a> Named<'a> {
    /// Whether the clause may catch an exception of the class with this lineage.
    pub fn may_catch(&self, lineage: &Lineage<'a>) -> bool {
        self.is_open || self.classes.iter().any(|(class, _)| lineage.classes.contains(class))
    }
}

impl<'a> Model<'a> {
    /// The exception class that `expr` stands for, in a Python of this minor version or newer.
    pub fn exception_class(&self, expr: &Expr, minor: u8) -> Option<ExceptionClass<'a>> {
        if let Some(name) = self.qualified_name(expr) {
            return library(name.builtin().unwrap_or(name.as_str()), minor).map(ExceptionClass::Library);
        }
        let class = match expr {
            Expr::Name(name) => self.class_of(self.symbol_of(name)?)?,
            Expr::Attribute(attribute) => {
                let Expr::Name(owner) = &*attribute.value else { return None };
                let owner = self.class_of(self.symbol_of(owner)?)?;
                self.class_of(self.bound_in_class(owner, attribute.attr.as_str())?)?
            }
            _ => return None,
        };
        class.decorator_list.is_empty().then_some(ExceptionClass::File(class))
    }

    /// The class and all that it inherits from.
    pub fn exception_lineage(&self, class: ExceptionClass<'a>, minor: u8) -> Lineage<'a> {
        let mut lineage = Lineage { classes: Vec::new(), is_complete: true };
        self.add_lineage(class, minor, MAX_STEPS, &mut lineage);
        lineage
    }

    fn add_lineage(&self, class: ExceptionClass<'a>, minor: u8, steps: u8, lineage: &mut Lineage<'a>) {
        let Some(steps) = steps.checked_sub(1) else {
            lineage.is_complete = false;
            return;
        };
        if lineage.classes.contains(&class) {
            return;
        }
        lineage.classes.push(class);
        match class {
            ExceptionClass::Library(path) => {
                for parent in parents(path).split_whitespace().filter_map(|parent| library(parent, minor)) {
                    self.add_lineage(ExceptionClass::Library(parent), minor, steps, lineage);
                }
            }
            ExceptionClass::File(class) => {
                for base in class.bases() {
                    match self.exception_class(base, minor) {
                        Some(base) => self.add_lineage(base, minor, steps, lineage),
                        None => lineage.is_complete = false,
                    }
                }
            }
        }
    }

    /// The classes that a clause `except type_:` names: through tuples and names that are bound once.
    pub fn exceptions_named_by(&self, type_: &'a Expr, minor: u8) -> Named<'a> {
        let mut named = Named::default();
        self.add_named(type_, minor, MAX_STEPS, &mut named);
        named
    }

    /// The same for a type of any origin; `None` where some class is not known.
    pub fn exceptions_caught_names(&self, type_: &Expr, minor: u8) -> Option<Vec<ExceptionClass<'a>>> {
        match type_ {
            Expr::Tuple(node) => {
                let classes = node.elts.iter().map(|type_| self.exceptions_caught_names(type_, minor));
                Some(classes.collect::<Option<Vec<_>>>()?.concat())
            }
            _ => Some(vec![self.exception_class(type_, minor)?]),
        }
    }

    fn add_named(&self, type_: &'a Expr, minor: u8, steps: u8, named: &mut Named<'a>) {
        let Some(steps) = steps.checked_sub(1) else {
            named.is_open = true;
            return;
        };
        let mut add = |type_: &'a Expr| self.add_named(type_, minor, steps, named);
        match type_ {
            Expr::Tuple(node) => return node.elts.iter().for_each(add),
            Expr::Starred(node) => return add(&node.value),
            Expr::BinOp(node) if node.op == Operator::Add => {
                add(&node.left);
                return add(&node.right);
            }
            _ => {}
        }
        if let Some(class) = self.exception_class(type_, minor) {
            named.classes.push((class, type_));
            return;
        }
        match self.value_bound_once(type_) {
            Some(value @ (Expr::Tuple(_) | Expr::BinOp(_))) => self.add_named(value, minor, steps, named),
            _ => named.is_open = true,
        }
    }

    /// What a name is bound to, if by one assignment only.
    fn value_bound_once(&self, expr: &Expr) -> Option<&'a Expr> {
        self.symbol_of(expr.as_name_expr()?).and_then(|symbol| self.only_binding(symbol)).and_then(Binding::value)
    }
}

/// The class as the table calls it.
fn library(path: &str, minor: u8) -> Option<&'static str> {
    let alias = ALIASES.iter().find(|(alias, _, since)| *alias == path && *since <= minor);
    let path = alias.map_or(path, |(_, class, _)| class);
    PARENTS.iter().find(|(class, _)| *class == path).map(|(class, _)| *class)
}

fn parents(path: &str) -> &'static str {
    PARENTS.iter().find(|(class, _)| *class == path).map_or("", |(_, parents)| parents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_is_in_the_table() {
        for (class, parents) in PARENTS {
            for parent in parents.split_whitespace() {
                assert!(library(parent, 0).is_some(), "{class} has an unknown parent {parent}");
            }
        }
        for (alias, class, _) in ALIASES {
            assert!(library(class, 0).is_some(), "{alias} is an alias of the unknown {class}");
        }
    }
}

//! What builtins and the standard library return: tables in the notation of annotations.
//!
//! Sources: the library reference (<https://docs.python.org/3/library/>) and typeshed's stubs; `tests/values.rs` asks
//! Python for every name. The variables of the notation:
//!
//! | | |
//! |---|---|
//! | `S` | the receiver |
//! | `T` | the receiver's elements |
//! | `K`, `V` | the receiver's keys and values |
//! | `A`, `E` | the first argument, its elements |
//! | `D` | the second argument, `None` without one |
//! | `P` | the second argument, nothing without one |
//! | `X` | `str` or `bytes`, as the arguments are |
//!
//! A function whose result depends on more than that is not here.

/// A line of a table: names, and what calling (or reading) any of them gives.
pub(super) type Line = (&'static str, &'static str);

/// Methods of builtins and of classes of the standard library.
pub(super) const METHODS: &[(&str, &[Line])] = &[
    (
        "builtins.str",
        &[
            (
                "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix \
                 removesuffix replace rjust rstrip strip swapcase title translate upper zfill",
                "str",
            ),
            ("count find index rfind rindex", "int"),
            ("encode", "bytes"),
            ("split rsplit splitlines", "list[str]"),
            ("partition rpartition", "tuple[str, str, str]"),
            (
                "endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable \
                 isspace istitle isupper startswith",
                "bool",
            ),
            ("maketrans", "dict"),
        ],
    ),
    (
        "builtins.bytes",
        &[
            (
                "capitalize center expandtabs join ljust lower lstrip removeprefix removesuffix replace rjust rstrip \
                 strip swapcase title translate upper zfill fromhex maketrans",
                "bytes",
            ),
            ("count find index rfind rindex", "int"),
            ("decode hex", "str"),
            ("split rsplit splitlines", "list[bytes]"),
            ("partition rpartition", "tuple[bytes, bytes, bytes]"),
            ("endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith", "bool"),
        ],
    ),
    (
        "builtins.bytearray",
        &[
            ("append clear extend insert remove reverse", "None"),
            (
                "capitalize center copy expandtabs join ljust lower lstrip removeprefix removesuffix replace rjust \
                 rstrip strip swapcase title translate upper zfill fromhex",
                "bytearray",
            ),
            ("count find index rfind rindex pop", "int"),
            ("decode hex", "str"),
            ("split rsplit splitlines", "list[bytearray]"),
            ("endswith isalnum isalpha isascii isdigit islower isspace istitle isupper startswith", "bool"),
        ],
    ),
    (
        "builtins.int",
        &[
            ("bit_length bit_count conjugate from_bytes", "int"),
            ("to_bytes", "bytes"),
            ("as_integer_ratio", "tuple[int, int]"),
        ],
    ),
    (
        "builtins.bool",
        &[("bit_length bit_count conjugate", "int"), ("to_bytes", "bytes"), ("as_integer_ratio", "tuple[int, int]")],
    ),
    (
        "builtins.float",
        &[
            ("is_integer", "bool"),
            ("hex", "str"),
            ("conjugate fromhex", "float"),
            ("as_integer_ratio", "tuple[int, int]"),
        ],
    ),
    ("builtins.complex", &[("conjugate", "complex")]),
    (
        "builtins.list",
        &[
            ("append clear extend insert remove reverse sort", "None"),
            ("copy", "S"),
            ("count index", "int"),
            ("pop", "T"),
        ],
    ),
    ("builtins.tuple", &[("count index", "int")]),
    ("builtins.range", &[("count index", "int")]),
    (
        "builtins.dict",
        &[
            ("clear update", "None"),
            ("copy", "S"),
            ("get", "V | D"),
            ("setdefault", "V | D"),
            ("pop", "V | P"),
            ("popitem", "tuple[K, V]"),
            ("items", "builtins.dict_items[tuple[K, V]]"),
            ("keys", "builtins.dict_keys[K]"),
            ("values", "builtins.dict_values[V]"),
            ("fromkeys", "dict[E, D]"),
        ],
    ),
    (
        "builtins.set",
        &[
            (
                "add clear difference_update discard intersection_update remove symmetric_difference_update update",
                "None",
            ),
            ("copy difference intersection", "S"),
            ("union symmetric_difference", "set"),
            ("isdisjoint issubset issuperset", "bool"),
            ("pop", "T"),
        ],
    ),
    (
        "builtins.frozenset",
        &[
            ("copy difference intersection", "S"),
            ("union symmetric_difference", "frozenset"),
            ("isdisjoint issubset issuperset", "bool"),
        ],
    ),
    (
        "collections.deque",
        &[
            ("append appendleft clear extend extendleft insert remove reverse rotate", "None"),
            ("copy", "S"),
            ("count index", "int"),
            ("pop popleft", "T"),
        ],
    ),
    (
        "collections.defaultdict",
        &[
            ("clear update", "None"),
            ("copy", "S"),
            ("get", "V | D"),
            ("pop", "V | P"),
            ("popitem", "tuple[K, V]"),
            ("items", "builtins.dict_items[tuple[K, V]]"),
            ("keys", "builtins.dict_keys[K]"),
            ("values", "builtins.dict_values[V]"),
        ],
    ),
    (
        "collections.OrderedDict",
        &[
            ("clear update move_to_end", "None"),
            ("copy", "S"),
            ("get", "V | D"),
            ("pop", "V | P"),
            ("popitem", "tuple[K, V]"),
            ("items", "collections.abc.ItemsView[tuple[K, V]]"),
            ("keys", "collections.abc.KeysView[K]"),
            ("values", "collections.abc.ValuesView[V]"),
        ],
    ),
    (
        "collections.Counter",
        &[
            ("clear update subtract", "None"),
            ("copy", "S"),
            ("most_common", "list[tuple[K, V]]"),
            ("items", "builtins.dict_items[tuple[K, V]]"),
            ("keys", "builtins.dict_keys[K]"),
            ("values", "builtins.dict_values[V]"),
        ],
    ),
    (
        "collections.abc.Mapping",
        &[
            ("get", "V | D"),
            ("items", "collections.abc.Iterable[tuple[K, V]]"),
            ("keys", "collections.abc.Iterable[K]"),
            ("values", "collections.abc.Iterable[V]"),
        ],
    ),
    (
        "collections.abc.MutableMapping",
        &[
            ("clear update", "None"),
            ("get", "V | D"),
            ("pop", "V | P"),
            ("items", "collections.abc.Iterable[tuple[K, V]]"),
            ("keys", "collections.abc.Iterable[K]"),
            ("values", "collections.abc.Iterable[V]"),
        ],
    ),
    ("collections.abc.Sequence", &[("count index", "int")]),
    (
        "os._Environ",
        &[
            ("get", "V | D"),
            ("pop", "V | P"),
            ("copy", "dict[str, str]"),
            ("items", "collections.abc.ItemsView[tuple[K, V]]"),
            ("keys", "collections.abc.KeysView[K]"),
            ("values", "collections.abc.ValuesView[V]"),
        ],
    ),
    (
        "io.TextIOWrapper",
        &[
            ("read readline", "str"),
            ("readlines", "list[str]"),
            ("write tell seek fileno truncate", "int"),
            ("close flush writelines reconfigure", "None"),
            ("readable writable seekable isatty", "bool"),
        ],
    ),
    (
        "io.StringIO",
        &[
            ("read readline getvalue", "str"),
            ("readlines", "list[str]"),
            ("write tell seek truncate", "int"),
            ("close flush writelines", "None"),
            ("readable writable seekable isatty", "bool"),
        ],
    ),
    (
        "io.BytesIO",
        &[
            ("read read1 readline getvalue", "bytes"),
            ("readlines", "list[bytes]"),
            ("write tell seek truncate readinto", "int"),
            ("close flush writelines", "None"),
            ("readable writable seekable isatty", "bool"),
        ],
    ),
    (
        "io.BufferedReader",
        &[
            ("read read1 peek readline", "bytes"),
            ("readlines", "list[bytes]"),
            ("tell seek fileno readinto", "int"),
            ("close flush", "None"),
            ("readable writable seekable isatty", "bool"),
        ],
    ),
    (
        "io.BufferedWriter",
        &[
            ("write tell seek fileno truncate", "int"),
            ("close flush writelines", "None"),
            ("readable writable seekable isatty", "bool"),
        ],
    ),
    (
        "re.Pattern",
        &[
            ("match search fullmatch", "re.Match | None"),
            ("findall split", "list"),
            ("finditer", "collections.abc.Iterator[re.Match]"),
            ("sub", "X"),
        ],
    ),
    ("re.Match", &[("groups", "tuple"), ("groupdict", "dict"), ("start end", "int"), ("span", "tuple[int, int]")]),
    (
        "pathlib.Path",
        &[
            (
                "absolute expanduser resolve joinpath with_name with_stem with_suffix relative_to rename replace \
                 readlink cwd home",
                "pathlib.Path",
            ),
            (
                "exists is_file is_dir is_symlink is_mount is_socket is_fifo is_block_device is_char_device \
                 is_absolute is_relative_to match samefile",
                "bool",
            ),
            ("read_text as_posix as_uri owner group", "str"),
            ("read_bytes", "bytes"),
            ("write_text write_bytes", "int"),
            ("mkdir rmdir unlink touch chmod symlink_to hardlink_to", "None"),
            ("iterdir glob rglob", "collections.abc.Iterator[pathlib.Path]"),
            ("stat lstat", "os.stat_result"),
        ],
    ),
    (
        "pathlib.PurePath",
        &[
            ("joinpath with_name with_stem with_suffix relative_to", "pathlib.PurePath"),
            ("is_absolute is_relative_to match", "bool"),
            ("as_posix as_uri", "str"),
        ],
    ),
    (
        "datetime.datetime",
        &[
            (
                "astimezone replace now utcnow today fromtimestamp utcfromtimestamp fromisoformat strptime combine \
                 fromordinal",
                "datetime.datetime",
            ),
            ("isoformat strftime ctime", "str"),
            ("timestamp", "float"),
            ("date", "datetime.date"),
            ("time timetz", "datetime.time"),
            ("timetuple utctimetuple", "time.struct_time"),
            ("weekday isoweekday toordinal", "int"),
            ("utcoffset dst", "datetime.timedelta | None"),
            ("tzname", "str | None"),
        ],
    ),
    (
        "datetime.date",
        &[
            ("replace today fromtimestamp fromisoformat fromordinal", "datetime.date"),
            ("isoformat strftime ctime", "str"),
            ("timetuple", "time.struct_time"),
            ("weekday isoweekday toordinal", "int"),
        ],
    ),
    (
        "datetime.time",
        &[("replace fromisoformat", "datetime.time"), ("isoformat strftime", "str"), ("tzname", "str | None")],
    ),
    ("datetime.timedelta", &[("total_seconds", "float")]),
    (
        "decimal.Decimal",
        &[
            ("copy_abs copy_negate normalize quantize sqrt exp ln log10", "decimal.Decimal"),
            ("is_nan is_infinite is_finite is_signed is_zero", "bool"),
            ("as_integer_ratio", "tuple[int, int]"),
        ],
    ),
    ("fractions.Fraction", &[("limit_denominator", "fractions.Fraction"), ("as_integer_ratio", "tuple[int, int]")]),
    (
        "argparse.ArgumentParser",
        &[("format_help format_usage", "str"), ("print_help print_usage set_defaults", "None")],
    ),
    (
        "logging.Logger",
        &[
            ("debug info warning error critical exception log setLevel addHandler removeHandler", "None"),
            ("isEnabledFor hasHandlers", "bool"),
            ("getEffectiveLevel", "int"),
            ("getChild", "logging.Logger"),
        ],
    ),
    ("threading.Thread", &[("start join run", "None"), ("is_alive", "bool")]),
    ("threading.Event", &[("set clear", "None"), ("is_set wait", "bool")]),
    ("_hashlib.HASH", &[("hexdigest", "str"), ("digest", "bytes"), ("update", "None"), ("copy", "S")]),
];

/// Attributes of instances of these classes.
pub(super) const ATTRIBUTES: &[(&str, &[Line])] = &[
    ("builtins.int", &[("real imag numerator denominator", "int")]),
    ("builtins.bool", &[("real imag numerator denominator", "int")]),
    ("builtins.float", &[("real imag", "float")]),
    ("builtins.complex", &[("real imag", "float")]),
    ("builtins.range", &[("start stop step", "int")]),
    ("types.FunctionType", &[("__name__ __qualname__ __module__", "str")]),
    (
        "pathlib.Path",
        &[
            ("name stem suffix root anchor drive", "str"),
            ("parent", "pathlib.Path"),
            ("parts", "tuple[str, ...]"),
            ("suffixes", "list[str]"),
            ("parents", "collections.abc.Sequence[pathlib.Path]"),
        ],
    ),
    (
        "pathlib.PurePath",
        &[
            ("name stem suffix root anchor drive", "str"),
            ("parent", "pathlib.PurePath"),
            ("parts", "tuple[str, ...]"),
            ("suffixes", "list[str]"),
        ],
    ),
    (
        "datetime.datetime",
        &[("year month day hour minute second microsecond fold", "int"), ("tzinfo", "datetime.tzinfo | None")],
    ),
    ("datetime.date", &[("year month day", "int")]),
    ("datetime.time", &[("hour minute second microsecond fold", "int"), ("tzinfo", "datetime.tzinfo | None")]),
    ("datetime.timedelta", &[("days seconds microseconds", "int")]),
    ("fractions.Fraction", &[("numerator denominator", "int")]),
    (
        "re.Match",
        &[("pos endpos", "int"), ("re", "re.Pattern"), ("lastgroup", "str | None"), ("lastindex", "int | None")],
    ),
    ("re.Pattern", &[("flags groups", "int")]),
    (
        "os.stat_result",
        &[("st_mode st_ino st_size st_uid st_gid st_nlink", "int"), ("st_mtime st_atime st_ctime", "float")],
    ),
    ("uuid.UUID", &[("hex urn", "str"), ("int", "int"), ("bytes", "bytes")]),
    ("time.struct_time", &[("tm_year tm_mon tm_mday tm_hour tm_min tm_sec tm_wday tm_yday tm_isdst", "int")]),
    ("logging.Logger", &[("name", "str"), ("level", "int")]),
];

/// Functions and classes, by module: what calling them gives. Classes that only their constructor tells of are in
/// [`CLASSES`].
pub(super) const FUNCTIONS: &[(&str, &[Line])] = &[
    (
        "builtins",
        &[
            ("len hash ord id", "int"),
            ("repr ascii chr bin hex oct format input", "str"),
            ("isinstance issubclass callable hasattr any all bool", "bool"),
            ("print setattr delattr exec breakpoint", "None"),
            ("globals locals", "dict"),
            ("dir", "list[str]"),
            ("sorted list", "list[E]"),
            ("str", "str"),
            ("int", "int"),
            ("float", "float"),
            ("complex", "complex"),
            ("bytes", "bytes"),
            ("bytearray", "bytearray"),
            ("range", "range"),
            ("tuple", "tuple[E, ...]"),
            ("set", "set[E]"),
            ("frozenset", "frozenset[E]"),
            ("enumerate", "builtins.enumerate[E]"),
            ("reversed", "builtins.reversed[E]"),
            ("object", "builtins.object"),
            ("memoryview", "builtins.memoryview"),
            ("slice", "builtins.slice"),
        ],
    ),
    (
        "os",
        &[
            ("getcwd strerror ctermid getlogin", "str"),
            ("getcwdb urandom", "bytes"),
            ("getenv", "str | D"),
            ("fsencode", "bytes"),
            ("fsdecode", "str"),
            ("listdir", "list[X]"),
            ("getpid getppid getuid geteuid getgid getegid system open write dup umask waitstatus_to_exitcode", "int"),
            ("read", "bytes"),
            ("cpu_count", "int | None"),
            (
                "mkdir makedirs remove unlink rename replace rmdir removedirs chdir chmod chown symlink link close \
                 putenv unsetenv kill utime renames truncate",
                "None",
            ),
            ("access isatty", "bool"),
            ("readlink", "X"),
            ("stat lstat fstat", "os.stat_result"),
            ("walk", "collections.abc.Iterator[tuple[X, list[X], list[X]]]"),
            ("scandir", "collections.abc.Iterator[os.DirEntry]"),
            ("pipe", "tuple[int, int]"),
            ("times", "os.times_result"),
        ],
    ),
    (
        "os.path",
        &[
            ("abspath basename dirname expanduser expandvars join normcase normpath realpath relpath commonpath", "X"),
            ("exists isfile isdir islink isabs ismount lexists samefile sameopenfile samestat", "bool"),
            ("getsize", "int"),
            ("getatime getmtime getctime", "float"),
            ("split splitext splitdrive", "tuple[X, X]"),
        ],
    ),
    (
        "time",
        &[
            ("time monotonic perf_counter process_time thread_time mktime", "float"),
            ("time_ns monotonic_ns perf_counter_ns process_time_ns thread_time_ns", "int"),
            ("strftime ctime asctime", "str"),
            ("sleep", "None"),
            ("localtime gmtime strptime", "time.struct_time"),
        ],
    ),
    (
        "re",
        &[
            ("compile", "re.Pattern"),
            ("match search fullmatch", "re.Match | None"),
            ("findall split", "list"),
            ("finditer", "collections.abc.Iterator[re.Match]"),
            ("escape", "A"),
            ("sub", "X"),
            ("purge", "None"),
        ],
    ),
    ("json", &[("dumps", "str"), ("dump", "None")]),
    ("pickle", &[("dumps", "bytes"), ("dump", "None")]),
    ("marshal", &[("dumps", "bytes")]),
    (
        "math",
        &[
            (
                "acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs \
                 fmod fsum gamma hypot ldexp lgamma log log10 log1p log2 nextafter pow radians remainder sin sinh \
                 sqrt tan tanh ulp",
                "float",
            ),
            ("comb factorial gcd isqrt lcm perm", "int"),
            ("isclose isfinite isinf isnan", "bool"),
            ("frexp", "tuple[float, int]"),
            ("modf", "tuple[float, float]"),
        ],
    ),
    (
        "random",
        &[
            ("random uniform gauss betavariate expovariate gammavariate normalvariate triangular", "float"),
            ("randint randrange getrandbits", "int"),
            ("choice", "E"),
            ("sample choices", "list[E]"),
            ("shuffle seed setstate", "None"),
            ("randbytes", "bytes"),
        ],
    ),
    (
        "secrets",
        &[("token_hex token_urlsafe", "str"), ("token_bytes", "bytes"), ("randbelow randbits", "int"), ("choice", "E")],
    ),
    (
        "itertools",
        &[
            ("chain", "itertools.chain"),
            ("count", "itertools.count"),
            ("cycle", "itertools.cycle[E]"),
            ("islice", "itertools.islice[E]"),
            ("repeat", "itertools.repeat[A]"),
            ("accumulate", "itertools.accumulate"),
            ("compress", "itertools.compress[E]"),
            ("dropwhile", "itertools.dropwhile"),
            ("takewhile", "itertools.takewhile"),
            ("filterfalse", "itertools.filterfalse"),
            ("starmap", "itertools.starmap"),
            ("groupby", "itertools.groupby"),
            ("product", "itertools.product[tuple]"),
            ("permutations", "itertools.permutations[tuple[E, ...]]"),
            ("combinations", "itertools.combinations[tuple[E, ...]]"),
            ("combinations_with_replacement", "itertools.combinations_with_replacement[tuple[E, ...]]"),
            ("pairwise", "itertools.pairwise[tuple[E, E]]"),
            ("zip_longest", "itertools.zip_longest[tuple]"),
            ("tee", "tuple"),
        ],
    ),
    ("itertools.chain", &[("from_iterable", "itertools.chain")]),
    ("functools", &[("partial", "functools.partial")]),
    (
        "collections",
        &[
            ("deque", "collections.deque[E]"),
            ("defaultdict", "collections.defaultdict"),
            ("OrderedDict", "collections.OrderedDict"),
            ("Counter", "collections.Counter[E]"),
            ("ChainMap", "collections.ChainMap"),
        ],
    ),
    (
        "shutil",
        &[
            ("which", "str | None"),
            ("rmtree", "None"),
            ("get_terminal_size", "os.terminal_size"),
            ("make_archive", "str"),
        ],
    ),
    ("tempfile", &[("mkdtemp mktemp", "str"), ("gettempdir", "str"), ("mkstemp", "tuple[int, str]")]),
    ("glob", &[("glob", "list[X]"), ("iglob", "collections.abc.Iterator[X]"), ("escape", "X")]),
    ("fnmatch", &[("fnmatch fnmatchcase", "bool"), ("filter", "list[E]"), ("translate", "str")]),
    ("textwrap", &[("dedent indent fill shorten", "str"), ("wrap", "list[str]")]),
    ("string", &[("capwords", "str")]),
    ("shlex", &[("split", "list[str]"), ("quote join", "str")]),
    (
        "subprocess",
        &[("getoutput list2cmdline", "str"), ("getstatusoutput", "tuple[int, str]"), ("call check_call", "int")],
    ),
    (
        "platform",
        &[("system node release version machine processor python_version platform python_implementation", "str")],
    ),
    (
        "sys",
        &[
            ("getrecursionlimit getrefcount getsizeof", "int"),
            ("getdefaultencoding getfilesystemencoding intern", "str"),
            ("setrecursionlimit settrace setprofile", "None"),
        ],
    ),
    (
        "base64",
        &[(
            "b64encode b64decode b32encode b32decode b16encode b16decode urlsafe_b64encode urlsafe_b64decode standard_b64encode standard_b64decode b85encode b85decode a85encode a85decode encodebytes decodebytes",
            "bytes",
        )],
    ),
    ("binascii", &[("hexlify unhexlify a2b_hex b2a_hex a2b_base64 b2a_base64", "bytes"), ("crc32", "int")]),
    ("zlib", &[("compress decompress", "bytes"), ("crc32 adler32", "int")]),
    ("gzip", &[("compress decompress", "bytes")]),
    ("struct", &[("pack", "bytes"), ("unpack unpack_from", "tuple"), ("calcsize", "int")]),
    ("html", &[("escape unescape", "str")]),
    ("copy", &[("copy deepcopy", "A")]),
    ("operator", &[("not_ truth contains", "bool"), ("index length_hint countOf indexOf", "int")]),
    ("statistics", &[("fmean", "float")]),
    ("bisect", &[("bisect bisect_left bisect_right", "int"), ("insort insort_left insort_right", "None")]),
    (
        "heapq",
        &[("heapify heappush", "None"), ("heappop heappushpop heapreplace", "E"), ("nlargest nsmallest", "list")],
    ),
    ("locale", &[("setlocale getpreferredencoding", "str")]),
    ("getpass", &[("getpass getuser", "str")]),
    (
        "socket",
        &[
            ("gethostname gethostbyname getfqdn inet_ntoa", "str"),
            ("inet_aton", "bytes"),
            ("htons htonl ntohs ntohl", "int"),
        ],
    ),
    (
        "traceback",
        &[
            ("format_exc", "str"),
            ("format_exception format_tb format_stack format_list", "list[str]"),
            ("print_exc print_stack print_tb", "None"),
        ],
    ),
    (
        "inspect",
        &[
            (
                "isfunction ismethod isclass isgenerator iscoroutine iscoroutinefunction isgeneratorfunction ismodule isbuiltin isabstract",
                "bool",
            ),
            ("getsource cleandoc", "str"),
            ("getdoc getmodulename", "str | None"),
            ("signature", "inspect.Signature"),
        ],
    ),
    (
        "asyncio",
        &[
            ("run_coroutine_threadsafe", "concurrent.futures.Future"),
            ("iscoroutine iscoroutinefunction isfuture", "bool"),
            ("current_task", "asyncio.Task | None"),
        ],
    ),
    (
        "logging",
        &[
            ("getLogger", "logging.Logger"),
            (
                "debug info warning error critical exception log basicConfig disable shutdown addLevelName captureWarnings",
                "None",
            ),
        ],
    ),
    ("warnings", &[("warn warn_explicit simplefilter filterwarnings resetwarnings", "None")]),
    ("hashlib", &[("md5 sha1 sha224 sha256 sha384 sha512 new", "_hashlib.HASH")]),
    ("uuid", &[("uuid1 uuid3 uuid4 uuid5", "uuid.UUID"), ("getnode", "int")]),
    (
        "urllib.parse",
        &[
            ("quote quote_plus urlencode unquote unquote_plus", "str"),
            ("urljoin", "X"),
            ("parse_qs", "dict"),
            ("parse_qsl", "list"),
        ],
    ),
    ("importlib", &[("import_module reload", "types.ModuleType"), ("invalidate_caches", "None")]),
    ("gc", &[("collect", "int"), ("enable disable freeze", "None"), ("isenabled", "bool"), ("get_objects", "list")]),
    ("ast", &[("dump unparse", "str")]),
    ("difflib", &[("get_close_matches", "list[str]")]),
    ("unicodedata", &[("normalize category bidirectional", "str")]),
    ("keyword", &[("iskeyword issoftkeyword", "bool")]),
    ("calendar", &[("isleap", "bool"), ("timegm leapdays", "int"), ("monthrange", "tuple[int, int]")]),
    (
        "dataclasses",
        &[
            ("is_dataclass", "bool"),
            ("asdict", "dict"),
            ("astuple", "tuple"),
            ("fields", "tuple[dataclasses.Field, ...]"),
        ],
    ),
    (
        "threading",
        &[
            ("active_count get_ident get_native_id", "int"),
            ("current_thread main_thread", "threading.Thread"),
            ("enumerate", "list[threading.Thread]"),
        ],
    ),
];

/// Constants of modules.
pub(super) const CONSTANTS: &[(&str, &[Line])] = &[
    ("builtins", &[("__name__ __file__", "str"), ("__debug__", "bool"), ("__doc__", "str | None")]),
    (
        "sys",
        &[
            ("argv path", "list[str]"),
            ("platform version executable prefix base_prefix exec_prefix byteorder copyright", "str"),
            ("maxsize maxunicode hexversion api_version", "int"),
            ("modules", "dict"),
            ("builtin_module_names", "tuple[str, ...]"),
        ],
    ),
    (
        "os",
        &[
            ("name sep linesep pathsep curdir pardir extsep devnull", "str"),
            ("environ", "os._Environ[str, str]"),
            ("O_RDONLY O_WRONLY O_RDWR O_CREAT O_EXCL O_TRUNC F_OK R_OK W_OK X_OK", "int"),
        ],
    ),
    ("os.path", &[("sep pathsep curdir pardir extsep devnull", "str")]),
    ("math", &[("pi e tau inf nan", "float")]),
    ("cmath", &[("pi e tau", "float")]),
    (
        "string",
        &[(
            "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation printable whitespace",
            "str",
        )],
    ),
    ("logging", &[("DEBUG INFO WARNING WARN ERROR CRITICAL FATAL NOTSET", "int")]),
    ("datetime", &[("MINYEAR MAXYEAR", "int")]),
    ("datetime.timezone", &[("utc", "datetime.timezone")]),
    ("subprocess", &[("PIPE STDOUT DEVNULL", "int")]),
    ("errno", &[("EPERM ENOENT EINTR EIO EAGAIN EACCES EEXIST ENOTDIR EISDIR EINVAL EPIPE ENOTEMPTY", "int")]),
    ("keyword", &[("kwlist softkwlist", "list[str]")]),
];

/// Classes of which calls and annotations make instances, and no more is known; by module.
pub(super) const CLASSES: &[(&str, &str)] = &[
    ("argparse", "ArgumentParser Namespace"),
    ("array", "array"),
    ("asyncio", "Event Lock Queue Semaphore Condition PriorityQueue LifoQueue"),
    ("builtins", "filter map zip enumerate reversed memoryview slice"),
    ("collections", "deque defaultdict OrderedDict Counter ChainMap UserDict UserList UserString"),
    ("concurrent.futures", "ThreadPoolExecutor ProcessPoolExecutor Future"),
    ("configparser", "ConfigParser RawConfigParser"),
    ("contextlib", "ExitStack AsyncExitStack"),
    ("csv", "DictReader DictWriter"),
    ("datetime", "datetime date time timedelta timezone"),
    ("decimal", "Decimal Context"),
    ("email.message", "EmailMessage Message"),
    ("fractions", "Fraction"),
    ("io", "StringIO BytesIO TextIOWrapper BufferedReader BufferedWriter"),
    ("ipaddress", "IPv4Address IPv6Address IPv4Network IPv6Network"),
    ("logging", "Logger Formatter StreamHandler FileHandler NullHandler LogRecord Handler"),
    ("multiprocessing", "Process"),
    ("os", "stat_result"),
    ("pathlib", "Path PurePath PurePosixPath PureWindowsPath"),
    ("queue", "Queue LifoQueue PriorityQueue SimpleQueue"),
    ("random", "Random SystemRandom"),
    ("re", "Pattern Match"),
    ("socket", "socket"),
    ("sqlite3", "Connection Cursor Row"),
    ("string", "Template Formatter"),
    ("struct", "Struct"),
    ("subprocess", "Popen CompletedProcess"),
    ("threading", "Thread Event Condition Semaphore BoundedSemaphore Barrier Timer local"),
    ("time", "struct_time"),
    ("types", "SimpleNamespace MappingProxyType ModuleType FunctionType"),
    ("uuid", "UUID"),
    ("weakref", "WeakKeyDictionary WeakValueDictionary WeakSet"),
    ("zipfile", "ZipFile ZipInfo"),
];

/// Context managers whose `__enter__` returns themselves.
pub(super) const ENTERS_ITSELF: &[&str] = &[
    "io.TextIOWrapper",
    "io.BufferedReader",
    "io.BufferedWriter",
    "io.BufferedRandom",
    "io.FileIO",
    "io.StringIO",
    "io.BytesIO",
    "zipfile.ZipFile",
    "subprocess.Popen",
    "socket.socket",
    "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.ProcessPoolExecutor",
    "contextlib.ExitStack",
    "builtins.memoryview",
];

/// Functions that don't come back.
pub(super) const NEVER_RETURN: &[&str] = &[
    "sys.exit",
    "os._exit",
    "os.abort",
    "builtins.exit",
    "builtins.quit",
    "pytest.fail",
    "pytest.skip",
    "pytest.exit",
];

/// What the table says of the dotted path `path`.
pub(super) fn find(table: &'static [(&str, &[Line])], path: &str) -> Option<&'static str> {
    let (owner, name) = path.rsplit_once('.')?;
    member(table, owner, name)
}

/// What the table says of `owner`'s `name`.
pub(super) fn member(table: &'static [(&str, &[Line])], owner: &str, name: &str) -> Option<&'static str> {
    let (_, lines) = table.iter().find(|(known, _)| *known == owner)?;
    let (_, result) = lines.iter().find(|(names, _)| names.split(' ').any(|known| known == name))?;
    Some(result)
}

/// Whether `path` is one of [`CLASSES`].
pub(super) fn is_class(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else { return false };
    CLASSES.iter().any(|(known, names)| *known == module && names.split(' ').any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Finds every name of the tables, and every class that they say is returned.
    const ASK: &str = r"
import importlib, sys
def find(path):
    parts = path.split('.')
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module('.'.join(parts[:end]))
        except ImportError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise ImportError(path)
views = {'builtins.dict_items', 'builtins.dict_keys', 'builtins.dict_values'}
for path in sys.stdin.read().split():
    try:
        path in views or find(path)
    except (AttributeError, ImportError) as error:
        print(path, error)
";

    /// Known to Python only on instances, or set by the interpreter for each module.
    const NOT_FOUND_ON_CLASSES: &[&str] =
        &["builtins.__file__", "threading.Thread.name", "logging.Logger.name", "logging.Logger.level"];

    fn ask(paths: &[String]) -> String {
        use std::io::Write;
        let mut python = Command::new("python3")
            .args(["-c", ASK])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("python3 runs");
        python.stdin.take().unwrap().write_all(paths.join("\n").as_bytes()).unwrap();
        String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap()
    }

    #[test]
    fn python_knows_every_name() {
        let mut paths = Vec::new();
        for table in [METHODS, ATTRIBUTES, FUNCTIONS, CONSTANTS] {
            for (owner, lines) in table {
                let is_abstract = owner.starts_with("collections.abc.");
                for (names, result) in *lines {
                    paths.extend(names.split_whitespace().map(|name| format!("{owner}.{name}")));
                    let classes = result.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')));
                    paths.extend(
                        classes
                            .filter(|name| name.len() > 3 && name.contains('.') && *name != "...")
                            .map(str::to_owned),
                    );
                }
                assert!(!lines.is_empty() || is_abstract, "{owner} is empty");
            }
        }
        for (module, names) in CLASSES {
            paths.extend(names.split(' ').map(|name| format!("{module}.{name}")));
        }
        paths.extend(ENTERS_ITSELF.iter().map(|path| (*path).to_owned()));
        paths.retain(|path| !NOT_FOUND_ON_CLASSES.contains(&path.as_str()));
        assert_eq!(ask(&paths), "");
    }

    #[test]
    fn names_are_separated_by_single_spaces() {
        for table in [METHODS, ATTRIBUTES, FUNCTIONS, CONSTANTS] {
            for (owner, lines) in table {
                for (names, _) in *lines {
                    assert!(names.split(' ').all(|name| !name.is_empty()), "{owner}: {names}");
                }
            }
        }
    }
}

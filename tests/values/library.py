# --- str
s = "abc"
reveal(s.upper())  # str
reveal(s.split())  # list[str]
reveal(s.split()[0])  # str
reveal(s.partition("b"))  # tuple[str, str, str]
reveal(s.encode())  # bytes
reveal(s.find("b"))  # int
reveal(s.isdigit())  # bool
reveal(s.startswith("a"))  # bool
reveal(", ".join(["a"]))  # str
reveal(s.upper().strip().count("A"))  # int
reveal("{}".format(1))  # str
reveal(s.splitlines())  # list[str]
reveal(str.upper("a"))  # str
reveal(s.translate({}))  # str
# --- bytes, int, float
reveal(b"a".decode())  # str
reveal(b"a".hex())  # str
reveal(b"a b".split())  # list[bytes]
reveal((5).bit_length())  # int
reveal((5).to_bytes(2, "big"))  # bytes
reveal((1.5).is_integer())  # bool
reveal((1.5).as_integer_ratio())  # tuple[int, int]
reveal(float.fromhex("0x1"))  # float
reveal(bytes.fromhex("00"))  # bytes
reveal(int.from_bytes(b"a", "big"))  # int
reveal((1).real)  # int
reveal((1j).imag)  # float
# --- lists, dicts, sets
reveal([3, 1].sort())  # None
reveal([1].copy())  # list[int]
reveal([1].pop())  # int
reveal([1].index(1))  # int
reveal({"a": 1}.get("a"))  # int | None
reveal({"a": 1}.get("a", "x"))  # int | str
reveal({"a": 1}.pop("a"))  # int
reveal({"a": 1}.popitem())  # tuple[str, int]
reveal({"a": 1}.keys())  # dict_keys
reveal({"a": 1}.items())  # dict_items
reveal(dict.fromkeys("ab", 0))  # dict[str: int]
reveal({1}.union([2]))  # set
reveal({1}.pop())  # int
reveal({1}.add(2))  # None
reveal(frozenset("a").union("b"))  # frozenset
# --- builtin functions
reveal(len("a"))  # int
reveal(abs(-1))  # int
reveal(abs(-1.5))  # float
reveal(abs(1j))  # float
reveal(round(1.5))  # int
reveal(round(1.5, 1))  # float
reveal(round(1, 1))  # int
reveal(sum([1, 2]))  # int
reveal(sum([1.5]))  # int | float
reveal(sum([]))  # int
reveal(sum(x for x in range(3)))  # int
reveal(min(1, 2))  # int
reveal(max("ab"))  # str
reveal(max([1, 2], default=None))  # int | None
reveal(max(1, 2.0))  # int | float
reveal(pow(2, 3))  # int
reveal(pow(2.0, 3))  # float
reveal(divmod(7, 2))  # tuple[int, int]
reveal(sorted({1}))  # list[int]
reveal(reversed([1]))  # reversed
reveal(enumerate([1]))  # enumerate
reveal(zip([1]))  # zip
reveal(map(str, [1]))  # map
reveal(filter(None, [1]))  # filter
reveal(iter([1]))  # Iterator
reveal(next(iter([1])))  # int
reveal(next(iter("a"), None))  # str | None
reveal(range(3))  # range
reveal(print(end=""))  # None
reveal(type(1))  # ?
reveal(type(1).__name__)  # str
reveal(getattr(1, "real"))  # ?
reveal(isinstance(1, int))  # bool
reveal(hash("a"))  # int
reveal(repr(1))  # str
reveal(int("1"))  # int
reveal(str(1))  # str
reveal(bool(1))  # bool
reveal(float("1"))  # float
reveal(complex(1))  # complex
reveal(bytes(1))  # bytes
reveal(bytearray(1))  # bytearray
reveal(object())  # object
reveal(slice(1))  # slice
reveal(vars())  # dict
reveal(vars(object))  # ?
reveal(any([1]))  # bool
reveal(ValueError("x"))  # ValueError
reveal(any(map(str, [])))  # bool
# --- the interpreter and the system
import math, os, os.path, platform, random, subprocess, sys, time
reveal(os.getcwd())  # str
reveal(os.listdir())  # list[str]
reveal(os.listdir("."))  # list[str]
reveal(os.listdir(b".")[0])  # bytes
reveal(os.getenv("HOME"))  # str | None
reveal(os.getenv("HOME", ""))  # str
reveal(os.environ["PATH"])  # str
reveal(os.environ.get("X"))  # str | None
reveal(os.path.join("a", "b"))  # str
reveal(os.path.join(b"a", b"b"))  # bytes
reveal(os.path.dirname(__file__))  # str
reveal(os.path.exists("a"))  # bool
reveal(os.path.getsize(__file__))  # int
reveal(os.path.splitext("a.b"))  # tuple[str, str]
reveal(os.getpid())  # int
reveal(os.cpu_count())  # int | None
reveal(os.sep)  # str
for root, dirs, names in os.walk("."):
    reveal(root)  # str
    for name in names:
        reveal(name)  # str
    break
def f(path):
    reveal(os.path.join(path, path))  # ?
    for root, dirs, names in os.walk(path):
        reveal(dirs)  # list
        break
f(".")
reveal(time.time())  # float
reveal(time.time_ns())  # int
reveal(time.strftime("%Y"))  # str
reveal(time.sleep(0))  # None
reveal(math.sqrt(2))  # float
reveal(math.floor(2.5))  # int
reveal(math.pi)  # float
reveal(math.gcd(2, 4))  # int
reveal(random.random())  # float
reveal(random.randint(1, 2))  # int
reveal(random.choice([1]))  # int
reveal(platform.system())  # str
reveal(sys.maxsize)  # int
reveal(sys.platform)  # str
reveal(subprocess.check_output(["true"]))  # bytes
reveal(subprocess.check_output(["true"], text=True))  # str
reveal(subprocess.call(["true"]))  # int
# --- text
import base64, hashlib, html, json, re, shlex, string, textwrap
reveal(re.compile("a"))  # Pattern
reveal(re.match("a", "a"))  # Match | None
reveal(re.match("b", "a"))  # Match | None
reveal(re.findall("a", "a"))  # list
reveal(re.sub("a", "b", "a"))  # str
reveal(re.split("a", "a"))  # list
for m in re.finditer("a", "a"):
    reveal(m)  # Match
    reveal(m.start())  # int
    reveal(m.span())  # tuple[int, int]
    reveal(m.group())  # ?
PATTERN = re.compile("a")
reveal(PATTERN.search("a"))  # Match | None
reveal(PATTERN.sub("b", "a"))  # str
reveal(json.dumps({}))  # str
reveal(json.loads("1"))  # ?
reveal(html.escape("<"))  # str
reveal(shlex.split("a b"))  # list[str]
reveal(textwrap.dedent("a"))  # str
reveal(string.ascii_letters)  # str
reveal(base64.b64encode(b"a"))  # bytes
reveal(hashlib.sha256(b"a").hexdigest())  # str
# --- dates and paths
import datetime, decimal, fractions, pathlib, uuid
from datetime import timedelta, timezone
reveal(datetime.datetime.now())  # datetime
reveal(datetime.datetime.now().isoformat())  # str
reveal(datetime.datetime.now().date())  # date
reveal(datetime.date.today())  # date
reveal(datetime.datetime(2020, 1, 1).year)  # int
reveal(timedelta(1).total_seconds())  # float
reveal(timezone.utc)  # timezone
reveal(datetime.datetime.now().utcoffset())  # timedelta | None
reveal(decimal.Decimal("1"))  # Decimal
reveal(fractions.Fraction(1, 2))  # Fraction
reveal(uuid.uuid4())  # UUID
reveal(uuid.uuid4().hex)  # str
p = pathlib.Path("a/b.txt")
reveal(p)  # Path
reveal(p.parent)  # Path
reveal(p.name)  # str
reveal(p.exists())  # bool
reveal(p / "c")  # Path
reveal(p.suffix)  # str
reveal(str(p))  # str
reveal(pathlib.Path.cwd())  # Path
reveal(pathlib.Path(__file__).read_text())  # str
with pathlib.Path(__file__).open() as f:
    reveal(f)  # TextIOWrapper
for q in pathlib.Path(".").iterdir():
    reveal(q)  # Path
    break
# --- collections and iterators
import collections, copy, functools, heapq, itertools, logging
reveal(itertools.chain([1], [2]))  # chain
reveal(itertools.count())  # count
reveal(itertools.islice([1], 1))  # islice
for a, b in itertools.combinations([1, 2], 2):
    reveal(a)  # int
reveal(functools.partial(int))  # partial
reveal(collections.Counter("a").most_common())  # list
reveal(collections.ChainMap())  # ChainMap
reveal(heapq.heappop([1]))  # int
reveal(copy.copy([1]))  # list[int]
reveal(logging.getLogger("x"))  # Logger
reveal(logging.getLogger("x").info("a"))  # None
reveal(logging.INFO)  # int
# --- files by mode
mode = "r"
f = open(__file__, mode)
reveal(f)  # ?
f.close()
f = open(__file__, mode="rb")
reveal(f)  # BufferedReader
reveal(f.read(0))  # bytes
f.close()
f = open(__file__, "r", encoding="utf-8")
reveal(f.readlines())  # list[str]
f.close()

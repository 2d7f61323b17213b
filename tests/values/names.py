# --- bindings that agree
a = 1
reveal(a)  # int
a = 2
reveal(a)  # int
s = ""
for part in ["a", "b"]:
    s += part
    reveal(s)  # str
reveal(s)  # str
n = 0
while n < 3:
    n += 1
reveal(n)  # int
total = 0
for x in [1, 2]:
    total += x / 2
reveal(total)  # int | float
# --- the binding that reaches the use
a = 1
reveal(a)  # int
a = "x"
reveal(a)  # str
if len(a) > 5:
    a = 1.5
reveal(a)  # str | float
a = None
reveal(a)  # None
del a
a = b""
reveal(a)  # bytes
# --- conditional bindings
import sys
if len(sys.argv) > 100:
    x = 1
else:
    x = 2
reveal(x)  # int
try:
    y = int("3")
except ValueError:
    y = None
reveal(y)  # int | None
try:
    z = int("a")
except ValueError:
    z = 0
reveal(z)  # int
# --- chained and annotated
a = b = "x"
reveal(a)  # str
reveal(b)  # str
c: float = 1
reveal(c)  # int
d: "list[int]" = []
reveal(d)  # list[int]
e: int | None = None
reveal(e)  # None
# --- walrus
if (n := len("abc")) > 2:
    reveal(n)  # int
import re
if m := re.match("a", "abc"):
    reveal(m)  # Match
if (m := re.match("a", "abc")) is not None and m.start() == 0:
    reveal(m)  # Match
    reveal(m.start())  # int
[last := x for x in (1, 2, 3)]
reveal(last)  # int
while (k := next(iter([0]))) and False:
    pass
reveal(k)  # int
# --- loops
for i in range(3):
    reveal(i)  # int
for c in "abc":
    reveal(c)  # str
for b in b"abc":
    reveal(b)  # int
for i, x in enumerate("ab"):
    reveal(i)  # int
    reveal(x)  # str
for k, v in {"a": 1}.items():
    reveal(k)  # str
    reveal(v)  # int
for k in {"a": 1}:
    reveal(k)  # str
for v in {"a": 1.5}.values():
    reveal(v)  # float
for x, y in zip("ab", [1, 2]):
    reveal(x)  # str
    reveal(y)  # int
for x in [1, 2, 3]:
    reveal(x)  # int
for x in [1, "a"]:
    reveal(x)  # str | int
for x, (y, *z) in [(1, ("a", 2.0, 3.0))]:
    reveal(x)  # int
    reveal(y)  # str
    reveal(z[0])  # float
with open(__file__) as f:
    reveal(f)  # TextIOWrapper
    for line in f:
        reveal(line)  # str
        break
    reveal(f.read(0))  # str
with open(__file__, "rb") as g:
    reveal(g)  # BufferedReader
    for line in g:
        reveal(line)  # bytes
for x in sorted({3, 1}):
    reveal(x)  # int
for x in reversed(["a"]):
    reveal(x)  # str
for x in map(int, ["1"]):
    reveal(x)  # int
for x in filter(None, ["", "a"]):
    reveal(x)  # str
for x in (y * 2.0 for y in range(2)):
    reveal(x)  # float
for x in [y for y in "ab"]:
    reveal(x)  # str
# --- comprehensions
reveal([x for x in range(3)])  # list[int]
reveal({x for x in "abc"})  # set[str]
reveal({x: len(x) for x in ["a"]})  # dict[str: int]
[reveal(x) for x in range(2)]  # int
[reveal(x) for x in [1, None] if x is not None]  # int
[reveal(y) for x in [[1, 2]] for y in x]  # int
any(reveal(x) for x in "ab")  # str
# --- unpacking
a, b = 1, "x"
reveal(a)  # int
reveal(b)  # str
a, b = b, a
reveal(a)  # str
c, *d = [1, 2, 3]
reveal(c)  # int
reveal(d[0])  # int
*e, f = (1, 2, "z")
reveal(e[1])  # int
reveal(f)  # str
head, sep, tail = "a=b".partition("=")
reveal(head)  # str
reveal(tail)  # str
q, r = divmod(7, 2)
reveal(q)  # int
q, r = divmod(7.5, 2)
reveal(r)  # float
import os
folder, name = os.path.split("a/b")
reveal(folder)  # str
root, ext = os.path.splitext(name)
reveal(ext)  # str
(g, h), i = (1, 2.0), None
reveal(h)  # float
reveal(i)  # None
[j, k] = "ab"
reveal(j)  # str
x, y = "1 2".split()
reveal(x)  # str
first, *_, last = 1, 2.0, None, "e"
reveal(first)  # int
reveal(last)  # str
pair = (1, "a")
m, n = pair
reveal(n)  # str
# --- with targets
import contextlib, io, tempfile
with contextlib.nullcontext("x") as a, io.StringIO("b") as b:
    reveal(a)  # str
    reveal(b)  # StringIO
with tempfile.TemporaryDirectory() as t:
    reveal(t)  # str
    with open(t + "/f", "w") as w:
        reveal(w.write("a"))  # int
    with open(t + "/f", "wb") as w:
        reveal(w)  # BufferedWriter
class Own:
    def __enter__(self):
        return self
    def __exit__(self, *args):
        return None
with Own() as own:
    reveal(own)  # Own
class Other:
    def __enter__(self):
        return 5
    def __exit__(self, *args):
        pass
with Other() as five:
    reveal(five)  # int
# --- exceptions
class Mine(Exception):
    pass
try:
    raise Mine("x")
except Mine as e:
    reveal(e)  # Mine
try:
    int("x")
except ValueError as e:
    reveal(e)  # ValueError
try:
    [][0]
except (IndexError, KeyError) as e:
    reveal(e)  # IndexError | KeyError
# --- match captures
def f(x):
    match x:
        case int() as n:
            reveal(n)  # int
        case str(s):
            reveal(s)  # str
        case [a, *rest]:
            reveal(a)  # ?
            reveal(rest)  # list
        case {"k": v, **others}:
            reveal(v)  # ?
            reveal(others)  # dict
        case None as nothing:
            reveal(nothing)  # None
for value in (1, "a", [1, 2], {"k": 1}, None):
    f(value)
# --- parameters
def f(a, b=1, *args, c: int = 0, d: str = None, **kwargs):
    reveal(a)  # ?
    reveal(b)  # ?
    reveal(args)  # tuple
    reveal(kwargs)  # dict
    reveal(c)  # int
    reveal(d)  # str | None
f(1)
def g(*args: int, **kwargs: str):
    reveal(args[0])  # int
    reveal(kwargs["a"])  # str
    for x in args:
        reveal(x)  # int
g(1, a="b")
# --- what a name is when assigned
reveal((x := 1))  # int
names = [x for x in "ab"]
reveal(names)  # list
# --- module names
import sys
reveal(__name__)  # str
reveal(__file__)  # str
reveal(sys.argv)  # list[str]
reveal(sys)  # ModuleType
from os import sep
reveal(sep)  # str
# --- functions see module variables
LIMIT = 10
NAMES = ["a", "b"]
def f():
    reveal(LIMIT)  # int
    for name in NAMES:
        reveal(name)  # str
    return [reveal(NAMES[0])]  # str
f()
# --- nonlocal and global rebinding
count = 0
label = "a"
def inc():
    global count, label
    count += 1
    label = None
    reveal(count)  # int
inc()
reveal(count)  # int
reveal(label)  # str | None
def outer():
    seen = 0
    def inner():
        nonlocal seen
        seen += 1
        reveal(seen)  # int
    inner()
    reveal(seen)  # int
outer()
# --- variables of a class, asked of the class
class Shop:
    name = "corner"
    stock = {"figs": 1}
    prices: list[int] = [3]
    open_now = property(lambda self: True)
    _count = 0

    @classmethod
    def clear(cls):
        reveal(cls.stock)  # dict
        reveal(cls.prices)  # list[int]
        cls._count = "many"
        reveal(cls)  # ?

    def method(self): ...

    @property
    def label(self):
        return "label"

class Market(Shop):
    stock = {}

reveal(Shop.name)  # str
reveal(Shop.stock)  # dict
reveal(Market.prices)  # list[int]
reveal(Shop.open_now)  # ?
reveal(Shop.label)  # ?
reveal(Shop.method)  # ?
reveal(Shop._count)  # ?
Shop.clear()
# --- a metaclass answers for the class
class Meta(type):
    def __getattribute__(cls, name):
        return 5

class Odd(metaclass=Meta):
    name = "odd"

reveal(Odd.name)  # ?
# --- members of an enumeration
import enum

class Kind(enum.Enum):
    FIG = 1

reveal(Kind.FIG)  # ?

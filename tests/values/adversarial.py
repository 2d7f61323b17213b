# --- star imports
x = 1
from os.path import *
reveal(x)  # ?
y = 2
reveal(y)  # int
def f():
    reveal(y)  # int
    reveal(x)  # ?
f()
# --- code made at run time
x = 1
exec("x = 'a'")
reveal(x)  # ?
def f():
    reveal(x)  # ?
    y = 1
    exec("y = 'a'")
    reveal(y)  # int
f()
# --- through globals
x = 1
globals()["x"] = "a"
reveal(x)  # ?
# --- builtins rebound
def len(x):
    return "long"
reveal(len("a"))  # str
str = __import__("builtins").eval("lambda x: 5")
reveal(str(1))  # ?
def f(int):
    reveal(int("1"))  # ?
    return int
f(float)
# --- builtins rebound on one path
import sys
if len(sys.argv) > 100:
    id = 1
reveal(id)  # ?
class C:
    x = 1
    int = int
    def f(self):
        return 5
    reveal(x)  # int
    reveal(int("1"))  # ?
# --- class scope
x = "module"
class C:
    if x == "other":
        x = 1
    reveal(x)  # ?
    def f(self):
        reveal(x)  # str
C().f()
# --- del
x = 1
def f():
    reveal(x)  # int | str
f()
del x
x = "a"
def g():
    reveal(x)  # int | str
g()
# --- loops that change the variable
x = 0
for i in range(3):
    reveal(x)  # int | str
    x = "a"
y = None
while y is None or y < 2:
    reveal(y)  # None | int
    y = 0 if y is None else y + 1
reveal(y)  # int
# --- for over an empty list
x = None
for x in []:
    pass
reveal(x)  # None
for y in (1, 2):
    pass
else:
    reveal(y)  # int
# --- comprehension variables don't leak
x = 1
a = [x for x in "ab"]
reveal(x)  # int
b = [(x := c) for c in "ab"]
reveal(x)  # int | str
# --- walrus in a part that is skipped
x = 1
if False and (x := "a"):
    pass
reveal(x)  # int | str
1 if True else (x := 2.0)
reveal(x)  # int | str | float
# --- variables that depend on each other
a, b = 0, 1
for _ in range(5):
    a, b = b, a + b
reveal(a)  # int
a, b = 0, 1
for _ in range(5):
    a, b = b, a / 1
reveal(a)  # int | float
for _ in range(2):
    c = a
    a = c + 1j
reveal(a)  # ?
x = 1
for _ in range(5):
    x = x / 2 if x else "a"
reveal(x)  # int | float | str | ?
# --- parameters rebound
def f(x: int = 0):
    x = str(x)
    reveal(x)  # str
f()
def g(x):
    x = x.strip()
    reveal(x)  # ?
g("a")
# --- imports with a fallback
try:
    import nothing_of_this_name
except ImportError:
    nothing_of_this_name = None
reveal(nothing_of_this_name)  # ModuleType | None
try:
    from json import dumps
except ImportError:
    def dumps(x):
        return b""
reveal(dumps(1))  # ?
# --- several targets
a = b, c = 1, "x"
reveal(a)  # tuple[int, str]
reveal(c)  # str
# --- a name of a class or function rebound
class A:
    pass
def make():
    return A()
reveal(make())  # ?
A = dict
# --- generators with return
def g():
    yield 1
    return "done"
reveal(g())  # generator
def h():
    x = yield
    reveal(x)  # ?
i = h()
next(i)
try:
    i.send("a")
except StopIteration:
    pass
# --- conditional function
def f(x):
    return x
f = f if __import__("builtins").eval("0") else (lambda x: 1)
reveal(f("a"))  # ?
# --- self that is no self
class C:
    def __init__(self):
        self.x = 1
    @staticmethod
    def s(self):
        reveal(self.x)  # ?
    @classmethod
    def c(cls):
        reveal(cls)  # ?
    def m(this):
        reveal(this.x)  # ?
        this = __import__("builtins").eval("type('T', (), {'x': 'a'})()")
        reveal(this.x)  # ?
class Outer:
    x = "a"
C.s(Outer())
C.c()
C().m()
# --- attributes through __dict__
class D:
    def __init__(self):
        self.x = 1
        self.__dict__["x"] = "a"
reveal(D().x)  # ?
# --- slots and properties with setters
class E:
    def __init__(self):
        self.x = 1
    @property
    def x(self):
        return str(self._x)
    @x.setter
    def x(self, value):
        self._x = value
reveal(E().x)  # ?
# --- sequence multiplication and formatting with unknowns
def f(n, x):
    reveal("-" * n)  # ?
    reveal([0] * n)  # ?
    reveal("%s" % x)  # str
    reveal(x % 2)  # ?
    reveal(x + "a")  # ?
    reveal("a" + x)  # ?
    reveal(x.upper())  # ?
    reveal(x[0])  # ?
    reveal(len(x))  # int
    reveal(not x)  # bool
    reveal(x == 1)  # ?
    reveal(x in (1, 2))  # bool
class Mod:
    def __mod__(self, o): return 1
    def __add__(self, o): return 1
    def __radd__(self, o): return 1
    def upper(self): return 1
    def __getitem__(self, i): return 1
    def __len__(self): return 1
f(2, Mod())
# --- one container with two names
a = b = {}
b["k"] = 1
reveal(a.get("k"))  # ?
(c := [1]).append("x")
reveal(c[1])  # ?
d = e = [1]
reveal(d[0])  # ?
# --- files without a buffer
with open(__file__, "rb", buffering=0) as f:
    reveal(f)  # ?
# --- names of the class body before they are bound there
import math as value
class C:
    before = value
    reveal(value)  # ?
    def value(self):
        return before
    reveal(value)  # function
# --- private attributes
class P:
    __x = None
    def __init__(self):
        self.__y = 1
    def set(self):
        self.__x = 5
    def get(self):
        reveal(self.__x)  # None | int
        reveal(self.__y)  # int
P().get()
p = P(); p.set(); p.get()
# --- augmented targets are what they were before
s = "a"
reveal(s)  # str
s += "b"
n = 1
n /= 2
reveal(n)  # float

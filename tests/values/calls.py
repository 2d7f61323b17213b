# --- functions of the file
def one():
    return 1
def maybe(x):
    if x:
        return "a"
def both(x):
    if x:
        return 1
    return "a"
def nothing():
    pass
def generator():
    yield 1
    yield 2
async def coroutine():
    return 1
def annotated(x) -> int:
    return x
def factorial(n):
    if n < 2:
        return 1
    return n * factorial(n - 1)
def length(xs):
    if not xs:
        return 0
    return 1 + length(xs[1:])
def unknown(x):
    return x
def raises():
    raise ValueError
def pair():
    return 1, "a"
reveal(one())  # int
reveal(maybe(1))  # str | None
reveal(both(1))  # int | str
reveal(nothing())  # None
reveal(generator())  # generator
for x in generator():
    reveal(x)  # int
c = coroutine()
reveal(c)  # CoroutineType
c.close()
reveal(annotated(1))  # int
reveal(factorial(3))  # ?
reveal(length([1]))  # int
reveal(unknown(1))  # ?
a, b = pair()
reveal(b)  # str
reveal(one)  # function
reveal(one.__name__)  # str
double = lambda x: 2
reveal(double(1))  # int
# --- functions that are not what they seem
import functools
def decorate(f):
    return lambda: "other"
@decorate
def one():
    return 1
reveal(one())  # ?
def two():
    return 2
if one():
    def two():
        return "two"
reveal(two())  # int | str
def three():
    return 3
three = __import__("builtins").eval("lambda: 'three'")
reveal(three())  # ?
@functools.cache
def four():
    return 4
reveal(four())  # ?
def five():
    return 5
def patch():
    global five
    five = lambda: "five"
patch()
reveal(five())  # int | str
# --- await (not run)
async def number():
    return 1
async def main():
    x = await number()
    reveal(x)  # int
    y = await main()
    reveal(y)  # None
# --- classes and methods
class Basket:
    size = 3
    label: str = "x"
    def __init__(self, owner: str, things=None):
        self.owner = owner
        self.count = 0
        self.things = []
        self.other = things
        self.maybe = None
        self.declared: int = 0
    def grow(self):
        self.count += 1
        self.maybe = "x"
        reveal(self.count)  # int
        reveal(self.owner)  # str
        reveal(self.things)  # list
        reveal(self.other)  # ?
        reveal(self.maybe)  # None | str
        reveal(self.size)  # int
        reveal(self.label)  # str
        reveal(self.declared)  # int
        reveal(self.total())  # int
        reveal(self.name)  # str
        reveal(self.grow)  # ?
        reveal(self.missing())  # ?
        reveal(self)  # ?
        return self
    def total(self):
        return self.count
    def missing(self):
        return __import__("builtins").eval("1")
    @property
    def name(self):
        return self.owner + "!"
    @staticmethod
    def make():
        return {}
    @classmethod
    def build(cls):
        return 1.5
    def walk(self):
        yield self.count
b = Basket("me")
reveal(b)  # Basket
reveal(b.count)  # int
reveal(b.total())  # int
reveal(b.name)  # str
reveal(b.make())  # dict
reveal(Basket.make())  # dict
reveal(Basket.build())  # float
reveal(b.walk())  # generator
for n in b.walk():
    reveal(n)  # int
b.grow()
reveal(Basket)  # class Basket
# --- attributes that others set
class A:
    def __init__(self):
        self.x = 1
        self.y = 1
        self.z = 1
        self.w = 1
class B(A):
    def change(self):
        self.y = "b"
def outside(a):
    a.z = "other"
def reset(a: A):
    a.w = None
a = A()
reveal(a.x)  # int
reveal(a.y)  # int | str
outside(a)
reveal(a.z)  # ?
reset(a)
reveal(a.w)  # ?
# --- classes that are not what they seem
import json
class Unknown(json.JSONEncoder):
    def __init__(self):
        self.x = 1
    def f(self):
        return 1
reveal(Unknown().x)  # ?
reveal(Unknown().f())  # int
class New:
    def __new__(cls):
        return 5
reveal(New())  # ?
class Meta(type):
    def __call__(cls):
        return "made"
class Made(metaclass=Meta):
    pass
reveal(Made())  # ?
def swap(cls):
    return dict
@swap
class Swapped:
    pass
reveal(Swapped())  # ?
class Dynamic:
    def __init__(self):
        self.x = 1
        for k in ("x",):
            setattr(self, k, "a")
reveal(Dynamic().x)  # ?
class Descriptor:
    def __get__(self, instance, owner):
        return 1.5
class Uses:
    x = Descriptor()
reveal(Uses().x)  # ?
# --- overriding
class Base:
    def value(self):
        return 1
    def other(self):
        return 1
    def abstract(self):
        raise NotImplementedError
    def show(self):
        reveal(self.value())  # ?
        reveal(self.other())  # int
        reveal(self.abstract())  # ?
class Child(Base):
    def value(self):
        return "a"
    def abstract(self):
        return 1.5
Child().show()
reveal(Child().value())  # str
reveal(Child().other())  # int
# --- dataclasses
from dataclasses import dataclass, field
@dataclass
class Point:
    x: int
    y: float = 0
    names: list[str] = field(default_factory=list)
p = Point(1)
reveal(p)  # Point
reveal(p.x)  # int
reveal(p.y)  # ?
reveal(p.names)  # list
for n in Point(1, 2, ["a"]).names:
    reveal(n)  # str
# --- enums
import enum
class Color(enum.Enum):
    RED = 1
def f(x: Color):
    reveal(x)  # Color
    reveal(x.value)  # ?
f(Color.RED)
reveal(Color.RED)  # ?
# --- mutual recursion
def even(n):
    return True if n == 0 else odd(n - 1)
def odd(n):
    return False if n == 0 else even(n - 1)
reveal(even(4))  # bool
def endless(n):
    return endless(n) if n else bool and n
reveal(endless(0))  # ?

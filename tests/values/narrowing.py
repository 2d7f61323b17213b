# --- isinstance
def f(x):
    reveal(x)  # ?
    if isinstance(x, int):
        reveal(x)  # int
    elif isinstance(x, (str, bytes)):
        reveal(x)  # str | bytes
    elif isinstance(x, list | dict):
        reveal(x)  # list | dict
    elif isinstance(x, type(None)):
        reveal(x)  # None
    else:
        reveal(x)  # ?
    reveal(x)  # ?
for value in (1, "a", b"", [], {}, None, 1.5):
    f(value)
# --- guards
def f(x):
    if not isinstance(x, str):
        return
    reveal(x)  # str
def g(x):
    if not isinstance(x, str):
        raise TypeError
    reveal(x)  # str
def h(xs):
    for x in xs:
        if not isinstance(x, str):
            continue
        reveal(x)  # str
def i(x):
    assert isinstance(x, str), "text"
    reveal(x)  # str
def j(x):
    import sys
    if not isinstance(x, str):
        sys.exit(1)
    reveal(x)  # str
f("a"); g("a"); h(["a", 1]); i("a"); j("a")
# --- None
def f(x: int | None, y: str | None = None):
    if x is None:
        reveal(x)  # None
        return
    reveal(x)  # int
    if y is not None:
        reveal(y)  # str
    else:
        reveal(y)  # None
    if y is None:
        y = "default"
    reveal(y)  # str
    if not y:
        return
    reveal(y)  # str
f(1); f(None); f(1, "a")
def g(x: str | None):
    if x:
        reveal(x)  # str
    if not x:
        reveal(x)  # str | None
        return
    reveal(x)  # str
g("a"); g(None)
def h(x: str | None):
    x = x or "default"
    reveal(x)  # str
h("a")
def i(x: str | None):
    if x != None:
        reveal(x)  # str
    if None is x:
        reveal(x)  # None
i("a"); i(None)
# --- type and True
def f(x, y):
    if type(x) is int:
        reveal(x)  # int
    if type(x) == str:
        reveal(x)  # str
    if y is True:
        reveal(y)  # bool
f(1, True); f("a", 2)
# --- and, or, not
def f(x, y):
    if isinstance(x, str) and isinstance(y, int):
        reveal(x)  # str
        reveal(y)  # int
    if isinstance(x, str) or isinstance(x, int):
        reveal(x)  # str | int
    if not (isinstance(x, str) and y):
        reveal(x)  # ?
    if not (x is None or isinstance(x, int)):
        reveal(x)  # ?
    if isinstance(x, str) and reveal(x):  # str
        pass
    if not isinstance(x, str) or reveal(x):  # str
        pass
    reveal(x) if isinstance(x, int) else None  # int
    None if not isinstance(x, int) else reveal(x)  # int
f("a", 1); f(3, 1)
# --- comprehensions and generators
values = [1, None, "a"]
a = [reveal(x) for x in [1, None] if x is not None]  # int
b = [reveal(x) for x in [1, None] if x]  # int
c = [x for x in ["a", None] if x is not None and reveal(x)]  # str
d = list(reveal(x) for x in ["a", None] if x)  # str
def f(x: int | None):
    if x is None:
        return
    a = [reveal(x) for _ in range(1)]  # int
    b = any(reveal(x) for _ in range(1))  # int
f(1)
# --- what runs later may see another value
def f(x: int | None):
    if x is None:
        return None
    g = lambda: reveal(x)  # int | None
    h = (reveal(x) for _ in range(1))  # int | None
    x = None
    g()
    return list(h)
f(1)
# --- rebinding between test and use
def f(x):
    if isinstance(x, int):
        x = next(iter([x]))
        reveal(x)  # int
    if isinstance(x, str):
        x = __import__("builtins").eval("1.5")
        reveal(x)  # ?
    reveal(x)  # ?
f(1); f("a")
def g(x, items):
    if isinstance(x, str):
        for item in items:
            reveal(x)  # ?
            x = item
g("a", [1, 2])
def h(x):
    if isinstance(x, int) and (x := __import__("builtins").eval("'a'")):
        reveal(x)  # ?
h(1)
def i(x: int | None):
    while x is not None:
        reveal(x)  # int
        x = None
    reveal(x)  # None
i(1)
def j(x):
    if isinstance(x, int):
        del x
        x = "a"
        reveal(x)  # str
j(1)
# --- rebinding from another scope
current = None
def set_it():
    global current
    current = "a"
def use():
    if current is None:
        set_it()
        reveal(current)  # None | str
use()
def outer(x: int | None):
    def clear():
        nonlocal x
        x = None
    if x is not None:
        clear()
        reveal(x)  # int | None
outer(1)
# --- module variables that nothing rebinds
import os
HOME = os.environ.get("HOME")
reveal(HOME)  # str | None
def f():
    if HOME is None:
        return
    reveal(HOME)  # str
f()
# --- match
def f(x):
    match x:
        case int():
            reveal(x)  # int
        case str() | bytes():
            reveal(x)  # str | bytes
        case None:
            reveal(x)  # None
        case {"a": 1}:
            reveal(x)  # ?
        case _:
            reveal(x)  # ?
for value in (1, "a", b"", None, {"a": 1}, 1.5):
    f(value)
def g(x: int | str | None):
    match x:
        case None:
            pass
        case int():
            reveal(x)  # int
        case _:
            reveal(x)  # str
g(1); g("a")
# --- classes of the file
class A:
    pass
class B(A):
    pass
class C:
    pass
def f(x: A):
    if isinstance(x, B):
        reveal(x)  # B
    else:
        reveal(x)  # A
def g(x):
    if isinstance(x, A):
        reveal(x)  # A
    elif isinstance(x, C):
        reveal(x)  # C
f(B()); f(A()); g(A()); g(C())
# --- abstract collections
from collections.abc import Iterable, Sequence
def f(x: Iterable[int]):
    if isinstance(x, list):
        reveal(x)  # list
    elif isinstance(x, str):
        reveal(x)  # str
    else:
        reveal(x)  # Iterable
f([1]); f("a"); f((1,))
def g(x: str | list[str] | None):
    if isinstance(x, str):
        x = [x]
    reveal(x)  # list[str] | None
    if x is None:
        x = []
    reveal(x)  # list
g("a"); g(None)
# --- floats accept ints
def f(x: float):
    reveal(x)  # ?
    if isinstance(x, float):
        reveal(x)  # float
    else:
        reveal(x)  # int
f(1); f(1.5)
# --- tests that are not understood
def is_int(x):
    return isinstance(x, int)
def f(x, kind):
    if is_int(x):
        reveal(x)  # ?
    if isinstance(x, kind):
        reveal(x)  # ?
    if isinstance(x, (int, kind)):
        reveal(x)  # ?
    if x == 1:
        reveal(x)  # ?
    if x in ("a", "b"):
        reveal(x)  # ?
f(1, int); f("a", str)
# --- try and finally
def f(x):
    try:
        x = int(x)
    except ValueError:
        reveal(x)  # ?
        return
    finally:
        reveal(x)  # ?
    reveal(x)  # int
f("1"); f("a")
def g():
    x = None
    try:
        x = "a"
        x = open("/none")
    except OSError:
        reveal(x)  # None | str | TextIOWrapper
    return x
g()

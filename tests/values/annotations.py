# --- plain and Optional
from typing import Annotated, Any, ClassVar, Dict, Final, FrozenSet, List, Literal, Optional, Set, Text, Tuple, Union
def f(a: int, b: Optional[int], c: int | None, d: Union[int, str], e: Any, f: "str", g: Text, h: None, i: float, j: object, k: bool, m: complex):
    reveal(a)  # int
    reveal(b)  # int | None
    reveal(c)  # int | None
    reveal(d)  # int | str
    reveal(e)  # ?
    reveal(f)  # str
    reveal(g)  # str
    reveal(h)  # None
    reveal(i)  # float | int
    reveal(j)  # ?
    reveal(k)  # bool
    reveal(m)  # complex | float | int
f(1, None, None, "a", 1, "a", "a", None, 1, 1, True, 1j)
# --- containers
from typing import Annotated, Any, ClassVar, Dict, Final, FrozenSet, List, Literal, Optional, Set, Text, Tuple, Union
def f(a: list[int], b: List[str], c: dict[str, list[int]], d: Dict[str, int], e: tuple[int, str], f: Tuple[int, ...], g: "set[str]", h: list, i: "list['int']"):
    reveal(a[0])  # int
    reveal(b[0])  # str
    reveal(c["k"])  # list[int]
    reveal(c["k"][0])  # int
    reveal(e[1])  # str
    reveal(f[0])  # int
    for x in g:
        reveal(x)  # str
    reveal(h)  # list
    reveal(h[0])  # ?
    reveal(i[0])  # int
    for key, value in d.items():
        reveal(key)  # str
        reveal(value)  # int
    a.append(1)
    reveal(a[0])  # int
f([1], ["a"], {"k": [1]}, {"a": 1}, (1, "a"), (1,), {"a"}, [1], [1])
# --- abstract collections
from collections.abc import Iterable, Mapping, Sequence
import typing
def f(a: Iterable[str], b: Mapping[str, int], c: Sequence[int], d: typing.Iterable[str], e: typing.Callable[[int], str]):
    reveal(a)  # Iterable
    for x in a:
        reveal(x)  # str
    reveal(b["k"])  # int
    reveal(b.get("x"))  # int | None
    reveal(c[0])  # int
    reveal(c[:1])  # ?
    for x in d:
        reveal(x)  # str
    reveal(e)  # Callable
    reveal(e(1))  # ?
f(["a"], {"k": 1}, [1], "a", str)
# --- forms
from typing import Annotated, Any, ClassVar, Dict, Final, FrozenSet, List, Literal, Optional, Set, Text, Tuple, Union
def f(a: Annotated[int, "meta"], b: Literal["x"], c: Literal[1, "y"], d: Annotated[Optional[str], 1]):
    reveal(a)  # int
    reveal(b)  # str
    reveal(c)  # int | str
    reveal(d)  # str | None
f(1, "x", 1, None)
X: Final = 3
Y: Final[str] = "a"
reveal(X)  # int
reveal(Y)  # str
# --- aliases of the file
from typing import Dict, List, NewType, Optional, Union
import typing as t
UserId = int
Names = List[str]
Maybe = Optional[int]
Id = NewType("Id", int)
Both: t.TypeAlias = Union[int, str]
def f(a: UserId, b: Names, c: Maybe, d: Id, e: Both, g: "Names"):
    reveal(a)  # int
    reveal(b[0])  # str
    reveal(c)  # int | None
    reveal(d)  # int
    reveal(e)  # int | str
    reveal(g[0])  # str
f(1, ["a"], None, Id(1), "x", ["b"])
# --- type statements (not run)
type Number = int
type Pair[T] = tuple[T, T]
def f(a: Number, b: Pair[int]):
    reveal(a)  # int
    reveal(b)  # ?
# --- classes of the file
from typing import Generic, NamedTuple, Protocol, Type, TypedDict, TypeVar
T = TypeVar("T")
class Basket:
    pass
class Box(Generic[T]):
    pass
class Movie(TypedDict):
    title: str
class Quacks(Protocol):
    def quack(self): ...
class Point(NamedTuple):
    x: int
    y: str = ""
def f(a: Basket, b: "Basket", c: Box[int], d: Movie, e: Quacks, g: Type[Basket], h: T, i: Point):
    reveal(a)  # Basket
    reveal(b)  # Basket
    reveal(c)  # Box
    reveal(d)  # dict
    reveal(e)  # ?
    reveal(g)  # ?
    reveal(h)  # ?
    reveal(i)  # Point
    reveal(i.x)  # int
    reveal(i.y)  # str
f(Basket(), Basket(), Box(), Movie(title="x"), 5, Basket, 1, Point(1))
reveal(Movie(title="x"))  # dict
# --- names that are shadowed
def f(int):
    def g(x: int):
        reveal(x)  # ?
    g("a")
f(str)
class list:
    pass
def h(x: list):
    reveal(x)  # list
h(list())
# --- aliases that are bound twice
import sys
if sys.version_info > (3,):
    Text = str
else:
    Text = bytes
def f(x: Text):
    reveal(x)  # ?
f("a")
Loop = "Loop"
def g(x: Loop):
    reveal(x)  # ?
g(1)
# --- library classes
import argparse, datetime, decimal, pathlib, re
def f(a: datetime.datetime, b: pathlib.Path, c: re.Pattern[str], d: decimal.Decimal, e: argparse.Namespace):
    reveal(a)  # datetime
    reveal(a.year)  # int
    reveal(a.isoformat())  # str
    reveal(b.name)  # str
    reveal(b.parent)  # Path
    reveal(b.parent.parent)  # Path
    reveal(c.match("a"))  # Match | None
    reveal(d)  # Decimal
    reveal(e)  # Namespace
    reveal(e.x)  # ?
f(datetime.datetime.now(), pathlib.Path("a"), re.compile("a"), decimal.Decimal(1), argparse.Namespace(x=1))

# --- displays
reveal([1, 2])  # list[int]
reveal([1, "a"])  # list[int | str]
reveal((1, "a"))  # tuple[int, str]
reveal({"a": 1})  # dict[str: int]
reveal({1, 2})  # set[int]
reveal([])  # list
reveal({})  # dict
reveal([*range(3)])  # list[int]
reveal((*"ab", 1))  # tuple[str | int]
# --- subscripts
xs = [1, 2, 3]
reveal(xs[0])  # int
reveal(xs[1:])  # list[int]
reveal("abc"[0])  # str
reveal("abc"[1:])  # str
reveal(b"abc"[0])  # int
reveal(b"abc"[1:])  # bytes
t = (1, "a", 2.0)
reveal(t[0])  # int
reveal(t[-1])  # float
reveal(t[1:])  # tuple
for i in range(3):
    reveal(t[i])  # int | str | float
d = {"k": [1]}
reveal(d["k"])  # list
reveal(range(5)[1])  # int
reveal(range(5)[1:])  # range
reveal([[1], [2]][0])  # list[int]
# --- containers that grow
xs = []
xs.append("a")
reveal(xs[0])  # str
ys = []
for i in range(3):
    ys.append(i)
for y in ys:
    reveal(y)  # int
zs = [1]
zs.append("b")
reveal(zs[1])  # int | str
ds = {}
ds["a"] = 1
reveal(ds["a"])  # int
for k, v in ds.items():
    reveal(k)  # str
    reveal(v)  # int
reveal(ds.get("a"))  # int | None
reveal(ds.get("a", 0))  # int
ws = set()
ws.add(1.5)
for w in ws:
    reveal(w)  # float
# --- containers that others may change
def change(x):
    x.append("other")
xs = [1]
change(xs)
reveal(xs[-1])  # ?
reveal(xs)  # list
ys = [1]
alias = ys
alias.append("other")
reveal(ys[-1])  # ?
zs = [1]
zs.extend(["a"])
reveal(zs[-1])  # ?
ws = [1]
ws[0:1] = ["a"]
reveal(ws[0])  # ?
vs = [[1]]
vs[0].append("a")
reveal(vs[0][1])  # ?
us = {"a": 1}
us.update(b="x")
reveal(us["b"])  # ?
bound = [1]
add = bound.append
add("x")
reveal(bound[1])  # ?
held = {"k": bound}
held["k"].append(None)
# --- containers in other scopes
stack = []
def push(x):
    stack.append(x)
push("a")
reveal(stack[0])  # ?
def f():
    def g():
        seen.append("x")
    seen = [1]
    g()
    reveal(seen[1])  # int | str
f()
# --- builtin containers
from collections import Counter, OrderedDict, defaultdict, deque
q = deque([1, 2])
reveal(q.popleft())  # int
dd = defaultdict(list)
reveal(dd["x"])  # list
dd["x"].append(1)
di = defaultdict(int)
reveal(di["x"])  # int
c = Counter("abca")
reveal(c.most_common(1))  # list
for k, n in c.most_common():
    reveal(n)  # int
reveal(OrderedDict())  # OrderedDict
reveal(deque([1]))  # deque
reveal(defaultdict(list))  # defaultdict
reveal(Counter("a"))  # Counter
# --- operators on containers
reveal([1] + [2])  # list[int]
reveal([1] * 3)  # list[int]
reveal((1,) + ("a",))  # tuple[int, str]
reveal({1} | {2})  # set[int]
reveal({1} & {2})  # set
reveal({"a": 1} | {"b": 2})  # dict[str: int]
reveal({"a": 1}.keys() & ["a"])  # set
reveal({"a": 1}.items() - {("a", 1)})  # set
xs = [1]
xs += (2,)
reveal(xs[1])  # int
s = {1}
s |= {2}
reveal(s)  # set
t = (1,)
t += (2,)
reveal(t)  # tuple
# --- constructors
reveal(list("ab"))  # list[str]
reveal(tuple([1, 2]))  # tuple[int]
reveal(set("ab"))  # set[str]
reveal(frozenset([1]))  # frozenset[int]
reveal(dict(a=1))  # dict[str: int]
reveal(dict([("a", 1)]))  # dict[str: int]
reveal(dict(zip("ab", [1, 2])))  # dict[str: int]
reveal(list(range(3)))  # list[int]
reveal(sorted("ba"))  # list[str]
reveal(list({"a": 1}.items())[0])  # tuple[str, int]
reveal(list(map(str, [1])))  # list[str]
reveal(list(zip([1], "a")))  # list[tuple[int, str]]
reveal(list(enumerate("a")))  # list[tuple[int, str]]

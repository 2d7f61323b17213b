# --- arithmetic
reveal(1 + 2)  # int
reveal(1 / 2)  # float
reveal(7 // 2)  # int
reveal(7.0 // 2)  # float
reveal(7 % 2.5)  # float
reveal(2 ** 3)  # ?
reveal(2 ** -1)  # ?
reveal(True + True)  # int
reveal(True & False)  # bool
reveal(True | 1)  # int
reveal(1 + 2.0)  # float
reveal(1 + 2j)  # complex
reveal(-True)  # int
reveal(~5)  # int
reveal(-1.5)  # float
reveal(+2j)  # complex
reveal(not [])  # bool
reveal(1 << 3)  # int
# --- strings
reveal("a" + "b")  # str
reveal("a" * 3)  # str
reveal(3 * "a")  # str
reveal("%s" % 1)  # str
reveal("%s %s" % (1, 2))  # str
reveal(b"%d" % 1)  # bytes
reveal(b"a" + b"b")  # bytes
reveal(f"{1}")  # str
reveal(bytearray(b"a") + b"b")  # bytearray
reveal(b"b" + bytearray(b"a"))  # bytes
# --- comparisons and logic
reveal(1 < 2)  # bool
reveal(1 < 2 < 3)  # bool
reveal("a" == 1)  # bool
reveal("a" in "abc")  # bool
x = object()
reveal(x is None)  # bool
reveal(x == 1)  # ?
reveal(1 and "a")  # str | int
reveal(None or "a")  # str
reveal(None and 1)  # int | None
reveal("a" or None)  # None | str
reveal(1 if x else 2)  # int
reveal(1 if x else "a")  # int | str
reveal(...)  # EllipsisType
reveal(lambda: 1)  # function
# --- dates
from datetime import date, datetime, timedelta
now = datetime.now()
reveal(now - now)  # timedelta
reveal(now + timedelta(days=1))  # datetime
reveal(timedelta(1) + timedelta(2))  # timedelta
reveal(date.today() + timedelta(1))  # date
from pathlib import Path
reveal(Path("a") / "b")  # Path
# --- operators that others define
class Odd:
    def __eq__(self, other):
        return "yes"
    def __radd__(self, other):
        return None
    def __add__(self, other):
        return b""
    def __neg__(self):
        return "neg"
    def __rmul__(self, other):
        return {}
    def __contains__(self, x):
        return 5
    def __lt__(self, other):
        return []
    def __gt__(self, other):
        return []
    def __getitem__(self, x):
        return x
    __hash__ = None
odd = Odd()
reveal(odd == 1)  # ?
reveal(1 == odd)  # ?
reveal(1 < odd)  # ?
reveal(1 + odd)  # ?
reveal("a" + odd)  # ?
reveal(odd + 1)  # ?
reveal(-odd)  # ?
reveal([1] * odd)  # ?
reveal(odd[0])  # ?
reveal(3 in odd)  # bool
reveal(odd is odd)  # bool
x = 1
x += odd
reveal(x)  # ?

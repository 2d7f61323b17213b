def seed_add_item(item, cart=[]):
    cart.append(item)
    return cart
# ---
def seed_count_words(words, counts={}):
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
# ---
def seed_unique(rows, *, seen=set()):
    for row in rows:
        seen.add(row)
    return len(seen)
# ---
class SeedBasket:
    def __init__(self, owner, items=[]):
        self.owner = owner
        self.items = items
# ---
class SeedClient:
    async def fetch(self, url, headers: dict = {}):
        headers["Accept"] = "text/html"
        return url, headers
# ---
from collections import deque as seed_deque

def seed_enqueue(job, jobs=seed_deque()):
    jobs.append(job)
    return jobs
# ---
import collections as seed_collections

def seed_group(key, value, groups=seed_collections.defaultdict(list)):
    groups[key].append(value)
    return groups
# ---
seed_handlers = {"remember": lambda word, words=[]: words.append(word) or words}
# ---
SEED_DEFAULTS = {"colour": "red"}

def seed_paint(size, options=SEED_DEFAULTS):
    options["size"] = size
    return options
# ---
def seed_grid(x, y, cells=[None] * 9):
    cells[3 * y + x] = "o"
    return cells
# ---
def seed_pick(flag, rows=[] if __debug__ else {}):
    rows.clear()
    return rows
# ---
def seed_total(prices, discounts={}):
    return sum(prices) - discounts.get("member", 0)
# ---
def seed_outer():
    def seed_inner(item, found=[]):
        found.append(item)
        return found

    return seed_inner
# ---
from typing import NamedTuple as SeedNamedTuple

class SeedPoint(SeedNamedTuple):
    x: int = 0
    tags: list = []
# ---
def seed_first_pass(numbers=(n * n for n in range(3))):
    return sum(numbers)
# ---
def seed_send(
    to,
    /,
    subject: str = "hello",
    *parts: str,
    headers: "dict[str, str]" = dict(),
):
    headers["To"] = to
    return headers, subject, parts
# ---
def seed_tuple(item, state=([], {})):
    state[0].append(item)
    return state

"""A file full of pitfalls. Rest the mouse on what is underlined, or press Ctrl+. on it."""

import functools


def take_order(drink, lines=[]):
    """Notes a drink, after what the table has ordered before."""
    lines.append(drink)
    return lines


def bells(tables):
    """A bell for each table: what it does when a guest presses it."""
    pressed = []
    for table in tables:
        pressed.append(lambda: print(f"a waiter for table {table}"))
    return pressed


def price(size: str) -> int:
    if size is "large":
        return 460
    return 380


def read_menu(path):
    try:
        for line in open(path).readlines():
            print(line)
    except:
        pass


def pay(amount):
    try:
        return int(amount)
    except ValueError:
        raise SystemExit("that is no number")
    finally:
        return 0


class Recipe:
    @functools.lru_cache(maxsize=None)
    def cost(self, day):
        return len(day)


print(take_order("espresso"))
print(take_order("tea"))  # guess before you run it
for bell in bells([1, 2, 3]):
    bell()

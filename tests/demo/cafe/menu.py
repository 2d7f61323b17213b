"""The menu, with what it costs to make each drink."""

import time
from functools import lru_cache


def timed(function):
    """Says how long a call took."""

    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        print(f"{function.__name__}: {time.perf_counter() - start:.3f} s")
        return result

    return wrapper


class Recipe:
    def __init__(self, name: str, grams: dict[str, int]):
        self.name = name
        self.grams = grams

    @lru_cache(maxsize=None)
    def cost(self, day: str) -> float:
        """What the ingredients cost on that day."""
        return sum(grams * market_price(what, day) for what, grams in self.grams.items())


@timed
def market_price(what: str, day: str) -> float:
    """Euros a gram, from the market's list of that day."""
    return {"coffee": 0.018, "milk": 0.001}.get(what, 0.01)


if __name__ == "__main__":
    print(Recipe("flat white", {"coffee": 18, "milk": 150}).cost("monday"))
    print(market_price.__name__)

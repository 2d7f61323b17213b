"""What the guests of each table have ordered."""

from dataclasses import dataclass, field


@dataclass
class Order:
    table: int
    lines: list[str] = field(default_factory=list)


def take_order(table: int, drink: str, lines: list[str] = []) -> Order:
    """Notes a drink, after what the table has ordered before."""
    lines.append(drink)
    return Order(table, lines)


def price(drink: str, size: str) -> int:
    """The price in cents."""
    cents = {"espresso": 220, "flat white": 380, "tea": 290}[drink]
    if size is "large":
        cents += 80
    return cents


if __name__ == "__main__":
    print(take_order(1, "espresso"))
    print(take_order(2, "tea"))
    print(price("tea", "".join(["lar", "ge"])))

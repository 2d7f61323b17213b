"""The bells that call a waiter to a table."""

import json


def bells(tables):
    """A bell for each table: what it does when a guest presses it."""
    pressed = []
    for table in tables:
        pressed.append(lambda: print(f"a waiter for table {table}"))
    return pressed


def load_tables(path):
    """The numbers of the tables, none if the plan can't be read."""
    try:
        with open(path, encoding="utf-8") as plan:
            return json.load(plan)
    except:
        return []


if __name__ == "__main__":
    for bell in bells([1, 2, 3]):
        bell()
    print(load_tables("missing.json"))

"""Prints what CPython's symtable knows of every Python file below the standard library, one JSON line a file.

A line is [path, [[scope kind, name, line, {symbol: flags}], ...]]; null instead of the scopes where CPython rejects the file.
"""

import json
import os
import symtable
import sys
import sysconfig
import tokenize
import warnings
from _symtable import (
    DEF_ANNOT, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, FREE, GLOBAL_EXPLICIT,
    GLOBAL_IMPLICIT, SCOPE_MASK, SCOPE_OFF, TYPE_CLASS, TYPE_FUNCTION, TYPE_MODULE, USE,
)

LETTERS = [
    (DEF_GLOBAL, "g"), (DEF_LOCAL, "l"), (DEF_PARAM, "p"), (DEF_NONLOCAL, "n"), (USE, "u"), (DEF_IMPORT, "i"),
    (DEF_ANNOT, "a"),
]
TYPES = {TYPE_MODULE: "module", TYPE_CLASS: "class", TYPE_FUNCTION: "function"}
KINDS = {FREE: "F", GLOBAL_EXPLICIT: "E", GLOBAL_IMPLICIT: "I"}


def flags(value):
    letters = "".join(letter for flag, letter in LETTERS if value & flag)
    return letters + KINDS.get((value >> SCOPE_OFF) & SCOPE_MASK, "L")


def scopes(table):
    symbols = {}
    for name, value in table.symbols.items():
        shown = flags(value)
        # The implicit argument of a comprehension, and names that only pass through to a scope inside.
        if not name.startswith(".") and len(shown) > 1:
            symbols[name] = shown
    yield [TYPES[table.type], table.name, table.lineno, symbols]
    for child in table.children:
        yield from scopes(child)


def describe(path):
    try:
        with tokenize.open(path) as file:
            text = file.read()
        table = symtable.symtable(text, path, "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None
    return list(scopes(table._table))


def main():
    warnings.simplefilter("ignore")
    root = sysconfig.get_path("stdlib")
    if not os.path.isfile(os.path.join(root, "test", "test_symtable.py")):
        sys.exit(f"the standard library in {root} lacks its test suite; on Debian install libpython3-testsuite")
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in ("site-packages", "dist-packages", "__pycache__"))
        for name in sorted(files):
            if name.endswith(".py"):
                path = os.path.join(folder, name)
                print(json.dumps([path, describe(path)]))


main()

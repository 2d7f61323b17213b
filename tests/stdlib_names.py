"""stdlib_names.py PYTHON...: what `from module import *` brings for each module of the standard library, of all these interpreters
together. Prints `src/python/stdlib_names.txt`, one module a line: its name, with a `*` behind it if it has an `__all__`, then the names.
"""

import json
import subprocess
import sys

COLLECT = r"""
import contextlib, importlib, io, json, os, pkgutil, sys, warnings

warnings.simplefilter("ignore")
SKIPPED = {"antigravity", "this", "test", "idlelib", "turtledemo", "lib2to3", "ensurepip", "distutils"}

def modules(tops):
    for top in sorted(tops):
        if top in SKIPPED or top.startswith("_"):
            continue
        try:
            module = importlib.import_module(top)
        except BaseException:
            continue
        yield top, module
        for info in pkgutil.walk_packages(getattr(module, "__path__", []), top + ".", onerror=lambda name: None):
            if any(part.startswith("_") or part in ("test", "tests") for part in info.name.split(".")):
                continue
            try:
                yield info.name, importlib.import_module(info.name)
            except BaseException:
                continue

found = {}
with contextlib.redirect_stdout(io.StringIO()):
    for name, module in [*modules(json.loads(sys.argv[1])), ("os.path", os.path)]:
        declared = getattr(module, "__all__", None)
        names = dir(module) if declared is None else declared
        found[name] = [declared is not None, sorted({n for n in names if declared is not None or not n.startswith("_")})]
print(json.dumps(found))
"""

tops = sorted(sys.stdlib_module_names)
table = {}
for python in sys.argv[1:]:
    run = subprocess.run([python, "-c", COLLECT, json.dumps(tops)], capture_output=True, text=True, check=True)
    for module, (declared, names) in json.loads(run.stdout).items():
        known = table.setdefault(module, [False, set()])
        known[0] |= declared
        known[1] |= set(names)
for module, (declared, names) in sorted(table.items()):
    print(module + "*" * declared, *sorted(names))

"""Prints for every Python file below the given folders and the standard library whether CPython compiles it: JSON lines.

A line is [path, null] or [path, [name of the exception, line]].
"""

import json
import os
import sys
import sysconfig
import warnings

warnings.simplefilter("ignore")
for root in [sysconfig.get_path("stdlib"), *sys.argv[1:]]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in ("site-packages", "dist-packages", "__pycache__"))
        for name in sorted(files):
            if not name.endswith(".py"):
                continue
            path = os.path.join(folder, name)
            error = None
            try:
                with open(path, "rb") as file:
                    compile(file.read(), path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
                error = [type(problem).__name__, getattr(problem, "lineno", None)]
            print(json.dumps([path, error]))

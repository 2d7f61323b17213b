"""Runs tests of Python's standard library and compares the values of its expressions with what is claimed of them.

    observe.py CLAIMS MODULE...

CLAIMS is what `cargo test --test values claims -- --ignored --nocapture` prints; each MODULE is run with `unittest`.
"""

import ast
import collections.abc
import importlib.machinery
import io
import sys
import unittest
import warnings

claims = {}
for line in open(sys.argv[1]):
    if line.startswith("claim\t"):
        _, path, *place, names = line.rstrip("\n").split("\t")
        claims.setdefault(path, {})[tuple(map(int, place))] = names.split(",")

EXACT = {"bool", "int", "float", "str", "bytes", "list", "tuple", "dict", "set", "frozenset", "range", "NoneType"}
abstract = {name: getattr(collections.abc, name) for name in collections.abc.__all__}
numbered = []
right = {}
wrong = {}


def claimed(number, value):
    _, _, names = numbered[number]
    for name in names:
        if name == "function" or name in EXACT:
            fits = type(value).__name__ == name
        elif name in abstract and isinstance(value, abstract[name]):
            fits = True
        else:
            fits = any(cls.__name__ == name for cls in type(value).__mro__)
        if fits:
            right[number] = True
            return value
    wrong.setdefault(number, set()).add(type(value).__qualname__)
    return value


class Wrap(ast.NodeTransformer):
    def __init__(self, path):
        self.path = path

    def visit(self, node):
        if isinstance(node, (ast.JoinedStr, ast.Constant, ast.pattern)):
            return node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [self.visit(statement) for statement in node.body]
            node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
            return node
        if isinstance(node, ast.AnnAssign):
            node.value = node.value and self.visit(node.value)
            return node
        place = isinstance(node, ast.expr) and (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        node = self.generic_visit(node)
        if not place or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(node, ast.Starred):
            return node
        names = claims[self.path].get(place)
        if names is None or isinstance(node, ast.Slice):
            return node
        numbered.append((self.path, place, names))
        call = ast.Call(ast.Name("__claimed__", ast.Load()), [ast.Constant(len(numbered) - 1), node], [])
        return ast.copy_location(call, node)


def source_to_code(self, data, path, *, _optimize=-1):
    tree = ast.parse(data, path)
    if path in claims:
        tree = ast.fix_missing_locations(Wrap(path).visit(tree))
    return compile(tree, path, "exec", dont_inherit=True)


def get_code(self, fullname):
    path = self.get_filename(fullname)
    if path in claims:
        return self.source_to_code(self.get_data(path), path)
    return plain_get_code(self, fullname)


plain_get_code = importlib.machinery.SourceFileLoader.get_code
importlib.machinery.SourceFileLoader.get_code = get_code
importlib.machinery.SourceFileLoader.source_to_code = source_to_code
import builtins

builtins.__claimed__ = claimed
# What is loaded already is loaded again.
keep = {"os.path", "posixpath", "weakref", "contextlib", "ast", "io", "sys", "builtins", "collections.abc", "unittest", "warnings", "os", "abc", "types", "enum", "re", "collections", "functools"}
for name, module in list(sys.modules.items()):
    if getattr(module, "__file__", None) in claims and name not in keep:
        del sys.modules[name]

for name in sys.argv[2:]:
    try:
        suite = unittest.defaultTestLoader.loadTestsFromName(name)
        result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
        for _, text in result.errors[:1]:
            print(text, file=sys.stderr)
        print(name, result, file=sys.stderr)
    except BaseException as error:
        print(name, repr(error), file=sys.stderr)

print(f"{len(numbered)} claims, {len(right | wrong)} reached, {len(wrong)} wrong")
for number, classes in sorted(wrong.items()):
    path, place, names = numbered[number]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        print(f"{path}:{place[0]}:{place[1]} is {', '.join(sorted(classes))}, not {','.join(names)}")

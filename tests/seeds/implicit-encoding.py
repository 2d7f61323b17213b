import builtins as planted_builtins

with planted_builtins.open("planted.txt") as planted_file:
    print(planted_file.read())
# ---
from io import open as planted_open

planted_text = planted_open("planted.txt", "w")
# ---
import io as planted_io

planted_file = planted_io.open("planted.txt", mode="a")
# ---
import pathlib as planted_pathlib

def planted_load(path: planted_pathlib.Path):
    return path.read_text()
# ---
from pathlib import Path as PlantedPath

PlantedPath("planted.txt").write_text("x")
# ---
import gzip as planted_gzip

async def planted_unpack(path):
    return planted_gzip.open(path, "rt").read()
# ---
import tempfile as planted_tempfile

class PlantedJob:
    file = planted_tempfile.NamedTemporaryFile("w")

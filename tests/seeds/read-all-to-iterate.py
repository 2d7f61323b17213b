import io as planted_io

with planted_io.open("planted.txt") as planted_file:
    for planted_line in planted_file.readlines():
        print(planted_line)
# ---
import io as planted_io

for planted_line in planted_io.open("planted.txt").readlines():
    print(planted_line)
# ---
import io as planted_io

def planted_pick(planted_path):
    with planted_io.open(planted_path) as planted_file:
        return [planted_line for planted_line in planted_file.read().splitlines() if planted_line]
# ---
import io as planted_io

def planted_number(planted_path):
    planted_file = planted_io.open(planted_path)
    for planted_number, planted_line in enumerate(planted_file.readlines(), 1):
        print(planted_number, planted_line)
# ---
import sys as planted_sys

for planted_line in planted_sys.stdin.readlines():
    print(planted_line)
# ---
import io as planted_io

class PlantedReader:
    async def planted_read(self):
        with planted_io.open("planted.txt", "rb") as planted_file:
            for planted_line in planted_file.read().split(b"\n"):
                print(planted_line)
# ---
import pathlib as planted_pathlib

with planted_pathlib.Path("planted.txt").open() as planted_file:
    planted_lines = planted_file.readlines()
    for planted_line in planted_lines:
        print(planted_line)

import builtins as planted_builtins

planted_file = planted_builtins.open("planted.txt")
planted_text = planted_file.read()
planted_file.close()
# ---
import io as planted_io

def planted_load(planted_path):
    planted_file = planted_io.open(planted_path)
    planted_text = planted_file.read()
    planted_file.close()
    return planted_text
# ---
import builtins as planted_builtins

print(planted_builtins.open("planted.txt").read())
# ---
import io as planted_io

import json as planted_json

def planted_settings(planted_path):
    return planted_json.load(planted_io.open(planted_path))
# ---
import builtins as planted_builtins

for planted_line in planted_builtins.open("planted.txt"):
    print(planted_line)
# ---
import pathlib as planted_pathlib

def planted_read(planted_path: planted_pathlib.Path):
    planted_file = planted_path.open("rb")
    return planted_file.read(5)
# ---
import gzip as planted_gzip

planted_data = planted_gzip.open("planted.gz").read()
# ---
import socket as planted_socket

def planted_fetch(planted_host):
    planted_connection = planted_socket.socket()
    planted_connection.connect((planted_host, 80))
    planted_data = planted_connection.recv(5)
    planted_connection.close()
    return planted_data
# ---
import zipfile as planted_zipfile

def planted_names(planted_path):
    planted_archive = planted_zipfile.ZipFile(planted_path)
    return planted_archive.namelist()
# ---
import tempfile as planted_tempfile

class PlantedJob:
    async def planted_run(self):
        planted_file = planted_tempfile.NamedTemporaryFile()
        planted_file.write(b"x")
        self.size = planted_file.tell()
# ---
import builtins as planted_builtins

import csv as planted_csv

def planted_rows(planted_path):
    planted_file = planted_builtins.open(planted_path, newline="")
    return list(planted_csv.reader(planted_file))
# ---
import io as planted_io

def planted_first(planted_path):
    planted_file = planted_io.open(planted_path)
    for planted_line in planted_file:
        if planted_line:
            return planted_line
    planted_file.close()
# ---
import builtins as planted_builtins

planted_texts = [planted_builtins.open(planted_path).read() for planted_path in ("a", "b")]

"""compare.py CORPUS PYPREP WHOLE RUFF: runs the three programs on the same files, in turn, and prints medians.

Wall-clock and CPU seconds are of whole processes; peak memory is the largest resident set. Output goes to /dev/null, no
program has a cache. `bare parse` reads and parses the files and does nothing else, in the program that is measured.
"""

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 7

corpus, pyprep, whole, ruff = sys.argv[1:]
PROGRAMS = {
    "ruff, 5 rules": [ruff, "check", "--isolated", "--no-cache", "--select", "B006,E722,B019,F632,B023", corpus],
    "pyprep-lint, all rules": [pyprep, "check", "--isolated", "--no-cache", "--output-format", "concise", corpus],
    "bare parse": [whole, "parse", corpus],
    "analysis without output": [whole, "lint", corpus],
}


def run(command):
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


samples = {name: [] for name in PROGRAMS}
for name, command in PROGRAMS.items():
    run(command)  # the files are in memory from here on
for _ in range(ROUNDS):
    for name, command in PROGRAMS.items():
        samples[name].append(run(command))

medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in samples.items()}
print(f"medians of {ROUNDS} rounds, interleaved, on {os.cpu_count()} cores")
print(f"{'':26}{'wall s':>8}{'CPU s':>8}{'MiB':>8}")
for name, (wall, cpu, memory) in medians.items():
    print(f"{name:26}{wall:8.2f}{cpu:8.2f}{memory:8.0f}")
ours, ruffs, parse = (medians[name] for name in ("pyprep-lint, all rules", "ruff, 5 rules", "bare parse"))
print(f"pyprep-lint / ruff:       wall {ours[0] / ruffs[0]:.2f} (aim 0.80)")
print(f"pyprep-lint / bare parse: wall {ours[0] / parse[0]:.2f} (aim 1.40), memory {ours[2] / parse[2]:.2f} (aim 1.50)")

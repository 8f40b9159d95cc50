#!/usr/bin/env python3
"""What a cell costs over its bare command, for matrices of 10 to 10,000 rows: launcher.py CTEST_MATRIX

Prints a table: wall time (minimum and median) of the bare command and of `ctest-matrix cell`, taken in turns; the peak of
the launcher's resident memory; the instructions that the launcher executes, by callgrind. The runner copies a report of one
passed test, so that nearly all of the difference is the launcher.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SIZES = (10, 100, 1000, 10000)
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "31"))

MATRIX = """version: 1
name: bench
axes: {{runtime: [native, wasm]}}
columns: {{native: {{runtime: native}}, wasm: {{runtime: wasm}}}}
runner:
  command: [cp, report.json, "{{report}}"]
  file: "tests/{{file}}.test.js"
  scope: 'runtime ({{runtime}})'
  report: vitest-json
rows:
  fast:
{rows}
"""


def make_checkout(tool, rows):
    names = [f"row-{i:05}" for i in range(rows)]
    os.makedirs("checkout/tests")
    for name in names:
        open(f"checkout/tests/{name}.test.js", "w").close()
    with open("checkout/matrix.yaml", "w") as file:
        file.write(MATRIX.format(rows="\n".join(f"    {name}: Tests of {name}" for name in names)))
    row = names[rows // 2]
    test = {"ancestorTitles": ["runtime (native)"], "title": "works", "status": "passed", "duration": 1, "failureMessages": []}
    report = {"success": True, "testResults": [
        {"name": os.path.abspath(f"checkout/tests/{row}.test.js"), "status": "passed", "assertionResults": [test]}]}
    with open("checkout/report.json", "w") as file:
        json.dump(report, file)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=b", "-c", "user.email=b@localhost", "commit", "-qm", "bench"]):
        subprocess.run(["git", "-C", "checkout", *command], check=True)
    subprocess.run([tool, "generate", "checkout/matrix.yaml", "--root", "checkout", "--build-dir", "build"],
                   check=True, stdout=subprocess.DEVNULL)
    state = "build/ctest-matrix/bench"
    index = next(name for name in os.listdir(state) if name.startswith("cells-"))
    return [tool, "cell", f"{row}.native", "--index", os.path.abspath(f"{state}/{index}")]


def timed(command, directory):
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def peak_memory(command):
    """MB, of the launcher or of a process that it waited for, whichever is larger."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        raise SystemExit(f"{command} ended with {status}")
    return usage.ru_maxrss / 1024


def instructions(command):
    """Millions of them; what callgrind says of the launcher's own process, the first one."""
    result = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                            check=True, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    first = re.search(r"^==(\d+)==", result.stderr).group(1)
    return int(re.search(rf"^=={first}== Collected : (\d+)", result.stderr, re.MULTILINE).group(1)) / 1e6


def main():
    tool = os.path.abspath(sys.argv[1])
    print("| rows | bare, ms | cell, ms | difference, ms | peak, MB | launcher, million instructions |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for rows in SIZES:
        directory = tempfile.mkdtemp(prefix="ctest-matrix-bench.")
        os.chdir(directory)
        try:
            cell = make_checkout(tool, rows)
            bare = ["cp", "report.json", f"{directory}/copy"]
            timed(cell, directory)  # the progress file is made
            pairs = [(timed(bare, f"{directory}/checkout"), timed(cell, directory)) for _ in range(ROUNDS)]
            bare_times, cell_times = zip(*pairs)
            middle = (statistics.median(bare_times), statistics.median(cell_times))
            count = instructions(cell) if shutil.which("valgrind") else float("nan")
            print(f"| {rows} | {min(bare_times):.1f} (median {middle[0]:.1f}) | {min(cell_times):.1f} (median {middle[1]:.1f}) "
                  f"| {min(cell_times) - min(bare_times):.1f} (median {middle[1] - middle[0]:.1f}) "
                  f"| {peak_memory(cell):.1f} | {count:.1f} |", flush=True)
        finally:
            os.chdir("/")
            shutil.rmtree(directory)


main()

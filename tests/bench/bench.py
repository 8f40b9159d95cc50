#!/usr/bin/env python3
"""What the program costs where it is asked often, against what would be there without it: bench.py CTEST_MATRIX [ROW...]

Prints one table; rows are named start, cell, load, generate, tests, service, first, rules, replay (default: all of them). Times are
of pairs taken in turns: the machine may be busy, but then it is for both; what counts is the median of the pairs'
differences or ratios. Where a figure is small, callgrind counts instructions instead.
"""

import contextlib
import itertools
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
CTEST_PROPERTIES = re.compile(r"set_tests_properties\(\S+ PROPERTIES (.*)\)$")


@dataclass
class Row:
    """A line of the table; `met` says whether the measured figure keeps to the aim."""

    what: str
    against: str
    measured: str
    aim: str
    met: bool


# Measuring.


def timed(command, directory=".", **options):
    """Seconds of one run, which has to succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=directory, **{**QUIET, **options})
    return time.perf_counter() - begin


def processor_time(command, directory=".", **options):
    """Seconds of one run: for what computes for so long that a busy machine would be measured instead."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, cwd=directory, **{**QUIET, **options})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pairs(rounds, first, second):
    """What the two functions return, in turns."""
    return [(first(), second()) for _ in range(rounds)]


def difference(measured):
    """The median of second less first."""
    return statistics.median(second - first for first, second in measured)


def ratio(measured):
    """The median of first over second."""
    return statistics.median(first / second for first, second in measured)


def instructions(command):
    """Of the process and of a guardian that it forks, but not of programs that they execute. What a forked process counts
    goes on from its parent's count; the guardian's parent ends at once."""
    result = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                            check=True, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)
    counts = dict(re.findall(r"^==(\d+)== Collected : (\d+)", result.stderr, re.MULTILINE))
    own = int(counts.pop(re.search(r"^==(\d+)==", result.stderr).group(1)))
    forked = [int(count) for count in counts.values()]
    return own + max(forked, default=0) - min(forked, default=0)


def peak_memory(command):
    """MB of the process: the last that the kernel says before it is gone. (wait4 would count the memory of this
    interpreter, from before the program was executed.)"""
    peak = 0
    process = subprocess.Popen(command, **QUIET)
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        while process.poll() is None:
            status.seek(0)
            with contextlib.suppress(ProcessLookupError):
                if found := re.search(r"^VmHWM:\s+(\d+) kB", status.read(), re.MULTILINE):
                    peak = int(found.group(1))
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return peak / 1024


# Checkouts and build directories, below the current directory.


class Suite:
    """A checkout with a matrix of its own, and a build directory that ctest runs it from."""

    def __init__(self, tool, name, matrix, files=()):
        self.tool = tool
        self.checkout = Path(name).resolve()
        self.build = Path(f"{name}-build").resolve()
        self.matrix = self.checkout / "matrix.yaml"
        for file in files:
            path = self.checkout / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        self.matrix.parent.mkdir(parents=True, exist_ok=True)
        self.matrix.write_text(matrix)
        git = ["git", "-C", self.checkout, "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", "bench"], check=True)
        subprocess.run([tool, "generate", self.matrix, "--root", self.checkout, "--build-dir", self.build],
                       check=True, **QUIET)
        self.state = next(path for path in (self.build / "ctest-matrix").iterdir() if path.is_dir())

    def index(self):
        return next(self.state.glob("cells-*"))

    def load(self):
        """What CTest asks at each load."""
        return [self.tool, "generate", self.matrix, "--root", self.checkout, "--profile", "default", "--prefix", "",
                "--state", self.state, "--load", "3.25.1"]

    def script(self):
        return (self.state / "last-good.cmake").read_text()

    def plain(self, name, script):
        """A build directory whose tests are those of a script, without us."""
        directory = Path(f"{self.build}-{name}")
        directory.mkdir()
        head = f"set(_ctest_matrix_tool [==[{self.tool}]==])\n"
        (directory / "CTestTestfile.cmake").write_text(head + script)
        return directory


def synthetic_matrix(rows, runner, columns=("native", "wasm"), more=""):
    return (f"version: 1\nname: bench\naxes: {{runtime: [{', '.join(columns)}]}}\n"
            f"columns: {{{', '.join(f'{name}: {{runtime: {name}}}' for name in columns)}}}\n"
            f"runner:\n{runner}{more}rows:\n  fast:\n{rows}")


COPYING_RUNNER = """  command: [cp, report.json, "{report}"]
  file: "tests/{file}.test.js"
  scope: 'runtime ({runtime})'
  report: vitest-json
"""


def row_names(count):
    return [f"row-{number:05}" for number in range(count)]


def nested_row_names(count, packages=25, areas=4):
    return [f"package-{number % packages:02}/area-{number // packages % areas}/row-{number:05}" for number in range(count)]


def copying_suite(tool, name, names, pattern=None):
    """A suite of rows of these names and two columns, whose runner copies a report of one passed test."""
    rows = f'    "{pattern}": {{}}\n' if pattern else "".join(f"    {row}: Tests of {row}\n" for row in names)
    suite = Suite(tool, name, synthetic_matrix(rows, COPYING_RUNNER), [f"tests/{row}.test.js" for row in names])
    middle = names[len(names) // 2]
    test = {"ancestorTitles": ["runtime (native)"], "title": "works", "status": "passed", "duration": 1,
            "failureMessages": []}
    result = {"name": f"{suite.checkout}/tests/{middle}.test.js", "status": "passed", "assertionResults": [test]}
    (suite.checkout / "report.json").write_text(json.dumps({"success": True, "testResults": [result]}))
    suite.cell = [tool, "cell", f"{middle}.native", "--index", suite.index()]
    subprocess.run(suite.cell, check=True, **QUIET)  # makes the progress file
    return suite


def upstream_suite(tool):
    """The template's matrix of 84 cells, over empty test files."""
    text = (SOURCE / "templates/rivetkit/matrix.yaml").read_text()
    rows = re.findall(r"^    ([a-z0-9-]+):", text[text.index("\nrows:"):], re.MULTILINE)
    package = "rivetkit-typescript/packages/rivetkit"
    return Suite(tool, "upstream", text, [f"{package}/tests/driver/{row}.test.ts" for row in rows])


def listing(build):
    return ["ctest", "--test-dir", build, "-N"]


def plain_tests(script):
    """The names and commands of an emitted script, and how many properties its tests have at most."""
    lines = script.splitlines(keepends=True)
    counts = [0]
    for line in lines:
        if properties := CTEST_PROPERTIES.match(line):
            values = re.sub(r"\[(=*)\[.*?\]\1\]", "V", properties.group(1))
            counts.append(len(values.split()) // 2)
    return "".join(line for line in lines if not line.startswith("set_tests_properties")), max(counts)


# The rows of the table.


def measure_start(tool):
    if not shutil.which("valgrind"):
        return [Row("`ctest-matrix --version`", "`true`", "no valgrind", "≤ 1 million instructions more", False)]
    more = instructions([tool, "--version"]) - instructions(["true"])
    return [Row("`ctest-matrix --version`", "`true`", f"{more / 1e6:.2f} million instructions more",
                "≤ 1 million instructions more", more <= 1e6)]


def measure_cell(tool):
    """A cell is what users wait for most often: the launcher and its guardian around a copied report."""
    what, against = "`cell` around a copied report, 84 cells", "the copy alone"
    small, large = copying_suite(tool, "small", row_names(42)), copying_suite(tool, "large", row_names(1042))
    copy = ["cp", "report.json", "copy"]
    milliseconds = 1000 * difference(pairs(41, lambda: timed(copy, small.checkout), lambda: timed(small.cell)))
    memory = max(peak_memory(small.cell) for _ in range(9))
    rows = [Row(what, against, f"{milliseconds:.1f} ms more", "< 10 ms", milliseconds < 10),
            Row(what, against, f"{memory:.1f} MB", "< 8 MB", memory < 8)]
    if shutil.which("valgrind"):
        count, many = instructions(small.cell), instructions(large.cell)
        further = (many - count) / 1000
        rows += [Row(what, against, f"{count / 1e6:.1f} million instructions", "≤ 8 million", count <= 8e6),
                 Row("the same, for each further row", "42 rows", f"{further / 1e3:.1f} thousand instructions",
                     "≤ 80 thousand", further <= 80e3)]
    return rows


def measure_load(tool):
    rows = []
    for suite, tests, aim in ((upstream_suite(tool), 84, 4), (copying_suite(tool, "load", row_names(200)), 400, 6)):
        time.sleep(4)  # a directory that has just changed is read each time
        ours = listing(suite.build)
        subprocess.run(ours, check=True, **QUIET)
        plain = listing(suite.plain("plain", suite.script()))
        more = 1000 * difference(pairs(41, lambda plain=plain: timed(plain), lambda ours=ours: timed(ours)))
        rows.append(Row(f"generating at load, nothing changed, {tests} tests", "a load of them without us",
                        f"{more:.1f} ms more", f"< {aim} ms", more < aim))
    return rows


def google_test_discovery():
    """A command that discovers 10,000 tests of a program, by CMake's own script."""
    Path("root.cmake").write_text('message("${CMAKE_ROOT}")')
    root = subprocess.run(["cmake", "-P", "root.cmake"], text=True, check=True, stderr=subprocess.PIPE).stderr.strip()
    names = "".join(f"Suite{suite}.\n" + "".join(f"  test{test}\n" for test in range(100)) for suite in range(100))
    Path("names").write_text(names)
    program = Path("google-test").resolve()
    program.write_text(f"#!/bin/sh\nexec cat {Path('names').resolve()}\n")
    program.chmod(0o755)
    settings = {"TEST_EXECUTABLE": program, "TEST_WORKING_DIR": Path.cwd(), "TEST_LIST": "tests", "TEST_EXECUTOR": "",
                "CTEST_FILE": Path("google-tests.cmake").resolve(), "TEST_DISCOVERY_TIMEOUT": 60, "NO_PRETTY_TYPES": "FALSE",
                "NO_PRETTY_VALUES": "FALSE"}
    return ["cmake", *(f"-D{name}={value}" for name, value in settings.items()), "-P",
            f"{root}/Modules/GoogleTestAddTests.cmake"]


def measure_generate(tool):
    theirs = google_test_discovery()
    names = row_names(5000)
    suite, globbed = copying_suite(tool, "listed", names), copying_suite(tool, "pattern", names, "*")
    nested = copying_suite(tool, "nested", nested_row_names(5000), "**")

    time.sleep(4)  # a directory that has just changed is read each time

    def ours(of, anew):
        if anew:
            shutil.rmtree(of.state)
        with open("script.cmake", "wb") as script:
            return processor_time(of.load(), stdout=script)

    rows = []
    for what, of, anew, rounds, aim in (("nothing changed", suite, False, 9, 100), ("all new, 5,000 rows listed", suite, True, 7, 12),
                                        ("all new, rows by pattern", globbed, True, 7, 40),
                                        ("all new, rows by pattern in 100 directories", nested, True, 7, 40)):
        ours(of, anew)
        faster = ratio(pairs(rounds, lambda: processor_time(theirs), lambda of=of, anew=anew: ours(of, anew)))
        rows.append(Row(f"generating 10,000 cells, {what}", "`GoogleTestAddTests.cmake`, 10,000 tests",
                        f"{faster:.1f} × faster", f"≥ {aim} ×", faster >= aim))
    return rows


def measure_tests(tool):
    rows = []
    for tests, rounds in ((1000, 31), (10000, 3)):
        suite = copying_suite(tool, f"tests-{tests}", row_names(tests // 2))
        subprocess.run(listing(suite.build), check=True, **QUIET)
        bare, properties = plain_tests(suite.script())
        ours, plain = listing(suite.plain("ours", suite.script())), listing(suite.plain("bare", bare))
        measured = pairs(rounds, lambda plain=plain: processor_time(plain), lambda ours=ours: processor_time(ours))
        what, against = f"`ctest -N` on what we emit, {tests:,} tests", "the same with name and command"
        if tests == 1000:
            times = 1 / ratio(measured)
            rows.append(Row(what, against, f"{times:.2f} ×", "≤ 2.5 ×", times <= 2.5))
        else:
            each = difference(measured) / properties
            rows.append(Row(what, against, f"{each:.2f} s for each of {properties} properties",
                            "≤ 0.3 s each, at most 7", each <= 0.3 and properties <= 7))
    return rows


# The service.


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def until_healthy(port):
    url = f"http://127.0.0.1:{port}/health"
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.001)


STAND_IN = """import http.server, os, time
time.sleep(0.25)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
http.server.HTTPServer(("127.0.0.1", int(os.environ["ENGINE_GUARD_PORT"])), Handler).serve_forever()
"""


def install_service(directory):
    """Puts scripts/engine.sh there, which starts the real engine; a stand-in where there is no npm. Returns its name."""
    (directory / "scripts").mkdir(parents=True)
    script = directory / "scripts/engine.sh"
    version = json.loads((SOURCE / "tests/rivetkit/package.json").read_text())["dependencies"]["@rivetkit/engine-cli"]
    cache = Path(os.environ.get("BENCH_CACHE", directory))
    if shutil.which("npm") and (any(cache.glob("node_modules/@rivetkit/engine-cli-*")) or subprocess.run(
            ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", cache, f"@rivetkit/engine-cli@{version}"],
            **QUIET).returncode == 0):
        if cache != directory:
            (directory / "node_modules").symlink_to(cache / "node_modules")
        shutil.copy(SOURCE / "tests/rivetkit/scripts/engine.sh", script)
        return f"RivetKit engine {version}"
    (directory / "scripts/stand_in.py").write_text(STAND_IN)
    script.write_text("#!/bin/sh\nexec python3 -S scripts/stand_in.py\n")
    script.chmod(0o755)
    return "a stand-in, ready after 0.25 s"


SERVICE = """services:
  engine:
    command: [scripts/engine.sh]
    ports: [guard, peer, metrics]
    environment:
      ENGINE_DIR: "{engine.dir}"
      ENGINE_GUARD_PORT: "{engine.port.guard}"
      ENGINE_PEER_PORT: "{engine.port.peer}"
      ENGINE_METRICS_PORT: "{engine.port.metrics}"
    health: {url: "http://127.0.0.1:{engine.port.guard}/health", timeout: 60s}
"""


def measure_service(tool):
    directory = Path("service")
    engine = install_service(directory)
    (directory / ".gitignore").write_text("node_modules\n")
    suite = Suite(tool, "service", synthetic_matrix("    one: One\n", '  command: ["true"]\n  report: exit-code\n', ["native"],
                                                    SERVICE))

    def alone():
        ports = free_ports(3)
        names = ("ENGINE_GUARD_PORT", "ENGINE_PEER_PORT", "ENGINE_METRICS_PORT")
        environment = {**os.environ, **dict(zip(names, map(str, ports))), "ENGINE_DIR": tempfile.mkdtemp(dir=".")}
        environment["ENGINE_DIR"] = os.path.abspath(environment["ENGINE_DIR"])
        begin = time.perf_counter()
        with subprocess.Popen(["scripts/engine.sh"], cwd=suite.checkout, env=environment, stderr=subprocess.DEVNULL,
                              **QUIET) as process:
            until_healthy(ports[0])
            ready = time.perf_counter() - begin
            process.terminate()
        return ready

    def with_us():
        ready = timed([tool, "service", "up", "engine", "--index", suite.index()])
        subprocess.run([tool, "service", "down", "engine", "--index", suite.index()], check=True, **QUIET)
        return ready

    alone()
    more = 1000 * difference(pairs(11, alone, with_us))
    return [Row("service `up` to healthy", f"its own readiness ({engine})", f"{more:+.0f} ms", "within 50 ms", more <= 50)]


# The replay.


def measure_replay(tool):
    recorded = [float(line.split()[0]) for line in (HERE / "durations.txt").read_text().splitlines()]
    durations = [seconds / 20 for seconds, _ in zip(itertools.cycle(recorded), range(82))]
    names = [f"cell-{number:02}" for number in range(len(durations))]
    runner = "  command: [sh, -c, 'exec sleep $SECONDS_OF_ROW', '{file}']\n  report: exit-code\n"
    rows = "".join(f"    {name}: {{suite: Tests, environment: {{SECONDS_OF_ROW: '{seconds:.3f}'}}}}\n"
                   for name, seconds in zip(names, durations))
    suite = Suite(tool, "replay", synthetic_matrix(rows, runner, ["native"], "parallel: true\nprogress: progress.md\n"))
    subprocess.run([*suite.load()], check=True, **QUIET)
    # What was recorded, as a checkout has it: in the log of the progress file.
    subprocess.run([tool, "cell", f"{names[0]}.native", "--index", suite.index()], check=True, **QUIET)
    log = "".join(f"- 2026-01-01T00:00:00Z {name} [native]: PASS (1 tests, {seconds:.1f}s)\n"
                  for name, seconds in zip(names, durations))
    progress = suite.checkout / "progress.md"
    progress.write_text(progress.read_text() + log)
    worst, at = 0, 0
    for jobs in range(1, 9):
        shutil.rmtree(suite.build / "Testing", ignore_errors=True)
        taken = timed(["ctest", "--test-dir", suite.build, f"-j{jobs}"])
        over = taken / max(max(durations), sum(durations) / jobs)
        if over > worst:
            worst, at = over, jobs
    return [Row(f"{len(durations)} cells of recorded durations as sleeps (÷ 20), `-j1` … `-j8`", "max(longest, sum ÷ j)",
                f"{worst:.3f} at most, at `-j{at}`", "≤ 1.05", worst <= 1.05)]


# The first cell of a run.


STAMP = """#!/bin/sh
date +%s%N >>started
for argument; do
  case $argument in --outputFile*) cp report.json "${argument#*=}" ;; esac
done
"""


def embedded_suite():
    """The checkout of tests/rivetkit, whose tests are replaced by a note of when they began, and the command that runs one
    of them by hand."""
    checkout = Path("embedded").resolve()
    shutil.copytree(SOURCE / "tests/rivetkit", checkout, ignore=shutil.ignore_patterns("node_modules", "dist"))
    name = "tests/driver/actor-conn.test.ts"
    test = {"ancestorTitles": ["runtime (native) / sqlite (local) / encoding (bare)"], "title": "works", "status": "passed",
            "duration": 1, "failureMessages": []}
    result = {"name": f"{checkout}/{name}", "status": "passed", "assertionResults": [test]}
    (checkout / "report.json").write_text(json.dumps({"success": True, "testResults": [result]}))
    stamp = checkout / "stamp"
    stamp.write_text(STAMP)
    stamp.chmod(0o755)
    matrix = checkout / "matrix.yaml"
    text = matrix.read_text().replace("  command: [node_modules/.bin/node, node_modules/vitest/vitest.mjs, run,",
                                      "  command: [./stamp, node_modules/vitest/vitest.mjs, run,")
    text = re.sub(r"^  list:\n(    .*\n)+", "", text, flags=re.MULTILINE)  # of tests that are not there
    matrix.write_text(text.replace("    ports: [guard,", "    linger: 10m\n    ports: [guard,"))
    package = json.loads((checkout / "package.json").read_text())
    package["scripts"]["test"] = "./stamp"
    (checkout / "package.json").write_text(json.dumps(package))
    (checkout / ".gitignore").write_text("node_modules\ndist\nstarted\n.agent\n")
    git = ["git", "-C", checkout, "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "bench"]):
        subprocess.run([*git, *command], check=True)
    return checkout, [os.environ.get("BENCH_PNPM", "npm"), "test", name]


def measure_first(tool):
    """From `run` to the start of the first cell, with artifacts that are built and an engine that runs."""
    checkout, by_hand = embedded_suite()
    options = ["--root", checkout, "--build-dir", "build"]
    run = [tool, "run", checkout / "matrix.yaml", "only", "actor-conn", "runtime", "native", *options]

    def until_started(command):
        begin = time.time_ns()
        used = processor_time(command, checkout)
        return (int((checkout / "started").read_text().split()[-1]) - begin) / 1e6, used

    subprocess.run(run, check=True, cwd=checkout, **QUIET)  # builds, and starts the engine
    try:
        time.sleep(61)  # outputs that are younger are read each time
        subprocess.run(run, check=True, cwd=checkout, **QUIET)
        measured = pairs(31, lambda: until_started(by_hand), lambda: until_started(run))
    finally:
        subprocess.run([tool, "service", "down", "engine", "--now", "--index",
                        next((checkout / "build/ctest-matrix/rivetkit").glob("cells-*"))], cwd=checkout, check=True, **QUIET)
    more = difference([(first[0], second[0]) for first, second in measured])
    used = 1000 * statistics.median(second[1] for _, second in measured)
    return [Row("from `run` to the start of the first cell, all fresh, the engine running",
                f"`{Path(by_hand[0]).name} test` by hand", f"{more:+.0f} ms, {used:.0f} ms of processor time in all",
                "< 200 ms more", more < 200)]


# Rules.


def measure_rules(tool):
    """Text that must not be in 10,000 files of 4 kB each, new ones and such as have been searched."""
    names = [f"src/{number % 100}/file-{number:05}.ts" for number in range(10000)]
    rules = "rules:\n  no-mocks: {forbid_text: {pattern: '\\b(vi|jest)\\.mock\\(', files: ['src/**/*.ts']}, reason: real ones}\n"
    suite = Suite(tool, "ruled", synthetic_matrix("    one: One\n", '  command: ["true"]\n  report: exit-code\n', ["native"],
                                                  rules), names)
    for name in names:
        (suite.checkout / name).write_text(f"export const answer = '{name}';\n" * 80)
    rule = [tool, "rule", "no-mocks", suite.matrix, "--root", suite.checkout, "--build-dir", suite.build]
    memory = suite.state / "rules"
    rows = []
    for what, known in (("none of them searched before", False), ("all of them searched before", True)):
        time.sleep(4)  # what has just changed is searched each time
        subprocess.run(rule, check=True, **QUIET)
        times = []
        for _ in range(9):
            if not known:
                shutil.rmtree(memory)
            used = processor_time(rule)
            if not known:
                shutil.rmtree(memory)
            times.append((timed(rule), used))
        took, used = (statistics.median(each) for each in zip(*times))
        rows.append(Row(f"a rule over 10,000 files, {what}", "nothing",
                        f"{1000 * took:.0f} ms, {1000 * used:.0f} ms of processor time", "< 1 s", took < 1))
    return rows


ROWS = {"start": measure_start, "cell": measure_cell, "load": measure_load, "generate": measure_generate,
        "tests": measure_tests, "service": measure_service, "first": measure_first, "rules": measure_rules,
        "replay": measure_replay}


def main():
    tool = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:] or list(ROWS)
    print("| what | against | measured | aim | |\n| --- | --- | ---: | --- | --- |", flush=True)
    begin = time.monotonic()
    for name in wanted:
        directory = tempfile.mkdtemp(prefix="ctest-matrix-bench.")
        os.chdir(directory)
        try:
            for row in ROWS[name](tool):
                print(f"| {row.what} | {row.against} | {row.measured} | {row.aim} | {'met' if row.met else 'not met'} |",
                      flush=True)
        finally:
            os.chdir("/")
            shutil.rmtree(directory)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n{os.cpu_count()} processors, load at the end {load}; {time.monotonic() - begin:.0f} s in all")


main()

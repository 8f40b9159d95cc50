"""The shape of the sources: how long functions and files are, what files are called, and what their first line says.

sources.py SOURCE_DIR. Functions are found by the layout that clang-format gives, which lint.format checks: a function
ends in the first line after its opening brace that has nothing but a closing brace in the column where it began.
"""

import pathlib
import re
import sys

LONGEST_FUNCTION = 60  # lines, with its head
LONG_FILE = 400  # lines, from which on there may be a second purpose in a file: a warning

NO_FUNCTION = re.compile(
    r"(if|else|for|while|do|switch|try|catch|namespace|class|struct|union|enum|extern|return|case|default)\b")
END_OF_SOMETHING = re.compile(r"([;{}:]|\*/)$|^\s*(//|#)|///<")


def functions(lines):
    """The functions of a file: (first line, last line, name), lines from 1. A lambda is a part of its function."""
    last = -1
    for number, line in enumerate(lines):
        if number <= last or not line.endswith("{"):
            continue
        first = number
        while first > 0 and lines[first - 1] and not END_OF_SOMETHING.search(lines[first - 1]):
            first -= 1
        head = " ".join(part.strip() for part in lines[first:number + 1])
        if NO_FUNCTION.match(head) or re.match(r"[^(]*=", head) or not re.search(r"[\w>\])]\s*\(.*\)[^=()]*\{$", head):
            continue
        end = re.compile(" " * (len(lines[first]) - len(lines[first].lstrip())) + r"\}[;,)]*")
        last = next((later for later in range(number + 1, len(lines)) if end.fullmatch(lines[later])), -1)
        if last > 0:
            yield first + 1, last + 1, re.sub(r"\(.*", "", head).split(" ")[-1]


def says_its_purpose(path, lines):
    """Whether the first line is a comment. What a .cpp file is for is said by the header of its name."""
    if path.suffix == ".cpp" and path.with_suffix(".hpp").exists():
        return True
    if "unit" in path.parts and path.name.endswith("_test.cpp"):
        return True  # the file that it tests says it
    lines = lines[1:] if lines and lines[0].startswith("#!") else lines
    return bool(lines) and re.match(r'//|# |#\[|"""', lines[0]) is not None


source = pathlib.Path(sys.argv[1])
rooms = [source / name for name in ("generator", "cmake", "tests", "templates/cmake")]
kinds = (".cpp", ".hpp", ".cmake", ".py", ".sh")
paths = [path for room in rooms for path in sorted(room.rglob("*"))
         if path.suffix in kinds and not {"node_modules", "golden"} & set(path.parts)]
wrong = 0
for path in paths:
    lines = path.read_text().splitlines()
    if not says_its_purpose(path, lines):
        print(f"{path}:1: error: expected a comment that says what the file is for")
        wrong += 1
    if path.suffix not in (".cpp", ".hpp"):
        continue
    if source / "generator" in path.parents and path.name.startswith("test_"):
        print(f"{path}:1: error: a file of the program is called like a test")
        wrong += 1
    if len(lines) > LONG_FILE:
        print(f"{path}:1: warning: {len(lines)} lines: is there a second purpose in this file?")
    for first, end, name in functions(lines):
        if end - first >= LONGEST_FUNCTION:
            print(f"{path}:{first}: error: {name} has {end - first + 1} lines, more than {LONGEST_FUNCTION}")
            wrong += 1
sys.exit(1 if wrong else 0)

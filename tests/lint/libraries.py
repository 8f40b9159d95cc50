"""A library's types stay in one file: its header is included by exactly one .cpp of generator/, and by no header."""

import pathlib
import re
import sys

# fmt is everywhere, but in no header: that would make each file that includes it compile fmt.
LIBRARIES = {"CLI": 1, "fmt": None, "nlohmann": 1, "pugixml": 1, "yaml-cpp": 1, "zlib": 1}

generator = pathlib.Path(sys.argv[1]) / "generator"
found = {library: {} for library in LIBRARIES}
wrong = 0


def complain(path, number, message):
    global wrong
    print(f"{path}:{number}: error: {message}")
    wrong += 1


for path in sorted(generator.rglob("*.[ch]pp")):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r"#include <([\w-]+)[/.]", line)
        library = include[1] if include else None
        if library not in LIBRARIES:
            continue
        if path.suffix == ".hpp":
            complain(path, number, f"{library} in a header")
        found[library].update({path: None})

for library, most in LIBRARIES.items():
    if most and len(found[library]) != most:
        files = ", ".join(str(path.relative_to(generator)) for path in found[library]) or "none"
        complain(generator, 1, f"expected {most} file that includes {library}, got {files}")
sys.exit(1 if wrong else 0)

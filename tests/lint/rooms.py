"""Includes go down only: compares the includes of generator/ with the arrows in generator/README.md."""

import pathlib
import re
import sys

generator = pathlib.Path(sys.argv[1]) / "generator"
arrows = re.search(r"```\n(main →.*?)```", (generator / "README.md").read_text(), re.S)
if not arrows:
    sys.exit("generator/README.md: expected a block that begins with `main →`")
levels = {}
for level, rooms in enumerate(arrows[1].split("→")):
    for room in re.findall(r"\w+", rooms):
        levels[room] = level

wrong = 0
for path in sorted(generator.rglob("*.[ch]pp")):
    parts = path.relative_to(generator).parts
    room = parts[0] if len(parts) > 1 else path.stem
    if room not in levels:
        print(f"{path}:1: error: the room '{room}' is not among the arrows of generator/README.md")
        wrong += 1
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'#include "(\w+)/', line)
        if include and include[1] != room and levels.get(include[1], -1) <= levels[room]:
            print(f"{path}:{number}: error: {room}/ may not include {include[1]}/")
            wrong += 1
sys.exit(1 if wrong else 0)

"""The map in generator/README.md is true: includes go down only, along its arrows, and the files that it names exist."""

import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
generator = source / "generator"
map_text = (generator / "README.md").read_text()
arrows = re.search(r"```\n(main →.*?)```", map_text, re.S)
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

# `room/name.cpp` below generator/ or the source directory; a part of a name may be `*`.
for number, line in enumerate(map_text.splitlines(), 1):
    for name in re.findall(r"`([\w.*-]+/[\w./*-]+\.(?:[ch]pp|html|json|in|cmake|md))`", line):
        if not any(any(top.glob(name)) for top in (generator, source)):
            print(f"{generator / 'README.md'}:{number}: error: there is no file {name}")
            wrong += 1
sys.exit(1 if wrong else 0)

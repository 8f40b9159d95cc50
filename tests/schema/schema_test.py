"""The diagnostics document, the loader and the JSON schema against each other.

schema_test.py CTEST_MATRIX SOURCE_DIR: every example of generator/matrix/diagnostics.md gives its code and exactly the output that
is shown, and the schema refuses exactly those that the document says; the schema accepts every matrix that the loader
accepts; in every map of a matrix both know the same keys; the README lists the keys of a row.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

TOOL, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = json.loads((SOURCE / "templates/matrix.schema.json").read_text())
DOCUMENT = (SOURCE / "generator/matrix/diagnostics.md").read_text()
EDITOR = "An editor that knows the schema shows it too."
failures = []


def expect(condition, message):
    if not condition:
        failures.append(message)


def block(text, language):
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def sections_of(text):
    """Top-level sections of a YAML text, by their key."""
    parts = re.split(r"^(?=[A-Za-z_]+:)", text, flags=re.MULTILINE)
    return {part.split(":", 1)[0]: part for part in parts if part}


BASE = block(DOCUMENT, "yaml")


def merged(example):
    """The base with the sections of an example in place of its own; an empty section is taken out."""
    sections = sections_of(BASE)
    own = sections_of(example)
    sections.update(own)
    return "".join(text for key, text in sections.items() if not re.fullmatch(r"\w+: # left out\n", text))


def checkout(directory, matrix):
    """A checkout with the test files alpha and beta, what the runner lists for them, a package of Go and options of mocha."""
    (directory / ".mocharc.json").write_text('{"spec": "tests/*.ts", "require": "./setup.js"}')
    (directory / "http").mkdir(exist_ok=True)
    (directory / "http/server_test.go").write_text("package http\n")
    for name in ("alpha", "beta"):
        path = directory / "tests" / f"{name}.test.ts"
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        lines = [f"tests/{name}.test.ts\truntime ({runtime}) > {name.capitalize()} Tests > works" for runtime in ("native", "wasm")]
        (directory / f"{name}.listing").write_text("\n".join(lines) + "\n")
    (directory / "matrix.yaml").write_text(matrix)


def run(directory, *arguments):
    done = subprocess.run([TOOL, *arguments], cwd=directory, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, (done.stdout + done.stderr).replace(str(directory), "/repo")


def schema_problem(text):
    try:
        jsonschema.Draft7Validator(SCHEMA).validate(yaml.safe_load(text))
    except (jsonschema.ValidationError, yaml.YAMLError) as problem:
        return str(problem).splitlines()[0]
    return ""


def check_example(code, text):
    example = block(text, "yaml")
    shown = block(text, "console")
    command, _, output = shown.partition("\n")
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name).resolve()
        checkout(directory, merged(example))
        status, said = run(directory, *command.removeprefix("$ ctest-matrix ").split(), "--root", ".")
        is_warning = re.search(rf": warning: .*\[{code}\]", said)
        expect(status in ((0,) if is_warning else (2, 3)), f"{code}: exit status {status}")
        expect(f"[{code}]" in said, f"{code}: another code is given: {said}")
        expect(said == output, f"{code}: the output differs.\n--- shown\n{output}--- said\n{said}")
        problem = schema_problem(merged(example))
        expect(bool(problem) == (EDITOR in text), f"{code}: the schema says '{problem}', the document another thing")


def check_documented():
    written = set()
    for path in (SOURCE / "generator").rglob("*.cpp"):
        written.update(re.findall(r'"(M\d{3})"', path.read_text()))
    documented = re.findall(r"^## (M\d{3}):", DOCUMENT, re.MULTILINE)
    expect(sorted(written) == documented, f"documented: {documented}; in the source: {sorted(written)}")
    for part in re.split(r"^(?=## M\d{3}:)", DOCUMENT, flags=re.MULTILINE)[1:]:
        check_example(part[3:7], part)


# A test file for each test runner that `init` knows.
TEST_FILES = {"ava": "test/a.js", "bats": "a.bats", "bun": "a.test.ts", "cargo": "tests/a.rs", "catch2": "a_test.cpp",
              "deno": "a_test.ts", "doctest": "a_test.cpp", "go": "http/a_test.go", "gtest": "a_test.cpp", "jest": "a.test.js", "mocha": "test/a.js",
              "nextest": "tests/a.rs", "node": "a.test.js", "perl": "t/a.t", "playwright": "a.spec.ts", "pytest": "test_a.py",
              "tape": "test/a.js", "vitest": "a.test.ts"}


def proposal(kind, files):
    """The matrix that `init` writes for these files."""
    with tempfile.TemporaryDirectory() as name:
        for file, text in files.items():
            path = pathlib.Path(name).resolve() / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        status, said = run(pathlib.Path(name), "init", kind, "--no-try")
        expect(status == 0, f"init {kind}: {said}")
        status, said = run(pathlib.Path(name), "generate")
        expect(status == 0, f"what init {kind} wrote is refused: {said}")
        return (pathlib.Path(name) / "matrix.yaml").read_text()


def proposals():
    """The matrices that `init` writes."""
    kinds = {path.stem for path in (SOURCE / "templates/suite").glob("*.yaml")} - {"matrix", "build", "gtest_suites", "gtest_programs", "cargo_packages"}
    expect(kinds == TEST_FILES.keys(), f"other runners than here: {kinds ^ TEST_FILES.keys()}")
    texts = []
    for kind, file in TEST_FILES.items():
        source = "#include <gtest/gtest.h>\n#include <catch2/catch.hpp>\n#include <doctest.h>\n".splitlines()[
            ["gtest", "catch2", "doctest"].index(kind)] if file.endswith(".cpp") else ""
        texts.append(proposal(kind, {file: source}))
    texts.append(proposal("cargo", {
        "Cargo.toml": "[workspace]\nmembers = ['a', 'b']\n",
        "a/Cargo.toml": '[package]\nname = "a"\n', "a/src/lib.rs": "#[test]\nfn a() {}\n",
        "b/Cargo.toml": '[package]\nname = "b"\n', "b/src/lib.rs": "#[test]\nfn b() {}\n"}))
    expect("--package" in texts[-1], f"a workspace has no rows by package:\n{texts[-1]}")
    return texts


def check_good():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name).resolve()
        checkout(directory, BASE)
        status, said = run(directory, "check", "matrix.yaml", "--root", ".")
        expect(status == 0, f"the base is refused: {said}")
    good = [BASE, (SOURCE / "templates/rivetkit/matrix.yaml").read_text(), (SOURCE / "tests/rivetkit/matrix.yaml").read_text()]
    good.append(block((SOURCE / "templates/README.md").read_text()[(SOURCE / "templates/README.md").read_text().index("## The matrix file"):], "yaml"))
    good += proposals()
    for text in good:
        problem = schema_problem(text)
        expect(not problem, f"the schema refuses a good matrix: {problem}\n{text[:300]}")


# A matrix with every kind of map, and where in the schema each map is.
EVERYTHING = """
axes: {runtime: {native: {text: native}, wasm: }, encoding: [bare, cbor]}
services: {engine: {command: [x], health: {url: http://x}}}
artifacts: {binding: {inputs: a, outputs: b, command: [x], depfile: c}}
agree: {version: [{file: a, pattern: 'v={value}'}, {file: b, pattern: 'v={value}'}]}
rules:
  no-mocks: {forbid_text: {pattern: x, files: a}, reason: no}
  both: {together: {when: a, then: b}, reason: no}
logs: {current: x}
"""
ROWS = ("properties", "rows", "additionalProperties")
MAPS = {
    (): (),
    ("runner",): ("properties", "runner"),
    ("runner", "list"): ("properties", "runner", "properties", "list"),
    ("axes", "runtime", "native"): ("definitions", "value"),
    ("labels", "fast"): ("properties", "labels", "additionalProperties"),
    ("artifacts", "binding"): ("properties", "artifacts", "additionalProperties"),
    ("services", "engine"): ("properties", "services", "additionalProperties"),
    ("services", "engine", "health"): ("properties", "services", "additionalProperties", "properties", "health", "oneOf", 1),
    ("agree", "version", 0): ("properties", "agree", "additionalProperties", "items"),
    ("rules", "both"): ("properties", "rules", "additionalProperties"),
    ("rules", "both", "together"): ("properties", "rules", "additionalProperties", "properties", "together"),
    ("rules", "no-mocks", "forbid_text"): ("properties", "rules", "additionalProperties", "properties", "forbid_text"),
    ("logs",): ("properties", "logs"),
    ("rows", "fast", "alpha"): (*ROWS, "additionalProperties", "oneOf", 2),
    ("rows", "fast", "*"): (*ROWS, "patternProperties", "[*?\\[]", "oneOf", 1),
    ("rows", "excluded", "other"): ("properties", "rows", "properties", "excluded", "additionalProperties", "oneOf", 2),
    ("rows", "excluded", "b*"): ("properties", "rows", "properties", "excluded", "patternProperties", "[*?\\[]", "oneOf", 1),
}


def keys_of(schema):
    """The keys that a map may have: those of all parts of its schema, less those that one of the parts refuses."""
    allowed, refused = set(), set()
    for part in schema.get("allOf", [schema]):
        if "$ref" in part:
            part = SCHEMA["definitions"][part["$ref"].rpartition("/")[2]]
        for key, value in part["properties"].items():
            (refused if value is False else allowed).add(key)
    return sorted(allowed - refused)


def check_keys():
    for place, in_schema in MAPS.items():
        matrix = yaml.safe_load(BASE) | yaml.safe_load(EVERYTHING)
        node = matrix
        for step in place:
            if isinstance(node, dict) and not isinstance(node.get(step), (dict, list)):
                node[step] = {}
            node = node[step]
        node["zzz-unknown"] = 1
        schema = SCHEMA
        for step in in_schema:
            schema = schema[step]
        with tempfile.TemporaryDirectory() as name:
            directory = pathlib.Path(name).resolve()
            checkout(directory, yaml.safe_dump(matrix, sort_keys=False))
            _, said = run(directory, "check", "matrix.yaml", "--root", ".")
        found = re.search(r"unknown key 'zzz-unknown'.* expected (?:one of: )?(.*) \[M003\]", said)
        known = sorted(set(found.group(1).split(", "))) if found else []
        expect(known == keys_of(schema), f"keys of {place}: the loader knows {known}, the schema "
               f"{keys_of(schema)}\n{said if not found else ''}")


def check_reference():
    """The table of the README has a line for each key of a row, and for nothing else."""
    table = re.search(r"^  \| key of a row \|.*?\n\n", (SOURCE / "templates/README.md").read_text(), re.MULTILINE | re.DOTALL).group(0)
    listed = sorted(re.findall(r"^  \| `(\w+)` \|", table, re.MULTILINE))
    known = keys_of({"$ref": "#/definitions/row"})
    expect(listed == known, f"README.md: the table lists {listed} as keys of a row, the schema {known}")


check_documented()
check_good()
check_keys()
check_reference()
for failure in failures:
    print(f"error: {failure}")
sys.exit(1 if failures else 0)

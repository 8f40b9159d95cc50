"""The rules by which the test explorers of editors read CTest, as far as they decide what a user sees.

explorers.py tests BUILD           the tests, one a line: <number> <name> <file>:<line>
explorers.py tree BUILD            the tree that the delimiter `[./]+` makes of the names: indented groups and tests
explorers.py pattern BUILD NAME    the -R that VS Code's CMake Tools selects a test with
explorers.py state BUILD NAME      what CMake Tools shows of a test after a run: passed, skipped, failed or errored
explorers.py links BUILD NAME      the links that CMake Tools makes of its output: <file>:<line>: <message>
explorers.py results FILE          what Qt Creator reads in ctest's output: <name> <result>
"""
import base64
import json
import re
import subprocess
import sys
import xml.etree.ElementTree
import zlib


def shown(build):
    """`ctest --show-only=json-v1`, which all of them ask first."""
    text = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True, capture_output=True).stdout
    return json.loads(text)


def properties(test):
    return {entry["name"]: entry["value"] for entry in test.get("properties", [])}


def place(info, test):
    """CMake Tools: DEF_SOURCE_LINE, else the outermost frame; Qt Creator: the innermost. There must be only one."""
    defined = properties(test).get("DEF_SOURCE_LINE")
    if defined:
        file, line = re.fullmatch(r"(.*):(\d+)", defined).groups()
        return file, int(line)
    graph = info["backtraceGraph"]
    node = graph["nodes"][test["backtrace"]]
    if "parent" in node:
        sys.exit(f"{test['name']}: its place has a parent frame: editors differ in which one they open")
    return graph["files"][node["file"]], node["line"]


def tree(names):
    """CMake Tools: every part but the last is a suite. A suite and a test of one name would be one item."""
    root = {}
    for name in names:
        parts = re.split(r"[./]+", name)
        if "" in parts:
            sys.exit(f"{name}: an empty part")
        node = root
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if node is None:
                sys.exit(f"{name}: lies below a test")
        if parts[-1] in node:
            sys.exit(f"{name}: is a suite, or there twice")
        node[parts[-1]] = None
    return root


def print_tree(node, depth=0):
    for name in sorted(node):
        print("  " * depth + name + ("" if node[name] is None else "/"))
        if node[name] is not None:
            print_tree(node[name], depth + 1)


def pattern(names, name):
    """The shortest beginning of the name that no other test has; the whole name and `$` where there is none."""
    escape = lambda text: re.sub(r"([.*+?^${}()|\[\]\\])", r"\\\1", text)
    others = [other for other in names if other != name]
    for end in range(1, len(name) + 1):
        if not any(other.startswith(name[:end]) for other in others):
            return "^" + escape(name[:end])
    return "^" + escape(name) + "$"


def result(build, name):
    """The test's element of the newest Test.xml."""
    with open(f"{build}/Testing/TAG", encoding="utf-8") as file:
        tag = file.readline().strip()
    document = xml.etree.ElementTree.parse(f"{build}/Testing/{tag}/Test.xml")
    found = [test for test in document.iter("Test") if test.get("Status") and test.findtext("Name") == name]
    if len(found) != 1:
        sys.exit(f"{len(found)} results of {name}")
    return found[0]


def measured(test, name):
    for entry in test.iter("NamedMeasurement"):
        if entry.get("name") == name:
            return entry.findtext("Value")
    return None


def output(test):
    value = test.find("Results/Measurement/Value")
    if value.get("encoding") == "base64":
        return zlib.decompress(base64.b64decode(value.text)).decode()
    return value.text


def state(test):
    status = test.get("Status")
    completion = measured(test, "Completion Status")
    if status == "passed":
        return "passed"
    if status == "notrun" and completion in ("SKIP_REGULAR_EXPRESSION_MATCHED", "Disabled"):
        return "skipped"
    code = measured(test, "Exit Value")
    return f"failed {code}" if code is not None else f"errored {completion}"


def links(text):
    """CMake Tools' cmake.ctest.failurePatterns, as they are without a setting."""
    patterns = [r"(.*?):(\d+): *(?:error: *)(.*)", r"(.*?)\((\d+)\): *(?:error: *)(.*)", r"(.*?):(\d+): *(Failure.*)"]
    return [f"{file}:{line}: {message}" for one in patterns for file, line, message in re.findall(one, text)]


def results(text):
    """Qt Creator: the lines of ctest's own, without their colours."""
    line_of_test = re.compile(r"^\s*(\d+/\d+)? Test\s+#(\d+): (.*) (\.+)\s*"
                              r"(Passed|\*\*\*Failed|\*\*\*Not Run|.*\*\*\*Exception:.*)\s+(.*) sec$")
    for line in text.splitlines():
        match = line_of_test.match(re.sub(r"\x1b\[[0-9;]*m", "", line))
        if match:
            yield match.group(3), match.group(5)


def main(what, where, name=None):
    if what == "results":
        with open(where, encoding="utf-8") as file:
            for test, how in results(file.read()):
                print(test, how)
        return
    info = shown(where)
    names = [test["name"] for test in info["tests"]]
    if what == "tests":
        for number, test in enumerate(info["tests"], 1):
            file, line = place(info, test)
            print(number, test["name"], f"{file}:{line}")
    elif what == "tree":
        print_tree(tree(names))
    elif what == "pattern":
        print(pattern(names, name))
    elif what == "state":
        print(state(result(where, name)))
    elif what == "links":
        print("\n".join(links(output(result(where, name)))))
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])

"""The reference says of test runners what the tables of the program hold: each variable, each option in one, each guard."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
readme = (root / "templates/README.md").read_text()
variables = (root / "generator/runners/selection_variables.cpp").read_text()
flags = (root / "generator/runners/runner_flags.cpp").read_text()

names = re.findall(r'\{"([A-Z][A-Z0-9_]+)", *\n? *"', variables)
names += re.findall(r'\{"([A-Z_]+)", "[^"]+", k_\w+(?:, Spelling::\w+)?\}', variables)
for reader in ("go", "bun"):
    words = re.search(rf"k_{reader}_words\[\] = \{{(.*?)\}};", variables, re.S).group(1)
    names += [word.strip("-=") for word in re.findall(r'"([^"]+)"', words)]
guards = []
for table in re.findall(r"constexpr Guard k_\w+\[\] = \{(.*?)\};", flags, re.S):
    guards += re.findall(r'\{"(--[^"=]+)', table)
guards = [{"--no-dryRun": "--no-dry-run", "--override-ini": "a cache directory of the cell's own",
           "--dangerouslyIgnoreUnhandledErrors": "errors outside of tests count"}.get(guard, guard) for guard in guards]

dialects = (root / "generator/runners/dialects.hpp").read_text()
writers = re.findall(r'std::string_view k_\w+ = "([^"]+)"', dialects)
writers += re.findall(r'\.name = "([^"]+)"', (root / "generator/runners/dialects.cpp").read_text())
table = readme[readme.index("| writer |"):]
table = table[:table.index("\n\n")].lower()
for writer in writers:
    if writer.lower() not in table:
        sys.exit(f"templates/README.md: error: the table of writers has nothing on {writer}")

if len(writers) < 12 or len(names) < 25 or len(guards) < 8:
    sys.exit(f"the tables were not found: {len(names)} variables, {len(guards)} guards")
missing = [word for word in names + guards if not re.search(rf"(?<![\w]){re.escape(word)}(?!\w)", readme)]
for word in missing:
    print(f"templates/README.md: error: nothing is said of {word}")
sys.exit(1 if missing else 0)

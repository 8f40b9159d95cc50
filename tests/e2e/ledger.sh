# `known` and `friction`: what becomes of a failure from its first sight on, on a suite that vitest runs.
# Environment: FALSE_GREEN_MODULES, the node_modules with vitest that the false-green catalogue installs.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

: "${FALSE_GREEN_MODULES:=}"

# matrix_verb STATUS VERB...: of the suite in checkout/.
matrix_verb() {
  expect_status "$1" env -C checkout LC_ALL=C.UTF-8 TZ=UTC "$CTEST_MATRIX" "${@:2}" --build-dir ../build
}

commit() {
  git -C checkout add -A
  git -C checkout -c user.name=k -c user.email=k@k -c commit.gpgsign=false commit -qm "$1"
}

# same FILE: what is in it, with times, days and commits by name, is the standard input.
same() {
  sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+\+00:00/<time>/g; s/'"$(date -u +%F)"'/<today>/g; s/\b[0-9a-f]{9}\b/<commit>/g' \
    "$1" >shown
  diff -u - shown || die "$1 differs"
}

# The value is `north`, on wasm what is said here.
wasm_says() {
  printf 'export const place = (runtime: string) => (runtime === "wasm" ? "%s" : "north");\n' "$1" >checkout/place.ts
}

vitest_suite() {
  : "${FALSE_GREEN_MODULES:?is not set (tests/false-green)}"
  export PATH=$FALSE_GREEN_MODULES/.bin:$PATH
  mkdir -p checkout/tests
  git init -q checkout
  ln -s "$FALSE_GREEN_MODULES" checkout/node_modules
  printf 'node_modules\n' >checkout/.gitignore
  printf '{"name": "demo", "private": true, "type": "module"}\n' >checkout/package.json
  cat >checkout/matrix.yaml <<'EOF_MATRIX'
version: 1
name: demo
axes: {runtime: [native, wasm]}
columns: {native: {runtime: native}, wasm: {runtime: wasm}}
runner:
  command: [vitest, run, "tests/{file}.test.ts", -t, "{filter}", --reporter=default, --reporter=json, "--outputFile.json={report}"]
  file: tests/{file}.test.ts
  filter: 'runtime \({runtime}\)'
  scope: runtime ({runtime})
  report: vitest-json
known: known-failures.txt
friction: friction.md
rows:
  fast:
    vars: Actor Variables
EOF_MATRIX
  cat >checkout/tests/vars.test.ts <<'EOF_TEST'
import { describe, expect, it } from "vitest";
import { place } from "../place";
describe.each(["native", "wasm"])("runtime (%s)", (runtime) => {
  it("keeps its place", () => expect(place(runtime)).toBe("north"));
  it("counts", () => expect(1).toBe(1));
});
EOF_TEST
  wasm_says north
  commit 'a suite'
}

# What a careful person would have written by hand, to the letter.
test_story() {
  vitest_suite
  matrix_verb 0 run
  wasm_says south
  commit 'a change'
  matrix_verb 4 run only vars
  refute_output 'known-failures.txt' # nothing is there yet, and nothing is asked of it

  matrix_verb 0 friction new vars.wasm --no-edit
  expect_output 'wrote friction.md: '
  same checkout/friction.md <<'EOF_LOG'
# Demo Friction Log

## <today> - <commit>

### What I Was Working On

Running `vars.wasm` (Actor Variables on wasm) of demo.

### Friction / Issue

`vars.wasm` ends as FAIL.

- Cell: `vars.wasm`
- Last passed: <time> at <commit>
- First failure: <time> at <commit>
- Test: `keeps its place`: `AssertionError: expected 'south' to be 'north' // Object.is equality`
  - specific to vars.wasm: vars.native passes it
- Changed since it passed: sources
- Between: 1 run of cells

### Attempted Fix / Workaround

### Outcome
EOF_LOG
  matrix_verb 0 known add vars.wasm --issue DT-48 --review 2999-12-31
  expect_output 'added: vars.wasm: keeps its place'
  same checkout/known-failures.txt <<'EOF_LEDGER'
# Known failures, for `ctest-matrix known`, `run` and `report`: <cell>: <test>, or <cell>: (<verdict>) where no
# single test is to blame. Details stand below a line, comments above it.

matrix: demo

vars.wasm: keeps its place
  message: AssertionError: expected 'south' to be 'north' // Object.is equality
  issue: DT-48
  since: <today>, <commit>
  review: 2999-12-31
  rate: 1/1
  friction: <today>
EOF_LEDGER
  expect_line checkout/friction.md '- Ledger: `vars.wasm: keeps its place` (known-failures.txt)'
  commit 'what is known'
  matrix_verb 4 run only vars
  same <(grep -A2 '^known-failures.txt:$' output | tail -2) <<'EOF_SAID'
  known: vars.wasm: keeps its place - DT-48, since <today>
    seen before: <today> (friction.md:3)
EOF_SAID
  matrix_verb 4 run only vars --known
  expect_output '1 cell fails as known (vars.wasm), nothing new'
  matrix_verb 0 report --gate
  expect_output '  still failing: vars.wasm: keeps its place - AssertionError'
  expect_output 'Gate: no regression'
  matrix_verb 5 known close vars.wasm
  expect_output 'not closed: vars.wasm: keeps its place - it failed when it ran last (known)'
  matrix_verb 4 friction close vars.wasm
  expect_output 'not closed: vars.wasm does not pass'

  wasm_says north
  commit 'mended'
  matrix_verb 0 run only vars
  matrix_verb 0 known list
  expect_output '  recovered: vars.wasm: keeps its place'
  expect_output '1 of 1 green runs in a row, can be dropped'
  matrix_verb 0 friction list --open
  expect_output ', open, vars.wasm: Running `vars.wasm`'
  expect_output '  ledger: vars.wasm: keeps its place'
  matrix_verb 0 friction lint
  expect_output 'friction.md:3:1: warning: this entry is open, and vars.wasm passes'
  matrix_verb 0 known close vars.wasm
  matrix_verb 0 friction close vars.wasm --note 'The binding was older than its source.'
  same <(sed -n '/^### Outcome/,$p' checkout/friction.md) <<'EOF_LOG'
### Outcome

- `vars.wasm` passes since <time> at <commit>: 1 run in a row.
- Ledger: `vars.wasm: keeps its place` is closed (known-failures.txt).
- The binding was older than its source.
EOF_LOG
  same <(sed -n '/^  closed/,$p' checkout/known-failures.txt) <<'EOF_LEDGER'
  closed: <today>, <commit>, 1 green run in a row
EOF_LEDGER
  matrix_verb 0 friction list --open
  expect_equal '' "$(cat output)" 'the open entries'
  matrix_verb 0 friction lint

  wasm_says south
  commit 'broken again'
  matrix_verb 4 run only vars --known
  same <(grep -A2 '^known-failures.txt:$' output | tail -2) <<'EOF_SAID'
  reopened: vars.wasm: keeps its place - DT-48, since <today>; for the 2nd time, closed <today> after 1 green run in a row
    seen before: <today> (friction.md:3)
EOF_SAID
  matrix_verb 4 report --gate --allow-never-run
  expect_output '  reopened failure: vars.wasm: keeps its place - for the 2nd time'
  matrix_verb 0 known add vars.wasm
  same <(tail -n 2 checkout/known-failures.txt) <<'EOF_LEDGER'
  closed: <today>, <commit>, 1 green run in a row
  reopened: <today>, <commit>
EOF_LEDGER
  matrix_verb 0 report --gate --allow-never-run
  wasm_says east # fails, and otherwise than what is known
  matrix_verb 4 run only vars --known
  expect_output "  changed: vars.wasm: keeps its place - DT-48"
  matrix_verb 4 report --gate --allow-never-run
}

# The answer is `in time`, on wasm what is said here.
wasm_answers() {
  printf 'def answer(runtime):\n    return "%s" if runtime == "wasm" else "in time"\n' "$1" >checkout/answers.py
}

pytest_suite() {
  mkdir -p checkout/tests
  git init -q checkout
  printf '%s\n' __pycache__/ .pytest_cache/ >checkout/.gitignore
  cat >checkout/matrix.yaml <<'EOF_MATRIX'
version: 1
name: answers
axes: {runtime: [native, wasm]}
columns: {native: {runtime: native}, wasm: {runtime: wasm}}
runner:
  command: [/usr/bin/python3, -m, pytest, "tests/test_{file}.py", "--junitxml={report}"]
  file: tests/test_{file}.py
  environment: {RUNTIME: "{runtime}", PYTHONPATH: .}
  report: junit
  proves: scope
known: notes/known.txt
friction: notes/friction.md
issues: https://example.org/issues/{issue}
rows:
  fast:
    answers: Answers
EOF_MATRIX
  cat >checkout/tests/test_answers.py <<'EOF_TEST'
import os

from answers import answer


def test_is_in_time():
    assert answer(os.environ["RUNTIME"]) == "in time"


def test_is_there():
    assert answer("native")
EOF_TEST
  wasm_answers 'in time'
  commit 'a suite'
}

# The same way with pytest, whose message has another port and another time in it whenever it fails.
test_story_of_pytest() {
  pytest_suite
  matrix_verb 0 run
  wasm_answers 'late by 31ms, port 41234'
  commit 'a change'
  matrix_verb 4 run only answers
  matrix_verb 0 known add answers.wasm --issue '#48' --note 'waits for the port'
  matrix_verb 0 friction new answers.wasm --no-edit --working-on 'Ports that are chosen.'
  same checkout/notes/known.txt <<'EOF_LEDGER'
# Known failures, for `ctest-matrix known`, `run` and `report`: <cell>: <test>, or <cell>: (<verdict>) where no
# single test is to blame. Details stand below a line, comments above it.

matrix: answers

answers.wasm: tests.test_answers > test_is_in_time
  message: AssertionError: assert 'late by <duration>, port <port>' == 'in time' | - in time | + late by <duration>, port <port>
  issue: #48
  since: <today>, <commit>
  rate: 1/1
  note: waits for the port
  friction: <today>
EOF_LEDGER
  same checkout/notes/friction.md <<'EOF_LOG'
# Answers Friction Log

## <today> - <commit>

### What I Was Working On

Ports that are chosen.

### Friction / Issue

`answers.wasm` ends as FAIL.

- Cell: `answers.wasm`
- Last passed: <time> at <commit>
- First failure: <time> at <commit>
- Test: `tests.test_answers > test_is_in_time`: `AssertionError: assert 'late by 31ms, port 41234' == 'in time'`
  - specific to answers.wasm: answers.native passes it
- Changed since it passed: sources
- Between: 1 run of cells
- Ledger: `answers.wasm: tests.test_answers > test_is_in_time` (notes/known.txt)

### Attempted Fix / Workaround

### Outcome
EOF_LOG
  wasm_answers 'late by 1202ms, port 39871'
  commit 'another port'
  matrix_verb 4 run only answers --known
  same <(grep -A2 '^notes/known.txt:$' output) <<'EOF_SAID'
notes/known.txt:
  known: answers.wasm: tests.test_answers > test_is_in_time - #48, since <today>
    seen before: <today> (notes/friction.md:3)
EOF_SAID
  wasm_answers 'in time'
  commit 'mended'
  matrix_verb 0 run only answers
  matrix_verb 0 known close answers.wasm
  matrix_verb 0 friction close answers.wasm
  same <(sed -n '/^### Outcome/,$p' checkout/notes/friction.md) <<'EOF_LOG'
### Outcome

- `answers.wasm` passes since <time> at <commit>: 1 run in a row.
- Ledger: `answers.wasm: tests.test_answers > test_is_in_time` is closed (notes/known.txt).
EOF_LOG
  wasm_answers 'late by 7ms, port 50000'
  commit 'broken again'
  matrix_verb 4 run only answers --known
  same <(grep -A2 '^notes/known.txt:$' output) <<'EOF_SAID'
notes/known.txt:
  reopened: answers.wasm: tests.test_answers > test_is_in_time - #48, since <today>; for the 2nd time, closed <today> after 1 green run in a row
    seen before: <today> (notes/friction.md:3)
EOF_SAID
  matrix_verb 0 known list
  same output <<'EOF_LIST'
notes/known.txt: 1 known failure
  reopened: answers.wasm: tests.test_answers > test_is_in_time
    #48 https://example.org/issues/48, since <today> at <commit>, failed 3 of 4, last seen <today> at <commit>, closed once, friction log <today>, waits for the port
EOF_LIST
  matrix_verb 4 report --gate --allow-never-run
}

# small_suite: of the shell, with both files.
small_suite() {
  make_suite "  fast:
    alpha: Alpha
    beta: Beta" "known: known.txt
friction: notes/friction.md"
}

small_verb() {
  expect_status "$1" env TZ=UTC "$CTEST_MATRIX" "${@:2}" --matrix checkout/matrix.yaml --root checkout --build-dir build
}

small_list() {
  expect_status "$1" env TZ=UTC "$CTEST_MATRIX" "${@:2}" checkout/matrix.yaml --root checkout --build-dir build
}

test_a_flake_is_closed_after_enough_green_runs() {
  small_suite
  behave alpha.wasm <<<'add passed one'
  local result
  for result in failed passed failed; do
    behave alpha.wasm <<<"add $result one 'Error: it was not there in time'"
    run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  done
  small_verb 0 known add alpha.wasm
  expect_line checkout/known.txt '  rate: 2/3'
  cp checkout/known.txt before
  behave alpha.wasm <<<'add passed one'
  expect_status 0 "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_verb 5 known close alpha.wasm
  expect_output 'not closed: alpha.wasm: Suite > one - 1 of 3 green runs in a row; it failed 2 of 3 times'
  cmp before checkout/known.txt || die 'the ledger was changed'
  expect_status 0 "$CTEST" --test-dir build -R '^alpha\.wasm$' --repeat until-fail:2
  cp checkout/known.txt open
  small_verb 0 known close alpha.wasm --json
  expect_output '"action": "closed"'
  cp open checkout/known.txt
  small_verb 0 known close alpha.wasm
  expect_output 'closed: alpha.wasm: Suite > one - 3 green runs in a row'
  small_list 0 known list
  expect_output 'known.txt: 0 known failures'
  small_list 0 known list --all --json
  expect_output '"state": "closed"'
}

# However the ledger is wrong, nothing of it is lost and nothing is excused.
test_a_bad_ledger_excuses_nothing() {
  small_suite
  behave alpha.wasm <<<'add failed one "Error: boom"'
  run "$CTEST" --test-dir build -R '^(alpha|beta)'
  printf '<<<<<<< ours\nalpha.wasm: Suite > one\n' >checkout/known.txt
  cp checkout/known.txt before
  small_list 3 report --gate --allow-never-run
  expect_output "known.txt:1:1: error: expected '<cell>: <test>'"
  small_verb 3 known add alpha.wasm
  small_verb 3 known close alpha.wasm
  small_list 3 known lint
  small_list 3 known list
  cmp before checkout/known.txt || die 'the ledger was changed'

  printf 'matrix: shop\n\nalpha.wasm: Suite > one\n' >checkout/known.txt
  small_list 3 report --gate --allow-never-run
  expect_output "this ledger is that of the matrix 'shop', expected that of 'demo'"
  printf 'matrix: demo\n\nruntime=native|wasm: Suite > one\n' >checkout/known.txt
  small_list 4 report --gate --allow-never-run
  expect_output '  new failure: alpha.wasm: Suite > one'
  small_list 0 known lint --json
  expect_output '"code": "B010"'
  small_list 0 known lint
  expect_output 'known.txt:3:1: warning: this entry excuses nothing: it is about every cell'
  printf 'alpha.wasm: Suite > one\n  review: 2020-01-31\n' >checkout/known.txt
  small_list 4 report --gate --allow-never-run
  expect_output '  overdue: alpha.wasm: Suite > one - its review was due 2020-01-31'
  small_verb 0 known add alpha.wasm --review 2999-01-31
  expect_line checkout/known.txt '  review: 2999-01-31'
  small_list 0 report --gate --allow-never-run
  small_verb 2 known add alpha.wasm --where 'runtime=native|wasm'
  small_verb 2 known add beta.wasm
  expect_output 'beta.wasm passes: there is nothing to know of it'
  small_verb 2 known add beta.wasn
  expect_output "there is no cell 'beta.wasn', did you mean 'beta.wasm'?"
}

# What is known without a message is known whatever it says: that is said, and written where it is not meant.
test_an_entry_says_its_message() {
  small_suite
  sed -i '/^known:/s,^,issues: https://example.org/issues/{issue}\n,' checkout/matrix.yaml
  behave alpha.wasm <<<'add failed one "Error: it was not there in time"'
  run "$CTEST" --test-dir build -R '^(alpha|beta)'
  printf 'matrix: demo\n\nalpha.wasm: Suite > one\n  issue: #48\n' >checkout/known.txt
  small_list 0 report --gate --allow-never-run
  small_list 0 known list
  expect_output '    #48 https://example.org/issues/48, '
  expect_output ', whatever its message'
  small_list 0 known lint
  expect_output 'known.txt:3:1: warning: this entry excuses its failure whatever the message; expected `message:`'
  small_verb 0 known add alpha.wasm
  expect_output 'completed: alpha.wasm: Suite > one - Error: it was not there in time'
  expect_line checkout/known.txt '  message: Error: it was not there in time'
  expect_line checkout/known.txt '  issue: #48'
  small_list 0 known lint
  expect_output 'known.txt: nothing to say'
  small_list 0 report --markdown --baseline checkout/known.txt
  expect_output '**, [&#35;48](<https://example.org/issues/48>)'
  small_list 0 report --html report.html
  grep -q '"issue":"#48","link":"https://example.org/issues/48"' report.html || die 'the page has no link'
  sed -i 's/^  message: .*/  message: (any)/' checkout/known.txt
  small_list 0 known lint
  expect_output 'known.txt: nothing to say'
  small_verb 0 known add alpha.wasm
  expect_output 'all that fails in alpha.wasm is known'
  # What was closed with another message is the same entry, and stands once.
  printf 'matrix: demo\n\nalpha.wasm: Suite > one\n  message: Error: another\n  closed: 2026-01-01, abc, 1 green run in a row\n' >checkout/known.txt
  small_list 4 report --gate --allow-never-run
  small_verb 0 known add alpha.wasm
  expect_output 'reopened: alpha.wasm: Suite > one - Error: it was not there in time'
  expect_equal 1 "$(grep -c '^alpha.wasm: ' checkout/known.txt)" 'entries'
  small_list 0 report --gate --allow-never-run
  sed -i 's,^issues: .*,issues: example.org/{issue},' checkout/matrix.yaml
  small_list 3 known list
  expect_output 'issues: expected the address of an issue, such as https://example.org/issues/{issue}'
}

# A known failure hides no test that does not run any more.
test_a_known_failure_hides_no_lost_test() {
  small_suite
  behave alpha.wasm <<<'add failed one "Error: boom"; [ ! -e ../all ] || add passed two'
  touch all
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_verb 0 known add alpha.wasm
  small_list 0 report --gate --allow-never-run
  rm all
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_list 4 report --gate --allow-never-run
  expect_output '  new failure: alpha.wasm: Suite > two - ran before, and is gone or skipped now'
}

# What fails a cell beside its tests is new, however many of these are known to fail.
test_a_known_failure_hides_nothing_beside_it() {
  make_suite "  fast:
    alpha: Alpha
    beta: Beta" "  leaks: fail
known: known.txt"
  behave alpha.wasm <<<'add failed one "Error: boom"; add passed two'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_verb 0 known add alpha.wasm
  small_list 0 report --gate --allow-never-run

  behave alpha.wasm <<<'add failed one "Error: boom"; add passed two; setsid sleep 600 &'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_list 4 report --gate --allow-never-run
  expect_output '  new failure: alpha.wasm: processes left behind - left 1 process behind: sleep 600'
  small_verb 0 known add alpha.wasm
  small_list 0 report --gate --allow-never-run

  echo 'it.only("one", () => {});' >checkout/tests/alpha.test.ts
  behave alpha.wasm <<<'add failed one "Error: boom"; add skipped two'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_list 4 report --gate --allow-never-run
  expect_output '  new failure: alpha.wasm: a .only - '
  : >checkout/tests/alpha.test.ts

  behave alpha.wasm <<<'add failed one "Error: boom"; add failed one "Error: of its namesake"; add passed two'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_list 4 report --gate --allow-never-run
  expect_output '  changed: alpha.wasm: Suite > one - known with another message: Error: boom'
  behave alpha.wasm <<<'add failed one "Error: boom"; add failed one "Error: boom"; add passed two'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  small_list 0 report --gate --allow-never-run
}

test_a_friction_entry_is_edited() {
  small_suite
  behave alpha.wasm <<<'add failed one "Error: listen EADDRINUSE: address already in use :::6420"'
  run "$CTEST" --test-dir build -R '^alpha\.wasm$'
  mkdir checkout/notes
  printf '# Team Log ## 2026-02-12 - uncommitted ### What I Was Working On Old. ### Friction / Issue It said listen EADDRINUSE: address already in use :::7420 again. ### Outcome Done.' >checkout/notes/friction.md
  cp checkout/notes/friction.md before
  expect_status 2 env -u EDITOR -u VISUAL "$CTEST_MATRIX" friction new alpha.wasm --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'neither VISUAL nor EDITOR names an editor'
  cat >editor <<'EOF_EDITOR'
#!/bin/sh
sed -i 's/^Running .*/Looking for `a port`./' "$1"
EOF_EDITOR
  chmod +x editor
  EDITOR=false VISUAL='' small_verb 5 friction new alpha.wasm
  cmp before checkout/notes/friction.md || die 'the log was changed'
  EDITOR="$work/editor" VISUAL='' small_verb 0 friction new alpha.wasm
  expect_line checkout/notes/friction.md 'Looking for `a port`.'
  expect_equal "$(cut -c12- before)" "$(tail -n 1 checkout/notes/friction.md)" 'the entry of before'
  small_list 0 friction list
  expect_output 'notes/friction.md:'
  expect_output ': 2026-02-12 - uncommitted: Old.'
  sed -i '/^known:/d' checkout/matrix.yaml # the log alone tells, too
  small_list 0 report
  expect_output 'Seen before:'
  expect_output '  alpha.wasm: Suite > one: '
  small_verb 2 friction new alpha.wasm --no-edit
  expect_output 'there is an open entry of alpha.wasm already'
  sed -i '/^friction:/s/^/known: known.txt\n/' checkout/matrix.yaml
  small_list 0 report --html report.html
  grep -q '"known":{"state":"new failure","issue":"","link":"","friction":"","infrastructure":"Address in use","seen":"' report.html ||
    die 'the page does not tell what is known'
  small_list 0 report
  expect_output '    infrastructure: Address in use'
  expect_output ', 2026-02-12 (notes/friction.md:'
  small_list 0 friction list --json
  expect_output '"cell": "alpha.wasm"'
}

# edited_meanwhile STATUS FILE LINE VERB...: the verb, while somebody saves FILE with one more line at each of the first
# six times that it asks git; all that they wrote has to be there behind it.
edited_meanwhile() {
  local i
  mkdir -p editing
  rm -f editing/saved
  cat >editing/git <<EOF_GIT
#!/bin/sh
n=\$(cat '$work/editing/saved' 2>/dev/null || echo 0)
if [ "\$n" -lt 6 ]; then
  { cat '$work/checkout/$2'; echo "$3 \$n of $4 $5"; } >'$work/editing/new'
  mv '$work/editing/new' '$work/checkout/$2'
  echo \$((n + 1)) >'$work/editing/saved'
fi
exec '$(command -v git)' "\$@"
EOF_GIT
  chmod +x editing/git
  PATH="$work/editing:$PATH" small_verb "$1" "${@:4}"
  for ((i = 0; i < $(cat editing/saved); ++i)); do
    expect_line "checkout/$2" "$3 $i of $4 $5"
  done
  [ "$i" -gt 0 ] || die 'git was not asked'
}

# What somebody saves in the ledger or in the friction log at the same instant stays.
test_edits_at_the_same_instant() {
  small_suite
  git init -q checkout
  commit 'a suite'
  behave alpha.wasm <<<'add failed one "Error: broken"'
  behave beta.wasm <<<'add failed one "Error: broken"'
  run "$CTEST" --test-dir build -R 'wasm$'
  small_verb 0 friction new beta.wasm --no-edit
  small_verb 0 known add beta.wasm
  edited_meanwhile 0 notes/friction.md 'edit' friction new alpha.wasm --no-edit
  edited_meanwhile 0 known.txt '# edit' known add alpha.wasm
  expect_line checkout/known.txt 'alpha.wasm: Suite > one'
  rm checkout/behaviour/alpha.wasm
  expect_status 0 "$CTEST" --test-dir build -R '^alpha\.wasm$'
  edited_meanwhile 0 known.txt '# edit' known close alpha.wasm
  expect_equal 1 "$(grep -c '^  closed: ' checkout/known.txt)" 'closed entries'
  small_verb 0 friction close alpha.wasm
  expect_equal 1 "$(grep -c 'passes since' checkout/notes/friction.md)" 'outcomes'
}

test_what_was_not_asked_for_is_not_written() {
  make_suite "  fast:
    alpha: Alpha"
  behave alpha.wasm <<<'add failed one "Error: boom"'
  run "$CTEST" --test-dir build -R alpha
  small_verb 2 known add alpha.wasm
  expect_output 'expected `known: FILE` in the matrix, or --file FILE'
  small_verb 2 friction new alpha.wasm --no-edit
  expect_output 'expected `friction: FILE` in the matrix'
  write_matrix "  fast:
    alpha: Alpha" "known: known.txt
friction: friction.md"
  run env "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build
  small_list 0 report
  [ ! -e checkout/known.txt ] && [ ! -e checkout/friction.md ] || die 'something was written'
  small_verb 0 known add alpha.wasm --file other.txt
  expect_line other.txt 'alpha.wasm: Suite > one'
}

run_case "$@"

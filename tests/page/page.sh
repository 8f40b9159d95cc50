# The HTML page of `report`, in a real Chromium: what it shows of real runs, and what it makes of hostile texts.
#
# Environment: that of ../e2e/lib.sh, CTEST_MATRIX_CHILD (tests/children), PAGE_MODULES (node_modules of this directory),
# CHROMIUM (the program).

# shellcheck source=../e2e/service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/service_suite.sh"

page_tests="$source_dir/tests/page/page_test.mjs"

report() {
  expect_status "$1" "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build "${@:2}"
}

# browse CASE [FILE]: what the test of this name in page_test.mjs finds in the page.
browse() {
  expect_status 0 "$PAGE_MODULES/.bin/node" "$page_tests" "$1" "${2:-report.html}"
}

# run_cells EXPRESSION [STATUS]
run_cells() {
  expect_status "${2:-0}" "$CTEST" --test-dir build -R "$1"
}

# narrowing: the runner of the suite gets a filter, which it does not mind.
narrowing() {
  sed -i "s|\"{runtime}\"\]|\"{runtime}\", \"{filter}\"]|; s|^  report:|  filter: '{cell}'\n  narrow: '{filter}.*{test}'\n&|" checkout/matrix.yaml
  generate
}

# every_mark: a suite in which a cell stands in each way that there is.
every_mark() {
  mkdir -p checkout/src
  echo good >checkout/src/a.txt
  git -C checkout init -q
  git -C checkout -c user.name=t -c user.email=t@example.com commit -q --allow-empty -m first
  make_suite '  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: {suite: Gamma Tests, skip: {native: it has no such protocol}}
  slow:
    blocked: Blocked Tests
    hand: Tests of a person
    never: Tests that nobody ran
    opened: Opened Tests
  excluded:
    far: {suite: Far Tests, reason: only on request}' 'inputs: {all: [runner.sh]}
artifacts:
  binding:
    for: {runtime: wasm}
    inputs: [src/*]
    outputs: [out/binding]
    command: [sh, -c, "mkdir -p out && grep good src/a.txt >out/binding || (echo the source is bad; exit 1)"]'
  narrowing
  behave alpha.native <<<'add passed same; add passed differs; add passed only-here'
  behave alpha.wasm <<<'add passed same; add failed differs "Error: expected 1 to be 2"; echo the end of the log of alpha'
  behave gamma.native <<<'add skipped one'
  behave beta.native <<<'add passed one; add passed two'
  behave beta.wasm <<<'add passed one; add passed two'
  run_cells '(alpha|beta|gamma)\.' 8
  # The same commit, the same files: beta.native wavers.
  behave beta.native <<<'add failed one "Error: sometimes"'
  run_cells 'beta.native' 8
  behave beta.native <<<'add passed one; add passed two'
  run_cells '(beta|opened).native'
  # From now on the binding does not build: what needs it is blocked, what had it is stale.
  echo bad >checkout/src/a.txt
  run_cells 'blocked.wasm' 8
  sed -i 's/^- \[ \] \[ \] hand /- [x] [ ] hand /; s/^- \[x\] \[ \] opened /- [ ] [ ] opened /' checkout/demo-progress.md
}

look_at_every_mark() {
  every_mark
  report 0 --html report.html
  expect_line output 'wrote report.html'
  browse "$1"
}

test_every_mark_is_seen() {
  look_at_every_mark every_mark
}

test_cell_by_click_keyboard_and_fragment() {
  look_at_every_mark one_cell
}

test_filter() {
  look_at_every_mark filter
}

test_copy() {
  look_at_every_mark copy
}

test_accessible_in_both_themes() {
  look_at_every_mark accessible
}

test_without_scripts() {
  look_at_every_mark without_scripts
}

# From a server, as an artifact of a CI would be looked at; the page itself asks it for nothing else.
test_from_a_server() {
  look_at_every_mark from_a_server
}

test_parity_and_history() {
  look_at_every_mark parity_and_history
}

# A pool: two engines, each with cells of its own; the artifact is built first.
test_timeline() {
  mkdir -p checkout/src
  echo good >checkout/src/a.txt
  service_suite "$good" 5s "    instances: 2
artifacts:
  binding:
    inputs: [src/*]
    outputs: [out/binding]
    command: [sh, -c, 'mkdir -p out && cp src/a.txt out/binding']
parallel: true"
  local cell
  for cell in {alpha,beta}.{native,wasm}; do
    behave "$cell" <<<'. behaviour/together; . behaviour/healthy'
  done
  # Of the first two cells, each waits until the other one runs too.
  behave together <<'EOF_SNIPPET'
for i in $(seq 400); do [ "$(grep -c '^begin' trace)" -lt 2 ] || break; sleep 0.05; done
[ "$i" -lt 400 ] || add failed alone
EOF_SNIPPET
  expect_status 0 "$CTEST" --test-dir build -j 2
  report 0 --html report.html
  browse timeline
}

# Whatever a test is called and says, the page shows it as text.
# What columns share is one card; what differs is not; and what is red stands in front of the grid.
test_shared_failures() {
  make_suite '  fast:
    alpha: alpha
    beta: Beta Tests'
  local column
  for column in native wasm; do
    behave alpha.$column <<<"add failed same \"Error: nobody at port 40$RANDOM\""
    behave beta.$column <<<"add failed own \"Error: of $column\""
  done
  narrowing
  run_cells . 8
  report 0 --html report.html
  browse shared
}

test_hostile_texts() {
  make_suite '  fast:
    alpha: "</script><script>window.hacked = 1</script> & <b>Suite</b>"'
  cat >checkout/runner.py <<'EOF_RUNNER'
import json, sys
file, report, scope = sys.argv[1:4]
evil = [
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "'\"`$(touch hacked)`\\ & &lt;",
    "\u202eright to left \u2066 isolate",
    "escape \x1b[31mred\x1b[0m \x07 bell \x9b31m csi",
    "two\nlines\r\nand \u2028 more",
    "<!-- <script> @DATA@ @NONCE@",
    "javascript:window.hacked=1",
    "long " + "x" * 3000,
]
tests = [{"ancestorTitles": ["Outer", scope, title], "title": title, "status": "failed", "duration": 1,
          "failureMessages": [title + "\n    at " + file + ":3:1"]} for title in evil]
tests.append({"ancestorTitles": ["Outer", scope], "title": "BAD BYTES", "status": "passed", "duration": 1, "failureMessages": []})
text = json.dumps({"success": False, "testResults": [{"name": __import__("os").path.abspath(file), "status": "failed",
                                                       "assertionResults": tests}]}, ensure_ascii=False)
open(report, "wb").write(text.encode())
sys.stdout.buffer.write(b"</script><script>window.hacked = 1</script>\n\xff\xfe\xc3( \x1b]0;title\x07 \x00 the last line\n")
sys.exit(1)
EOF_RUNNER
  sed -i 's|^  command: .*|  command: [/usr/bin/python3, runner.py, "tests/{file}.test.ts", "{report}", "runtime ({runtime})", "{runtime}"]|' checkout/matrix.yaml
  narrowing
  run_cells 'alpha\.' 8
  # What a title and a message may be in a journal that came from elsewhere.
  printf 'no record at all </script>\n' >>build/ctest-matrix/demo/journal.jsonl
  report 0 --html report.html
  browse hostile
}

# Nothing is half written, and what was there before stays.
test_bad_path() {
  make_suite '  fast:
    alpha: Alpha Tests'
  mkdir directory
  report 1 --html directory
  expect_output 'cannot write directory: '
  expect_equal '' "$(find directory -mindepth 1)" 'what is in the directory'
  report 1 --html checkout/matrix.yaml/report.html
  expect_output 'cannot make the directory checkout/matrix.yaml: '
  report 2 --html
  report 0 --html deep/er/report.html
  grep -q '</html>' deep/er/report.html || die 'the page has no end'
  [ "$(ls -A deep/er)" = report.html ] || die "more than the page: $(ls -A deep/er)"
  # A disk that is full: the old page stays whole.
  cp deep/er/report.html before.html
  run bash -c 'ulimit -f 8; exec "$@"' limited "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --html deep/er/report.html
  [ "$status" != 0 ] || die 'a page that did not fit was taken for written'
  cmp before.html deep/er/report.html || die 'the old page changed'
}

# With --json the page is written besides, and the words stay out of the JSON.
test_with_json_and_gate() {
  make_suite '  fast:
    alpha: Alpha Tests'
  behave alpha.wasm <<<'add failed one "Error: boom"'
  run_cells 'alpha\.' 8
  : >known.txt
  status=0
  "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --json --html report.html --baseline known.txt --gate \
    >report.json 2>output || status=$?
  expect_equal 4 "$status" 'the gate'
  expect_line output 'wrote report.html'
  /usr/bin/python3 -m json.tool report.json >/dev/null || die 'no JSON'
  grep -q '</html>' report.html || die 'no page'
}

run_case "$@"

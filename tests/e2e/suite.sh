# A small suite for the end-to-end tests: a checkout with a matrix, test files and a runner that writes vitest's report.
#
# What a cell's runner does is a shell snippet, checkout/behaviour/<cell>; without one, two tests pass. The runner notes
# the begin and the end of every cell in checkout/trace.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# write_matrix ROWS [MORE]: the matrix of the checkout with these rows (YAML below `rows:`), the rest of the runner's
# section and further sections.
write_matrix() {
  cat >checkout/matrix.yaml <<EOF_MATRIX
version: 1
name: demo
axes:
  runtime: [native, wasm]
columns:
  native: {runtime: native}
  wasm: {runtime: wasm}
runner:
  command: [./runner.sh, "tests/{file}.test.ts", "{report}", "{cell}", "{runtime}"]
  scope: 'runtime ({runtime})'
  report: vitest-json
  grace: 1s
${2:-}
rows:
$1
EOF_MATRIX
}

# make_suite ROWS [MORE]: the checkout, with a file for each row, and its build directory.
make_suite() {
  mkdir -p checkout/tests checkout/behaviour
  write_matrix "$@"
  local row
  sed -n '/^rows:/,$s/^    \([a-z-]*\):.*/\1/p' checkout/matrix.yaml >rows
  while read -r row; do
    : >"checkout/tests/$row.test.ts"
  done <rows
  cat >checkout/runner.sh <<'EOF_RUNNER'
#!/usr/bin/env bash
# runner.sh FILE REPORT CELL RUNTIME
file=$1 report=$2 cell=$3 scope="runtime ($4)"
tests='' success=true
# add STATUS TITLE [MESSAGE]: a test of the report
add() {
  tests="$tests${tests:+,}{\"ancestorTitles\":[\"Outer\",\"$scope\",\"Suite\"],\"title\":\"$2\",\"status\":\"$1\",\"duration\":1,\"failureMessages\":[${3:+\"$3\"}]}"
  [ "$1" != failed ] || success=false
}
write_report() {
  local path=$PWD/$file
  path=${path//\\/\\\\}
  path=${path//\"/\\\"}
  printf '{"success":%s,"testResults":[{"name":"%s","status":"%s","assertionResults":[%s]}]}\n' \
    $success "$path" "$($success && echo passed || echo failed)" "$tests" >"$report"
}
echo "begin $cell" >>trace
if [ -e "behaviour/$cell" ]; then
  . "behaviour/$cell"
else
  add passed 'works'
  add passed 'works again'
fi
write_report
echo "end $cell" >>trace
$success
EOF_RUNNER
  chmod +x checkout/runner.sh
  generate
}

# generate [ARGUMENTS]: the build directory `build`, anew.
generate() {
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build "$@"
}

# behave CELL: the snippet on standard input is what its runner does from now on.
behave() {
  cat >"checkout/behaviour/$1"
}

# begun: the cells that ran, in their order, on one line.
begun() {
  sed -n 's/^begin //p' checkout/trace 2>/dev/null | tr '\n' ' ' | sed 's/ $//'
}

# boxes ROW: the row's boxes in the progress file, such as `[x] [ ]`.
boxes() {
  sed -n "s,^- \(\[.\] \[.\]\) $1 |.*,\1,p" checkout/demo-progress.md
}

# log_of ROW COLUMN: the outcomes in the log of the progress file, without times: `PASS (2 tests, <duration>)`.
log_of() {
  sed -n '/^## Log/,$p' checkout/demo-progress.md | sed -n "s,^- [^ ]* $1 \[$2\]: ,,p" |
    sed 's/, [0-9.]* *[a-z]*)$/, <duration>)/'
}

# What the cases of the catalogue share: a project with a matrix, and the chain bare runner, plain CTest, ctest-matrix.
#
# A case says which `class` it belongs to, writes test files (`suite`) or a runner of its own (`runner`), sets the
# variables of the matrix below where it needs others, and ends with `deceptive VERDICT REASON` or `judged VERDICT
# REASON`, which run the whole chain on the cell a.native and note the row of the table.
# Environment: that of ../e2e/lib.sh, FALSE_GREEN_MODULES (the node_modules that install_modules.sh made), FALSE_GREEN_ROWS
# (where the table's rows go; default: nowhere), CTEST_MATRIX_CHILD (the program of tests/children).
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../e2e/lib.sh
source "$here/../e2e/lib.sh"
unset VITEST_CONFIG CI

# The matrix, as YAML. `command` is the argument list of the runner.
vitest='node_modules/.bin/node, node_modules/vitest/vitest.mjs, run'
by_filter='"tests/{file}.test.js", -t, "{filter}"'
command="$vitest, $by_filter"
filter='runtime \({runtime}\)'
scope='runtime ({runtime})'
report=vitest-json
timeout=60
patience='' # how long the bare runner and plain CTest are given, where that is less
row='a: a'
more_of_runner='' # more lines of `runner:`
more_of_matrix='' # more top-level lines
plain_properties='' # what a plain add_test() would be given for the case
cell=a.native

# class CLASS CASE: what the row of the table is called.
class() {
  row_class=$1
  row_case=$2
  row_file=${FALSE_GREEN_ROWS:+$FALSE_GREEN_ROWS/$(basename "$0" .sh).$case_name.md}
  [ -z "$row_file" ] || { mkdir -p "$FALSE_GREEN_ROWS" && rm -f "$row_file"; }
  FALSE_GREEN_CASE=$work FALSE_GREEN_LAUNCHER=$(readlink -f "$CTEST_MATRIX") # for report.sh
  export FALSE_GREEN_CASE FALSE_GREEN_LAUNCHER
  mkdir -p project/tests
  cp "$here"/project/{package.json,vitest.config.mjs} "$here/report.sh" project/
  [ -z "${FALSE_GREEN_MODULES:-}" ] || ln -s "$FALSE_GREEN_MODULES" project/node_modules
  : >project/tests/a.test.js
}

# suite NAME: the test file NAME, from standard input.
suite() {
  cat >"project/tests/$1.test.js"
}

# vitest_config JSON: options over those of the project's vitest configuration.
vitest_config() {
  export VITEST_CONFIG=$1
}

# runner: a runner of the case's own, a bash script from standard input. It is called with the path of the report, in
# the project, and has the functions of report.sh.
runner() {
  { printf 'source ./report.sh\nreport=$1\n'; cat; } >project/runner.sh
  command='bash, runner.sh, "{report}", "{filter}"'
}

matrix() {
  cat >project/matrix.yaml <<END
version: 1
name: suite
axes: {runtime: [native, wasm]}
columns: {native: {runtime: native}, wasm: {runtime: wasm}}
labels: {fast: {timeout: $timeout}, slow: {timeout: $timeout}}
runner:
  command: [$command]
  file: tests/{file}.test.js
  scope: '$scope'
  filter: '$filter'
  report: $report
  grace: 500ms
$(sed 's/^/  /' <<<"$more_of_runner")
progress: progress.md
$more_of_matrix
rows:
  fast:
$(sed 's/^/    /' <<<"$row")
END
}

tool() {
  local verb=$1
  shift
  run "$CTEST_MATRIX" "$verb" project/matrix.yaml --root project --build-dir build "$@"
}

generate() {
  matrix
  tool generate
  [ "$status" = 0 ] || die "generate: exit status $status"
  bare_line=$(bare_line)
}

# --- the three columns of the table ---

# The command as the matrix has it, with nobody judging it, and without the flags that ctest-matrix appends.
bare_line() {
  "$CTEST_MATRIX" cell "$cell" project/matrix.yaml --root project --build-dir build --print |
    sed "s| --reporter=default --reporter=json .*||; s| --allowOnly=false --dangerouslyIgnoreUnhandledErrors=false\( .--testNamePattern=^.\)\?$||; s|{report}|$work/bare/report|g"
}

# alone [CTEST ARGUMENTS]: the command with nobody judging it, and as a test that somebody adds by hand: one run, of which
# noted.pl notes how it ended.
alone() {
  rm -rf bare plain
  mkdir bare plain
  {
    printf 'add_test([==[%s]==] perl [==[%s/noted.pl]==] [==[%s/bare/status]==] bash -c [==[%s]==])\n' \
      "$cell" "$here" "$work" "$bare_line"
    printf 'set_tests_properties([==[%s]==] PROPERTIES TIMEOUT %s %s)\n' "$cell" "${patience:-$timeout}" "$plain_properties"
  } >plain/CTestTestfile.cmake
  run env "FALSE_GREEN_ALONE=$work" "$CTEST" --test-dir plain "$@"
  plain_says=$(sed -nE 's/^(1\/1| *) Test .*: [^ ]+ \.+[ *]*([^.*]+[A-Za-z]).* [0-9.]+ sec$/\2/p' "$work/output" |
    sed 's/^Exception: //' | tail -n 1)
  : "${plain_says:=exit $status}"
  reap
  bare_status=$(cat bare/status 2>/dev/null || echo 124)
  bare_says="exit $bare_status"
  [ "$bare_status" != 124 ] || bare_says='never ends'
}

# ours [CTEST ARGUMENTS]: the cell as a test of the matrix.
ours() {
  run "$CTEST" --test-dir build -R "^${cell//./\\.}\$" --output-junit "$work/build/junit.xml" "$@"
  ctest_status=$status
}

# --- what must hold ---

box() {
  sed -n "s/^- \(\[.\] \[.\]\) ${cell%%.*} |.*/\1/p" project/progress.md
}

expect_box() {
  expect_equal "$1" "$(box)" 'the boxes in the progress file'
}

expect_in_log() {
  grep -qF -- "$1" project/progress.md || die "expected in the progress file: $1; it has: $(cat project/progress.md)"
}

# expect_verdict VERDICT REASON: what CTest, the cell, and the progress file say; also once CTest's own results went
# through the post-processor, by each of its doors.
expect_verdict() {
  local boxes='[ ] [ ]' line="[ctest-matrix] $1 $cell: "
  case $1 in
    PASS) expect_equal 0 "$ctest_status" "the exit status of ctest" && boxes='[x] [ ]' ;;
    SKIP) expect_equal 0 "$ctest_status" "the exit status of ctest" && boxes='[x] [ ]' ;;
    *) expect_equal 8 "$ctest_status" "the exit status of ctest" ;;
  esac
  grep -qaF -- "$line" build/Testing/Temporary/LastTest.log || {
    cp build/Testing/Temporary/LastTest.log output
    die "expected the verdict line: $line"
  }
  expect_processed "$boxes" "$2"
  ours_say=$1
}

# expect_processed BOXES REASON
expect_processed() {
  local results
  for results in '' '--junit build/junit.xml'; do
    # shellcheck disable=SC2086 # two words or none
    tool progress $results
    expect_box "$1"
    expect_in_log "$2"
  done
}

# needs COMMAND...: where it fails, the machine cannot produce the case: the test is skipped and says so.
needs() {
  "$@" >/dev/null 2>&1 || {
    printf 'this machine cannot produce the case: %s\n' "$*"
    trap - EXIT
    rm -rf "$work"
    exit 77
  }
}

# note_row [WHAT WE SAY]: the row of the table.
note_row() {
  local says=${1:-**$ours_say**}
  printf '| %s: %s | %s | %s | %s |\n' "$row_class" "${row_case//|/\\|}" "$bare_says" "$plain_says" "$says" |
    tee ${row_file:+"$row_file"}
}

# judged VERDICT REASON [CTEST ARGUMENTS]
judged() {
  local verdict=$1 reason=$2
  shift 2
  generate
  alone
  ours "$@"
  expect_verdict "$verdict" "$reason"
  note_row
}

# deceptive VERDICT REASON [CTEST ARGUMENTS]: and the bare runner is content, so that CTest is, too.
deceptive() {
  judged "$@"
  expect_equal 0 "$bare_status" 'the exit status of the bare runner'
  expect_equal Passed "$plain_says" 'what plain CTest says'
}

# reap: ends what the command left behind that nobody supervised.
reap() {
  local process
  for process in $(marked_processes "FALSE_GREEN_ALONE=$work"); do
    kill -KILL "$process" 2>/dev/null || true
  done
}

run_catalogue() {
  case_name=${1:-}
  run_case "$@"
}

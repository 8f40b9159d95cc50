# Every verdict through the real ctest, the progress file that comes of it, and results that come from elsewhere.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests"
one_row="  fast:
    alpha: Alpha Tests"

# cell NAME: runs it without ctest.
cell() {
  run "$CTEST_MATRIX" cell "$1" checkout/matrix.yaml --root checkout --build-dir build
}

# through_ctest VERDICT: ctest runs alpha.native, and fails.
through_ctest() {
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_output '- alpha.native (Failed)'
  grep -q "^\[ctest-matrix\] $1 alpha.native: " build/Testing/Temporary/LastTest.log ||
    die "no verdict line of $1 in the log of ctest"
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes after ctest'
}

test_pass() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm' "$(begun)" 'the cells that ran'
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal '[x] [x]' "$(boxes beta)" 'boxes of beta'
  expect_equal 'PASS (2 tests, <duration>)' "$(log_of alpha native)" 'log of alpha.native'
  grep -qE '^- [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2} beta \[wasm\]: PASS' \
    checkout/demo-progress.md || die 'a log line without an ISO 8601 time'
  grep -qE '^- [^ ]+ ALL TESTS COMPLETE$' checkout/demo-progress.md || die 'no line at the end'
  expect_status 0 "$CTEST" --test-dir build -N -L todo
  expect_output 'Total Tests: 0'
}

test_fail() {
  make_suite "$rows"
  behave alpha.wasm <<<'add passed one; add failed two "Error: expected 1 to be 2\n    at alpha.test.ts:7"'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output '- alpha.wasm (Failed)'
  expect_output 'why:     FAIL - Suite > two: Error: expected 1 to be 2'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal '[x] [x]' "$(boxes beta)" 'boxes of beta'
  expect_equal 'FAIL - Suite > two: Error: expected 1 to be 2' "$(log_of alpha wasm)" 'log of alpha.wasm'
  ! grep -q 'ALL TESTS COMPLETE' checkout/demo-progress.md || die 'complete with a failure'
  expect_status 0 "$CTEST" --test-dir build -N -L todo
  expect_output alpha.wasm
  refute_output alpha.native
}

test_link_to_the_log() {
  make_suite "$one_row" 'logs: {current: latest/current.log}'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal "$(readlink -f build/ctest-matrix/demo/logs/alpha.native.log)" "$(readlink -f checkout/latest/current.log)" 'where the link leads'
  refute_output 'logs: current'
  rm -r checkout/latest
  : >checkout/latest
  expect_status 0 "$CTEST" --test-dir build -V -R alpha.native
  expect_output "note: \`logs: current\` could not be made, $PWD/checkout/latest/current.log does not show this cell's log: "
  rm checkout/latest
  mkdir checkout/latest
  echo kept >checkout/latest/current.log
  expect_status 0 "$CTEST" --test-dir build -V -R alpha.native
  expect_output 'something that is no link is there'
  expect_equal kept "$(cat checkout/latest/current.log)" 'what somebody has in its place'
}

test_fail_unticks() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build
  behave alpha.native <<<'add failed one "Error: broken"; add failed two'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_equal '[ ] [x]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal 'FAIL - Suite > one: Error: broken (and 1 more)' "$(log_of alpha native | tail -n 1)" 'log'
  behave alpha.native <<<'add passed one; add passed two'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes of alpha, repaired'
  expect_equal 3 "$(log_of alpha native | wc -l)" 'log lines of alpha.native'
}

test_stop_on_failure_and_resume() {
  make_suite "$rows"
  behave alpha.wasm <<<'add failed two'
  expect_status 8 "$CTEST" --test-dir build -L todo --stop-on-failure
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'the cells up to the failure'
  rm checkout/behaviour/alpha.wasm checkout/trace
  expect_status 0 "$CTEST" --test-dir build -L todo --stop-on-failure
  expect_equal 'alpha.wasm beta.native beta.wasm' "$(begun)" 'the cells of the next run'
}

test_no_tests() {
  make_suite "$rows"
  behave alpha.native <<<'scope="runtime (other)"; add skipped one; add skipped two'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output "why:     NO-TESTS - the filter matched nothing: of the report's 2 tests none in the cell"
  through_ctest NO-TESTS
  behave alpha.native <<<''
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     NO-TESTS - the report holds no test'
  expect_equal 'FAIL - NO-TESTS: the report holds no test' "$(log_of alpha native | tail -n 1)" 'log'
}

test_foreign_scope() {
  make_suite "$rows"
  behave alpha.native <<<'add passed one; scope="runtime (wasm)"; add passed stranger'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output "why:     FOREIGN - 1 test of another cell or file ran, first: $work/checkout/tests/alpha.test.ts: \
Outer > runtime (wasm) > Suite > stranger"
  through_ctest FOREIGN
}

test_foreign_file() {
  make_suite "$rows"
  behave alpha.native <<<'file=tests/beta.test.ts; add passed one'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     FOREIGN - 1 test of another cell or file ran'
  through_ctest FOREIGN
}

test_bad_report() {
  make_suite "$rows"
  behave alpha.native <<<'echo "all is well"; exit 0'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     BAD-REPORT - the runner exited 0 and wrote no report'
  through_ctest BAD-REPORT
  behave alpha.native <<<'add passed one; write_report; head -c 100 "$report" >half; mv half "$report"; exit 0'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     BAD-REPORT - '
  expect_output 'the text ends too early'
  behave alpha.native <<<'add passed one; success=false'
  cell alpha.native
  expect_equal 4 "$status" 'exit status of a report that contradicts itself'
}

# A report that is there already must not count for this run.
test_stale_report() {
  make_suite "$rows"
  sed -i 's/"{report}"/"--out={report}"/' checkout/matrix.yaml
  sed -i 's/^file=.*/file=$1 report=${2#--out=} cell=$3 scope="runtime ($4)"/' checkout/runner.sh
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  behave alpha.native <<<'exit 0'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     BAD-REPORT - the runner exited 0 and wrote no report'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
}

test_exit() {
  make_suite "$rows"
  behave alpha.native <<<'add passed one; write_report; echo "worker died" >&2; exit 3'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     EXIT - the runner exited 3 although its 1 test passed'
  through_ctest EXIT
}

test_crash() {
  make_suite "$rows"
  behave alpha.native <<<'add passed one; write_report; kill -SEGV $$'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     CRASH - the runner was ended by signal 11 (Segmentation fault)'
  through_ctest CRASH
}

# The launcher stops the tree shortly before ctest would, so that the verdict is its own.
test_timeout() {
  make_suite "$one_row" 'labels:
  fast: {timeout: 8}'
  behave alpha.native <<<'echo $$ >pid; trap "" TERM; sleep 1000 & sleep 1001'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output '- alpha.native (Failed)'
  expect_output 'why:     TIMEOUT - the runner did not end within'
  expect_output 'sleep 1001'
  ! kill -0 "$(cat checkout/pid)" 2>/dev/null || die 'the runner is still there'
  expect_equal '' "$(marked_processes "$work")" 'processes left'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  case $(log_of alpha native) in
    'FAIL - TIMEOUT: the runner did not end within '*) ;;
    *) die "log: $(log_of alpha native)" ;;
  esac
}

# What the runner leaves behind is ended, and told.
test_leak() {
  make_suite "$one_row"
  behave alpha.native <<<'add passed one; setsid sleep 1002 </dev/null >/dev/null 2>&1 &'
  cell alpha.native
  expect_equal 0 "$status" 'exit status'
  expect_output 'note: ended what the runner left behind: sleep 1002'
  expect_equal '' "$(marked_processes "$work")" 'processes left'
  sed -i 's/^  grace: 1s/&\n  leaks: fail/' checkout/matrix.yaml
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     FAIL - left 1 process behind: sleep 1002'
}

test_setup() {
  make_suite "$rows"
  rm checkout/runner.sh
  cell alpha.native
  expect_equal 5 "$status" 'exit status'
  expect_output 'why:     SETUP - '
  expect_output ./runner.sh
  through_ctest SETUP
  expect_equal '' "$(begun)" 'cells that ran'
}

test_directory_gone() {
  make_suite "$rows"
  sed -i 's/^runner:/&\n  directory: pack/' checkout/matrix.yaml
  mkdir checkout/pack
  mv checkout/runner.sh checkout/tests checkout/behaviour checkout/pack/
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  rm -r checkout/pack
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_output 'alpha.native (Not Run)'
}

test_skip_declared() {
  make_suite "  fast:
    alpha: {suite: Alpha Tests, skip: {wasm: no such thing on wasm}}"
  behave alpha.wasm <<<'add skipped one; add skipped two'
  expect_status 0 "$CTEST" --test-dir build
  grep -q 'alpha.wasm .*\*\*\*Skipped' output || die 'ctest does not call it skipped'
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes'
  expect_equal 'SKIP - no such thing on wasm' "$(log_of alpha wasm)" 'log'
  cell alpha.wasm
  expect_equal 77 "$status" 'exit status'
  expect_output '[ctest-matrix-skip] no such thing on wasm'
  # A declared skip whose tests run passes, and tells that the declaration may go; one that fails, fails.
  behave alpha.wasm <<<'add passed one'
  cell alpha.wasm
  expect_equal 0 "$status" 'exit status of tests that run'
  expect_output 'note: the matrix declares this cell as skipped (no such thing on wasm), but its tests ran'
  behave alpha.wasm <<<'add failed one'
  expect_status 8 "$CTEST" --test-dir build -R alpha.wasm
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of a declared skip that fails'
}

test_skip_undeclared() {
  make_suite "$rows"
  behave alpha.native <<<'add skipped one; add skipped two'
  cell alpha.native
  expect_equal 4 "$status" 'exit status'
  expect_output 'why:     NO-TESTS - every test of the cell (2) is skipped, and the matrix declares no skip for it'
  through_ctest NO-TESTS
}

# A runner's output cannot make ctest believe in a skip or in another verdict.
test_forged_marker() {
  make_suite "  fast:
    alpha: {suite: Alpha Tests, skip: {native: reasons}}"
  behave alpha.native <<<'echo "[ctest-matrix-skip] forged"
echo "[ctest-matrix] PASS alpha.native: 9 passed, 0 failed, 0 skipped, 1 ms (record 000000000000-00000000)"
add failed one'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  expect_output '- alpha.native (Failed)'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes after progress'
}

test_partial_skip() {
  make_suite "$one_row"
  behave alpha.native <<<'add passed one; add passed two; add skipped three'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 'PASS (2 tests, 1 skipped, <duration>)' "$(log_of alpha native)" 'log'
}

test_exit_codes_by_hand() {
  make_suite "$rows"
  cell alpha.native
  expect_equal 0 "$status" 'exit status of a pass'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes'
  behave alpha.native <<<'add failed one'
  cell alpha.native
  expect_equal 4 "$status" 'exit status of a failure'
  cell gamma.native
  expect_equal 2 "$status" 'exit status of a cell that is not there'
}

# interrupt SIGNAL: alpha.native by hand, the signal to its launcher while it runs.
interrupt() {
  rm -f checkout/pid
  behave alpha.native <<<'echo $$ >pid; sleep 1003'
  # A background job of a shell ignores INT; env puts it back.
  env --default-signal=INT "$CTEST_MATRIX" cell alpha.native checkout/matrix.yaml --root checkout --build-dir build \
    >output 2>&1 </dev/null &
  local launcher=$!
  eventually 30 test -s checkout/pid || die 'the cell did not start'
  kill -s "$1" "$launcher"
  status=0
  wait "$launcher" || status=$?
}

test_interrupted() {
  make_suite "$rows"
  cell alpha.native
  cp checkout/demo-progress.md before
  local signal number
  for signal in INT TERM HUP; do
    number=$(kill -l $signal)
    interrupt $signal
    expect_equal 130 "$status" "exit status after $signal"
    expect_output "why:     INTERRUPTED - stopped by signal $number"
    expect_equal '' "$(marked_processes "$work")" "processes left after $signal"
    # It proves nothing about the cell: the box stays as it was.
    expect_equal '[x] [ ]' "$(boxes alpha)" "boxes after $signal"
  done
}

test_killed_launcher() {
  make_suite "$rows"
  interrupt KILL
  expect_equal 137 "$status" 'exit status after KILL'
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
}

# Ctrl-C in a terminal signals the whole group: ctest, the launcher and the runner.
test_interrupted_ctest() {
  make_suite "$rows"
  behave alpha.wasm <<<'echo $$ >pid; sleep 1004'
  setsid env --default-signal=INT "$CTEST" --test-dir build >output 2>&1 </dev/null &
  local group=$!
  eventually 30 test -s checkout/pid || die 'the cell did not start'
  kill -s INT -- "-$group"
  wait "$group" && die 'ctest exits 0 after an interrupt'
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'the cells that began'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes'
}

# mixed_suite: one cell of each kind.
mixed_suite() {
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: {suite: Gamma Tests, skip: {wasm: reasons}}
    delta: Delta Tests"
  behave alpha.wasm <<<'add passed one; add failed two "Error: no"'
  behave beta.native <<<'scope=other; add skipped one'
  behave gamma.wasm <<<'add skipped one'
  behave delta.wasm <<<'kill -SEGV $$'
}

progress() {
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir "$1" "${@:2}"
}

all_boxes() {
  grep '^- \[.\] \[.\] ' checkout/demo-progress.md
}

test_junit_of_another_machine() {
  mixed_suite
  expect_status 8 "$CTEST" --test-dir build --output-junit "$work/junit.xml"
  all_boxes >wanted
  expect_line wanted '- [x] [ ] alpha | Alpha Tests'
  expect_line wanted '- [ ] [x] beta | Beta Tests'
  expect_line wanted '- [x] [x] gamma | Gamma Tests'
  expect_line wanted '- [x] [ ] delta | Delta Tests'
  # The other machine: the same checkout, nothing else.
  mv checkout/demo-progress.md first.md
  rm -r build
  progress build2 --junit junit.xml
  expect_output '8 new results'
  all_boxes | diff -u wanted - || die 'the boxes differ'
  expect_equal 'PASS (2 tests, <duration>)' "$(log_of alpha native)" 'log of a pass'
  expect_equal 'SKIP - reasons' "$(log_of gamma wasm)" 'log of a skip'
  case $(log_of alpha wasm) in FAIL*) ;; *) die "log of a failure: $(log_of alpha wasm)" ;; esac
  case $(log_of delta wasm) in FAIL*CRASH*) ;; *) die "log of a crash: $(log_of delta wasm)" ;; esac
  cp checkout/demo-progress.md before
  cp -r build2 build.before
  progress build2 --junit junit.xml
  expect_output '0 new results, 0 lines in the log'
  cmp before checkout/demo-progress.md || die 'applied twice'
  diff -r -x '*.lock' build.before build2 || die 'the journal grew'
}

# On the machine that ran them, the results are known already.
test_junit_of_this_machine() {
  mixed_suite
  expect_status 8 "$CTEST" --test-dir build --output-junit "$work/junit.xml"
  cp checkout/demo-progress.md before
  progress build --junit junit.xml
  expect_output '0 new results, 0 lines in the log'
  cmp before checkout/demo-progress.md || die 'applied twice'
  progress build
  expect_output '0 new results, 0 lines in the log'
  cmp before checkout/demo-progress.md || die 'applied twice, from LastTest.log'
}

test_dashboard_and_log() {
  mixed_suite
  expect_status 8 "$CTEST" --test-dir build -T Test --no-compress-output
  all_boxes >wanted
  cp "build/Testing/$(head -n 1 build/Testing/TAG)/Test.xml" Test.xml
  cp -r build/Testing/Temporary logs
  rm -r build checkout/demo-progress.md
  progress build2 --test-xml Test.xml
  all_boxes | diff -u wanted - || die 'the boxes of Test.xml'
  rm checkout/demo-progress.md
  progress build3 --last-test-log "$(find logs -name 'LastTest*.log' ! -name 'LastTests*')"
  all_boxes | diff -u wanted - || die 'the boxes of LastTest.log'
}

test_journal_of_another_machine() {
  mixed_suite
  expect_status 8 "$CTEST" --test-dir build
  all_boxes >wanted
  mv "$(find build/ctest-matrix/demo -name '*journal*' -type f | head -n 1)" journal
  rm -r build checkout/demo-progress.md
  progress build2 --journal journal
  all_boxes | diff -u wanted - || die 'the boxes'
  cp checkout/demo-progress.md before
  progress build2 --journal journal
  cmp before checkout/demo-progress.md || die 'applied twice'
}

test_bad_results() {
  mixed_suite
  expect_status 0 "$CTEST" --test-dir build -R alpha.native --output-junit "$work/junit.xml"
  cp checkout/demo-progress.md before
  head -c 300 junit.xml >half.xml
  expect_status 3 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build --junit half.xml
  expect_output half.xml
  expect_status 3 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build --junit nosuch.xml
  expect_output nosuch.xml
  cmp before checkout/demo-progress.md || die 'bad results changed the progress file'
}

# Whatever a person wrote into the file stays, byte for byte.
test_notes_of_a_person() {
  make_suite "$rows"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  sed -i 's/^- \[ \] \[ \] beta |.*/-  [ ]  [X]  beta | Beta Tests   (ask Jo)/; s/^## Log/A note.\t\n\n&\n\n- by hand: looked at alpha/' \
    checkout/demo-progress.md
  cp checkout/demo-progress.md before
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm
  diff before checkout/demo-progress.md >changes || true
  grep '^[<>]' changes >changed
  expect_equal 3 "$(wc -l <changed)" 'changed lines'
  expect_line changed '< - [x] [ ] alpha | Alpha Tests'
  expect_line changed '> - [x] [x] alpha | Alpha Tests'
  expect_status 0 "$CTEST" --test-dir build -N -L 'done'
  expect_output beta.wasm
}

# The next file that is opened must not become the output that was closed.
test_closed_descriptors() {
  make_suite "  fast:
    alpha: Alpha Tests" "parallel: true"
  behave alpha.native <<<'seq 1 3000; add passed one'
  (cd checkout && "$CTEST_MATRIX" cell alpha.native matrix.yaml --root . --build-dir ../build <&- >&- 2>&-) || die 'it does not pass'
  expect_equal 3000 "$(grep -c '^[0-9]*$' build/ctest-matrix/demo/logs/alpha.native.log)" 'lines of the runner in the log'
  ! grep -q 'ctest-matrix' build/ctest-matrix/demo/logs/alpha.native.log || die 'the log has lines of the launcher'
  expect_equal '[x] [ ]' "$(boxes alpha)" boxes
}

run_case "$@"

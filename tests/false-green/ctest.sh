# What CTest itself makes look passed: empty selections, old results, its time-out, two runs at once.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

# changing_runner: fails the cell as long as the file project/broken is there.
changing_runner() {
  runner <<'END'
if [ -e broken ]; then write_report failed && exit 1; else write_report; fi
END
}

# passed_before: the box is ticked, by a run whose results are kept in earlier/.
passed_before() {
  ours
  expect_equal 0 "$ctest_status" 'the exit status of ctest'
  expect_box '[x] [ ]'
  cp -r build/Testing earlier
  cp build/junit.xml earlier/
}

# placeholder: what plain CTest says about the usual one for tests that could not be made.
placeholder() {
  rm -rf plain
  mkdir plain
  echo 'add_test(suite.NOT_BUILT suite.NOT_BUILT)' >plain/CTestTestfile.cmake
  expect_status 0 "$CTEST" --test-dir plain -L fast
  bare_says=-
  plain_says='exit 0, no tests'
}

test_placeholder() {
  class 'a placeholder makes `ctest -L fast` green' 'the matrix is broken from the start'
  runner <<<write_report
  generate
  rm build/ctest-matrix/suite/last-good.cmake
  echo 'nonsense: [' >>project/matrix.yaml
  placeholder
  run "$CTEST" --test-dir build -L fast
  expect_equal 8 "$status" 'the exit status of ctest'
  expect_output 'could not be generated'
  note_row '**load error**, exit 8'
}

test_placeholder_after_an_edit() {
  class 'a placeholder makes `ctest -L fast` green' 'the matrix breaks after a good run'
  runner <<<write_report
  generate
  passed_before
  echo 'nonsense: [' >>project/matrix.yaml
  placeholder
  run "$CTEST" --test-dir build -L fast --output-on-failure
  expect_equal 8 "$status" 'the exit status of ctest'
  expect_output 'a.native (Not Run)'
  matrix
  expect_processed_later '[ ] [ ]' 'SETUP'
  note_row '**SETUP** (`suite.ready` fails)'
}

# expect_processed_later BOXES REASON: by the post-processor alone.
expect_processed_later() {
  tool progress
  expect_box "$1"
  expect_in_log "$2"
}

test_placeholder_without_the_tool() {
  class 'a placeholder makes `ctest -L fast` green' 'ctest-matrix is not built'
  runner <<<write_report
  local real=$CTEST_MATRIX
  cp "$real" tool
  CTEST_MATRIX=$work/tool
  generate
  rm tool
  placeholder
  run "$CTEST" --test-dir build -L fast
  expect_equal 8 "$status" 'the exit status of ctest'
  note_row '**load error**, exit 8'
}

# failed_since: the cell passed, then failed, and what plain CTest said is in $plain_says.
failed_since() {
  changing_runner
  generate
  touch project/broken
  alone
  rm project/broken
  passed_before
  touch project/broken
  ours
  expect_verdict FAIL 'works'
}

test_earlier_junit() {
  class 'results of an earlier `ctest` run' 'its JUnit file given to `progress`'
  failed_since
  tool progress --junit earlier/junit.xml
  expect_box '[ ] [ ]'
  note_row '**FAIL** stays'
}

test_earlier_log() {
  class 'results of an earlier `ctest` run' 'its LastTest.log given to `progress`'
  failed_since
  tool progress --last-test-log earlier/Temporary/LastTest.log
  expect_box '[ ] [ ]'
  note_row '**FAIL** stays'
}

test_earlier_journal_elsewhere() {
  class 'results of an earlier `ctest` run' 'JUnit of another build directory, cell names alike'
  changing_runner
  generate
  passed_before
  mv project/progress.md project/progress.old.md
  rm -rf build
  generate
  touch project/broken
  alone
  ours
  expect_verdict FAIL 'works'
  tool progress --junit earlier/junit.xml
  expect_box '[ ] [ ]'
  note_row '**FAIL** stays'
}

test_log_of_tests_not_run() {
  class 'results of an earlier `ctest` run' 'LastTest.log calls what was not run passed'
  row='a: a'
  more_of_matrix=$(cat <<'END'
artifacts:
  binding: {inputs: [a.src], outputs: [a.node], command: ["false"]}
END
  )
  touch project/a.src
  runner <<<write_report
  generate
  alone
  ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_processed '[ ] [ ]' 'SETUP'
  tool progress --last-test-log build/Testing/Temporary/LastTest.log
  expect_box '[ ] [ ]'
  note_row '**SETUP**'
}

test_results_of_plain_ctest() {
  class 'results of an earlier `ctest` run' 'JUnit of a hand-made test of the same name'
  runner <<<write_report
  generate
  alone
  run "$CTEST" --test-dir plain --output-junit "$work/plain.xml"
  ours -N
  tool progress --junit plain.xml
  expect_box '[ ] [ ]'
  note_row 'not a pass: **no verdict line**'
}

test_timeout() {
  class "CTest's own time-out" 'the launcher is stopped, the box was ticked before'
  timeout=8 patience=2
  runner <<'END'
write_report
[ -e broken ] || exit 0
signal_launcher STOP
sleep 1000
END
  generate
  touch project/broken
  alone
  rm project/broken
  passed_before
  touch project/broken
  ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output '***Timeout'
  expect_processed '[ ] [ ]' 'FAIL - TIMEOUT: '
  note_row '**TIMEOUT** (its launcher gave no verdict)'
}

# The zone of CTest's logs is that of whoever ran it; they are not read.
test_killed_in_another_zone() {
  class 'results of an earlier `ctest` run' 'of another time zone: the launcher was killed, the box was ticked before'
  runner <<'END'
write_report
[ -e broken ] || exit 0
signal_launcher KILL
sleep 2
END
  generate
  touch project/broken
  alone
  rm project/broken
  passed_before
  touch project/broken
  TZ=America/Los_Angeles ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  TZ=UTC tool progress
  expect_box '[ ] [ ]'
  expect_in_log 'FAIL - CRASH: its launcher was killed'
  TZ=UTC tool progress --last-test-log build/Testing/Temporary/LastTest.log
  expect_box '[ ] [ ]'
  note_row '**CRASH** (its launcher gave no verdict)'
}

test_copies() {
  class 'two columns that run the same' 'an axis that reaches nothing'
  runner <<<write_report
  report=exit-code command='bash, runner.sh, "bare/report"' filter='' scope=''
  bare_line="cd $work/project && bash runner.sh $work/bare/report"
  alone
  matrix
  sed -i '/^  \(filter\|scope\):/d' project/matrix.yaml
  tool generate
  expect_equal 3 "$status" 'the exit status of generate'
  expect_output "the values of runtime reach nothing: the cells 'a.native' and 'a.wasm' would run the same"
  note_row '**M039**, exit 3'
}

test_copied_checkout() {
  class 'a copy of the checkout runs the original' 'it was copied with its build directory, and then broken'
  changing_runner
  generate
  passed_before
  alone
  mkdir copy
  cp -a project build plain copy/
  touch copy/project/broken
  run "$CTEST" --test-dir copy/plain
  expect_equal 0 "$status" 'plain CTest runs the original'
  run "$CTEST" --test-dir copy/build -R '^a\.native$'
  expect_equal 8 "$status" 'the exit status of ctest'
  expect_output 'a.native ....'
  expect_equal '- [ ] [ ] a | a' "$(grep '^- \[.\] \[.\] a' copy/project/progress.md)" 'the boxes of the copy'
  expect_box '[x] [ ]'
  note_row '**FAIL**'
}

test_results_of_another_matrix() {
  class 'results of an earlier `ctest` run' 'JUnit of another matrix of the checkout, cell names alike'
  changing_runner
  generate
  passed_before
  # The same suite, found at another place of the checkout.
  mkdir project/other
  mv project/matrix.yaml project/other/
  rm -r build project/progress.md
  touch project/broken
  run "$CTEST_MATRIX" generate project/other/matrix.yaml --root project --build-dir build
  [ "$status" = 0 ] || die "generate: exit status $status"
  alone
  ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_box '[ ] [ ]'
  run "$CTEST_MATRIX" progress project/other/matrix.yaml --root project --build-dir build --junit earlier/junit.xml
  expect_equal 3 "$status" 'the exit status of progress'
  expect_box '[ ] [ ]'
  note_row '**FAIL** stays, exit 3'
}

test_rerun_failed() {
  class '`ctest --rerun-failed`' 'a row was inserted: another test has the number'
  row=$'b: b\na: a'
  touch project/tests/b.test.js
  runner <<'END'
write_report passed 'runtime (native)' "tests/$ROW.test.js"
[ "$ROW" != a ] || { write_report failed && exit 1; }
END
  command='env, "ROW={file}", bash, runner.sh, "{report}", "{filter}"'
  generate
  alone
  ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  row=$'c: c\nb: b\na: a'
  touch project/tests/c.test.js
  matrix
  run "$CTEST" --test-dir build --rerun-failed
  plain_says="exit $status, another test"
  tool progress
  expect_box '[ ] [ ]'
  note_row '**FAIL** stays (box empty)'
}

test_two_at_once() {
  class 'two runs at once on one build directory' 'one passes, the other fails'
  row=$'b: b\na: a'
  touch project/tests/b.test.js
  runner <<'END'
mkdir busy || { echo 'two cells at once'; exit 1; }
sleep 0.5
write_report passed 'runtime (native)' "tests/$ROW.test.js"
[ "$ROW" != a ] || write_report failed
rmdir busy
[ "$ROW" != a ]
END
  command='env, "ROW={file}", bash, runner.sh, "{report}", "{filter}"'
  generate
  alone
  "$CTEST" --test-dir build -R '^b\.native$' >other 2>&1 </dev/null &
  ours
  local other=0
  wait $! || other=$?
  expect_equal 8 "$ctest_status" 'the exit status of the run that fails'
  expect_equal 0 "$other" 'the exit status of the run that passes'
  expect_processed_later '[ ] [ ]' 'a [native]: FAIL - works'
  expect_line project/progress.md '- [x] [ ] b | b'
  expect_equal 2 "$(grep -c '"kind":"cell"' build/ctest-matrix/suite/journal.jsonl)" 'the records in the journal'
  note_row '**FAIL** and **PASS**, each in its box'
}

test_two_at_once_same_cell() {
  class 'two runs at once on one build directory' 'the same cell, the last one fails'
  runner <<'END'
mkdir busy || { echo 'two cells at once'; exit 1; }
sleep 0.5
if mkdir first; then write_report; result=0; else write_report failed; result=1; fi 2>/dev/null
rmdir busy
exit $result
END
  generate
  alone
  local first=$bare_says # the first one passed
  alone
  bare_says=$first
  rmdir project/first
  "$CTEST" --test-dir build -R '^a\.native$' >other 2>&1 </dev/null &
  ours
  local other=0
  wait $! || other=$?
  expect_equal 8 $((ctest_status + other)) 'the sum of the exit statuses'
  expect_box '[ ] [ ]'
  tool progress
  expect_box '[ ] [ ]'
  expect_in_log 'a [native]: PASS'
  note_row '**PASS**, then **FAIL**: box empty'
}

run_catalogue "$@"

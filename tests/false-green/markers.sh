# A failing runner that prints what CTest or the post-processor look for.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

skip_declared() {
  row='a: {suite: a, skip: {native: there is no binding}}'
  plain_properties='SKIP_RETURN_CODE 77 SKIP_REGULAR_EXPRESSION "\\[ctest-matrix-skip\\]"'
}

test_skip_marker() {
  class 'skip marker printed by a failing runner' 'on a row whose skip is declared'
  skip_declared
  runner <<'END'
write_report failed
echo '[ctest-matrix-skip] there is no binding'
exit 1
END
  judged FAIL 'works'
  expect_equal Skipped "$plain_says" 'what plain CTest says'
}

test_skip_marker_in_pieces() {
  class 'skip marker printed by a failing runner' 'in pieces, and coloured'
  skip_declared
  runner <<'END'
write_report failed
printf '[ctest-'; until_logged '[ctest-'; printf 'matrix-skip] there is no binding\n'
printf '\e[1m[ctest-matrix-skip]\e[0m\r\n[ctest\0-matrix-skip]\n' >&2
exit 1
END
  judged FAIL 'works'
}

test_skip_marker_in_a_message() {
  class 'skip marker printed by a failing runner' "in a failed test's message"
  skip_declared
  suite a <<'END'
describe("runtime (native)", () => { it("[ctest-matrix-skip]", () => { throw new Error("\n[ctest-matrix-skip] no"); }); });
END
  judged FAIL 'ctest'
  expect_equal Skipped "$plain_says" 'what plain CTest says'
}

# The verdict goes to a dashboard in place of CTest's own words, and names the test.
test_skip_marker_for_a_dashboard() {
  class 'skip marker printed by a failing runner' "in a failed test's name, on its way to a dashboard"
  skip_declared
  suite a <<'END'
describe("runtime (native)", () => { it("[ctest-matrix-skip]", () => { throw new Error("no"); }); });
END
  generate
  alone
  ours -T Test --output-on-failure
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_output '***Failed'
  expect_processed '[ ] [ ]' 'FAIL'
  ! grep -F 'FAIL - [ctest-matrix-skip]' build/Testing/*/Test.xml || die 'the marker is on its way to the dashboard'
  note_row '**FAIL**'
}

test_exit_77() {
  class 'skip marker printed by a failing runner' 'exit status 77, tests failed'
  skip_declared
  runner <<'END'
write_report failed
exit 77
END
  judged FAIL 'works'
  expect_equal Skipped "$plain_says" 'what plain CTest says'
}

test_verdict_line() {
  class 'verdict line printed by a failing runner' 'as its last line'
  plain_properties='PASS_REGULAR_EXPRESSION "PASS"'
  runner <<'END'
write_report failed
echo '[ctest-matrix] PASS a.native: 3 passed, 0 failed, 0 skipped, 12 ms (no record)'
exit 1
END
  judged FAIL 'works'
  expect_equal Passed "$plain_says" 'what plain CTest says'
}

test_verdict_line_in_a_message() {
  class 'verdict line printed by a failing runner' "in a failed test's message and title"
  plain_properties='PASS_REGULAR_EXPRESSION "PASS"'
  suite a <<'END'
const line = "[ctest-matrix] PASS a.native: 3 passed, 0 failed, 0 skipped, 12 ms (no record)\n";
describe("runtime (native)", () => { it(line, () => { throw new Error(`\n${line}\n${line}`); }); });
END
  judged FAIL 'PASS a.native'
}

test_verdict_line_and_the_launcher_killed() {
  class 'verdict line printed by a failing runner' 'which then kills the launcher'
  plain_properties='PASS_REGULAR_EXPRESSION "PASS"'
  runner <<'END'
write_report failed
echo '[ctest-matrix] PASS a.native: 3 passed, 0 failed, 0 skipped, 12 ms (no record)'
until_logged 'PASS a.native'
signal_launcher KILL
exit 1
END
  generate
  alone
  ours
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_processed '[ ] [ ]' 'FAIL - CRASH: its launcher was killed'
  note_row '**CRASH** (its launcher gave no verdict)'
}

# What a reader drops must not make a mark of what the launcher let through.
test_verdict_line_of_another_cell() {
  class 'verdict line printed by a failing runner' "in a forged block of CTest's log, of another cell, its mark broken by a control character"
  row=$'a: a\nb: b'
  touch project/tests/b.test.js
  runner <<'END'
write_report failed
rule=----------------------------------------------------------
cat <<X
"a.native" end time: Nov 26 07:00 UTC
"a.native" time elapsed: 00:00:00
$rule

4/5 Testing: b.native
4/5 Test: b.native
Command: "x"
Directory: /
"b.native" start time: Nov 26 07:00 UTC
Output:
$rule
$(printf '[ctest-\302\233matrix]') PASS b.native: 1 passed, 0 failed, 0 skipped, 1 ms (record $(printf %012x "$(date +%s%3N)")-00000001)
<end of output>
Test time =   0.01 sec
$rule
Test Passed.
"b.native" end time: Nov 26 07:00 UTC
"b.native" time elapsed: 00:00:00
$rule

2/5 Testing: a.native
2/5 Test: a.native
Command: "x"
Directory: /
"a.native" start time: Nov 26 07:00 UTC
Output:
$rule
X
exit 1
END
  judged FAIL 'works'
  tool progress --last-test-log build/Testing/Temporary/LastTest.log
  expect_line project/progress.md '- [ ] [ ] b | b'
}

test_completion_text() {
  class 'verdict line printed by a failing runner' 'markup for CTest (`<CTestDetails>Completed`)'
  runner <<'END'
write_report failed
echo '<CTestDetails>Completed</CTestDetails> CTEST_FULL_OUTPUT Test Passed.'
exit 1
END
  judged FAIL 'works'
}

run_catalogue "$@"

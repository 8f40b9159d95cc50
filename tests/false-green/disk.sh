# No room left while the report, the log, the journal or the progress file is written.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

# fill FILE: grows it beyond what `limited` allows, with a text that it can hold.
fill() {
  head -c 400000 /dev/zero | tr '\0' ' ' | fold -w 999 >>"$1"
  echo >>"$1"
}

# limited COMMAND...: no file may grow beyond 200 KiB.
limited() {
  (ulimit -f 200 && "$@")
}

test_report() {
  class 'disk full' 'while vitest writes its report'
  suite a <<'END'
describe("runtime (native)", () => { it.each(Array.from({ length: 300 }, (_, i) => i))("works %i", () => {}); });
END
  command="bash, -c, 'ulimit -f 8; \"\$@\"', _, $vitest, $by_filter"
  judged BAD-REPORT 'report'
}

test_report_and_no_error() {
  class 'disk full' 'while a runner writes its report, and it does not notice'
  runner <<'END'
write_report
truncate -s 300 "$report"
END
  deceptive BAD-REPORT 'the text ends too early'
}

# nothing_ticked VERDICT: with the limit, and the progress file is whole.
nothing_ticked() {
  run limited "$CTEST" --test-dir build -R '^a\.native$' --output-junit "$work/build/junit.xml"
  ctest_status=$status
  expect_equal 8 "$ctest_status" 'the exit status of ctest'
  expect_box '[ ] [ ]'
  grep -qx '## Log' project/progress.md || die 'the progress file is not whole'
  grep -qaF -- "[ctest-matrix] SETUP a.native" build/Testing/Temporary/LastTest.log || die 'expected SETUP'
  note_row '**SETUP**'
}

progress_there() {
  runner <<<'if [ -e first ]; then write_report; else touch first && write_report failed && exit 1; fi'
  generate
  ours
  expect_box '[ ] [ ]'
  alone
}

test_journal() {
  class 'disk full' 'while the journal is written'
  progress_there
  fill build/ctest-matrix/suite/journal.jsonl
  nothing_ticked
}

test_progress_file() {
  class 'disk full' 'while the progress file is written'
  progress_there
  fill project/progress.md
  cp project/progress.md before.md
  nothing_ticked
  cmp -s before.md project/progress.md || die 'the progress file changed'
}

test_log() {
  class 'disk full' 'while the log of the cell is written'
  runner <<'END'
if [ -e first ]; then head -c 400000 /dev/zero | tr '\0' x; echo; write_report; else touch first && write_report failed && exit 1; fi
END
  generate
  ours
  alone
  nothing_ticked
  tool progress
  expect_box '[ ] [ ]'
}

test_no_room_at_all() {
  class 'disk full' 'on the whole build directory, while the cell runs'
  needs unshare -Urm mount -t tmpfs none "$work"
  runner <<'END'
write_report
head -c 4m /dev/zero >"$PWD/../build/ballast" 2>/dev/null || true
END
  generate
  alone
  cp -r build kept
  rm build/ballast
  run env WORK="$work" CTEST="$CTEST" unshare -Urm bash -ec '
    mount -t tmpfs -o size=2m none "$WORK/build"
    cp -r "$WORK/kept/ctest-matrix" "$WORK/kept/CTestTestfile.cmake" "$WORK/build/"
    "$CTEST" --test-dir "$WORK/build" -R "^a\\.native\$" -V'
  [ "$status" != 0 ] || die 'ctest exits 0 on a full disk'
  expect_output '[ctest-matrix] SETUP a.native'
  [ ! -e project/progress.md ] || expect_box '[ ] [ ]'
  note_row '**SETUP**'
}

run_catalogue "$@"

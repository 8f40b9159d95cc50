# A clock that steps backwards between a pass and a failure.
source "$(dirname "${BASH_SOURCE[0]}")/catalogue.sh"

changing_runner() {
  runner <<'END'
if [ -e broken ]; then write_report failed && exit 1; else write_report; fi
END
}

# fails_now: the three columns, of the cell that is broken now.
fails_now() {
  touch project/broken
  alone
  ours
  expect_verdict FAIL 'works'
  note_row '**FAIL**, box emptied'
}

# in_future FILE: the journal FILE with every record an hour later.
in_future() {
  local id later
  id=$(sed -n '/"kind":"cell"/s/.*"id":"\([0-9a-f]*\)-.*/\1/p' "$1")
  later=$((16#$id + 3600000))
  sed "/\"kind\":\"begin\"/d; s/\"id\":\"$id-/\"id\":\"$(printf '%012x' $later)-/; s/\"finished\":[0-9]*/\"finished\":$later/" "$1"
}

passed_in_future() {
  changing_runner
  generate
  ours
  expect_equal 0 "$ctest_status" 'the exit status of ctest'
  in_future build/ctest-matrix/suite/journal.jsonl >future.jsonl
}

test_journal_from_the_future() {
  class 'clock stepped backwards' 'since the pass in the journal'
  passed_in_future
  rm -r build project/progress.md
  generate
  cp future.jsonl build/ctest-matrix/suite/journal.jsonl
  tool progress
  expect_box '[x] [ ]'
  fails_now
}

test_results_from_the_future() {
  class 'clock stepped backwards' 'on another machine, whose journal came in'
  passed_in_future
  tool progress --journal future.jsonl
  expect_box '[x] [ ]'
  fails_now
}

test_started_in_the_future() {
  class 'clock stepped backwards' 'since the progress file was started'
  changing_runner
  generate
  ours
  sed -i 's/^Started: .*/Started: 2099-01-01T00:00:00+00:00/' project/progress.md
  expect_box '[x] [ ]'
  fails_now
}

test_log_line_from_the_future() {
  class 'clock stepped backwards' 'since the pass in the log of the progress file'
  changing_runner
  generate
  ours
  sed -i 's/^- 20[0-9-]*T\(.* a \[native\]: PASS\)/- 2099-01-01T\1/' project/progress.md
  expect_in_log '2099'
  fails_now
}

test_clock_of_the_cell() {
  class 'clock stepped backwards' 'between two runs (faketime)'
  needs faketime --version
  changing_runner
  generate
  run faketime '+1 hour' "$CTEST" --test-dir build -R '^a\.native$'
  expect_box '[x] [ ]'
  fails_now
}

run_catalogue "$@"

# Where the evidence lies, and whose it is: one journal for a checkout, each record applied once, results of others told
# apart, ends that launchers did not write, suites that shrink.
source "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

rows='  fast:
    alpha: Alpha Tests
    beta: Beta Tests'

ran() {
  expect_status "$1" "$CTEST" --test-dir "${build:-build}" "${@:2}"
}

progress() {
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir "${build:-build}" "$@"
}

# records JOURNAL: how many cells have ended in it.
records() {
  grep -c '"kind":"cell"' "$1"
}

# tick MARKS ROW: makes the row's boxes so, as a person does.
tick() {
  sed -i "s/^- \[.\] \[.\] $2 |/- $1 $2 |/" checkout/demo-progress.md
}

# a_git_checkout: what git needs to call a directory one.
a_git_checkout() {
  mkdir -p checkout/.git/refs checkout/.git/objects
  echo 'ref: refs/heads/main' >checkout/.git/HEAD
}

journal=checkout/.git/ctest-matrix/demo/journal.jsonl
# What the cells depend on: the behaviour of the runner is not part of it.
inputs='inputs: [runner.sh]'

# What a power cut must not take: the first line of a new journal, and the names of the file and of its directories. No
# cell waits for the disk more than twice otherwise.
test_new_journal_is_on_the_disk() {
  strace -o traced true 2>/dev/null || { echo 'needs strace, and the right to trace'; exit 77; }
  make_suite "$rows"
  a_git_checkout
  generate
  rm -rf checkout/.git/ctest-matrix
  expect_status 0 strace -f -y -e trace=fsync,fdatasync -o traced \
    "$CTEST_MATRIX" cell alpha.native checkout/matrix.yaml --root checkout --build-dir build
  local directory
  for directory in checkout/.git checkout/.git/ctest-matrix checkout/.git/ctest-matrix/demo; do
    grep -q "fsync([0-9]*<$work/$directory>)" traced || die "not synced: $directory; only: $(cat traced)"
  done
  grep -q "sync([0-9]*<$work/$journal>)" traced || die "the journal is not synced: $(cat traced)"
  expect_status 0 strace -f -y -e trace=fsync,fdatasync -o traced \
    "$CTEST_MATRIX" cell beta.native checkout/matrix.yaml --root checkout --build-dir build
  [ "$(grep -c 'sync(' traced)" -le 2 ] || die "more than two waits for the disk: $(cat traced)"
}

test_one_journal_for_a_checkout() {
  make_suite "$rows"
  a_git_checkout
  generate
  ran 0 -R 'alpha\.native'
  [ -s "$journal" ] || die 'no journal in the git directory'
  [ ! -e build/ctest-matrix/demo/journal.jsonl ] || die 'another journal in the build directory'
  # Another build directory knows it, and a deleted one takes nothing along.
  rm -r build
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  build=build2 progress
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  build=build2 ran 0 -R 'beta\.native'
  expect_equal 2 "$(records "$journal")" 'records of the checkout'
  expect_equal 1 "$(grep -c 'alpha \[native\]: PASS' checkout/demo-progress.md)" 'lines of alpha'
}

# The journal comes from a copy that lacks the newest failure: the box stays open, and the gate does not pass for the
# pass before it. A progress file that is gone is the same.
test_a_journal_of_an_earlier_day() {
  local report=("$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --build-dir build --gate)
  make_suite "$rows" "$inputs"
  a_git_checkout
  generate
  ran 0
  expect_status 0 "${report[@]}"
  cp "$journal" earlier
  behave alpha.native <<<'add failed works "Error: broken"'
  ran 8 -R 'alpha\.native'
  cp earlier "$journal"
  rm -f build/Testing/Temporary/LastTestsFailed*.log
  progress
  expect_equal '[ ] [x]' "$(boxes alpha)" 'boxes of alpha'
  expect_status 5 "${report[@]}"
  expect_output '  reopened: alpha.native - passed, and its box was opened since'
  expect_output 'Gate: no regression seen, but 1 box was opened since it passed; '
  rm checkout/demo-progress.md
  expect_status 5 "${report[@]}"
  rm checkout/behaviour/alpha.native
  expect_status 0 "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout --build-dir build
  expect_status 0 "${report[@]}"
}

# files_of_version_0_1: the build directory and the progress file that version 0.1 left, for this place.
files_of_version_0_1() {
  local from=$source_dir/tests/fixtures/version-0.1 state=build/ctest-matrix/demo
  make_suite "$rows
    gamma: Gamma Tests"
  [ "${1:-}" != git ] || a_git_checkout
  rm -rf build
  mkdir -p "$state"
  grep -v 'gamma \[native\]: PASS' "$from/demo-progress.md" >checkout/demo-progress.md # a line that somebody took out
  cp "$from/journal.jsonl" "$from/cells.jsonl" "$state/"
  sed "s,/demo/checkout/,$work/checkout/," "$from/progress-default.state" >"$state/progress-default.state"
}

# State and progress file come from a copy: what the journal has beyond them is applied, and that is said.
test_an_older_state() {
  make_suite "$rows"
  ran 0 -R 'alpha\.native'
  cp build/ctest-matrix/demo/progress-default.state checkout/demo-progress.md .
  ran 0 -R 'alpha\.wasm'
  mv progress-default.state build/ctest-matrix/demo/
  mv demo-progress.md checkout/
  progress
  expect_output 'demo-progress.md: brought up to date with the journal, 1 line in the log'
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes'
  progress
  refute_output 'brought up to date'
}

# What version 0.1 applied is not applied again, what it did not is, and what people made of a box stands.
test_version_0_1() {
  local where
  for where in git no-git; do
    rm -rf checkout build
    files_of_version_0_1 $where
    generate
    progress
    expect_equal '[x] [x]' "$(boxes alpha)" "boxes of alpha, $where"
    expect_equal '[ ] [x]' "$(boxes beta)" "boxes of beta, $where"
    expect_equal '[ ] [x]' "$(boxes gamma)" "boxes of gamma, $where"
    expect_equal 3 "$(grep -c 'alpha \[native\]: PASS' checkout/demo-progress.md)" "lines of alpha, $where"
    expect_equal 7 "$(grep -c '^- 20' checkout/demo-progress.md)" "lines, $where"
    progress
    ran 0 -R 'gamma\.native'
    expect_equal '[x] [x]' "$(boxes gamma)" "boxes of gamma after its pass, $where"
    expect_equal 8 "$(grep -c '^- 20' checkout/demo-progress.md)" "lines after a pass, $where"
  done
  expect_status 3 "$CTEST_MATRIX" cell alpha.native --index build/ctest-matrix/demo/cells.jsonl
  expect_output 'the tests were loaded by an earlier version of ctest-matrix (plan of format 2, expected'
}

# A program that does not know what is kept runs nothing, and says what to type.
test_what_a_later_version_kept_is_refused() {
  local place=checkout/.git/ctest-matrix/demo state
  make_suite "$rows"
  a_git_checkout
  generate
  ran 0 -R 'alpha\.native'
  state=$place/progress-default.state
  sed -i 's/^{"version":[0-9]*/{"version":99/' "$state"
  expect_refused() {
    rm -f checkout/trace
    ran 8 -R 'alpha\.wasm'
    expect_output 'was written by a later ctest-matrix'
    [ ! -e checkout/trace ] || die 'a cell ran'
    run "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout
    expect_equal 3 "$status" 'the exit status of run'
    expect_output "    mv $work/$1 $work/$1.later"
    expect_output '    put the later program in the place of '
    expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  }
  expect_refused "$state"
  mv "$state" "$state.later"
  ran 0 -R 'alpha\.wasm'
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes of alpha without the state'
  sed -i 's/^- \[x\] \[x\] alpha/- [x] [ ] alpha/' checkout/demo-progress.md
  echo '{"version":2,"kind":"cell","id":"x"}' >>"$place/journal.jsonl"
  expect_refused "$place/journal.jsonl"
}

# A journal or a state that is a pipe is an error at once, also of a load.
test_pipes_in_the_place_of_what_is_kept() {
  make_suite "$rows"
  ran 0 -R 'alpha\.native'
  local file
  for file in journal.jsonl progress-default.state; do
    mv "build/ctest-matrix/demo/$file" kept
    mkfifo "build/ctest-matrix/demo/$file"
    run "$CTEST" --test-dir build -R 'alpha\.native'
    run "$CTEST_MATRIX" run --matrix checkout/matrix.yaml --root checkout
    [ "$file $status" != 'journal.jsonl 0' ] || die 'a journal that is a pipe is no success'
    rm "build/ctest-matrix/demo/$file"
    mv kept "build/ctest-matrix/demo/$file"
  done
  mkfifo page.html
  expect_status 1 "$CTEST_MATRIX" report checkout/matrix.yaml --root checkout --html page.html
}

test_a_journal_where_the_matrix_says() {
  make_suite "$rows" 'evidence: ../evidence'
  ran 0 -R 'alpha\.native'
  expect_equal 1 "$(records evidence/journal.jsonl)" 'records'
}

# The checkout goes elsewhere, build directory and all; the state goes missing.
test_applied_once_after_a_move() {
  make_suite "$rows"
  a_git_checkout
  generate
  ran 0 -R 'alpha\.native'
  tick '[ ] [ ]' alpha
  mkdir elsewhere
  mv checkout build elsewhere/
  cd elsewhere
  generate
  progress
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha after the move'
  rm checkout/.git/ctest-matrix/demo/progress-*.state
  progress
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha without the state'
  expect_equal 1 "$(grep -c 'alpha \[native\]: PASS' checkout/demo-progress.md)" 'lines of alpha'
}

# Without git each build directory has a journal; a merged record is known by its line in the log.
test_applied_once_from_another_build_directory() {
  make_suite "$rows"
  behave alpha.native <<<'add failed one "Error: broken"'
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
  ran 8 -R 'alpha\.native'
  rm checkout/behaviour/alpha.native
  build=build2 ran 0 -R 'alpha\.native'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  tick '[ ] [ ]' alpha
  progress --journal build2/ctest-matrix/demo/journal.jsonl
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha that a person opened'
  expect_equal 1 "$(grep -c 'alpha \[native\]: PASS' checkout/demo-progress.md)" 'lines of the pass'
}

# A build directory of version 0.1 keeps its journal; git comes later, or the program is a newer one.
test_journal_of_an_older_version() {
  make_suite "$rows"
  ran 0 -R 'alpha\.native'
  behave beta.native <<<'add failed one "Error: broken"'
  ran 8 -R 'beta\.native'
  tick '[ ] [x]' alpha
  cp checkout/demo-progress.md before
  a_git_checkout
  generate
  progress
  cmp before checkout/demo-progress.md || die 'something was applied again'
  expect_equal 2 "$(records "$journal")" 'records that were taken over'
  [ ! -e build/ctest-matrix/demo/journal.jsonl ] || die 'the old journal is still in its place'
  rm checkout/behaviour/beta.native
  ran 0 -R 'beta\.native'
  expect_equal '[x] [ ]' "$(boxes beta)" 'boxes of beta'
}

# Two packages of a repository whose cells have the same names; both leave their results in one directory.
test_results_of_another_matrix() {
  local package
  for package in one two; do
    mkdir -p "$package"
    (
      cd "$package"
      work=$PWD make_suite "$rows"
      [ "$package" = two ] || behave alpha.native <<<'add failed one "Error: broken"'
      sed -i 's/^name: demo/name: suite/; s/^rows:/progress: demo-progress.md\nrows:/' checkout/matrix.yaml
      mv checkout/matrix.yaml "checkout/$package.yaml"
      expect_status 0 "$CTEST_MATRIX" generate "checkout/$package.yaml" --root checkout --build-dir other
      run "$CTEST" --test-dir other -R alpha.native --output-junit "$PWD/../junit-$package.xml"
    )
  done
  cd one
  expect_status 0 "$CTEST_MATRIX" progress checkout/one.yaml --root checkout --build-dir other \
    --junit ../junit-one.xml --junit ../junit-two.xml
  expect_output '1 result of another matrix or of unknown origin: left out'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_status 3 "$CTEST_MATRIX" progress checkout/one.yaml --root checkout --build-dir other --junit ../junit-two.xml
  expect_output 'expected results of the matrix suite'
}

# kill_launcher: a cell whose launcher is killed, as by the out-of-memory killer.
kill_launcher() {
  behave "$1" <<'END'
for process in $(grep -lsF -- "cell" /proc/[0-9]*/cmdline); do
  process=${process%/cmdline}
  if [ "$(cat "$process/comm")" = "${CTEST_MATRIX##*/}" ] && tr '\0' ' ' <"$process/cmdline" | grep -q "cell $3 .*${PWD%/*}/"; then
    kill -KILL "${process#/proc/}"
  fi
done 2>/dev/null
sleep 2
END
}

# CTest's logs have the zone of whoever ran it; they are not read.
test_killed_launcher_in_another_zone() {
  make_suite "$rows"
  ran 0 -R 'alpha\.native'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  kill_launcher alpha.native
  TZ=America/Los_Angeles ran 8 -R 'alpha\.native'
  TZ=UTC ran 0 -N
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal 'FAIL - CRASH: its launcher was killed, and gave no verdict' "$(log_of alpha native | tail -n 1)" 'log'
  TZ=UTC progress --last-test-log build/Testing/Temporary/LastTest.log
  expect_output '0 new results'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
}

# Nobody waits for the next load: the guardian has written the end.
test_guardian_writes_the_end() {
  make_suite "$rows"
  kill_launcher alpha.native
  ran 8 -R 'alpha\.native'
  eventually 20 grep -q '"source":"guardian"' build/ctest-matrix/demo/journal.jsonl || die 'the guardian has not written'
  progress
  expect_equal 'FAIL - CRASH: its launcher was killed, and gave no verdict' "$(log_of alpha native)" 'log'
}

# Tests pass, and CTest calls them failed all the same.
test_pass_that_ctest_saw_fail() {
  make_suite "$rows"
  cat >>build/CTestTestfile.cmake <<'END'
set_tests_properties(alpha.native PROPERTIES FAIL_REGULAR_EXPRESSION "passed")
END
  ran 8 -R 'alpha\.native'
  ran 0 -N
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal 'FAIL - CTest says that it failed, the cell said PASS' "$(log_of alpha native | tail -n 1)" 'log'
}

test_suite_that_shrinks() {
  make_suite "$rows" "$inputs"
  ran 0 -R 'alpha\.native'
  behave alpha.native <<<'add passed works'
  ran 8 -R 'alpha\.native' --output-on-failure
  expect_output 'SHRUNK - gone or skipped since the last pass, though nothing has changed: Suite > works again'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
  behave alpha.native <<<'add passed works; add skipped "works again"'
  ran 8 -R 'alpha\.native'
  expect_equal 'FAIL - SHRUNK: gone or skipped since the last pass, though nothing has changed: Suite > works again' \
    "$(log_of alpha native | tail -n 1)" 'log of a test that is skipped now'
  # An edit of what it rests on is a reason; it is said all the same.
  echo '// edited' >>checkout/tests/alpha.test.ts
  ran 0 -R 'alpha\.native'
  expect_equal 'PASS (1 tests, 1 skipped, 1 fewer than before, <duration>)' "$(log_of alpha native | tail -n 1)" 'log'
  ran 0 -R 'alpha\.native'
  expect_equal 'PASS (1 tests, 1 skipped, <duration>)' "$(log_of alpha native | tail -n 1)" 'log of the next pass'
}

test_shrinking_is_allowed() {
  make_suite "  fast:
    alpha: {suite: Alpha Tests, may_skip: {native: no such API}}
    beta: Beta Tests" "$inputs"
  ran 0 -R native
  behave alpha.native <<<'add passed works; add skipped "works again"'
  behave beta.native <<<'add passed works; add skipped "works again"'
  ran 8 -R native
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha, whose row lets it skip'
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta'
  # Whoever ticks by hand has seen it.
  tick '[x] [ ]' beta
  ran 0 -R 'beta\.native'
}

run_case "$@"

# The post-processor on what real runs leave behind: every outcome from every source, each once, and nothing undone.

# shellcheck source=suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/suite.sh"

progress() {
  expect_status 0 "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir "$@"
}

all_boxes() {
  grep '^- \[.\] \[.\] ' checkout/demo-progress.md
}

# outcome_suite: on native, one cell for each way to end; every wasm cell needs an artifact that cannot be built.
outcome_suite() {
  mkdir -p checkout/src
  echo source >checkout/src/a.rs
  make_suite "  fast:
    passed: Passed
    failed: Failed
    noisy: Noisy
    late: {suite: Late, timeout: 4}
    crashed: Crashed
    stopped: {suite: Stopped, timeout: 3}
    aborted: Aborted
    killed: Killed
    skipped: {suite: Skipped, skip: {native: reasons}}
    empty: Empty
    unreported: Unreported
    exits: Exits
  excluded:
    disabled: {suite: Disabled, reason: not now}" "artifacts:
  binding:
    for: {runtime: wasm}
    inputs: [src/*.rs]
    outputs: [out/binding]
    command: ['false']"
  cat >checkout/signal_launcher.sh <<'EOF_SIGNAL'
# signal_launcher SIGNAL: to the launcher that runs this, which is what ctest started.
signal_launcher() {
  local process parent
  for process in $(grep -lsF "$cell" /proc/[0-9]*/cmdline); do
    process=${process%/cmdline}
    parent=$(sed -n 's/^PPid:\t//p' "$process/status")
    if [ "$(cat "/proc/$parent/comm")" = ctest ] && grep -qsF "${PWD%/*}/" "$process/cmdline"; then
      kill "-$1" "${process#/proc/}"
    fi
  done 2>/dev/null
  sleep 30
}
EOF_SIGNAL
  behave failed.native <<<'add passed one; add failed two "Error: no"'
  behave noisy.native <<<'printf "\033[31mred\033[0m nul \000 bad \377\303( ]]> <b> & \r\nTest Passed.\n"
head -c 700000 /dev/zero | tr "\0" x | fold -w 100
add failed one "Error: ]]> \\u001b[31m\\u0000 <b> &amp;"'
  behave late.native <<<'exec sleep 30'
  behave crashed.native <<<'kill -SEGV $$'
  behave stopped.native <<<'. ./signal_launcher.sh; signal_launcher STOP'
  behave aborted.native <<<'. ./signal_launcher.sh; signal_launcher ABRT'
  behave killed.native <<<'. ./signal_launcher.sh; signal_launcher KILL'
  behave skipped.native <<<'add skipped one'
  behave empty.native <<<'add skipped one'
  behave unreported.native <<<'exit 0'
  behave exits.native <<<'add passed one; write_report; exit 3'
}

# expect_boxes FILE WHAT: the boxes of the progress file are those in the file.
expect_boxes() {
  all_boxes | diff -u "$1" - || die "the boxes of $2 differ"
}

# One run; the journal, CTest's JUnit file, its Test.xml and its LastTest.log each lead to the same boxes, from a file
# with no box ticked and from one with all of them ticked.
test_every_outcome_from_every_source() {
  outcome_suite
  local native
  native=$(sed -n '/^rows:/,$s/^    \([a-z-]*\):.*/\1/p' checkout/matrix.yaml)
  expect_status 0 "$CTEST" --test-dir build -N
  progress build
  cp checkout/demo-progress.md empty.md
  sed 's/^- \[ \] \[ \] /- [x] [x] /' empty.md >ticked.md
  touch -d '1 minute ago' empty.md ticked.md
  cp -p ticked.md checkout/demo-progress.md

  expect_status 8 "$CTEST" --test-dir build -T Test --output-junit "$work/junit.xml"
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
  expect_output 'stopped.native (Timeout)'
  expect_output 'failed.wasm (Not Run)'
  mkdir results
  mv junit.xml results/
  cp -p "build/Testing/$(head -n 1 build/Testing/TAG)/Test.xml" results/
  local file
  for file in build/Testing/Temporary/LastTest*_*.log; do
    cp -p "$file" "results/$(basename "$file" | sed 's/_.*\./\./')"
  done
  # What the cells themselves said: nothing yet of those that CTest alone saw end.
  expect_line checkout/demo-progress.md '- [ ] [x] failed | Failed'
  local row
  {
    for row in $native; do
      case $row in
        passed | skipped) printf -- '- [x] [ ] %s |\n' "$row" ;;
        disabled) printf -- '- [x] [x] %s |\n' "$row" ;;
        *) printf -- '- [ ] [ ] %s |\n' "$row" ;;
      esac
    done
  } >wanted.short
  # The next load.
  expect_status 0 "$CTEST" --test-dir build -N
  all_boxes | sed 's/ |.*/ |/' | diff -u wanted.short - || die 'the boxes after the next load differ'
  all_boxes >wanted
  sed 's/^- \[x\] \[x\] disabled/- [ ] [ ] disabled/' wanted >wanted.fresh
  expect_equal 'SKIP - reasons' "$(log_of skipped native)" 'log of the skip'
  expect_equal 'FAIL - CRASH: its launcher was killed, and gave no verdict' "$(log_of killed native)" 'log of the kill'
  expect_equal 'FAIL - TIMEOUT: its launcher was killed, and gave no verdict' "$(log_of stopped native)" 'log of the time-out'
  expect_equal 'FAIL - SETUP: the artifact binding could not be built: exit status 1' "$(log_of failed wasm)" 'log of what did not run'
  cp build/ctest-matrix/demo/journal.jsonl results/
  rm -r build

  local source number=0
  for source in '--journal results/journal.jsonl' '--junit results/junit.xml' '--test-xml results/Test.xml' \
    '--last-test-log results/LastTest.log' \
    '--junit results/junit.xml --test-xml results/Test.xml --last-test-log results/LastTest.log --journal results/journal.jsonl'; do
    for file in empty ticked; do
      number=$((number + 1))
      cp -p "$file.md" checkout/demo-progress.md
      # shellcheck disable=SC2086
      progress "build$number" $source
      expect_output '24 new results, 24 lines in the log'
      expect_boxes "$([ $file = empty ] && echo wanted.fresh || echo wanted)" "$source"
      cp -rp "build$number" before
      cp -p checkout/demo-progress.md before.md
      # shellcheck disable=SC2086
      progress "build$number" $source
      expect_output '0 new results, 0 lines in the log'
      cmp before.md checkout/demo-progress.md || die "$source: applied twice"
      expect_equal "$(times before before.md)" "$(times "build$number" checkout/demo-progress.md)" "times after $source again"
      rm -r before
    done
    case $source in
      --junit*log) ;;
      --last*) expect_equal 'FAIL - TIMEOUT: CTest: Failed after' "$(log_of stopped native | cut -d' ' -f1-6)" 'time-out' ;;
    esac
  done
}

# times DIRECTORY FILE: when each of their files was written; each load touches the plan that it uses.
times() {
  { (cd "$1" && find . -type f ! -name 'cells-*' ! -name '*.lock' -printf '%P %T@\n' | sort) && stat -c %y "$2"; } 2>&1
}

# killed_suite: one cell whose launcher is killed, its box ticked before.
killed_suite() {
  outcome_suite
  write_matrix "  fast:
    killed: Killed" "${1:-}"
  mv checkout/behaviour/killed.native later
  expect_status 0 "$CTEST" --test-dir build -R killed.native
  mv later checkout/behaviour/killed.native
  expect_status 8 "$CTEST" --test-dir build -R killed.native --output-junit "$work/junit.xml"
  expect_equal '[x] [ ]' "$(boxes killed)" 'boxes that the killed launcher left'
}

# A load applies what CTest alone knew, before it says what is to do.
test_load_after_a_kill() {
  killed_suite
  expect_status 0 "$CTEST" --test-dir build -N -L todo
  expect_output 'killed.native'
  expect_equal '[ ] [ ]' "$(boxes killed)" 'boxes after the load'
  expect_equal 'FAIL - CRASH: its launcher was killed, and gave no verdict' "$(log_of killed native | tail -n 1)" 'log'
  # Once: whoever ticks the box now has the last word, whatever is loaded or given again.
  sed -i 's/^- \[ \] \[ \] killed/- [x] [ ] killed/' checkout/demo-progress.md
  cp -p checkout/demo-progress.md before
  expect_status 0 "$CTEST" --test-dir build -N
  expect_status 0 "$CTEST" --test-dir build -N
  progress build --junit junit.xml
  expect_output '0 new results, 0 lines in the log'
  cmp before checkout/demo-progress.md || die 'applied twice'
}

# A box that a person changed after the run stands against the results of that run, also against those that come late.
test_hand_edits_stand() {
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests"
  behave beta.native <<<'add failed one'
  progress build
  cp -p checkout/demo-progress.md first.md
  expect_status 8 "$CTEST" --test-dir build -R native --output-junit "$work/junit.xml"
  # On another machine, which does not know of the run yet, somebody decides that beta is all right.
  rm -r build
  cp -p first.md checkout/demo-progress.md
  generate
  progress build
  sed -i 's/^- \[ \] \[ \] beta/- [x] [ ] beta/' checkout/demo-progress.md
  progress build
  sed -i 's/^## Log/A note.\n\n&/' checkout/demo-progress.md
  progress build --junit junit.xml
  expect_output '1 result is older than what was made of its box by hand since'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal '[x] [ ]' "$(boxes beta)" 'boxes of beta'
  # What runs from now on is newer, however the file is edited before its result is known.
  behave beta.native <<<'add failed one'
  expect_status 8 "$CTEST" --test-dir build -R beta.native
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta after a new failure'
}

# An edit before a run does not outlive a result of it that only CTest knows, though the file is edited again before
# that one is applied.
test_edits_before_a_run_do_not() {
  killed_suite
  expect_status 0 "$CTEST" --test-dir build -N
  expect_equal '[ ] [ ]' "$(boxes killed)" 'boxes after the first kill'
  sed -i 's/^- \[ \] \[ \] killed/- [x] [ ] killed/' checkout/demo-progress.md
  sleep 2 # CTest's files tell whole seconds
  expect_status 8 "$CTEST" --test-dir build -R killed.native
  sed -i 's/^## Log/A note.\n\n&/' checkout/demo-progress.md
  expect_equal '[x] [ ]' "$(boxes killed)" 'boxes after the second kill'
  expect_status 0 "$CTEST" --test-dir build -N
  expect_equal '[ ] [ ]' "$(boxes killed)" 'boxes after the next load'
}

# `progress` killed at any moment: KILL_ROUNDS=1000 bash progress.sh killed_at_random
test_killed_at_random() {
  local rounds=${KILL_ROUNDS:-25} round id limit lines
  make_suite "  fast:
    alpha: Alpha Tests"
  behave alpha.native <<<'add failed one "Error: no"'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native
  local record
  record=$(grep '"kind":"cell"' build/ctest-matrix/demo/journal.jsonl)
  local begin end
  begin=$(date +%s%N)
  progress build
  end=$(date +%s%N)
  limit=$(((end - begin) * 3 / 2000 + 1))
  local finished
  finished=${record##*\"finished\":}
  finished=${finished%%[!0-9]*}
  for ((round = 1; round <= rounds; ++round)); do
    printf -v id '%012x-%08x' $((finished + round)) "$round"
    sed "s/\"id\":\"[^\"]*\"/\"id\":\"$id\"/; s/\"finished\":[0-9]*/\"finished\":$((finished + round))/; s/\"brief\":\"[^\"]*\"/\"brief\":\"round $round.\"/" \
      <<<"$record" >>all.jsonl
    "$CTEST_MATRIX" progress checkout/matrix.yaml --root checkout --build-dir build --journal all.jsonl \
      >/dev/null 2>&1 </dev/null &
    printf -v lines '0.%06d' $(((RANDOM * 32768 + RANDOM) % limit))
    sleep "$lines"
    { kill -KILL $! && wait $!; } 2>/dev/null || true
    [ "$(tail -c 1 checkout/demo-progress.md | od -An -c | tr -d ' ')" = '\n' ] || die "round $round: a torn file"
    [ "$(head -n 1 checkout/demo-progress.md)" = '# demo progress' ] || die "round $round: a torn file"
  done
  progress build --journal all.jsonl
  sed -n 's/^- .* alpha \[native\]: FAIL - round \([0-9]*\)\.$/\1/p' checkout/demo-progress.md | sort -n >told
  seq "$rounds" | diff - told || die 'lines were lost or doubled'
  expect_equal $((rounds + 1)) "$(grep -c ' alpha \[native\]: ' checkout/demo-progress.md)" 'lines in the log'
  expect_equal '' "$(find checkout build/ctest-matrix/demo -name '.*.ctest-matrix-*')" 'temporary files left'
}

# A load with nothing new touches nothing.
test_load_with_nothing_new() {
  killed_suite
  local load=("$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --state "$work/build/ctest-matrix/demo" --load 3.25.1)
  expect_status 0 "${load[@]}"
  expect_equal '[ ] [ ]' "$(boxes killed)" 'boxes after the load'
  times build checkout/demo-progress.md >before
  expect_status 0 "${load[@]}"
  expect_equal "$(cat before)" "$(times build checkout/demo-progress.md)" 'times after another load'
}

# What CTest alone knew of a run belongs to the profile of that run, though its cells have the same names.
test_load_of_another_profile() {
  outcome_suite
  sed -i 's/^  runtime: .*/&\n  encoding: [bare, cbor]/; s/^runner:/profiles:\n  default: {encoding: bare}\n  other: {encoding: cbor, progress: other.md}\n&/' \
    checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R 'passed.native'
  sed 's/^- \[.\] \[ \] /- [x] [x] /' -i checkout/demo-progress.md
  cp checkout/demo-progress.md before
  expect_status 8 env CTEST_MATRIX_PROFILE=other "$CTEST" --test-dir build -R 'passed.(native|wasm)'
  expect_output 'passed.wasm (Not Run)'
  expect_status 0 "$CTEST" --test-dir build -N
  cmp before checkout/demo-progress.md || die "another profile's results were applied"
  grep -qF 'passed [wasm]: FAIL - SETUP: the artifact binding could not be built: exit status 1' checkout/other.md || die "no trace of the other profile's run: $(cat checkout/other.md)"
  # The same for other settings of one profile, which the progress file at hand is not for.
  expect_status 8 env CTEST_MATRIX_SET=encoding=cbor "$CTEST" --test-dir build -R 'passed.wasm'
  expect_status 0 "$CTEST" --test-dir build -N
  cmp before checkout/demo-progress.md || die "the results of other settings were applied"
}

# A file that people have edited for weeks: only boxes change, and lines are added where they belong.
test_a_file_of_weeks() {
  make_suite "  fast:
    alpha: Alpha Tests
    beta: Beta Tests
    gamma: Gamma Tests
  slow:
    delta: Delta Tests
    epsilon: Epsilon Tests
  excluded:
    zeta: {suite: Zeta Tests, reason: on request}"
  behave gamma.wasm <<<'add failed one "Error: no"'
  behave delta.wasm <<<'add failed one "Error: no"'
  cp "$source_dir/tests/fixtures/progress/weeks.md" checkout/demo-progress.md
  cp checkout/demo-progress.md before.md
  progress build
  expect_output 'Rows that the matrix does not have: 1 (omega)'
  expect_equal '> - [ ] [ ] beta | Beta Tests' "$(diff before.md checkout/demo-progress.md | grep '^[<>]')" \
    'what changed without a result: the row that was missing'
  expect_status 8 "$CTEST" --test-dir build
  diff before.md checkout/demo-progress.md >changes || true
  sed -n 's/^< //p' changes >gone
  sed -n 's/^> //p' changes | sed -E 's/^- [0-9T:+-]+ /- TIME /; s/, [0-9.]+m?s\)/, DURATION)/' >come
  diff -u - gone <<EOF_GONE || die 'other lines are gone'
-  [x]  [ ]   **alpha** | Alpha Tests — Jo's, don't touch$(printf '   ')
* [-] [!] gamma|Gamma Tests$(printf '\r')
+ [X] [x] ~~delta~~ | Delta Tests
EOF_GONE
  diff -u - come <<EOF_COME || die 'other lines have come'
-  [x]  [x]   **alpha** | Alpha Tests — Jo's, don't touch$(printf '   ')
- [x] [x] beta | Beta Tests
* [x] [!] gamma|Gamma Tests$(printf '\r')
+ [X] [ ] ~~delta~~ | Delta Tests
- TIME alpha [native]: PASS (2 tests, DURATION)
- TIME alpha [wasm]: PASS (2 tests, DURATION)
- TIME beta [native]: PASS (2 tests, DURATION)
- TIME beta [wasm]: PASS (2 tests, DURATION)
- TIME gamma [native]: PASS (2 tests, DURATION)
- TIME gamma [wasm]: FAIL - Suite > one: Error: no
- TIME delta [native]: PASS (2 tests, DURATION)
- TIME delta [wasm]: FAIL - Suite > one: Error: no
- TIME epsilon [native]: PASS (2 tests, DURATION)
- TIME epsilon [wasm]: PASS (2 tests, DURATION)
EOF_COME
  cp checkout/demo-progress.md before.md
  progress build
  cmp before.md checkout/demo-progress.md || die 'changed again'
}

# A pass of another configuration ticks nothing, though its cell has the same name.
test_results_of_another_configuration() {
  make_suite "  fast:
    alpha: Alpha Tests"
  sed -i 's/^  runtime: .*/&\n  encoding: [bare, cbor]/; s/^runner:/profiles:\n  default: {encoding: bare}\n  other: {encoding: cbor, progress: other.md}\n&/' \
    checkout/matrix.yaml
  expect_status 0 env CTEST_MATRIX_PROFILE=other "$CTEST" --test-dir build --output-junit "$work/junit.xml"
  expect_line checkout/other.md '- [x] [x] alpha | Alpha Tests'
  progress build2 --junit junit.xml
  expect_output '0 new results, 0 lines in the log'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  progress build2 --profile other --junit junit.xml
  expect_output '2 new results'
}

# The results of several machines at once, whichever is named first.
test_several_machines() {
  outcome_suite
  rm checkout/behaviour/killed.native
  expect_status 8 "$CTEST" --test-dir build -R '^(failed|killed).native' --output-junit "$work/a.xml"
  rm -r build checkout/demo-progress.md checkout/behaviour
  mkdir checkout/behaviour
  behave killed.native <<<'. ./signal_launcher.sh; signal_launcher KILL'
  generate
  expect_status 8 "$CTEST" --test-dir build -R '^(killed|passed|exits).native' --output-junit "$work/b.xml"
  rm -r build checkout/demo-progress.md
  local order
  for order in 'a.xml b.xml' 'b.xml a.xml'; do
    # shellcheck disable=SC2086
    progress "of-${order%% *}" --junit $order
    expect_output '5 new results, 5 lines in the log'
    grep -v '^Started: ' checkout/demo-progress.md >"${order%% *}.md"
    rm checkout/demo-progress.md
  done
  diff -u a.xml.md b.xml.md || die 'the order of the files makes a difference'
  expect_line a.xml.md '- [x] [ ] passed | Passed'
  expect_line a.xml.md '- [x] [ ] exits | Exits'
  expect_line a.xml.md '- [ ] [ ] killed | Killed'
  expect_line a.xml.md '- [ ] [ ] failed | Failed'
}

run_case "$@"

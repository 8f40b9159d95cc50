# How long an owned service lives, who shares it, and when it is not the same one any more.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

ctest_passes() {
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
}

# healthy: the service of `build` is up, and nobody holds it.
lingers() {
  status_says 'engine: healthy' && grep -q 'held by nobody, stays' output
}

stop_lingering() {
  service down engine --now
  expect_equal 0 "$status" 'exit status of down --now'
  expect_equal 'engine: stopped' "$(cat output)" 'what down --now says'
  gone_in_time
}

# An editor starts one ctest for each test: they find the service of the one before.
test_lingers() {
  service_suite "$good" 5s '    linger: 60'
  ctest_passes
  lingers || die "the service does not linger: $(cat output)"
  expect_status 0 "$CTEST" --test-dir build -R beta.wasm
  cell alpha.wasm
  expect_equal 0 "$status" 'exit status of a cell by hand'
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal 1 "$(sort -u checkout/ports | wc -l)" 'ports that the cells saw'
  lingers || die "the service does not linger: $(cat output)"
  stop_lingering
}

test_lingers_only_so_long() {
  service_suite "$good" 5s '    linger: 1s'
  ctest_passes
  eventually 30 all_gone || die "left behind: $(marked_processes "$work")"
  service status
  expect_equal 'engine: stopped' "$(cat output)" 'status'
}

# From the last lease on, not from the start (what tells the one from the other is tests/unit/service/lingering_test.cpp).
test_lingers_from_the_last_lease() {
  service_suite "$good" 5s '    linger: 60'
  service up engine # held by this shell
  expect_output "held by $$ "
  service down engine
  expect_output 'engine: healthy'
  lingers || die "the service does not linger: $(cat output)"
  stop_lingering
}

test_not_while_somebody_holds_it() {
  service_suite "$good" 5s '    linger: 60'
  sleep 1000 &
  local holder=$!
  ctest_passes
  service up engine # held by this shell
  (service down engine --now)
  service down engine
  status_says 'held by nobody' || die "what holds it: $(cat output)"
  kill "$holder"
  # Held by the ctest of a cell that runs.
  behave alpha.native <<<'until [ -e go ]; do sleep 0.05; done; . behaviour/healthy'
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  local ctest=$!
  eventually 30 status_says "$ctest (" || die 'the ctest does not hold the service'
  service down engine --now
  expect_equal 0 "$status" 'exit status of down --now'
  expect_output 'engine: healthy'
  : >checkout/go
  wait "$ctest" || die "the ctest failed: $(cat first)"
  stop_lingering
}

# A warm service that is not what the matrix asks for any more would give the verdicts of another one.
test_another_definition() {
  service_suite "$good" 5s '    linger: 60'
  ctest_passes
  sed -i 's/^    environment: {CHILD/    environment: {MODE: other, CHILD/' checkout/matrix.yaml
  ctest_passes
  expect_equal 2 "$(starts)" 'starts of the service after an edit of its environment'
  sed -i 's/^    environment: {MODE: other, /    environment: {MODE: "{env.MODE_OF_THE_ENGINE}", /' checkout/matrix.yaml
  ctest_passes
  expect_equal 3 "$(starts)" 'starts of the service after another edit'
  ctest_passes
  expect_equal 3 "$(starts)" 'starts of the service without an edit'
  MODE_OF_THE_ENGINE=fast expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 4 "$(starts)" 'starts of the service with another environment'
  stop_lingering
}

test_another_artifact() {
  service_suite "$good" 5s '    linger: 60
    after: engine-binary
artifacts:
  engine-binary: {inputs: [engine.c], outputs: [engine.out], command: [cp, engine.c, engine.out]}'
  echo one >checkout/engine.c
  ctest_passes
  ctest_passes
  expect_equal 1 "$(starts)" 'starts of the service'
  echo another >checkout/engine.c
  ctest_passes
  expect_equal 2 "$(starts)" 'starts of the service after its artifact was built anew'
  stop_lingering
}

# Others hold the one of before: it is neither taken from them nor taken for the new one.
test_another_definition_while_held() {
  service_suite "$good"
  service up engine # held by this shell
  expect_equal 0 "$status" 'exit status of up'
  sed -i 's/^    environment: {CHILD/    environment: {MODE: other, CHILD/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "held by $$ "
  expect_output 'it was started from something else than what the matrix and its artifacts are now'
  expect_output '- alpha.native (Not Run)'
  expect_equal 1 "$(starts)" 'starts of the service'
  service down engine
  ctest_passes
  expect_equal 2 "$(starts)" 'starts of the service'
  gone_in_time
}

# A service that no longer answers, and that nobody else holds, is replaced.
test_lingering_and_sick() {
  service_suite "$good" 5s '    linger: 60'
  ctest_passes
  kill -STOP "$(tail -n 1 checkout/started)"
  ctest_passes
  expect_equal 2 "$(starts)" 'starts of the service'
  stop_lingering
}

# two_directories [MORE]: build and build2, of one checkout.
two_directories() {
  service_suite "$good" 5s "${1:-}"
  expect_status 0 "$CTEST_MATRIX" generate checkout/matrix.yaml --root checkout --build-dir build2
}

# The one that ends first leaves the service to the other one; the last one out stops it.
test_two_build_directories() {
  two_directories
  local second
  first_ends_before_second build2
  rm -r build
  run "$CTEST_MATRIX" service status engine checkout/matrix.yaml --root checkout --build-dir build2
  expect_output 'engine: healthy'
  expect_output "$second ("
  : >checkout/first-ended
  wait "$second" || die "the second ctest failed: $(cat second)"
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal 1 "$(sort -u checkout/ports | wc -l)" 'ports that the cells saw'
  gone_in_time
}

test_killed_ctest_leaves_it_to_the_other() {
  two_directories
  behave alpha.native <<<'echo $$ >pid; sleep 1000'
  behave beta.native <<<'until [ -e first-ended ]; do sleep 0.05; done; . behaviour/healthy'
  sed -i 's/^rows:/parallel: true\n&/' checkout/matrix.yaml
  local first second
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  first=$!
  eventually 30 test -s checkout/pid || die 'the first cell did not start'
  "$CTEST" --test-dir build2 -R beta.native >second 2>&1 </dev/null &
  second=$!
  eventually 30 status_says "$second (" || die 'the second ctest does not hold the service'
  kill -KILL "$first"
  wait "$first" && die 'a killed ctest exits 0'
  : >checkout/first-ended
  wait "$second" || die "the second ctest failed: $(cat second)"
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal '[x] [ ]' "$(boxes beta)" 'boxes of beta'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes of alpha'
  gone_in_time
}

# Another checkout has a service of its own.
test_two_checkouts() {
  service_suite "$good"
  service up engine
  mkdir other
  cd other
  service_suite "$good"
  ctest_passes
  expect_equal 1 "$(starts)" 'starts of the service of the other checkout'
  cd ..
  expect_equal 1 "$(starts)" 'starts of the service of this checkout'
  [ "$(cat other/checkout/ports)" != "$(sed -n 's/.*127.0.0.1:\([0-9]*\).*/\1/p' output)" ] || die 'one port for two'
  service down engine
  gone_in_time
}

# Whoever starts a service and is killed leaves a supervisor that goes on: there are never two.
test_killed_while_it_starts() {
  service_suite '[sh, -c, "echo $$ >>$PWD/started; until [ -e $PWD/go ]; do sleep 0.05; done; exec $CHILD health $ENGINE_PORT"]'
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  local first=$! up
  eventually 30 test -s checkout/started || die 'the service did not start'
  up=$(pgrep -P "$first")
  kill -KILL "$up"
  wait "$first" && die 'ctest exits 0 although its set-up was killed'
  : >checkout/go
  ctest_passes
  gone_in_time
}

# On a fixed address, what a killed supervisor leaves behind must not be borrowed while its guardian ends it.
test_supervisor_killed_before_the_next_run() {
  choose_port
  fixed_suite
  sed -i 's/exec \(.*\) health/exec \1 ignore-term health/' checkout/matrix.yaml
  service up engine
  expect_equal 0 "$status" 'exit status of up'
  kill -KILL "$(sed -n 's/.*owned by supervisor \([0-9]*\),.*/\1/p' output)"
  ctest_passes
  expect_equal 2 "$(starts)" 'starts of the service'
  service down engine
  gone_in_time
}

# kill_what_supervises: supervisor and guardian of the service, so that its own process is left.
kill_what_supervises() {
  local supervisor left=0
  supervisor=$(service_supervisors)
  kill -KILL "$supervisor" "$(pgrep -f "^matrix-guardian of $supervisor\$")"
  eventually 10 no_process "$supervisor" || die 'the supervisor does not die'
  left=$(marked_processes "$work" | wc -l)
  [ "$left" -gt 0 ] || die 'nothing is left that the next run could end'
}

no_process() {
  ! kill -0 "$1" 2>/dev/null
}

# What they leave is ended also by a run of cells that need no service, by `run` where all is ticked, and by a matrix that
# has the service no more.
test_supervisor_and_guardian_killed() {
  service_suite '[sh, -c, "$CHILD ignore-term daemon exit 0; exec $CHILD daemon health $ENGINE_PORT"]' 5s '    linger: 10m'
  expect_status 0 "$CTEST" --test-dir build
  kill_what_supervises
  expect_status 0 "$CTEST_MATRIX" run checkout/matrix.yaml --root checkout --build-dir build
  expect_output '0 cells to run'
  gone_in_time
  ctest_passes
  kill_what_supervises
  write_matrix "$rows"
  behave alpha.native <<<'add passed works'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  gone_in_time
}

# restarted_suite [MORE]: killed in the middle of alpha.wasm.
killed_in_the_middle() {
  service_suite "$good" 5s "${1:-}"
  behave alpha.wasm <<<'kill -KILL $(tail -n 1 started); add passed one'
}

test_restart() {
  killed_in_the_middle '    restart: true'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_equal 2 "$(starts)" 'starts of the service'
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm' "$(begun)" 'cells whose runner ran'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha, in which it ended'
  expect_equal '[x] [x]' "$(boxes beta)" 'boxes of beta'
  log_of alpha wasm | grep -qF 'FAIL - SETUP: the service engine' || die "the log: $(log_of alpha wasm)"
  log_of beta native | grep -qE '^PASS \(1 tests, [0-9.]+ ?m?s, engine restarted\)$' || die "the log: $(log_of beta native)"
  expect_equal 'PASS (1 tests, <duration>)' "$(log_of beta wasm)" 'the log of the next cell'
  grep -q '"restarted":\["engine"\]' build/ctest-matrix/demo/journal.jsonl || die 'the journal does not say so'
  grep -q 'note: the service engine was gone (it was ended by signal 9 (Killed) after' build/Testing/Temporary/LastTest.log ||
    die 'the cell does not say so'
  gone_in_time
}

test_restart_fails() {
  killed_in_the_middle '    restart: true'
  sed -i 's/command: \[sh, -c, "/&[ ! -e started ] || (echo no second time; exit 7) || exit 7; /' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output 'why:     SETUP - the service engine could not be started: it exited 7'
  expect_output 'no second time'
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'cells whose runner ran'
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta'
  gone_in_time
}

run_case "$@"

# A service as a fixture: who starts it, who stops it, and what its end means for the cells.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

test_up_by_the_fixture() {
  service_suite "$good"
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal 4 "$(wc -l <checkout/ports)" 'cells that saw a port'
  expect_equal 1 "$(sort -u checkout/ports | wc -l)" 'ports that they saw'
  gone_in_time
  ! listening "$(head -n 1 checkout/ports)" || die 'the port is still taken'
  expect_equal '[x] [x]' "$(boxes alpha)" 'boxes'
  grep -q 'engine is up' build/ctest-matrix/demo/logs/service.engine.log || die 'no log of the service'
}

test_only_when_needed() {
  service_suite "$good" 5s "    for: {runtime: wasm}
    log: logs/engine.log"
  sed -i '/^  environment:/d' checkout/matrix.yaml
  rm checkout/behaviour/*.native
  expect_status 0 "$CTEST" --test-dir build -R native
  refute_output engine
  expect_equal 0 "$(starts)" 'starts of the service for native cells'
  behave alpha.wasm <<<'add passed one'
  expect_status 0 "$CTEST" --test-dir build -R alpha.wasm
  expect_equal 1 "$(starts)" 'starts of the service for a wasm cell'
  expect_line checkout/logs/engine.log 'engine is up'
}

test_stop_on_failure() {
  service_suite "$good"
  behave alpha.wasm <<<'add failed one'
  expect_status 8 "$CTEST" --test-dir build --stop-on-failure
  gone_in_time
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'cells'
}

# signalled SIGNAL: to ctest alone, while a cell runs.
signalled() {
  service_suite "$good"
  behave alpha.wasm <<<'echo $$ >pid; sleep 1000'
  env --default-signal=INT "$CTEST" --test-dir build >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -s checkout/pid || die 'the cell did not start'
  kill -s "$1" "$ctest"
  wait "$ctest" && die "ctest exits 0 after $1"
  gone_in_time
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes'
}

test_ctest_interrupted() {
  signalled INT
}

test_ctest_terminated() {
  signalled TERM
}

test_ctest_killed() {
  signalled KILL
}

# ctest ends while `engine.up` waits for a service that never becomes healthy: its time-out (60 s) is not waited for.
up_ends_with_ctest() {
  service_suite '[sh, -c, "echo $$ >>$PWD/started; exec $CHILD sleep"]' 60s
  "$CTEST" --test-dir build -R alpha.native >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -s checkout/started || die 'the service does not start'
  [ -z "${2:-}" ] || kill -STOP "$(pgrep -P "$ctest")"
  kill "-$1" "$ctest"
  wait "$ctest" && die 'ctest exits 0'
  gone_in_time
  expect_equal '' "$(begun)" 'cells that ran'
}

test_ctest_killed_while_up_waits() {
  up_ends_with_ctest KILL
}

test_ctest_terminated_while_up_waits() {
  up_ends_with_ctest TERM
}

test_ctest_killed_while_up_is_stopped() {
  up_ends_with_ctest KILL stopped
}

# A cell that starts its service itself: its runner does not start when ctest is gone.
test_ctest_killed_while_a_cell_waits() {
  service_suite '[sh, -c, "echo $$ >>$PWD/started; until [ -e go ]; do sleep 0.05; done; exec $CHILD health $ENGINE_PORT"]' 60s
  "$CTEST" --test-dir build -R alpha.native -FA . >output 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -s checkout/started || die 'the service does not start'
  kill -KILL "$ctest"
  wait "$ctest" && die 'ctest exits 0'
  : >checkout/go
  gone_in_time
  expect_equal '' "$(begun)" 'cells that ran'
}

# ctest may be gone before the first instruction of what it has started: that is known from what the load noted.
test_ctest_gone_before_the_first_instruction() {
  service_suite "$good"
  behave alpha.native <<<'echo "$CTEST_MATRIX_CTEST" >note; . behaviour/healthy'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  rm checkout/trace
  local note index
  note=$(cat checkout/note)
  index=$(echo build/ctest-matrix/demo/cells-*.jsonl)
  [ -n "$note" ] || die 'the load notes nothing'
  local words
  for words in 'cell alpha.native' 'service up engine' ready; do
    # shellcheck disable=SC2086 # several words
    CTEST_MATRIX_CTEST=$note expect_status 130 "$CTEST_MATRIX" $words --index "$index"
    expect_output 'the ctest that has started it has ended'
  done
  CTEST_MATRIX_CTEST=$note expect_status 130 "$CTEST_MATRIX" check checkout/matrix.yaml --root checkout \
    --state build/ctest-matrix/demo
  expect_output 'the ctest that has started it has ended'
  CTEST_MATRIX_CTEST="${note%% *} 1 17" expect_status 0 "$CTEST_MATRIX" ready --index "$index"
  expect_equal '' "$(begun)" 'cells that ran'
  gone_in_time
}

# A supervisor that was stopped is woken by whoever needs its service, or wants it to end.
test_supervisor_stopped() {
  service_suite "$good" 5s '    linger: 1000s'
  service up engine
  expect_equal 0 "$status" 'up'
  kill -STOP "$(service_supervisors)"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  kill -STOP "$(service_supervisors)"
  service down engine --now
  expect_equal 0 "$status" 'down'
  gone_in_time
}

# A later program in the place of the one that started a service: it runs on, and is told apart.
test_upgraded() {
  service_suite "$good" 5s '    linger: 1000s'
  local version later
  version=$("$CTEST_MATRIX" --version)
  version=${version#ctest-matrix }
  later=${version%?}$(((${version: -1} + 1) % 10))
  mkdir upgraded
  sed "s/${version//./\\.}/$later/g" "$CTEST_MATRIX" >upgraded/ctest-matrix
  chmod +x upgraded/ctest-matrix
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  CTEST_MATRIX=$work/upgraded/ctest-matrix
  expect_equal "ctest-matrix $later" "$("$CTEST_MATRIX" --version)" 'the later version'
  service status engine
  expect_output " of ctest-matrix $version"
  generate
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal '[x] [x]' "$(boxes alpha)" 'the boxes of a row'
  service down engine --now
  expect_equal 0 "$status" 'down'
  gone_in_time
}

test_ignores_term() {
  service_suite '[sh, -c, "exec $CHILD ignore-term fork health $ENGINE_PORT"]'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  gone_in_time
}

test_daemon_of_the_service() {
  service_suite '[sh, -c, "exec $CHILD daemon health $ENGINE_PORT"]'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  gone_in_time
}

test_borrowed() {
  choose_port
  fixed_suite
  start_stranger health "$port"
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 0 "$(starts)" 'starts of an own service'
  expect_equal 4 "$(wc -l <checkout/ports)" 'cells that ran'
  kill -0 "$stranger" || die 'the borrowed service was stopped'
  listening "$port" || die 'the borrowed service does not listen any more'
  service status engine
  expect_output "borrowed, http://127.0.0.1:$port/health"
}

test_borrowed_and_gone() {
  choose_port
  fixed_suite
  start_stranger health "$port"
  behave alpha.wasm <<<"kill -KILL $stranger; add passed one"
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'why:     SETUP - the borrowed service engine no longer answers'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes'
}

test_fixed_address_free() {
  choose_port
  fixed_suite
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 1 "$(starts)" 'starts of the service'
  gone_in_time
}

# expect_named_holder TEXT: the fixture fails and names the process that holds the port, which lives on.
expect_named_holder() {
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "$1"
  expect_output "port $port is held by process $stranger: $CTEST_MATRIX_CHILD"
  expect_output 'alpha.native (Not Run)'
  expect_equal 0 "$(starts)" 'starts of the service'
  expect_equal '' "$(begun)" 'cells that ran'
  kill -0 "$stranger" || die 'the stranger was stopped'
}

test_port_of_a_stranger() {
  choose_port
  fixed_suite /status
  start_stranger health "$port"
  expect_named_holder 'expected status 200, got 404'
  cell alpha.native
  expect_equal 5 "$status" 'exit status of a cell by hand'
  expect_output "why:     SETUP - something else answers at the address of the service engine"
  kill -0 "$stranger" || die 'the stranger was stopped'
}

test_port_of_another_service() {
  choose_port
  fixed_suite /health ', fields: {runtime: engine}'
  start_stranger health "$port"
  expect_named_holder 'expected a field "runtime" in its answer'
}

test_port_of_no_server() {
  choose_port
  fixed_suite
  start_stranger drip "$port"
  expect_named_holder "http://127.0.0.1:$port/health"
}

test_exits_at_start() {
  service_suite '[sh, -c, "echo reading the configuration; echo cannot open the database >&2; exit 3"]'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_output 'the service engine could not be started: it exited 3'
  expect_output 'cannot open the database'
  expect_output 'alpha.native (Not Run)'
  expect_equal '' "$(begun)" 'cells that ran'
  cell alpha.native
  expect_equal 5 "$status" 'exit status of a cell by hand'
  expect_output 'why:     SETUP - the service engine could not be started: it exited 3'
  expect_output 'cannot open the database'
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
}

# Nobody reads it: whoever opens it waits for ever.
test_log_is_no_file() {
  service_suite "$good"
  local log=checkout/engine.log
  sed -i 's|^    grace: 1s$|    grace: 1s\n    log: engine.log|' checkout/matrix.yaml
  for make in mkfifo mkdir; do
    rm -rf "$log"
    "$make" "$log"
    expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
    expect_output "the log $work/$log of the service engine is there, and is no file"
    expect_equal '' "$(begun)" 'what ran'
    ! pgrep -f "service up engine --index $work" || die 'a supervisor is left'
  done
  rm -rf "$log"
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  grep -q 'engine is up' "$log" || die 'the log is not written'
}

test_program_missing() {
  service_suite '[./no-such-engine]'
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the service engine could not be started: '
  expect_output no-such-engine
}

test_never_healthy() {
  service_suite '[sh, -c, "echo thinking; exec $CHILD sleep"]' 500ms
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the service engine could not be started: not healthy at http://127.0.0.1:'
  expect_output thinking
  gone_in_time
}

# The cells that follow fail with the service's name, and do not wait for it to become healthy again: that would last
# longer than this test may.
test_killed_during_a_cell() {
  service_suite "$good" 1000s
  behave alpha.wasm <<<'kill -KILL $(tail -n 1 started); add passed one; add passed two'
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  # Its supervisor may not have noticed yet.
  grep -qE 'why:     SETUP - the service engine (ended while the cell ran: it was ended by signal 9|is no longer healthy)' \
    output || die 'the cell does not say what became of the service'
  expect_equal 2 "$(grep -c 'why:     SETUP - the service engine is gone: it was ended by signal 9' output)" \
    'cells that say why'
  expect_equal 'alpha.native alpha.wasm' "$(begun)" 'cells whose runner ran'
  expect_equal '[x] [ ]' "$(boxes alpha)" 'boxes of alpha'
  expect_equal '[ ] [ ]' "$(boxes beta)" 'boxes of beta'
  gone_in_time
  # The next run starts it anew.
  rm checkout/behaviour/alpha.wasm
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 2 "$(starts)" 'starts of the service'
}

test_killed_between_cells() {
  service_suite "$good"
  service up engine # held by this shell
  expect_equal 0 "$status" 'exit status of up'
  cell alpha.native
  expect_equal 0 "$status" 'exit status with the service'
  kill -KILL "$(tail -n 1 checkout/started)"
  eventually 30 status_says 'signal 9' || die 'the end of the service goes unnoticed'
  cell alpha.wasm
  expect_equal 5 "$status" 'exit status without the service'
  expect_output 'why:     SETUP - the service engine is gone: it was ended by signal 9 (Killed)'
  expect_equal 'alpha.native' "$(begun)" 'cells whose runner ran'
  expect_equal 1 "$(starts)" 'starts of the service'
}

# However its supervisor ends, the service ends with it, and cells know.
test_supervisor_killed() {
  service_suite "$good"
  behave alpha.native <<<'. behaviour/healthy; ps -o ppid= -p "$(cat started)" >parent; kill -KILL $(cat parent)
    for i in {1..600}; do kill -0 "$(cat started)" 2>/dev/null || break; sleep 0.05; done'
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'why:     SETUP - the service engine '
  expect_equal '[ ] [ ]' "$(boxes alpha)" 'boxes'
  gone_in_time
}

test_cell_without_ctest() {
  service_suite "$good"
  cell alpha.native
  expect_equal 0 "$status" 'exit status'
  expect_equal 1 "$(starts)" 'starts of the service'
  gone_in_time
}

# Each takes a lease and lets go of it; the next one comes while the service stops, or just before.
test_one_cell_after_another() {
  service_suite "$good"
  local i
  for i in {1..8}; do
    cell alpha.native
    expect_equal 0 "$status" "exit status of run $i"
  done
  gone_in_time
}

# The one that ends first leaves the service to the other.
test_two_ctests() {
  service_suite "$good"
  local second
  first_ends_before_second build
  status_says 'build -R beta' || die 'the service does not outlive the first ctest'
  : >checkout/first-ended
  wait "$second" || die "the second ctest failed: $(cat second)"
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal '[x] [x]' "$(boxes beta)" 'boxes of beta'
  gone_in_time
}

test_two_ctests_at_once() {
  service_suite "$good"
  local first second
  "$CTEST" --test-dir build -R alpha >first 2>&1 </dev/null &
  first=$!
  "$CTEST" --test-dir build -R beta >second 2>&1 </dev/null &
  second=$!
  wait "$first" || die "the first ctest failed: $(cat first)"
  wait "$second" || die "the second ctest failed: $(cat second)"
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal 1 "$(sort -u checkout/ports | wc -l)" 'ports that the cells saw'
  gone_in_time
}

test_by_hand() {
  service_suite "$good"
  service status engine
  expect_equal 'engine: stopped' "$(cat output)" 'status at first'
  service up engine
  expect_equal 0 "$status" 'exit status of up'
  expect_output 'engine: healthy, owned by supervisor'
  service up engine
  expect_equal 0 "$status" 'exit status of up, again'
  expect_equal 1 "$(starts)" 'starts of the service'
  service status engine
  expect_output "held by $$ "
  service down engine
  expect_equal 0 "$status" 'exit status of down'
  expect_equal 'engine: stopped' "$(cat output)" 'what down says'
  gone_in_time
  service down engine
  expect_equal 0 "$status" 'exit status of down, again'
  service up engin
  expect_equal 3 "$status" 'exit status of a service that is not there'
  expect_output "no service 'engin', did you mean 'engine'?"
}

run_case "$@"

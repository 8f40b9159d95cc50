# How a service tells that it is ready, whether it is the right one, and how it is stopped.

# shellcheck source=service_suite.sh
. "$(dirname "${BASH_SOURCE[0]}")/service_suite.sh"

# health_suite COMMAND HEALTH: with this health in place of the URL.
health_suite() {
  service_suite "$1"
  sed -i "s|^    health: .*|    health: {$2, interval: 100ms, timeout: 5s}|" checkout/matrix.yaml
}

test_by_connection() {
  health_suite '[sh, -c, "echo $$ >>$PWD/started; exec $CHILD health $ENGINE_PORT"]' 'tcp: "127.0.0.1:{engine.port.main}"'
  expect_status 0 "$CTEST" --test-dir build
  expect_equal 1 "$(starts)" 'starts of the service'
  expect_equal 4 "$(wc -l <checkout/ports)" 'cells that ran'
  gone_in_time
}

test_by_connection_refused() {
  health_suite '[sh, -c, "echo thinking; exec $CHILD sleep"]' 'tcp: "127.0.0.1:{engine.port.main}"'
  sed -i 's/timeout: 5s}/timeout: 500ms}/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'the service engine could not be started: not healthy at 127.0.0.1:'
  expect_output 'Connection refused'
  expect_output thinking
  gone_in_time
}

# Not after the interval alone, which is longer here than this test may last.
test_asked_soon_and_often() {
  service_suite '[sh, -c, "echo $$ >>$PWD/started; until [ -e $PWD/go ]; do sleep 0.05; done; exec $CHILD health $ENGINE_PORT"]'
  sed -i 's/interval: 100ms, timeout: 5s/interval: 1000s, timeout: 2000s/' checkout/matrix.yaml
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  local ctest=$!
  eventually 30 status_says 'engine: starting' || die 'the service does not start'
  : >checkout/go
  wait "$ctest" || die "ctest failed: $(cat first)"
  gone_in_time
}

# What accepts and says nothing keeps nobody from noticing that it is not needed any more.
test_stopped_while_it_is_asked() {
  service_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; exec $CHILD mute $ENGINE_PORT"]'
  sed -i 's/interval: 100ms, timeout: 5s/interval: 1000s, timeout: 2000s/' checkout/matrix.yaml
  "$CTEST" --test-dir build -R alpha.native >first 2>&1 </dev/null &
  local ctest=$!
  eventually 30 test -s checkout/port || die 'the service does not start'
  eventually 30 listening "$(cat checkout/port)" || die 'the service does not listen'
  status_says 'engine: starting' || die "the status: $(cat output)"
  kill -KILL "$ctest" "$(pgrep -P "$ctest")"
  wait "$ctest" && die 'a killed ctest exits 0'
  gone_in_time
}

# The line comes in pieces, coloured, and after the port is open.
test_by_line() {
  health_suite '[sh, -c, "echo $$ >>$PWD/started; $CHILD health $ENGINE_PORT & printf \"is rea\"; until [ -e $PWD/go ]; do sleep 0.05; done; printf \"\\033[32mdy\\n\"; wait"]' \
    'log: is ready'
  "$CTEST" --test-dir build -R alpha >first 2>&1 </dev/null &
  local ctest=$!
  eventually 30 status_says 'engine: starting' || die 'the service does not start'
  : >checkout/go
  wait "$ctest" || die "ctest failed: $(cat first)"
  expect_equal '[x] [x]' "$(boxes alpha)" boxes
  gone_in_time
}

test_line_never_comes() {
  health_suite '[sh, -c, "echo almost; exec $CHILD sleep"]' 'log: is ready'
  sed -i 's/timeout: 5s}/timeout: 500ms}/' checkout/matrix.yaml
  # The log of an earlier run says so, which proves nothing.
  mkdir -p build/ctest-matrix/demo/logs
  echo 'is ready' >build/ctest-matrix/demo/logs/service.engine.log
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output "the service engine could not be started: not ready after 500ms: no line of its output holds 'is ready'"
  expect_output almost
  expect_output '- alpha.native (Not Run)'
  gone_in_time
}

test_line_and_gone() {
  health_suite '[sh, -c, "echo is ready; $CHILD health $ENGINE_PORT & echo $! >>$PWD/started; wait; exit 9"]' 'log: is ready'
  behave alpha.native <<<'kill -KILL "$(cat started)"; until "$CTEST_MATRIX" service status engine matrix.yaml --root . --build-dir ../build | grep -q "exited 9"; do sleep 0.05; done; add passed one'
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'why:     SETUP - the service engine ended while the cell ran: it exited 9'
  expect_output 'why:     SETUP - the service engine is gone: it exited 9'
  expect_equal '[ ] [ ]' "$(boxes alpha)" boxes
}

# Its script starts the server again, and says nothing of it: that is seen at its port.
test_by_line_and_started_again() {
  health_suite '[sh, -c, "echo is ready; while :; do $CHILD health $ENGINE_PORT & echo $! >$PWD/server; wait; done"]' \
    'log: is ready'
  behave alpha.native <<<'until (exec 3<>/dev/tcp/127.0.0.1/$ENGINE_PORT) 2>/dev/null; do sleep 0.05; done; add passed one'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  behave alpha.wasm <<<'old=$(cat server); kill -KILL "$old"; until [ "$(cat server)" != "$old" ]; do sleep 0.05; done; add passed one'
  expect_status 8 "$CTEST" --test-dir build -R alpha --output-on-failure
  expect_output 'why:     SETUP - the service engine was restarted by its own command while the cell ran: who listened at its ports has ended'
  expect_equal '[x] [ ]' "$(boxes alpha)" boxes
  gone_in_time
}

test_by_status_and_fields() {
  choose_port
  fixed_suite /health ', status: 200, fields: {status: ok}'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 1 "$(starts)" 'starts of the service'
  sed -i -e 's/status: 200/status: 404/; s/, fields: {status: ok}//' -e "s|/health'|/nothing-there'|" checkout/matrix.yaml
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal 2 "$(starts)" 'starts of the service that answers 404, as it should'
  sed -i 's/status: 404/status: 404, fields: {status: ok}/' checkout/matrix.yaml
  sed -i 's/timeout: 5s/timeout: 500ms/' checkout/matrix.yaml
  expect_status 8 "$CTEST" --test-dir build -R alpha.native --output-on-failure
  expect_output 'expected a field "status" in its answer'
  gone_in_time
}

# The engine stays up, and somebody else has its port and answers for it.
somebody_else_listens() {
  eventually 30 test -s checkout/port || die 'the service did not start'
  port=$(cat checkout/port)
  start_stranger health "$port"
  : >checkout/stranger-is-there
}

expect_not_believed() {
  "$CTEST" --test-dir build -R alpha.native --output-on-failure >output 2>&1 </dev/null &
  local ctest=$!
  somebody_else_listens
  wait "$ctest" && die 'ctest believes in the service of somebody else'
  expect_output "the service engine could not be started: another process listens at its port $port: process $stranger: $CTEST_MATRIX_CHILD"
  expect_output '- alpha.native (Not Run)'
  expect_equal '' "$(begun)" 'cells that ran'
  kill "$stranger"
  gone_in_time
}

test_somebody_else_answers() {
  service_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; echo Address in use; exec $CHILD sleep"]'
  expect_not_believed
}

test_somebody_else_accepts() {
  health_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; exec $CHILD sleep"]' 'tcp: "127.0.0.1:{engine.port.main}"'
  expect_not_believed
}

test_somebody_else_has_the_port() {
  health_suite '[sh, -c, "echo $ENGINE_PORT >$PWD/port; until [ -e $PWD/stranger-is-there ]; do sleep 0.05; done; echo is ready; exec $CHILD sleep"]' \
    'log: is ready'
  expect_not_believed
}

# A borrowed one that does not run from this checkout is used, and named.
test_borrowed_from_elsewhere() {
  choose_port
  fixed_suite
  mkdir elsewhere
  cd elsewhere
  start_stranger health "$port"
  cd ..
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  expect_output "warning: it does not run from this checkout: process $stranger: $CTEST_MATRIX_CHILD health $port, in $work/elsewhere"
  expect_output "note: the service engine is borrowed, and it does not run from this checkout: process $stranger"
  service status
  expect_output "engine: borrowed, http://127.0.0.1:$port/health, owned by process $stranger: $CTEST_MATRIX_CHILD"
  kill "$stranger"
}

test_borrowed_from_here() {
  choose_port
  fixed_suite
  cd checkout
  start_stranger health "$port"
  cd ..
  expect_status 0 "$CTEST" --test-dir build -R alpha.native -V
  refute_output 'does not run from this checkout'
  service status engine
  expect_output "engine: borrowed, http://127.0.0.1:$port/health, owned by process $stranger: $CTEST_MATRIX_CHILD"
  kill "$stranger"
}

# The cells that follow do not start one of their own in the middle of a run.
test_borrowed_and_gone_for_good() {
  choose_port
  fixed_suite
  start_stranger health "$port"
  behave alpha.native <<<"kill -KILL $stranger; add passed one"
  expect_status 8 "$CTEST" --test-dir build --output-on-failure
  expect_equal 3 "$(grep -c 'why:     SETUP - the service engine is gone: the borrowed one no longer answers' output)" \
    'cells that say why'
  expect_equal 'alpha.native' "$(begun)" 'cells whose runner ran'
  expect_equal 0 "$(starts)" 'starts of an own service'
  rm checkout/trace
  sed -i 's/^    grace:/    restart: true\n&/' checkout/matrix.yaml
  start_stranger health "$port"
  behave alpha.native <<<"kill -KILL $stranger; add passed one"
  expect_status 8 "$CTEST" --test-dir build
  expect_equal 'alpha.native alpha.wasm beta.native beta.wasm' "$(begun)" 'cells whose runner ran, with restart'
  expect_equal 1 "$(starts)" 'starts of an own service, with restart'
  gone_in_time
}

test_stop_signal() {
  service_suite '[bash, -c, "trap \"echo INT >>stopped; exit 0\" INT; trap \"echo TERM >>stopped\" TERM; $CHILD health $ENGINE_PORT & while :; do wait; done"]' \
    5s '    stop: INT'
  expect_status 0 "$CTEST" --test-dir build -R alpha.native
  expect_equal INT "$(cat checkout/stopped)" 'the signals that the service got'
  gone_in_time
}

run_case "$@"
